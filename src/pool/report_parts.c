/*
 * What is told beside the estimate.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "json/json.h"
#include "pool/report_parts.h"
#include "record/record.h"

#define GROUPS_MOST 64u

static const char *
text_at(const json_t *body, const char *pointer)
{
	return json_string_value(cf_json_at(body, pointer));
}

const char *
cf_pool_report_group(const json_t *body, const char *groups)
{
	static const char *const at[][2] = { { "phase", "/context/phase" },
		{ "region", "/context/region" },
		{ "fsm", "/context/fsm_band" }, { "design", "/design/type" },
		{ "practice", "/practice" } };

	for (size_t i = 0; i < sizeof at / sizeof *at; i++)
		if (strcmp(groups, at[i][0]) == 0)
			return text_at(body, at[i][1]);
	return NULL;
}

/* The middle of a band of disadvantage; the open one is taken for 60. */
static double
middle(const char *band)
{
	static const struct {
		const char *band;
		double middle;
	} bands[] = { { "under_10", 5 }, { "10_to_19", 15 },
		{ "20_to_29", 25 }, { "30_to_39", 35 }, { "40_to_49", 45 },
		{ "50_or_more", 60 } };

	for (size_t i = 0; band && i < sizeof bands / sizeof *bands; i++)
		if (strcmp(band, bands[i].band) == 0)
			return bands[i].middle;
	return NAN;
}

static double
number_at(const json_t *body, const char *pointer)
{
	const json_t *value = cf_json_at(body, pointer);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static double
year(const char *month)
{
	uint64_t y;

	return month && strlen(month) == 7 &&
		cf_str_u64((struct cf_str){ month, 4 }, &y, 9999) ?
		(double)y : NAN;
}

static double
padlocks(const json_t *body)
{
	const json_t *value = cf_finding_padlocks(body);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

double
cf_pool_report_moderator(const json_t *body, const char *moderator)
{
	if (strcmp(moderator, "weeks") == 0)
		return number_at(body, "/outcome/weeks");
	if (strcmp(moderator, "year") == 0)
		return year(text_at(body, "/period/until") ?
			text_at(body, "/period/until") :
			text_at(body, "/period/from"));
	if (strcmp(moderator, "fsm") == 0)
		return middle(text_at(body, "/context/fsm_band"));
	return padlocks(body);
}

/* --- subgroups ------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The codes that occur, each once, in the order of the alphabet. */
static size_t
codes_of(const char *codes[GROUPS_MOST], const struct cf_pooled *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++) {
		const char *code = cf_pool_report_group(in->body[i],
			in->groups);
		size_t j = 0;

		while (code && j < n && strcmp(codes[j], code) != 0)
			j++;
		if (code && j == n && n < GROUPS_MOST)
			codes[n++] = code;
	}
	if (n)
		qsort(codes, n, sizeof *codes, by_text);
	return n;
}

/* *pooled: whether there are enough of them, and so an estimate. */
static const struct cf_err *
one_group(json_t **out, struct cf_pool_estimate *estimate, bool *pooled,
	const struct cf_pooled *in, const char *code)
{
	double *y = cf_calloc(in->n, sizeof *y), *v = cf_calloc(in->n,
		sizeof *v);
	struct cf_pool_data data = { y, v };
	const struct cf_err *err = NULL;
	struct cf_pool_fit f;

	for (size_t i = 0; i < in->n; i++) {
		const char *own = cf_pool_report_group(in->body[i], in->groups);

		if (own == NULL || strcmp(own, code) != 0)
			continue;
		y[data.k] = in->study[i].y;
		v[data.k++] = in->study[i].v;
	}
	*out = json_pack("{s:s, s:i}", "code", code, "k", (int)data.k);
	*pooled = data.k >= CF_POOL_LEAST;
	if (*pooled)
		err = cf_pool(&f, &data, &in->model);
	if (*pooled && !err) {
		cf_pool_report_estimate(*out, &f.beta[0]);
		cf_pool_report_put(*out, "tau2", f.tau2);
		cf_pool_report_put(*out, "i2", f.i2);
		*estimate = f.beta[0];
	}
	free(y);
	free(v);
	return err;
}

static const struct cf_err *
put_groups(json_t *to, const struct cf_pooled *in)
{
	struct cf_pool_estimate each[GROUPS_MOST];
	const char *codes[GROUPS_MOST];
	size_t n = codes_of(codes, in), told = 0, compared = 0;
	const struct cf_err *err = NULL;
	struct cf_pool_between between;
	json_t *list = json_array(), *q;

	for (size_t i = 0; i < n && !err; i++) {
		json_t *one = NULL;
		bool pooled;

		err = one_group(&one, &each[compared], &pooled, in, codes[i]);
		compared += pooled;
		told += (size_t)json_integer_value(json_object_get(one, "k"));
		json_array_append_new(list, one);
	}
	json_object_set_new(to, "groups", list);
	json_object_set_new(to, "groupedBy", json_string(in->groups));
	if (err)
		return err;
	if (compared < n)
		cf_pool_report_warn(to, "A group of fewer than %u findings has "
			"no estimate: nobody could tell chance from a "
			"difference.", CF_POOL_LEAST);
	if (compared >= 2) {
		cf_pool_between(&between, each, compared);
		q = json_object();
		cf_pool_report_put(q, "value", between.q);
		cf_pool_report_put(q, "df", between.df);
		cf_pool_report_put(q, "p", between.p);
		json_object_set_new(to, "between", q);
	}
	if (told < in->n)
		cf_pool_report_warn(to, "%zu of %zu findings do not say which "
			"group they belong to and are in none.", in->n - told,
			in->n);
	return NULL;
}

/* --- a moderator ------------------------------------------------------------- */

static void
tell_moderator(json_t *to, const struct cf_pooled *in,
	const struct cf_pool_fit *f, double tau2)
{
	json_t *m = json_pack("{s:s, s:i}", "name", in->moderator, "k",
		(int)f->k);

	cf_pool_report_estimate(m, &f->beta[1]);
	cf_pool_report_put(m, "intercept", f->beta[0].value);
	cf_pool_report_put(m, "tau2", f->tau2);
	cf_pool_report_put(m, "i2", f->i2);
	if (tau2 > 0)
		cf_pool_report_put(m, "r2", fmax(0, 100 * (tau2 - f->tau2) /
			tau2));
	json_object_set_new(to, "moderator", m);
	if (f->k < 10)
		cf_pool_report_warn(to, "Ten findings or more are wanted "
			"before much is made of a moderator; here are %zu.", f->k);
}

static const struct cf_err *
put_moderator(json_t *to, const struct cf_pooled *in)
{
	double *y = cf_calloc(in->n, sizeof *y), *v = cf_calloc(in->n,
		sizeof *v), *x = cf_calloc(in->n, sizeof *x);
	struct cf_pool_data data = { y, v, .x = { x }, .moderators = 1 };
	struct cf_pool_data same = { y, v };
	const struct cf_err *err;
	struct cf_pool_fit f, plain;

	for (size_t i = 0; i < in->n; i++) {
		double at = cf_pool_report_moderator(in->body[i],
			in->moderator);

		if (isnan(at))
			continue;
		x[data.k] = at;
		y[data.k] = in->study[i].y;
		v[data.k++] = in->study[i].v;
	}
	same.k = data.k;
	if (data.k < CF_POOL_LEAST)
		err = cf_err_rule(CF_INVALID, "pool.few", "%zu of the findings "
			"give '%s', and %u are the least", data.k,
			in->moderator, CF_POOL_LEAST);
	else
		err = cf_pool(&f, &data, &in->model);
	if (!err)
		err = cf_pool(&plain, &same, &in->model);
	if (!err)
		tell_moderator(to, in, &f, plain.tau2);
	free(y);
	free(v);
	free(x);
	return err ? cf_err_wrap(err, "moderator %s", in->moderator) : NULL;
}

/* --- sensitivity ---------------------------------------------------------------- */

/* The estimate if the likeness that was taken as usual were another. */
static void
with_icc(json_t *list, const struct cf_pooled *in, double icc)
{
	double *y = cf_calloc(in->n, sizeof *y), *v = cf_calloc(in->n,
		sizeof *v);
	struct cf_pool_data data = { y, v, .k = in->n };
	struct cf_pool_nested nested;
	struct cf_pool_fit f;
	json_t *one = json_pack("{s:f}", "icc", icc);
	bool done = true;

	for (size_t i = 0; i < in->n; i++) {
		struct cf_study s = in->study[i];
		const char *code;

		if (s.imputed)
			done = done && cf_study_read(&s, &code, in->body[i],
				in->measure, icc) == NULL;
		y[i] = s.y;
		v[i] = s.v;
	}
	if (in->by_trust) {
		done = done && cf_pool_nested(&nested, &data, in->trust,
			in->model.method == CF_POOL_ML ? CF_POOL_ML :
			CF_POOL_REML) == NULL;
		if (done)
			cf_pool_report_estimate(one, nested.has_robust ?
				&nested.robust : &nested.estimate);
	} else {
		done = done && cf_pool(&f, &data, &in->model) == NULL;
		if (done)
			cf_pool_report_estimate(one, &f.beta[0]);
	}
	if (done)
		json_array_append(list, one);
	json_decref(one);
	free(y);
	free(v);
}

static void
put_sensitivity(json_t *to, const struct cf_pooled *in)
{
	json_t *list;
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++)
		n += in->study[i].imputed;
	if (n == 0)
		return;
	list = json_array();
	with_icc(list, in, 0.05);
	with_icc(list, in, 0.25);
	json_object_set_new(to, "sensitivity", list);
	json_object_set_new(to, "imputed", json_integer((json_int_t)n));
	cf_pool_report_warn(to, "%zu of %zu findings take the likeness within "
		"classes or schools as usual, without having measured it.", n,
		in->n);
}

/* --- security -------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
put_security(json_t *to, const struct cf_pooled *in)
{
	double *all = cf_calloc(in->n, sizeof *all);
	json_t *security = json_object();
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++) {
		double p = padlocks(in->body[i]);

		if (!isnan(p))
			all[n++] = p;
	}
	qsort(all, n, sizeof *all, by_number);
	json_object_set_new(security, "rated", json_integer((json_int_t)n));
	json_object_set_new(security, "unrated", json_integer(
		(json_int_t)(in->n - n)));
	if (n) {
		cf_pool_report_put(security, "lowest", all[0]);
		cf_pool_report_put(security, "median",
			(all[(n - 1) / 2] + all[n / 2]) / 2);
		cf_pool_report_put(security, "highest", all[n - 1]);
	}
	json_object_set_new(to, "security", security);
	free(all);
}

const struct cf_err *
cf_pool_report_parts(json_t *to, const struct cf_pooled *in)
{
	const struct cf_err *err = NULL;

	if (in->groups)
		err = put_groups(to, in);
	if (!err && in->moderator)
		err = put_moderator(to, in);
	if (err)
		return err;
	put_sensitivity(to, in);
	put_security(to, in);
	return NULL;
}
