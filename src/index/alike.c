/*
 * Comparing settings by bands.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "index/alike.h"

const char *const cf_alike_member[CF_ALIKE_PARTS] = { "size_band", "fsm_band",
	"send_band" };

struct middle {
	const char *band;
	double value;
};

/* The open band at the end is taken as wide as the one before it. */
static const struct middle sizes[] = { { "up_to_100", 50 },
	{ "101_to_200", 150 }, { "201_to_400", 300 }, { "401_to_800", 600 },
	{ "801_to_1200", 1000 }, { "over_1200", 1400 }, { NULL } };
static const struct middle fsm[] = { { "under_10", 5 }, { "10_to_19", 15 },
	{ "20_to_29", 25 }, { "30_to_39", 35 }, { "40_to_49", 45 },
	{ "50_or_more", 55 }, { NULL } };
static const struct middle send[] = { { "under_10", 5 }, { "10_to_14", 12.5 },
	{ "15_to_19", 17.5 }, { "20_or_more", 22.5 }, { NULL } };
static const struct middle *const bands[CF_ALIKE_PARTS] = { sizes, fsm, send };

static const double weights[CF_ALIKE_PARTS] = { 0.5, 0.4, 0.1 };
static const double special[CF_ALIKE_PARTS] = { 0.6, 0.4, 0 };

/* A share of the whole range, or a negative number. */
static double
place(const struct middle *bands_of, const char *band)
{
	double least = bands_of[0].value, value = -1;
	size_t i = 0;

	for (; bands_of[i].band; i++)
		if (band && strcmp(band, bands_of[i].band) == 0)
			value = bands_of[i].value;
	return value < 0 ? -1 : (value - least) /
		(bands_of[i - 1].value - least);
}

static bool
both(const json_t *a, const json_t *b, const char *member)
{
	const char *x = cf_json_str(a, member), *y = cf_json_str(b, member);

	return x && y && strcmp(x, y) == 0 && strcmp(x, "several") != 0;
}

void
cf_alike(struct cf_alike *out, const json_t *mine, const json_t *theirs)
{
	const char *phase = cf_json_str(mine, "phase");
	const double *weight = phase && strcmp(phase, "special") == 0 ?
		special : weights;
	double sum = 0, known = 0;

	*out = (struct cf_alike){ .phase = both(mine, theirs, "phase"),
		.region = both(mine, theirs, "region"), .distance = -1 };
	for (int i = 0; i < CF_ALIKE_PARTS; i++) {
		double a = place(bands[i], cf_json_str(mine,
			cf_alike_member[i]));
		double b = place(bands[i], cf_json_str(theirs,
			cf_alike_member[i]));

		if (a < 0 || b < 0)
			continue;
		out->part[i].weight = weight[i];
		out->part[i].apart = fabs(a - b);
		known += weight[i];
		sum += weight[i] * (a - b) * (a - b);
	}
	/* What one of them does not say is left out, and the rest counts for
	 * the whole. */
	if (known > 0)
		out->distance = sqrt(sum / known);
}

bool
cf_alike_known(const struct cf_alike *alike)
{
	return alike->phase && alike->distance >= 0;
}

static int
by_distance(const void *a, const void *b)
{
	const struct cf_neighbour *x = a, *y = b;
	double dx = x->alike.distance, dy = y->alike.distance;

	return dx < dy ? -1 : dx > dy ? 1 : strcmp(x->id, y->id);
}

static int
by_region(const void *a, const void *b)
{
	const struct cf_neighbour *x = a, *y = b;

	if (x->alike.region != y->alike.region)
		return x->alike.region ? -1 : 1;
	return by_distance(a, b);
}

size_t
cf_nearest(struct cf_neighbour *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (cf_alike_known(&list[i].alike))
			list[kept++] = list[i];
	n = kept;
	if (n)
		qsort(list, n, sizeof *list, by_distance);
	kept = 0;
	for (size_t i = 0; i < n && kept < CF_NEAREST; i++)
		if (kept == 0 || strcmp(list[kept - 1].id, list[i].id) != 0)
			list[kept++] = list[i];
	if (kept)
		qsort(list, kept, sizeof *list, by_region);
	return kept < CF_NEAREST_KEPT ? kept : CF_NEAREST_KEPT;
}
