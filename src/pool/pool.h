#ifndef CF_POOL_H
#define CF_POOL_H

/*
 * Meta-analysis: effects y with known sampling variances v come to one estimate,
 * with or without moderators. Pure: numbers in, numbers out.
 *
 * Sources of the formulas, in the notation w = 1/(v + tau2), W their diagonal,
 * P = W - WX(X'WX)^-1 X'W:
 * - Q, fixed effect: W. G. Cochran (1954). I2, H2: J. P. T. Higgins and S. G.
 *   Thompson (2002), by the typical variance (k - p)/tr P at tau2 = 0.
 * - DL: R. DerSimonian and N. Laird (1986): (Q - (k - p))/tr P.
 * - PM: R. C. Paule and J. Mandel (1982): tau2 where y'Py = k - p.
 * - ML, REML: W. Viechtbauer (2005), by Fisher scoring: tau2 moves by
 *   (y'PPy - tr W)/tr WW and (y'PPy - tr P)/tr PP, halved where it does not
 *   climb, until it rests relative to the variances.
 * - Interval of tau2: Q-profile, W. Viechtbauer (2007).
 * - Knapp-Hartung: G. Knapp and J. Hartung (2003), its floor: D. Jackson and
 *   others (2017).
 * - Prediction interval: J. P. T. Higgins and others (2009), with the degrees of
 *   freedom of the interval of the estimate.
 * - Funnel asymmetry: M. Egger and others (1997).
 * - Three levels: S. Konstantopoulos (2011); robust errors: L. V. Hedges, E.
 *   Tipton and M. C. Johnson (2010), small-sample factor m/(m - p).
 * Where R's metafor implements the same, numbers agree with it to better than
 * 1e-6; where it stops at an absolute change of 1e-5 in tau2, ours goes on.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum cf_pool_method {
	CF_POOL_FIXED,	/* one true effect */
	CF_POOL_DL,
	CF_POOL_PM,
	CF_POOL_REML,
	CF_POOL_ML
};

#define CF_POOL_COLUMNS 8u	/* of X: the intercept and moderators */

struct cf_pool_data {
	const double *y, *v;	/* k of each */
	size_t k;
	/* Moderators after the intercept, one array of k for each. */
	const double *x[CF_POOL_COLUMNS - 1];
	size_t moderators;
};

struct cf_pool_model {
	enum cf_pool_method method;
	bool knapp_hartung;	/* t intervals with the estimated scale */
	bool floor;		/* that scale never below 1 */
};

/* One coefficient. `df` is that of t, 0 where the normal is used. */
struct cf_pool_estimate {
	double value, se, statistic, p, low, high, df;
};

struct cf_pool_fit {
	size_t k, p;		/* effects; columns of X */
	struct cf_pool_estimate beta[CF_POOL_COLUMNS];	/* the intercept first */
	double tau2, tau2_se, tau2_low, tau2_high;
	double q, q_df, q_p;	/* what is left (Cochran's Q) */
	double moved, moved_df, moved_df2, moved_p;	/* test of moderators */
	double i2, i2_low, i2_high, h2, h2_low, h2_high;
	double typical_v;
	double scale;		/* of Knapp-Hartung, before the floor */
	double loglik;		/* ML and REML */
	bool has_prediction;	/* three effects and no moderator */
	double predict_low, predict_high;
};

/*
 * Pools. CF_INVALID where an effect is not a number, a variance not above 0,
 * moderators are not independent, or there are too few effects for the columns.
 * Fixed effect: no interval of tau2 (NAN), no tau2_se.
 */
const struct cf_err *cf_pool(struct cf_pool_fit *out,
	const struct cf_pool_data *data, const struct cf_pool_model *model)
	CF_MUST;

/* Without each effect in turn: k fits. Three effects at least. */
const struct cf_err *cf_pool_leave_one_out(struct cf_pool_fit *out,
	const struct cf_pool_data *data, const struct cf_pool_model *model)
	CF_MUST;

/*
 * Funnel asymmetry, from 10 effects on: `lm` the weighted regression of y on the
 * standard error (t with k - 2), `mixed` the same with tau2 by the model's
 * method; `limit` and `limit_mixed` are y at a standard error of 0.
 */
#define CF_POOL_EGGER_LEAST 10u
struct cf_pool_egger {
	struct cf_pool_estimate lm, mixed;
	double limit, limit_mixed;
};
const struct cf_err *cf_pool_egger(struct cf_pool_egger *out,
	const struct cf_pool_data *data, enum cf_pool_method method) CF_MUST;

/*
 * Whether n subgroups differ: their estimates weighted by their own standard
 * errors. Q with n - 1 degrees of freedom.
 */
struct cf_pool_between {
	double q, df, p;
};
void cf_pool_between(struct cf_pool_between *out,
	const struct cf_pool_estimate *group, size_t n);

/*
 * Effects nested in clusters (here: in trusts). `cluster` numbers the cluster of
 * each effect from 0. tau2 is between clusters, sigma2 within.
 */
#define CF_POOL_ROBUST_LEAST 4u		/* clusters */
struct cf_pool_nested {
	size_t k, clusters;
	struct cf_pool_estimate estimate;	/* by the model, normal */
	struct cf_pool_estimate robust;		/* t with clusters - 1 */
	bool has_robust, has_prediction;
	double tau2, sigma2, icc, loglik, q, q_df, q_p;
	double predict_low, predict_high;	/* an effect in a new cluster */
};
/* `method` REML or ML. CF_INVALID as above, or with fewer than 2 clusters. */
const struct cf_err *cf_pool_nested(struct cf_pool_nested *out,
	const struct cf_pool_data *data, const size_t *cluster,
	enum cf_pool_method method) CF_MUST;

/* Each effect's share of the nested estimate, in percent: k of them. */
void cf_pool_nested_weights(double *out, const struct cf_pool_data *data,
	const size_t *cluster, const struct cf_pool_nested *fit);

/* Robust errors for the estimate of a fit without moderators; CF_INVALID below
 * CF_POOL_ROBUST_LEAST clusters. */
const struct cf_err *cf_pool_robust(struct cf_pool_estimate *out,
	const struct cf_pool_data *data, const struct cf_pool_fit *fit,
	const size_t *cluster) CF_MUST;

/* Each effect's share of the estimate, in percent: k of them. */
void cf_pool_weights(double *out, const struct cf_pool_data *data, double tau2);

#endif
