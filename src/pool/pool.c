/*
 * Pooling: one fit, and what is told of it.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pool/dist.h"
#include "pool/solve.h"

struct cf_pool_estimate
cf_estimate(double value, double se, double df)
{
	double c = df > 0 ? cf_t_quantile(CF_POOL_TAIL, df) :
		cf_normal_quantile(CF_POOL_TAIL);
	double z = value / se;

	return (struct cf_pool_estimate){ .value = value, .se = se,
		.statistic = z, .df = df, .low = value - c * se,
		.high = value + c * se,
		.p = df > 0 ? cf_t_p(z, df) : cf_normal_p(z) };
}

/* Wald test of all coefficients but the intercept: b' C^-1 b by elimination. */
static double
wald(const struct cf_solve *s, double scale)
{
	double a[CF_POOL_COLUMNS][CF_POOL_COLUMNS + 1], sum = 0;
	size_t n = s->p - 1;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++)
			a[i][j] = s->inverse[i + 1][j + 1] * scale;
		a[i][n] = s->beta[i + 1];
	}
	for (size_t i = 0; i < n; i++) {
		sum += a[i][n] * a[i][n] / a[i][i];
		for (size_t m = i + 1; m < n; m++) {
			double f = a[m][i] / a[i][i];

			for (size_t j = i; j <= n; j++)
				a[m][j] -= f * a[i][j];
		}
	}
	return sum;
}

static void
heterogeneity(struct cf_pool_fit *f, struct cf_solve *s,
	enum cf_pool_method method)
{
	double high = cf_chi2_quantile(CF_POOL_TAIL, f->q_df);
	double low = cf_chi2_quantile(1 - CF_POOL_TAIL, f->q_df), v = f->typical_v;

	f->tau2_low = f->tau2_high = NAN;
	f->i2_low = f->i2_high = f->h2_low = f->h2_high = NAN;
	if (method == CF_POOL_FIXED) {
		f->h2 = f->q / f->q_df;
		f->i2 = fmax(0, 100 * (f->q - f->q_df) / f->q);
		return;
	}
	f->h2 = (f->tau2 + v) / v;
	f->i2 = 100 * f->tau2 / (f->tau2 + v);
	f->tau2_low = cf_solve_rss(s, high);
	f->tau2_high = cf_solve_rss(s, low);
	f->i2_low = 100 * f->tau2_low / (f->tau2_low + v);
	f->i2_high = 100 * f->tau2_high / (f->tau2_high + v);
	f->h2_low = (f->tau2_low + v) / v;
	f->h2_high = (f->tau2_high + v) / v;
}

/* Coefficients with their intervals. `s` stands at tau2. */
static void
coefficients(struct cf_pool_fit *f, const struct cf_solve *s,
	const struct cf_pool_model *model)
{
	double scale = 1, df = 0, moderators = (double)(f->p - 1);

	f->scale = f->q_df > 0 ? s->rss / f->q_df : 1;
	if (model->knapp_hartung && f->q_df > 0) {
		scale = model->floor ? fmax(1, f->scale) : f->scale;
		df = f->q_df;
	}
	for (size_t j = 0; j < f->p; j++)
		f->beta[j] = cf_estimate(s->beta[j],
			sqrt(s->variance[j] * scale), df);
	f->moved_df = moderators;
	f->moved_df2 = df;
	if (moderators < 1)
		return;
	f->moved = wald(s, scale) / (df > 0 ? moderators : 1);
	f->moved_p = df > 0 ? cf_f_p(f->moved, moderators, df) :
		cf_chi2_p(f->moved, moderators);
}

static void
prediction(struct cf_pool_fit *f)
{
	const struct cf_pool_estimate *b = &f->beta[0];
	double se = sqrt(b->se * b->se + f->tau2);
	double c = b->df > 0 ? cf_t_quantile(CF_POOL_TAIL, b->df) :
		cf_normal_quantile(CF_POOL_TAIL);

	f->has_prediction = f->p == 1 && f->k >= 3;
	f->predict_low = b->value - c * se;
	f->predict_high = b->value + c * se;
}

/* One effect alone is itself, whatever the method. */
static void
alone(struct cf_pool_fit *f, const struct cf_solve *s)
{
	f->beta[0] = cf_estimate(s->beta[0], sqrt(s->variance[0]), 0);
	f->q_p = f->h2 = f->scale = 1;
	f->tau2_low = f->tau2_high = f->tau2_se = NAN;
	f->i2_low = f->i2_high = f->h2_low = f->h2_high = NAN;
}

static const struct cf_err *
fit(struct cf_pool_fit *f, struct cf_solve *s, const struct cf_pool_model *model)
{
	const struct cf_err *err;

	f->k = s->k;
	f->p = s->p;
	f->q = s->rss;
	f->q_df = (double)(s->k - s->p);
	f->typical_v = s->trace_p > 0 ? f->q_df / s->trace_p : s->data->v[0];
	if (s->k == 1) {
		alone(f, s);
		return NULL;
	}
	if (f->q_df < 1)
		return cf_err(CF_INVALID, "there are as many coefficients as "
			"effects");
	f->q_p = cf_chi2_p(f->q, f->q_df);
	err = cf_solve_tau2(&f->tau2, &f->tau2_se, s, model->method);
	if (err)
		return err;
	f->loglik = cf_solve_loglik(s, model->method != CF_POOL_ML &&
		model->method != CF_POOL_FIXED);
	coefficients(f, s, model);
	heterogeneity(f, s, model->method);
	prediction(f);
	return s->singular ? cf_err(CF_INVALID, "the variances are too unlike "
		"one another to tell the moderators apart") : NULL;
}

const struct cf_err *
cf_pool(struct cf_pool_fit *out, const struct cf_pool_data *data,
	const struct cf_pool_model *model)
{
	struct cf_solve s;
	const struct cf_err *err;

	*out = (struct cf_pool_fit){ 0 };
	err = cf_solve_open(&s, data);
	if (err)
		return err;
	err = fit(out, &s, model);
	cf_solve_close(&s);
	return err;
}

const struct cf_err *
cf_pool_leave_one_out(struct cf_pool_fit *out, const struct cf_pool_data *data,
	const struct cf_pool_model *model)
{
	double *y, *v;
	const struct cf_err *err = NULL;

	if (data->k < 3 || data->moderators)
		return cf_err(CF_INVALID, "leaving out one needs three effects "
			"or more, and no moderator");
	y = cf_calloc(data->k, sizeof *y);
	v = cf_calloc(data->k, sizeof *v);
	for (size_t i = 0; i < data->k && !err; i++) {
		struct cf_pool_data rest = { y, v, .k = data->k - 1 };

		for (size_t j = 0, n = 0; j < data->k; j++) {
			if (j == i)
				continue;
			y[n] = data->y[j];
			v[n++] = data->v[j];
		}
		err = cf_pool(&out[i], &rest, model);
	}
	free(y);
	free(v);
	return err;
}

const struct cf_err *
cf_pool_egger(struct cf_pool_egger *out, const struct cf_pool_data *data,
	enum cf_pool_method method)
{
	double *root = cf_calloc(data->k, sizeof *root);
	struct cf_pool_data with = { data->y, data->v, .k = data->k,
		.x = { root }, .moderators = 1 };
	/* The classical test is a linear model: its scale is estimated. */
	const struct cf_pool_model lm = { CF_POOL_FIXED, .knapp_hartung = true };
	const struct cf_pool_model mixed = { method };
	struct cf_pool_fit f;
	const struct cf_err *err = NULL;

	if (data->k < CF_POOL_EGGER_LEAST)
		err = cf_err(CF_INVALID, "fewer than %u effects say nothing on "
			"the shape of a funnel", CF_POOL_EGGER_LEAST);
	for (size_t i = 0; i < data->k; i++)
		root[i] = sqrt(data->v[i]);
	if (!err)
		err = cf_pool(&f, &with, &lm);
	if (!err) {
		out->lm = f.beta[1];
		out->limit = f.beta[0].value;
		err = cf_pool(&f, &with, &mixed);
	}
	if (!err) {
		out->mixed = f.beta[1];
		out->limit_mixed = f.beta[0].value;
	}
	free(root);
	return err;
}

void
cf_pool_between(struct cf_pool_between *out,
	const struct cf_pool_estimate *group, size_t n)
{
	double sum = 0, weights = 0, mean;

	for (size_t i = 0; i < n; i++) {
		double w = 1 / (group[i].se * group[i].se);

		sum += w * group[i].value;
		weights += w;
	}
	mean = sum / weights;
	*out = (struct cf_pool_between){ .df = (double)n - 1 };
	for (size_t i = 0; i < n; i++) {
		double z = (group[i].value - mean) / group[i].se;

		out->q += z * z;
	}
	out->p = cf_chi2_p(out->q, out->df);
}

void
cf_pool_weights(double *out, const struct cf_pool_data *data, double tau2)
{
	double sum = 0;

	for (size_t i = 0; i < data->k; i++)
		sum += 1 / (data->v[i] + tau2);
	for (size_t i = 0; i < data->k; i++)
		out[i] = 100 / (data->v[i] + tau2) / sum;
}
