/*
 * Reporting one pooling.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "pool/report.h"
#include "pool/report_parts.h"

static const struct {
	const char *name;
	enum cf_pool_method method;
} methods[] = { { "fixed", CF_POOL_FIXED }, { "DL", CF_POOL_DL },
	{ "PM", CF_POOL_PM }, { "REML", CF_POOL_REML }, { "ML", CF_POOL_ML } };

const char *
cf_method_name(enum cf_pool_method method)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (methods[i].method == method)
			return methods[i].name;
	cf_bug("a method without a name");
}

bool
cf_method_of(enum cf_pool_method *out, const char *name)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (name && strcmp(methods[i].name, name) == 0) {
			*out = methods[i].method;
			return true;
		}
	return false;
}

char *
cf_pool_outcome_words(const char *codes, bool capital)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);

	for (const char *c = codes; *c; c++)
		if (*c == ',')
			cf_buf_puts(&out, strchr(c + 1, ',') ? ", " : " and ");
		else
			cf_buf_putc(&out, *c == '_' ? ' ' : *c);
	if (capital && out.len && out.data[0] >= 'a' && out.data[0] <= 'z')
		out.data[0] = (char)(out.data[0] - 'a' + 'A');
	return cf_buf_take(&out);
}

void
cf_pool_report_put(json_t *to, const char *name, double value)
{
	/* -0 is 0: nobody means anything by it. */
	if (isfinite(value))
		json_object_set_new(to, name, json_real(value + 0.0));
}

void
cf_pool_report_range(json_t *to, const char *name, double low, double high)
{
	if (isfinite(low) && isfinite(high))
		json_object_set_new(to, name, json_pack("[f, f]", low + 0.0,
			high + 0.0));
}

void
cf_pool_report_estimate(json_t *to, const struct cf_pool_estimate *e)
{
	cf_pool_report_put(to, "estimate", e->value);
	cf_pool_report_put(to, "se", e->se);
	cf_pool_report_put(to, "statistic", e->statistic);
	if (e->df > 0)
		cf_pool_report_put(to, "df", e->df);
	cf_pool_report_put(to, "p", e->p);
	cf_pool_report_range(to, "ci95", e->low, e->high);
}

void
cf_pool_report_warn(json_t *to, const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	json_array_append_new(json_object_get(to, "warnings"),
		json_string(line));
}

static void
put_fit(json_t *to, const struct cf_pool_fit *f)
{
	json_t *q = json_object();

	cf_pool_report_estimate(to, &f->beta[0]);
	if (f->has_prediction)
		cf_pool_report_range(to, "pi95", f->predict_low,
			f->predict_high);
	cf_pool_report_put(to, "tau2", f->tau2);
	cf_pool_report_range(to, "tau2Ci95", f->tau2_low, f->tau2_high);
	cf_pool_report_put(to, "i2", f->i2);
	cf_pool_report_range(to, "i2Ci95", f->i2_low, f->i2_high);
	cf_pool_report_put(to, "h2", f->h2);
	cf_pool_report_put(q, "value", f->q);
	cf_pool_report_put(q, "df", f->q_df);
	cf_pool_report_put(q, "p", f->q_p);
	json_object_set_new(to, "q", q);
}

/* Takes w (n numbers). */
static void
put_weights_take(json_t *to, double *w, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_real(w[i]));
	json_object_set_new(to, "weights", list);
	free(w);
}

/* The three-level model takes the place of the estimate; the plain one stays
 * beside it. */
static const struct cf_err *
put_nested(json_t *to, const struct cf_pooled *in,
	const struct cf_pool_data *data, const struct cf_pool_fit *plain)
{
	enum cf_pool_method method = in->model.method == CF_POOL_ML ?
		CF_POOL_ML : CF_POOL_REML;
	json_t *nested, *beside;
	const struct cf_err *err;
	struct cf_pool_nested n;
	double *w;

	err = cf_pool_nested(&n, data, in->trust, method);
	if (err)
		return err;
	nested = json_object();
	beside = json_object();
	w = cf_calloc(data->k, sizeof *w);
	cf_pool_nested_weights(w, data, in->trust, &n);
	put_weights_take(to, w, data->k);
	cf_pool_report_put(nested, "between", n.tau2);
	cf_pool_report_put(nested, "within", n.sigma2);
	cf_pool_report_put(nested, "icc", n.icc);
	cf_pool_report_estimate(nested, &n.estimate);
	cf_pool_report_estimate(beside, &plain->beta[0]);
	json_object_set_new(to, "nested", nested);
	json_object_set_new(to, "plain", beside);
	json_object_del(to, "df");
	cf_pool_report_estimate(to, n.has_robust ? &n.robust : &n.estimate);
	json_object_set_new(to, "robust", json_boolean(n.has_robust));
	cf_pool_report_range(to, "pi95", n.predict_low, n.predict_high);
	if (!n.has_robust)
		cf_pool_report_warn(to, "There are findings of fewer than %u "
			"trusts, too few for errors that allow for more than "
			"the model does; the interval rests on the model.",
			CF_POOL_ROBUST_LEAST);
	return NULL;
}

static void
put_left_out(json_t *to, const struct cf_pooled *in,
	const struct cf_pool_data *data)
{
	struct cf_pool_fit *f;
	json_t *list;

	/* Without one of three there are two, which are not pooled either. */
	if (data->k <= CF_POOL_LEAST || data->k > CF_POOL_LEFT_OUT)
		return;
	f = cf_calloc(data->k, sizeof *f);
	list = json_array();
	if (cf_pool_leave_one_out(f, data, &in->model) == NULL)
		for (size_t i = 0; i < data->k; i++) {
			json_t *one = json_object();

			cf_pool_report_estimate(one, &f[i].beta[0]);
			cf_pool_report_put(one, "tau2", f[i].tau2);
			cf_pool_report_put(one, "i2", f[i].i2);
			json_array_append_new(list, one);
		}
	json_object_set_new(to, "leaveOneOut", list);
	free(f);
}

/* To the last digits: what a test made of those would be rounding. */
static bool
all_alike(const struct cf_pool_data *data)
{
	double low = data->y[0], high = data->y[0], v = data->v[0];

	for (size_t i = 1; i < data->k; i++) {
		low = fmin(low, data->y[i]);
		high = fmax(high, data->y[i]);
		v = fmin(v, data->v[i]);
	}
	return high - low < 1e-9 * sqrt(v);
}

static void
put_egger(json_t *to, const struct cf_pooled *in,
	const struct cf_pool_data *data)
{
	json_t *egger, *mixed;
	struct cf_pool_egger e;

	if (data->k < CF_POOL_EGGER_LEAST || all_alike(data) ||
		cf_pool_egger(&e, data, in->model.method) != NULL)
		return;
	egger = json_object();
	mixed = json_object();
	cf_pool_report_estimate(egger, &e.lm);
	cf_pool_report_put(egger, "limit", e.limit);
	cf_pool_report_estimate(mixed, &e.mixed);
	cf_pool_report_put(mixed, "limit", e.limit_mixed);
	json_object_set_new(egger, "mixed", mixed);
	json_object_set_new(to, "egger", egger);
	if (e.lm.p < 0.1)
		cf_pool_report_warn(to, "Small studies give other results than "
			"large ones (Egger's test, p = %.3f). Studies without "
			"an effect may be missing.", e.lm.p);
}

static void
warn_of_model(json_t *to, const struct cf_pooled *in,
	const struct cf_pool_fit *fit)
{
	if (!in->model.knapp_hartung && !in->by_trust && in->n < 10 &&
		in->model.method != CF_POOL_FIXED)
		cf_pool_report_warn(to, "With so few findings the "
			"interval is too narrow; --knapp-hartung allows for that.");
	if (in->model.method == CF_POOL_FIXED && fit->q_p < 0.1)
		cf_pool_report_warn(to, "The findings differ by more than "
			"chance (Q, p = %.3f); the fixed effect takes them for one.",
			fit->q_p);
	if (!in->by_trust && in->trusts < in->n)
		cf_pool_report_warn(to, "%zu findings come from %zu %s, and "
			"those of one trust may be alike%s.", in->n,
			in->trusts, in->trusts == 1 ? "trust" : "trusts",
			in->trusts > 1 ? "; --by trust allows for that" : "");
}

const struct cf_err *
cf_pool_report(json_t **out, const struct cf_pooled *in)
{
	double *y = cf_calloc(in->n + 1, sizeof *y);
	double *v = cf_calloc(in->n + 1, sizeof *v);
	struct cf_pool_data data = { y, v, .k = in->n };
	const struct cf_err *err = NULL;
	struct cf_pool_fit fit;
	double *w;

	*out = json_pack("{s:i, s:i, s:[]}", "k", (int)in->n, "trusts",
		(int)in->trusts, "warnings");
	for (size_t i = 0; i < in->n; i++) {
		y[i] = in->study[i].y;
		v[i] = in->study[i].v;
	}
	if (in->n < CF_POOL_LEAST)
		err = cf_err_rule(CF_INVALID, "pool.few", "%zu %s can be "
			"pooled here, and %u are the least: with fewer, "
			"nobody can tell chance from a difference", in->n,
			in->n == 1 ? "finding" : "findings", CF_POOL_LEAST);
	if (!err)
		err = cf_pool(&fit, &data, &in->model);
	if (!err) {
		put_fit(*out, &fit);
		w = cf_calloc(in->n, sizeof *w);
		cf_pool_weights(w, &data, fit.tau2);
		put_weights_take(*out, w, in->n);
		warn_of_model(*out, in, &fit);
	}
	if (!err && in->by_trust)
		err = put_nested(*out, in, &data, &fit);
	if (!err)
		err = cf_pool_report_parts(*out, in);
	if (!err) {
		put_egger(*out, in, &data);
		put_left_out(*out, in, &data);
	}
	free(y);
	free(v);
	return err;
}
