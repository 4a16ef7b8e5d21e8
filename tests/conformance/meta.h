#ifndef TEST_META_H
#define TEST_META_H

/*
 * What the meta-analysis suites share: comparing numbers, and reading sets of
 * effects.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"
#include "pool/effect.h"
#include "pool/pool.h"

#define DIGITS 2e-9	/* relative; 12 are printed, sums differ in order */
#define DIGITS_NESTED 1e-6

static unsigned passed, failed;
static const char *where;

static void
compare(const char *what, double got, const json_t *want, double digits)
{
	double w;

	if (!json_is_number(want))
		return;
	w = json_number_value(want);
	if (fabs(got - w) <= digits * fabs(w) + 1e-11) {
		passed++;
		return;
	}
	failed++;
	printf("%s: %s is %.12g, wanted %.12g\n", where, what, got, w);
}

static void
is_true(const char *what, bool ok)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	printf("%s: %s\n", where, what);
}

struct set {
	const char *file;
	const char *rows;	/* pointer of the data */
	const char *y, *v;	/* fields */
	const char *only, *is;	/* rows whose field is so, or NULL */
	const char *group;	/* cluster, or NULL */
	const char *fits;	/* pointer of an array of fits, or of one */
	const char *extras;	/* pointer, or NULL */
	const char *x[2];	/* moderators */
	const char *code;	/* the first is 1 where it says this */
	double most;		/* larger values of it count as this */
	bool centre;		/* its mean taken off */
	bool percent;		/* the second is in percent */
};

struct loaded {
	double *y, *v, *x[2];
	size_t *cluster, k;
};

static double
number(const json_t *row, const char *field)
{
	return json_number_value(json_object_get(row, field));
}

static double
moderator(const struct set *set, const json_t *row, size_t m)
{
	const json_t *value = json_object_get(row, set->x[m]);
	double x = json_number_value(value);

	if (m == 0 && set->code)
		return json_is_string(value) && strcmp(set->code,
			json_string_value(value)) == 0;
	if (m == 1 && set->percent)
		return x / 100;
	return m == 0 && set->most > 0 ? fmin(x, set->most) : x;
}

static size_t
cluster_of(json_t *seen, const json_t *value)
{
	size_t i, n = json_array_size(seen);

	for (i = 0; i < n && !json_equal(json_array_get(seen, i), value);)
		i++;
	if (i == n)
		json_array_append(seen, (json_t *)(uintptr_t)value);
	return i;
}

static bool
wanted(const struct set *set, const json_t *row)
{
	const char *is = set->only ? cf_json_str(row, set->only) : NULL;

	if (set->only && set->is == NULL)
		return json_is_number(json_object_get(row, set->only));
	return set->only == NULL || (is && strcmp(is, set->is) == 0);
}

static void
effect_of(struct loaded *l, const struct set *set, const json_t *row)
{
	struct cf_effect e;

	l->y[l->k] = number(row, set->y);
	l->v[l->k] = number(row, set->v);
	if (strcmp(set->y, "ri") != 0)
		return;
	e = cf_effect_fisher_z(number(row, "ri"), number(row, "ni"));
	l->y[l->k] = e.y;
	l->v[l->k] = e.v;
}

static void
load(struct loaded *l, const struct set *set, const json_t *doc)
{
	const json_t *rows = cf_json_at(doc, set->rows);
	json_t *seen = json_array();
	size_t n = json_array_size(rows);

	*l = (struct loaded){ cf_calloc(n + 1, sizeof *l->y),
		cf_calloc(n + 1, sizeof *l->v),
		{ cf_calloc(n + 1, sizeof *l->y),
		cf_calloc(n + 1, sizeof *l->y) },
		cf_calloc(n + 1, sizeof *l->cluster), 0 };
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(rows, i);

		if (!wanted(set, row))
			continue;
		effect_of(l, set, row);
		for (size_t m = 0; m < 2; m++)
			if (set->x[m])
				l->x[m][l->k] = moderator(set, row, m);
		if (set->group)
			l->cluster[l->k] = cluster_of(seen,
				json_object_get(row, set->group));
		l->k++;
	}
	json_decref(seen);
	if (set->centre) {
		double mean = 0;

		for (size_t i = 0; i < l->k; i++)
			mean += l->x[0][i] / (double)l->k;
		for (size_t i = 0; i < l->k; i++)
			l->x[0][i] -= mean;
	}
}

static void
unload(struct loaded *l)
{
	free(l->y);
	free(l->v);
	free(l->x[0]);
	free(l->x[1]);
	free(l->cluster);
}

static struct cf_pool_data
data_of(const struct set *set, const struct loaded *l)
{
	struct cf_pool_data data = { l->y, l->v, .k = l->k,
		.x = { l->x[0], l->x[1] } };

	data.moderators = (set->x[0] ? 1u : 0) + (set->x[1] ? 1u : 0);
	return data;
}

static json_t *
read_set(const char *dir, const char *name)
{
	char *file = cf_asprintf("%s/meta/%s.json", dir, name);
	json_t *doc = NULL;

	if (cf_json_read_path(&doc, file, CF_MAX_JSON))
		doc = NULL;
	free(file);
	return doc;
}

/* Effects as plain arrays. */
static size_t
plain(double *y, double *v, const json_t *set)
{
	const json_t *ys = json_object_get(set, "y");
	size_t n = json_array_size(ys);

	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(ys, i);

		y[i] = json_is_number(one) ? json_number_value(one) : NAN;
		v[i] = json_number_value(json_array_get(json_object_get(set,
			"v"), i));
	}
	return n;
}

#endif
