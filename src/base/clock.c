/*
 * UTC without the C library's time zones. The day arithmetic counts years from
 * March, so that the leap day is the last of its year.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"

#define DAY 86400

int64_t
cf_now_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		cf_bug("no clock");
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
cf_now(void)
{
	return cf_now_ms() / 1000;
}

bool
cf_date_days(int64_t *out, unsigned year, unsigned month, unsigned day)
{
	static const unsigned char length[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	int64_t y, m;

	if (year > 9999 || month < 1 || month > 12 || day < 1 ||
		day > length[month - 1] + (unsigned)(leap && month == 2))
		return false;
	y = (int64_t)year + 400 - (month <= 2);
	m = ((int64_t)month + 9) % 12;
	*out = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
		1 - 719468 - 146097;
	return true;
}

void
cf_time_format(char out[CF_TIME_TEXT], int64_t when)
{
	int64_t days = when / DAY, left = when % DAY, start = 0, next = 0;
	unsigned year, month = 1;

	if (when < 0 || days > 9999 * 366)
		cf_bug("time out of range");
	year = 1970 + (unsigned)(days / 366);
	while (cf_date_days(&next, year + 1, 1, 1) && next <= days)
		year++;
	while (month < 12 && cf_date_days(&next, year, month + 1, 1) &&
		next <= days)
		month++;
	if (!cf_date_days(&start, year, month, 1))
		cf_bug("time out of range");
	(void)snprintf(out, CF_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		year % 10000u, month % 100u,
		(unsigned)(days - start + 1) % 100u,
		(unsigned)(left / 3600) % 100u,
		(unsigned)(left / 60 % 60) % 100u,
		(unsigned)(left % 60) % 100u);
}

static bool
digits(unsigned *out, const char *p, size_t n)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(p[i] - '0');
	}
	return true;
}

bool
cf_time_parse(int64_t *out, struct cf_str s)
{
	unsigned year, month, day, hour, minute, second;
	const char *p = s.p;
	int64_t days;

	if (s.n != CF_TIME_TEXT - 1 || !digits(&year, p, 4) || p[4] != '-' ||
		!digits(&month, p + 5, 2) || p[7] != '-' ||
		!digits(&day, p + 8, 2) || p[10] != 'T' ||
		!digits(&hour, p + 11, 2) || p[13] != ':' ||
		!digits(&minute, p + 14, 2) || p[16] != ':' ||
		!digits(&second, p + 17, 2) || p[19] != 'Z')
		return false;
	if (hour > 23 || minute > 59 || second > 59 ||
		!cf_date_days(&days, year, month, day))
		return false;
	*out = days * DAY + hour * 3600 + minute * 60 + second;
	return true;
}
