#ifndef CF_POOL_EFFECT_H
#define CF_POOL_EFFECT_H

/*
 * Effect sizes from the plain results of each group, each with its sampling
 * variance. Sources: L. V. Hedges and I. Olkin, Statistical Methods for
 * Meta-Analysis (1985) for g, its exact correction and the large-sample
 * variance; R. A. Fisher (1921) for z; J. Fleiss and J. Berlin (2009) for
 * ratios of counts; B. J. Becker (1988) for change in one group; What Works
 * Clearinghouse, Procedures and Standards Handbook 5.0, appendix E, for groups
 * whose classes or schools were assigned (after L. V. Hedges 2007). The
 * conventions, and so the numbers, are those of metafor's escalc().
 */
struct cf_effect {
	double y, v;	/* the effect and its sampling variance */
	double df;	/* of the variance where clusters count, else 0 */
};

/* Mean, standard deviation and number of two groups. */
struct cf_means {
	double mean_t, sd_t, n_t, mean_c, sd_c, n_c;
};
/* How many of how many reached something, in two groups. */
struct cf_counts {
	double events_t, n_t, events_c, n_c;
};
/* One group before and after; r is the correlation of the two. */
struct cf_change {
	double mean_before, sd_before, mean_after, n, r;
};
/* How the pupils sit in what was assigned. */
struct cf_clusters {
	double n_t, n_c;	/* pupils */
	double size;		/* average pupils of one cluster */
	double icc;
};

/* The factor that makes d unbiased at m degrees of freedom, m > 1: exactly, and
 * as 1 - 3/(4m - 1), which is a little larger. */
double cf_hedges_exact(double m);
double cf_hedges_approx(double m);

/* d with the pooled standard deviation, not corrected. */
double cf_cohen_d(const struct cf_means *raw);
/* Hedges g, exact; n_t + n_c > 2. */
struct cf_effect cf_effect_smd(const struct cf_means *raw);
struct cf_effect cf_effect_mean_difference(const struct cf_means *raw);
/* Half a pupil is added to every cell where a cell is 0, only there. */
struct cf_effect cf_effect_log_risk_ratio(const struct cf_counts *raw);
struct cf_effect cf_effect_log_odds_ratio(const struct cf_counts *raw);
struct cf_effect cf_effect_risk_difference(const struct cf_counts *raw);
/* n > 3, -1 < r < 1. */
struct cf_effect cf_effect_fisher_z(double r, double n);
/* Standardised by the spread before; n > 2. */
struct cf_effect cf_effect_change(const struct cf_change *raw);

/*
 * g on the total variance from an uncorrected d of pupils whose classes or
 * schools were assigned, with the degrees of freedom h (WWC E.21).
 */
struct cf_effect cf_effect_clustered(double d,
	const struct cf_clusters *clusters);
/* By how much the variance of any effect grows: 1 + (size - 1) icc. */
double cf_design_effect(const struct cf_clusters *clusters);

/*
 * Months of additional progress as the Education Endowment Foundation's Toolkit
 * reads an effect size: -12 to 12. For display, beside an interval; never an
 * input of anything.
 */
int cf_months(double smd);

#endif
