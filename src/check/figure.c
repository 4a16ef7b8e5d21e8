/*
 * Rounding, means, spreads and percentages, taken apart.
 */
#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "check/figure.h"
#include "json/json.h"


unsigned
cf_decimals(double value)
{
	char text[32];
	const char *point, *e;
	unsigned n = 0, zeros = 0;

	if (!cf_json_number(text, value))
		return 0;
	point = strchr(text, '.');
	e = strchr(text, 'e');
	if (point)
		n = (unsigned)((e ? (size_t)(e - point) : strlen(point)) - 1);
	if (e == NULL)
		return n;
	/* 1.5e-7 has eight: the exponent is of one or three digits. */
	for (const char *p = e + 2; *p; p++)
		zeros = zeros * 10 + (unsigned)(*p - '0');
	if (e[1] == '-')
		return n + zeros;
	return n > zeros ? n - zeros : 0;
}

int64_t
cf_round_to(int64_t n, int64_t base)
{
	int64_t rest = ((n % base) + base) % base;

	return rest * 2 >= base ? n - rest + base : n - rest;
}

struct cf_range
cf_unround(int64_t n, int64_t base)
{
	struct cf_range out = { n - base / 2, n + (base - 1) / 2 };

	if (out.least < 0)
		out.least = 0;
	return out;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return b ? a / b - (a % b < 0) : 0;
}

static int64_t
ceil_div(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

/* A value in units of its last decimal; *unit is how many make 1. */
static int64_t
scaled(int64_t *unit, double value)
{
	unsigned n = cf_decimals(value);

	*unit = 1;
	for (unsigned i = 0; i < n && i < CF_MAX_DECIMALS; i++)
		*unit *= 10;
	return (int64_t)llround(value * (double)*unit);
}

/* Sums of n whole results whose mean is written like that. */
static struct cf_range
sums(int64_t mean, int64_t unit, int64_t n)
{
	return (struct cf_range){ ceil_div(n * (2 * mean - 1), 2 * unit),
		floor_div(n * (2 * mean + 1), 2 * unit) };
}

unsigned
cf_mean_sizes(double mean, struct cf_range n)
{
	int64_t unit, m = scaled(&unit, mean);
	unsigned fits = 0;

	if (n.most - n.least >= CF_MEAN_SIZES)
		return CF_MEAN_SIZES;
	for (int64_t i = n.least < 1 ? 1 : n.least; i <= n.most; i++) {
		struct cf_range s = sums(m, unit, i);

		fits += s.least <= s.most;
	}
	return fits;
}

/* Looks for results, none below the one before, with a sum and a sum of squares;
 * all are counted from the mean, rounded, so that squares stay small. */
struct search {
	unsigned found, enough, tries;
};

static void
look(struct search *search, int64_t k, int64_t from, int64_t sum,
	struct cf_range squares)
{
	/* The next result is at most their mean. */
	int64_t most = floor_div(sum, k), last;

	if (search->found >= search->enough || search->tries == 0)
		return;
	search->tries--;
	if (k == 1) {
		search->found += sum >= from && sum * sum >= squares.least &&
			sum * sum <= squares.most;
		return;
	}
	/* Equal results have the least squares; all but the last as small as
	 * may be, the most. */
	last = sum - (k - 1) * from;
	if (sum * sum > k * squares.most ||
		(k - 1) * from * from + last * last < squares.least)
		return;
	for (int64_t x = most; x >= from && search->tries; x--) {
		struct cf_range rest = { squares.least - x * x,
			squares.most - x * x };
		int64_t left = sum - x;

		/* The further below the mean, the larger the squares. */
		if (left * left > (k - 1) * rest.most)
			break;
		look(search, k - 1, x, left, rest);
	}
}

static void
look_for(struct search *search, int64_t n, int64_t sum, double sd, double half)
{
	int64_t centre = floor_div(sum, n), rest = sum - centre * n;
	double low = sd > half ? sd - half : 0, high = sd + half;
	double shift = (double)rest * (double)rest / (double)n;
	double slack = 1e-6;
	struct cf_range squares = {
		(int64_t)ceil(low * low * (double)(n - 1) + shift - slack),
		(int64_t)floor(high * high * (double)(n - 1) + shift + slack) };

	/* No result lies further from the mean than the root of that. */
	look(search, n, -(int64_t)sqrt((double)squares.most) - 1, rest,
		squares);
}

bool
cf_mean_sd_lists(unsigned *lists, double mean, double sd, struct cf_range n,
	unsigned enough)
{
	struct search search = { .enough = enough, .tries = CF_MAX_LIST_STEPS };
	int64_t unit, m = scaled(&unit, mean), sd_unit;

	(void)scaled(&sd_unit, sd);
	*lists = 0;
	if (sd > 1000)
		return true;
	for (int64_t i = n.least < 2 ? 2 : n.least;
		i <= n.most && i <= CF_MAX_RESULTS_LISTED; i++) {
		struct cf_range s = sums(m, unit, i);

		search.found = 0;
		for (int64_t sum = s.least; sum <= s.most; sum++)
			look_for(&search, i, sum, sd, 0.5 / (double)sd_unit);
		if (search.found > *lists)
			*lists = search.found;
	}
	return search.tries == 0 && *lists < enough;
}

bool
cf_percent_people(struct cf_range *out, double percent, struct cf_range n)
{
	int64_t unit, p = scaled(&unit, percent);
	bool any = false;

	*out = (struct cf_range){ 0 };
	if (percent < 0 || percent > 100 || n.most > 10000000 || unit > 100000)
		return false;
	for (int64_t i = n.least < 1 ? 1 : n.least; i <= n.most; i++) {
		int64_t least = ceil_div(i * (2 * p - 1), 200 * unit);
		int64_t most = floor_div(i * (2 * p + 1), 200 * unit);

		least = least < 0 ? 0 : least;
		most = most > i ? i : most;
		if (least > most)
			continue;
		out->least = any && out->least < least ? out->least : least;
		out->most = any && out->most > most ? out->most : most;
		any = true;
	}
	return any;
}

int64_t
cf_percent_rounded(double percent, int64_t n, int64_t base)
{
	int64_t k = cf_round_to((int64_t)llround(percent * (double)n / 100),
		base), best = -1;

	for (int64_t i = k - base; i <= k + base; i += base) {
		int64_t value = (200 * i + n) / (2 * n);	/* half up */

		if (i < 0 || i > n)
			continue;
		if (best < 0 || fabs((double)value - percent) <
			fabs((double)best - percent))
			best = value;
	}
	return best;
}
