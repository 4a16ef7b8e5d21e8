/*
 * Weighted least squares. sqrt(W) X is made orthonormal by Gram-Schmidt, each
 * column twice, so that a moderator such as a year, which lies close to the
 * intercept, loses no digits. P never exists: its traces come from the columns,
 * so that memory and time grow with k, not with k squared.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pool/solve.h"

#define RANK 1e-10	/* of a column that is left once the others are out */
#define LEAST 1e-100	/* of a variance: the square of a weight is a number */

static const struct cf_err *
check(const struct cf_pool_data *data)
{
	if (data->moderators >= CF_POOL_COLUMNS)
		return cf_err(CF_INVALID, "there are too many moderators");
	if (data->k < data->moderators + 1)
		return cf_err(CF_INVALID, "there are fewer effects than "
			"coefficients");
	for (size_t i = 0; i < data->k; i++) {
		if (!isfinite(data->y[i]))
			return cf_err(CF_INVALID, "effect %zu is not a number",
				i + 1);
		if (!(data->v[i] >= LEAST) || !isfinite(data->v[i]))
			return cf_err(CF_INVALID, "the variance of effect %zu "
				"is not above 0", i + 1);
		for (size_t m = 0; m < data->moderators; m++)
			if (!isfinite(data->x[m][i]))
				return cf_err(CF_INVALID, "the moderator of "
					"effect %zu is not a number", i + 1);
	}
	return NULL;
}

static double
dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static double
column(const struct cf_pool_data *data, size_t j, size_t i)
{
	return j ? data->x[j - 1][i] : 1;
}

static void
orthonormal(struct cf_solve *s, const double *v, double tau2)
{
	const struct cf_pool_data *d = s->data;

	memset(s->r, 0, sizeof s->r);
	for (size_t j = 0; j < s->p; j++) {
		double *q = s->q + j * s->k, whole, left;

		for (size_t i = 0; i < s->k; i++)
			q[i] = column(d, j, i) / sqrt(v[i] + tau2);
		whole = sqrt(dot(q, q, s->k));
		for (size_t m = 0; m < 2 * j; m++) {
			const double *before = s->q + m % j * s->k;
			double along = dot(before, q, s->k);

			s->r[m % j][j] += along;
			for (size_t i = 0; i < s->k; i++)
				q[i] -= along * before[i];
		}
		left = sqrt(dot(q, q, s->k));
		if (!(left > RANK * whole)) {
			s->singular = true;
			left = whole;
		}
		s->r[j][j] = left;
		for (size_t i = 0; i < s->k; i++)
			q[i] /= left;
	}
}

/* Solves R x = b in place. */
static void
back(const struct cf_solve *s, double *b)
{
	for (size_t j = s->p; j-- > 0;) {
		for (size_t m = j + 1; m < s->p; m++)
			b[j] -= s->r[j][m] * b[m];
		b[j] /= s->r[j][j];
	}
}

static void
coefficients(struct cf_solve *s, double tau2)
{
	const struct cf_pool_data *d = s->data;
	double inverse[CF_POOL_COLUMNS][CF_POOL_COLUMNS] = { 0 };

	for (size_t j = 0; j < s->p; j++) {
		const double *q = s->q + j * s->k;
		double sum = 0;

		for (size_t i = 0; i < s->k; i++)
			sum += q[i] * d->y[i] / sqrt(d->v[i] + tau2);
		s->beta[j] = sum;
		inverse[j][j] = 1;
		back(s, inverse[j]);	/* column j of R^-1 */
	}
	back(s, s->beta);
	for (size_t a = 0; a < s->p; a++)
		for (size_t b = 0; b < s->p; b++) {
			s->inverse[a][b] = 0;
			for (size_t j = 0; j < s->p; j++)
				s->inverse[a][b] += inverse[j][a] *
					inverse[j][b];
		}
	for (size_t a = 0; a < s->p; a++)
		s->variance[a] = s->inverse[a][a];
}

/* Sums over the effects, where h is what the fit takes of each. */
static void
traces(struct cf_solve *s, double tau2)
{
	const struct cf_pool_data *d = s->data;
	double cross[CF_POOL_COLUMNS][CF_POOL_COLUMNS] = { 0 };

	s->rss = s->slope = s->trace_p = s->trace_pp = 0;
	s->trace_w = s->trace_ww = s->log_w = s->log_xwx = 0;
	for (size_t i = 0; i < s->k; i++) {
		double w = 1 / (d->v[i] + tau2), fitted = 0, h = 0;

		for (size_t a = 0; a < s->p; a++) {
			double qa = s->q[a * s->k + i];

			fitted += s->beta[a] * column(d, a, i);
			h += qa * qa;
			for (size_t b = 0; b < s->p; b++)
				cross[a][b] += qa * s->q[b * s->k + i] * w;
		}
		s->e[i] = d->y[i] - fitted;
		s->rss += w * s->e[i] * s->e[i];
		s->slope += w * s->e[i] * w * s->e[i];
		s->trace_w += w;
		s->trace_ww += w * w;
		s->trace_p += w * (1 - h);
		s->trace_pp += w * w * (1 - 2 * h);
		s->log_w += log(w);
	}
	for (size_t a = 0; a < s->p; a++) {
		s->log_xwx += 2 * log(s->r[a][a]);
		for (size_t b = 0; b < s->p; b++)
			s->trace_pp += cross[a][b] * cross[a][b];
	}
}

void
cf_solve_at(struct cf_solve *s, double tau2)
{
	orthonormal(s, s->data->v, tau2);
	coefficients(s, tau2);
	traces(s, tau2);
}

/* ln det X'X: the columns of X alone. */
static double
log_columns(struct cf_solve *s)
{
	double *ones = cf_calloc(s->k, sizeof *ones), sum = 0;

	for (size_t i = 0; i < s->k; i++)
		ones[i] = 1;
	orthonormal(s, ones, 0);
	for (size_t j = 0; j < s->p; j++)
		sum += 2 * log(s->r[j][j]);
	free(ones);
	return sum;
}

const struct cf_err *
cf_solve_open(struct cf_solve *out, const struct cf_pool_data *data)
{
	const struct cf_err *err = check(data);

	*out = (struct cf_solve){ .data = data, .k = data->k,
		.p = data->moderators + 1 };
	if (err)
		return err;
	out->q = cf_calloc(out->k * out->p, sizeof *out->q);
	out->e = cf_calloc(out->k, sizeof *out->e);
	out->log_xx = log_columns(out);
	cf_solve_at(out, 0);
	if (out->singular) {
		cf_solve_close(out);
		return cf_err(CF_INVALID, "a moderator is the same for all "
			"effects, or follows from another one");
	}
	return NULL;
}

void
cf_solve_close(struct cf_solve *s)
{
	free(s->q);
	free(s->e);
	s->q = s->e = NULL;
}
