/*
 * Dates and times of RFC 3339, and UUIDs: fixed places, ASCII digits.
 */
#include "base/clock.h"
#include "json/format.h"

struct date {
	unsigned year, month, day;
};

static bool
take_number(struct cf_str *s, unsigned *out, size_t digits)
{
	*out = 0;
	if (s->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(s->p[i] - '0');
	}
	s->p += digits;
	s->n -= digits;
	return true;
}

static bool
exists(struct date d)
{
	int64_t days;

	return cf_date_days(&days, d.year, d.month, d.day);
}

static bool
take_date(struct cf_str *s, struct date *out)
{
	return take_number(s, &out->year, 4) && cf_str_skip(s, "-") &&
		take_number(s, &out->month, 2) && cf_str_skip(s, "-") &&
		take_number(s, &out->day, 2) && exists(*out);
}

/* The offset from UTC in minutes: Z, or a sign and hh:mm. */
static bool
take_offset(struct cf_str *s, int *out)
{
	unsigned hour, minute;
	int sign = 1;

	*out = 0;
	if (cf_str_skip(s, "Z") || cf_str_skip(s, "z"))
		return true;
	if (cf_str_skip(s, "-"))
		sign = -1;
	else if (!cf_str_skip(s, "+"))
		return false;
	if (!take_number(s, &hour, 2) || !cf_str_skip(s, ":") ||
		!take_number(s, &minute, 2) || hour > 23 || minute > 59)
		return false;
	*out = sign * (int)(hour * 60 + minute);
	return true;
}

/*
 * A leap second ends the last day of a month in UTC. `utc` is the minute of the
 * local day minus the offset, so it tells by how many days UTC is away.
 */
static bool
may_leap(struct date local, int utc)
{
	struct date d = local;

	if (((utc % 1440) + 1440) % 1440 != 1439)
		return false;
	if (utc < 0)
		return d.day == 1;
	d.day += utc >= 1440 ? 2 : 1;
	local.day = d.day - 1;
	return exists(local) && !exists(d);
}

bool
cf_is_date(struct cf_str s)
{
	struct date d;

	return take_date(&s, &d) && s.n == 0;
}

bool
cf_is_date_time(struct cf_str s)
{
	unsigned hour, minute, second, digit;
	struct date d;
	int offset;

	if (!take_date(&s, &d) || (!cf_str_skip(&s, "T") &&
		!cf_str_skip(&s, "t")))
		return false;
	if (!take_number(&s, &hour, 2) || !cf_str_skip(&s, ":") ||
		!take_number(&s, &minute, 2) || !cf_str_skip(&s, ":") ||
		!take_number(&s, &second, 2))
		return false;
	if (cf_str_skip(&s, ".")) {
		if (!take_number(&s, &digit, 1))
			return false;
		while (take_number(&s, &digit, 1))
			;
	}
	if (!take_offset(&s, &offset) || s.n || hour > 23 || minute > 59)
		return false;
	return second < 60 || (second == 60 &&
		may_leap(d, (int)(hour * 60 + minute) - offset));
}

bool
cf_is_uuid(struct cf_str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') &&
			!(c >= 'A' && c <= 'F')) {
			return false;
		}
	}
	return true;
}
