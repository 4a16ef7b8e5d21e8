/*
 * Effects nested in clusters. The variance of a cluster is V = D + tau2 11' with
 * D the diagonal of v + sigma2, so everything comes from sums over the cluster:
 * with u = 1/D, a = sum u and c = 1/(1 + tau2 a), V^-1 = D^-1 - tau2 c uu' and
 * V^-1 1 = cu.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pool/dist.h"
#include "pool/solve.h"

#define PI 3.14159265358979323846
#define STEPS 1000
#define HALVINGS 40
#define REST 1e-12

struct sums {		/* of one cluster, e what is left of y */
	double u, uu, uuu;	/* sums of u, u^2, u^3 */
	double ue, uee;		/* of ue, ue^2 */
	double logd, c;
};

struct work {
	const struct cf_pool_data *data;
	const size_t *cluster;
	struct sums *sum;
	size_t clusters;
	bool restricted;
	/* at (tau2, sigma2) */
	double mean, weight;		/* weight: 1'V^-1 1 */
	double loglik;
	double slope[2], info[2][2];	/* of the log-likelihood */
};

static void
add_up(struct work *w, const double at[2])
{
	memset(w->sum, 0, w->clusters * sizeof *w->sum);
	w->weight = w->mean = 0;
	for (size_t i = 0; i < w->data->k; i++) {
		struct sums *s = &w->sum[w->cluster[i]];
		double y = w->data->y[i], u = 1 / (w->data->v[i] + at[1]);

		s->u += u;
		s->ue += u * y;
		s->uu += u * u;
		s->uuu += u * u * u;
		s->logd -= log(u);
	}
	for (size_t j = 0; j < w->clusters; j++) {
		struct sums *s = &w->sum[j];

		s->c = 1 / (1 + at[0] * s->u);
		w->weight += s->u * s->c;
		w->mean += s->ue * s->c;
		s->ue = 0;
	}
	w->mean /= w->weight;
	/* A second pass, so that far from 0 nothing cancels. */
	for (size_t i = 0; i < w->data->k; i++) {
		struct sums *s = &w->sum[w->cluster[i]];
		double e = w->data->y[i] - w->mean;
		double u = 1 / (w->data->v[i] + at[1]);

		s->ue += u * e;
		s->uee += u * e * e;
	}
}

static void
likelihood(struct work *w, const double at[2])
{
	double n = (double)w->data->k - (w->restricted ? 1 : 0);
	double sum = n * log(2 * PI);

	for (size_t j = 0; j < w->clusters; j++) {
		const struct sums *s = &w->sum[j];

		sum += s->logd - log(s->c) + s->uee -
			at[0] * s->c * s->ue * s->ue;
	}
	if (w->restricted)
		sum += log(w->weight) - log((double)w->data->k);
	w->loglik = -sum / 2;
}

/* y'PZZ'Py for both components: sums over the clusters of (sum Py)^2 and of
 * (Py)^2, Py = u (e - tau2 c sum(ue)). */
static void
quadratic(const struct work *w, const double at[2], double out[2])
{
	out[0] = out[1] = 0;
	for (size_t i = 0; i < w->data->k; i++) {
		const struct sums *s = &w->sum[w->cluster[i]];
		double u = 1 / (w->data->v[i] + at[1]);
		double r = u * (w->data->y[i] - w->mean - at[0] * s->c * s->ue);

		out[1] += r * r;
	}
	for (size_t j = 0; j < w->clusters; j++) {
		double r = w->sum[j].c * w->sum[j].ue;

		out[0] += r * r;
	}
}

/*
 * Slope and expected information. T = V^-1 for ML; for REML P = T - qq'/S with
 * q = T1, S = 1'T1, whose traces follow from those of T.
 */
static void
derivatives(struct work *w, const double at[2])
{
	double quad[2], t[2] = { 0 }, tt[3] = { 0 }, q[2] = { 0 };
	double qtq[3] = { 0 }, s1 = w->restricted ? 1 / w->weight : 0;

	quadratic(w, at, quad);
	for (size_t j = 0; j < w->clusters; j++) {
		const struct sums *s = &w->sum[j];
		double f = at[0] * s->c, a = s->u * s->c, b = s->c * s->c *
			s->uu;
		/* u'(V^-1)u of this cluster, for q'Tq */
		double utu = s->uuu - f * s->uu * s->uu;

		t[0] += a;
		t[1] += s->u - f * s->uu;
		tt[0] += a * a;
		tt[1] += b;
		tt[2] += s->uu - 2 * f * s->uuu + f * f * s->uu * s->uu;
		q[0] += a * a;
		q[1] += b;
		qtq[0] += a * a * a;
		qtq[1] += a * b;
		qtq[2] += s->c * s->c * utu;
	}
	for (int i = 0; i < 2; i++)
		w->slope[i] = (quad[i] - t[i] + s1 * q[i]) / 2;
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			w->info[i][j] = (tt[i + j] - 2 * s1 * qtq[i + j] +
				s1 * s1 * q[i] * q[j]) / 2;
}

static void
evaluate(struct work *w, const double at[2])
{
	add_up(w, at);
	likelihood(w, at);
	derivatives(w, at);
}

/* The step of Fisher scoring, where a component that is 0 and wants to fall
 * stays there. */
static void
direction(const struct work *w, const double at[2], double step[2])
{
	const double (*m)[2] = w->info;
	double det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
	bool held[2];

	for (int i = 0; i < 2; i++)
		held[i] = at[i] <= 0 && w->slope[i] <= 0;
	step[0] = (m[1][1] * w->slope[0] - m[0][1] * w->slope[1]) / det;
	step[1] = (m[0][0] * w->slope[1] - m[1][0] * w->slope[0]) / det;
	for (int i = 0; i < 2; i++) {
		bool one = held[1 - i] || !(det > 1e-12 * m[0][0] * m[1][1]) ||
			(at[1 - i] <= 0 && step[1 - i] < 0);

		if (one)
			step[i] = w->slope[i] / m[i][i];
	}
	for (int i = 0; i < 2; i++)
		if (held[i] || (at[i] <= 0 && step[i] < 0))
			step[i] = 0;
}

/* As much of the step as climbs: halved until the likelihood is not lower, but
 * for what rounding alone may take. */
static void
advance(struct work *w, const double at[2], const double step[2],
	double next[2])
{
	double part = 1, before = w->loglik;
	double slack = 1e-13 * (fabs(before) + (double)w->data->k);

	for (int n = 0; n < HALVINGS; n++) {
		for (int i = 0; i < 2; i++)
			next[i] = fmax(0, at[i] + part * step[i]);
		evaluate(w, next);
		if (w->loglik >= before - slack)
			break;
		part /= 2;
	}
}

/* Climbs to a top of the likelihood from `at`, which becomes that top. */
static void
climb(struct work *w, double at[2], double typical)
{
	double size = 1;

	evaluate(w, at);
	for (int n = 0; n < STEPS && size > REST; n++) {
		double step[2], next[2] = { at[0], at[1] };

		direction(w, at, step);
		advance(w, at, step, next);
		size = (fabs(next[0] - at[0]) + fabs(next[1] - at[1])) /
			(at[0] + at[1] + typical);
		at[0] = next[0];
		at[1] = next[1];
	}
}

/* Clusters are numbered from 0 without a gap. */
static size_t
count(const size_t *cluster, size_t k)
{
	size_t n = 0;

	for (size_t i = 0; i < k; i++)
		n = cluster[i] >= n ? cluster[i] + 1 : n;
	return n;
}

/* Standard error from the sums of weighted residuals of each cluster. */
static struct cf_pool_estimate
sandwich(double value, const double *r, size_t clusters, double weight)
{
	double m = (double)clusters, sum = 0;

	for (size_t j = 0; j < clusters; j++)
		sum += r[j] * r[j];
	return cf_estimate(value, sqrt(sum * m / (m - 1)) / weight, m - 1);
}

const struct cf_err *
cf_pool_robust(struct cf_pool_estimate *out, const struct cf_pool_data *data,
	const struct cf_pool_fit *fit, const size_t *cluster)
{
	size_t m = count(cluster, data->k);
	double *r, weight = 0;

	*out = (struct cf_pool_estimate){ 0 };
	if (m < CF_POOL_ROBUST_LEAST)
		return cf_err(CF_INVALID, "fewer than %u trusts are too few "
			"for robust errors", CF_POOL_ROBUST_LEAST);
	r = cf_calloc(m, sizeof *r);
	for (size_t i = 0; i < data->k; i++) {
		double w = 1 / (data->v[i] + fit->tau2);

		r[cluster[i]] += w * (data->y[i] - fit->beta[0].value);
		weight += w;
	}
	*out = sandwich(fit->beta[0].value, r, m, weight);
	free(r);
	return NULL;
}

static void
report(struct cf_pool_nested *out, const struct work *w,
	const struct cf_pool_fit *fixed)
{
	double *r = cf_calloc(w->clusters, sizeof *r), c, se;

	out->k = w->data->k;
	out->clusters = w->clusters;
	out->q = fixed->q;
	out->q_df = fixed->q_df;
	out->q_p = fixed->q_p;
	out->loglik = w->loglik;
	out->icc = out->tau2 + out->sigma2 > 0 ?
		out->tau2 / (out->tau2 + out->sigma2) : 0;
	out->estimate = cf_estimate(w->mean, 1 / sqrt(w->weight), 0);
	out->has_robust = w->clusters >= CF_POOL_ROBUST_LEAST;
	for (size_t j = 0; j < w->clusters; j++)
		r[j] = w->sum[j].c * w->sum[j].ue;
	if (out->has_robust)
		out->robust = sandwich(w->mean, r, w->clusters, w->weight);
	free(r);
	se = out->has_robust ? out->robust.se : out->estimate.se;
	c = out->has_robust ? cf_t_quantile(CF_POOL_TAIL, out->robust.df) :
		cf_normal_quantile(CF_POOL_TAIL);
	se = sqrt(se * se + out->tau2 + out->sigma2);
	out->has_prediction = out->k >= 3;
	out->predict_low = w->mean - c * se;
	out->predict_high = w->mean + c * se;
}

const struct cf_err *
cf_pool_nested(struct cf_pool_nested *out, const struct cf_pool_data *data,
	const size_t *cluster, enum cf_pool_method method)
{
	struct work w = { data, cluster, .restricted = method != CF_POOL_ML };
	struct cf_pool_model plain = { method }, none = { CF_POOL_FIXED };
	struct cf_pool_fit two, fixed;
	const struct cf_err *err;
	double best = -INFINITY;

	*out = (struct cf_pool_nested){ 0 };
	err = cf_pool(&two, data, &plain);
	if (!err)
		err = cf_pool(&fixed, data, &none);
	if (err)
		return err;
	w.clusters = count(cluster, data->k);
	if (w.clusters < 2 || data->moderators)
		return cf_err(CF_INVALID, "effects nested in trusts need two "
			"trusts or more, and no moderator");
	w.sum = cf_calloc(w.clusters, sizeof *w.sum);
	for (int i = 0; i < 4; i++) {
		double all = two.tau2 + (i == 3 ? two.typical_v : 0);
		double share[] = { 0.5, 1, 0, 0.5 };
		double at[2] = { all * share[i], all * (1 - share[i]) };

		climb(&w, at, two.typical_v);
		if (w.loglik > best + 1e-10) {
			best = w.loglik;
			out->tau2 = at[0];
			out->sigma2 = at[1];
		}
	}
	evaluate(&w, (double[]){ out->tau2, out->sigma2 });
	report(out, &w, &fixed);
	free(w.sum);
	return NULL;
}

void
cf_pool_nested_weights(double *out, const struct cf_pool_data *data,
	const size_t *cluster, const struct cf_pool_nested *fit)
{
	struct work w = { data, cluster, .clusters = fit->clusters };
	const double at[2] = { fit->tau2, fit->sigma2 };

	w.sum = cf_calloc(w.clusters, sizeof *w.sum);
	add_up(&w, at);
	for (size_t i = 0; i < data->k; i++)
		out[i] = 100 * w.sum[cluster[i]].c /
			((data->v[i] + at[1]) * w.weight);
	free(w.sum);
}
