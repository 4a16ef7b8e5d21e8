/*
 * The estimators of tau2, the variance between true effects.
 */
#include <math.h>

#include "pool/solve.h"

#define PI 3.14159265358979323846
#define STEPS 1000
#define REST 1e-13	/* of tau2 and the typical variance: no step is left */

double
cf_solve_rss(struct cf_solve *s, double target)
{
	double tau2 = 0;

	/* y'Py falls and is convex: Newton's method from the left never
	 * overshoots. */
	cf_solve_at(s, 0);
	for (int i = 0; i < STEPS && s->rss > target; i++) {
		double step = (s->rss - target) / s->slope;

		tau2 += step;
		cf_solve_at(s, tau2);
		if (step <= 1e-15 * tau2)
			break;
	}
	return tau2;
}

double
cf_solve_loglik(const struct cf_solve *s, bool restricted)
{
	double n = (double)(restricted ? s->k - s->p : s->k);

	return (-n * log(2 * PI) + s->log_w - s->rss +
		(restricted ? s->log_xx - s->log_xwx : 0)) / 2;
}

/* The step of Fisher scoring at where `s` stands. */
static double
score(const struct cf_solve *s, bool restricted)
{
	return restricted ? (s->slope - s->trace_p) / s->trace_pp :
		(s->slope - s->trace_w) / s->trace_ww;
}

/* Climbs from tau2 to a maximum of the likelihood. */
static double
climb(struct cf_solve *s, double tau2, bool restricted, double typical)
{
	double best;

	cf_solve_at(s, tau2);
	best = cf_solve_loglik(s, restricted);
	for (int i = 0; i < STEPS; i++) {
		double step = score(s, restricted), now, next;

		if (tau2 + step < 0)
			step = -tau2;
		if (fabs(step) <= REST * (tau2 + typical))
			break;
		next = tau2 + step;
		cf_solve_at(s, next);
		now = cf_solve_loglik(s, restricted);
		/* Rounding alone may take this much. */
		while (now < best - 1e-13 * (fabs(best) + (double)s->k) &&
			fabs(step) > REST * (tau2 + typical)) {
			step /= 2;
			next = tau2 + step;
			cf_solve_at(s, next);
			now = cf_solve_loglik(s, restricted);
		}
		tau2 = next;
		best = now;
	}
	cf_solve_at(s, tau2);
	return tau2;
}

/* The likelihood can have a second top, at 0 or far out: climb from several
 * places and take the highest. */
static double
likeliest(struct cf_solve *s, double dl, bool restricted, double typical)
{
	const double starts[] = { dl, 0, cf_solve_rss(s, (double)(s->k -
		s->p)), 4 * (dl + typical) };
	double best = -INFINITY, tau2 = 0;

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		double top = climb(s, starts[i], restricted, typical);
		double now = cf_solve_loglik(s, restricted);

		if (now > best + 1e-9) {
			best = now;
			tau2 = top;
		}
	}
	cf_solve_at(s, 0);
	if (cf_solve_loglik(s, restricted) >= best)
		tau2 = 0;
	return tau2;
}

/* DL, with its standard error. `s` stands at 0. */
static double
moments(double *se, const struct cf_solve *s)
{
	double df = (double)(s->k - s->p), tau2;

	tau2 = fmax(0, (s->rss - df) / s->trace_p);
	*se = sqrt(2 * df + 4 * tau2 * s->trace_p + 2 * tau2 * tau2 *
		s->trace_pp) / s->trace_p;
	return tau2;
}

const struct cf_err *
cf_solve_tau2(double *tau2, double *se, struct cf_solve *s,
	enum cf_pool_method method)
{
	double df = (double)(s->k - s->p), dl;

	*tau2 = 0;
	*se = NAN;
	cf_solve_at(s, 0);
	if (method == CF_POOL_FIXED)
		return NULL;
	if (df < 1)
		return cf_err(CF_INVALID, "too few effects to say how much "
			"true effects differ");
	dl = moments(se, s);
	if (method == CF_POOL_DL)
		*tau2 = dl;
	else if (method == CF_POOL_PM)
		*tau2 = cf_solve_rss(s, df);
	else
		*tau2 = likeliest(s, dl, method == CF_POOL_REML,
			df / s->trace_p);
	cf_solve_at(s, *tau2);
	if (method == CF_POOL_PM)
		*se = sqrt(2 * (double)s->k * (double)s->k /
			(df * s->trace_w * s->trace_w));
	else if (method == CF_POOL_REML)
		*se = sqrt(2 / s->trace_pp);
	else if (method == CF_POOL_ML)
		*se = sqrt(2 / s->trace_ww);
	return NULL;
}
