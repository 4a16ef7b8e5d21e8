/*
 * Effect sizes.
 */
#include <math.h>
#include <stddef.h>

#include "pool/dist.h"
#include "pool/effect.h"

double
cf_hedges_exact(double m)
{
	double x = m / 2;

	/* ln Gamma(x) - ln Gamma(x - 1/2) - ln sqrt(x), without taking apart
	 * what nearly cancels. */
	return exp(-(x - 1) * log1p(-1 / m) - 0.5 + cf_stirling(x) -
		cf_stirling(x - 0.5));
}

double
cf_hedges_approx(double m)
{
	return 1 - 3 / (4 * m - 1);
}

double
cf_cohen_d(const struct cf_means *raw)
{
	double t = (raw->n_t - 1) * raw->sd_t * raw->sd_t;
	double c = (raw->n_c - 1) * raw->sd_c * raw->sd_c;

	return (raw->mean_t - raw->mean_c) /
		sqrt((t + c) / (raw->n_t + raw->n_c - 2));
}

struct cf_effect
cf_effect_smd(const struct cf_means *raw)
{
	double n = raw->n_t + raw->n_c;
	double g = cf_hedges_exact(n - 2) * cf_cohen_d(raw);

	return (struct cf_effect){ .y = g,
		.v = 1 / raw->n_t + 1 / raw->n_c + g * g / (2 * n) };
}

struct cf_effect
cf_effect_mean_difference(const struct cf_means *raw)
{
	return (struct cf_effect){ .y = raw->mean_t - raw->mean_c,
		.v = raw->sd_t * raw->sd_t / raw->n_t +
			raw->sd_c * raw->sd_c / raw->n_c };
}

/* The four cells: reached it and not, with the practice and without. */
struct cells {
	double a, b, c, d;
};

static struct cells
cells_of(const struct cf_counts *raw)
{
	struct cells n = { raw->events_t, raw->n_t - raw->events_t,
		raw->events_c, raw->n_c - raw->events_c };
	double add = n.a > 0 && n.b > 0 && n.c > 0 && n.d > 0 ? 0 : 0.5;

	return (struct cells){ n.a + add, n.b + add, n.c + add, n.d + add };
}

struct cf_effect
cf_effect_log_risk_ratio(const struct cf_counts *raw)
{
	struct cells n = cells_of(raw);
	double t = n.a + n.b, c = n.c + n.d;

	return (struct cf_effect){ .y = log(n.a / t) - log(n.c / c),
		.v = 1 / n.a - 1 / t + 1 / n.c - 1 / c };
}

struct cf_effect
cf_effect_log_odds_ratio(const struct cf_counts *raw)
{
	struct cells n = cells_of(raw);

	return (struct cf_effect){ .y = log(n.a / n.b) - log(n.c / n.d),
		.v = 1 / n.a + 1 / n.b + 1 / n.c + 1 / n.d };
}

struct cf_effect
cf_effect_risk_difference(const struct cf_counts *raw)
{
	struct cells n = cells_of(raw);
	double t = n.a + n.b, c = n.c + n.d;

	return (struct cf_effect){ .y = n.a / t - n.c / c,
		.v = n.a * n.b / (t * t * t) + n.c * n.d / (c * c * c) };
}

struct cf_effect
cf_effect_fisher_z(double r, double n)
{
	return (struct cf_effect){ .y = atanh(r), .v = 1 / (n - 3) };
}

struct cf_effect
cf_effect_change(const struct cf_change *raw)
{
	double g = cf_hedges_exact(raw->n - 1) *
		(raw->mean_after - raw->mean_before) / raw->sd_before;

	return (struct cf_effect){ .y = g, .v = 2 * (1 - raw->r) / raw->n +
		g * g / (2 * raw->n) };
}

double
cf_design_effect(const struct cf_clusters *clusters)
{
	return 1 + (clusters->size - 1) * clusters->icc;
}

struct cf_effect
cf_effect_clustered(double d, const struct cf_clusters *clusters)
{
	double n = clusters->size, rho = clusters->icc;
	double all = clusters->n_t + clusters->n_c;
	double a = (all - 2) * (1 - rho) * (1 - rho) +
		n * (all - 2 * n) * rho * rho +
		2 * (all - 2 * n) * rho * (1 - rho);
	double b = all - 2 - 2 * (n - 1) * rho, h = b * b / a;
	double g = cf_hedges_approx(h) * sqrt(b / (all - 2)) * d;

	return (struct cf_effect){ .y = g, .df = h,
		.v = all / (clusters->n_t * clusters->n_c) *
			cf_design_effect(clusters) + g * g / (2 * h) };
}

int
cf_months(double smd)
{
	/* The largest effect, in hundredths, that is still so many months. */
	static const int upto[] = { 1, 9, 18, 26, 35, 44, 52, 61, 69, 78, 87,
		95 };
	double hundredths = floor(fabs(smd) * 100 + 0.5 + 1e-9);
	int months = 0;

	while (months < 12 && hundredths > upto[months])
		months++;
	return smd < 0 ? -months : months;
}
