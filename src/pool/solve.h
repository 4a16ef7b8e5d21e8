#ifndef CF_POOL_SOLVE_H
#define CF_POOL_SOLVE_H

/*
 * Weighted least squares at one tau2, and all that the estimators ask of P. For
 * src/pool only.
 */
#include "pool/pool.h"

struct cf_solve {
	const struct cf_pool_data *data;
	size_t k, p;
	double *q;		/* p columns of k: sqrt(W) X made orthonormal */
	double *e;		/* residuals */
	double r[CF_POOL_COLUMNS][CF_POOL_COLUMNS];	/* sqrt(W) X = QR */
	double beta[CF_POOL_COLUMNS], variance[CF_POOL_COLUMNS];
	double inverse[CF_POOL_COLUMNS][CF_POOL_COLUMNS];	/* of X'WX */
	double rss;		/* y'Py */
	double slope;		/* y'PPy: minus the slope of rss by tau2 */
	double trace_p, trace_pp, trace_w, trace_ww;
	double log_w, log_xwx, log_xx;	/* ln det of W, X'WX, X'X */
	bool singular;		/* sticky: the columns were not independent */
};

const struct cf_err *cf_solve_open(struct cf_solve *out,
	const struct cf_pool_data *data) CF_MUST;
void cf_solve_close(struct cf_solve *solve);
/* Solves at w = 1/(v + tau2). */
void cf_solve_at(struct cf_solve *solve, double tau2);

/* tau2 where y'Py is `target`, 0 where it is below that from the start. */
double cf_solve_rss(struct cf_solve *solve, double target);

/* tau2 by a method, and its standard error. Leaves solve there. */
const struct cf_err *cf_solve_tau2(double *tau2, double *se,
	struct cf_solve *solve, enum cf_pool_method method) CF_MUST;
double cf_solve_loglik(const struct cf_solve *solve, bool restricted);

#define CF_POOL_TAIL 0.975	/* of intervals: 95 in 100 */
/* Value and standard error into statistic, p and interval; df 0: normal. */
struct cf_pool_estimate cf_estimate(double value, double se, double df);

#endif
