#ifndef CF_POOL_DIST_H
#define CF_POOL_DIST_H

/*
 * The normal, t, chi-squared and F distributions, to about 12 digits also far
 * out in the tails. Densities by Loader's saddle point form (C. Loader, Fast
 * and accurate computation of binomial probabilities, 2000), so that hundreds
 * of thousands of degrees of freedom lose nothing; tails by the usual series
 * and continued fractions (Abramowitz and Stegun 6.5.29, 6.5.31, 26.5.8).
 */

/* Twice the upper tail beyond |z|. */
double cf_normal_p(double z);
/* z with `p` of the distribution below it, 0 < p < 1. */
double cf_normal_quantile(double p);

/* Twice the upper tail beyond |t|, df > 0. */
double cf_t_p(double t, double df);
/* t with `p` of the distribution below it, 0 < p < 1. */
double cf_t_quantile(double p, double df);

/* The upper tail beyond x >= 0; df 0 is the point 0. */
double cf_chi2_p(double x, double df);
double cf_chi2_quantile(double p, double df);

/* The upper tail beyond f >= 0. */
double cf_f_p(double f, double df1, double df2);

/* What Stirling's formula lacks: ln(Gamma(x+1)) - ln(sqrt(2 pi x) (x/e)^x). */
double cf_stirling(double x);

#endif
