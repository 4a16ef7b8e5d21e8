/*
 * Pooling: laws that hold for any data, and what is refused. The numbers
 * themselves are judged by tests/conformance/meta.c.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pool/dist.h"
#include "pool/effect.h"
#include "pool/pool.h"

#define K 24

static uint64_t seed = 88172645463325252u;

static double
uniform(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static void
near(double a, double b, double digits)
{
	if (!(fabs(a - b) <= digits * fmax(fabs(a), fabs(b)) + 1e-13))
		fail_msg("%.15g is not %.15g", a, b);
}

static void
make(double *y, double *v, size_t k)
{
	double tau = uniform();

	for (size_t i = 0; i < k; i++) {
		v[i] = 0.005 + 0.2 * uniform();
		y[i] = 0.3 + (tau + sqrt(v[i])) *
			cf_normal_quantile(uniform());
	}
}

/* Quantile and tail undo one another, far out and for many degrees. */
static void
test_distributions_are_inverse(void **state)
{
	static const double df[] = { 0.7, 1, 2, 3, 7.5, 30, 395.9, 12345, 1e6 };
	static const double p[] = { 1e-9, 0.001, 0.025, 0.3, 0.5, 0.9, 0.975,
		0.999999 };

	(void)state;
	for (size_t j = 0; j < sizeof p / sizeof *p; j++) {
		double z = cf_normal_quantile(p[j]);

		near(cf_normal_p(z), 2 * fmin(p[j], 1 - p[j]), 1e-11);
		for (size_t i = 0; i < sizeof df / sizeof *df; i++) {
			double t = cf_t_quantile(p[j], df[i]);
			double x = cf_chi2_quantile(p[j], df[i]);

			near(cf_t_p(t, df[i]), 2 * fmin(p[j], 1 - p[j]), 1e-9);
			near(1 - cf_chi2_p(x, df[i]), p[j], 1e-9);
			near(cf_f_p(t * t, 1, df[i]), cf_t_p(t, df[i]), 1e-11);
			near(cf_chi2_p(z * z, 1), cf_normal_p(z), 1e-11);
		}
	}
}

/* y by c and v by c^2: the estimate by c, shares as they were. */
static void
test_the_unit_does_not_matter(void **state)
{
	static const double unit[] = { 1e-6, 1e-3, 7, 1e4 };

	(void)state;
	for (int n = 0; n < 40; n++) {
		double y[K], v[K], yy[K], vv[K], c = unit[n % 4];
		struct cf_pool_data a = { y, v, .k = K }, b = { yy, vv, .k = K };
		struct cf_pool_model model = { (enum cf_pool_method)(n % 5),
			.knapp_hartung = n % 2, .floor = n % 3 == 0 };
		struct cf_pool_fit f, g;

		make(y, v, K);
		for (size_t i = 0; i < K; i++) {
			yy[i] = c * y[i];
			vv[i] = c * c * v[i];
		}
		assert_null(cf_pool(&f, &a, &model));
		assert_null(cf_pool(&g, &b, &model));
		near(g.beta[0].value, c * f.beta[0].value, 1e-9);
		near(g.beta[0].se, c * f.beta[0].se, 1e-9);
		near(g.tau2 / (c * c), f.tau2, 1e-7);
		near(g.i2, f.i2, 1e-7);
		near(g.q, f.q, 1e-9);
		near(g.predict_high, c * f.predict_high, 1e-8);
	}
}

static void
test_the_order_does_not_matter(void **state)
{
	double y[K], v[K], yy[K], vv[K];
	struct cf_pool_data a = { y, v, .k = K }, b = { yy, vv, .k = K };
	const struct cf_pool_model reml = { CF_POOL_REML };
	size_t one[K], two[K];
	struct cf_pool_fit f, g;
	struct cf_pool_nested n, m;

	(void)state;
	make(y, v, K);
	for (size_t i = 0; i < K; i++) {
		yy[i] = y[K - 1 - i];
		vv[i] = v[K - 1 - i];
		one[i] = i % 5;
		two[K - 1 - i] = 4 - i % 5;
	}
	assert_null(cf_pool(&f, &a, &reml));
	assert_null(cf_pool(&g, &b, &reml));
	near(f.beta[0].value, g.beta[0].value, 1e-10);
	near(f.tau2, g.tau2, 1e-9);
	assert_null(cf_pool_nested(&n, &a, one, CF_POOL_REML));
	assert_null(cf_pool_nested(&m, &b, two, CF_POOL_REML));
	near(n.estimate.value, m.estimate.value, 1e-8);
	near(n.loglik, m.loglik, 1e-10);
}

/* Clusters of one effect each: three levels are two, both variances added. */
static void
test_clusters_of_one_are_two_levels(void **state)
{
	double y[K], v[K];
	struct cf_pool_data data = { y, v, .k = K };
	const struct cf_pool_model reml = { CF_POOL_REML };
	struct cf_pool_fit f;
	struct cf_pool_nested n;
	size_t own[K];

	(void)state;
	make(y, v, K);
	for (size_t i = 0; i < K; i++)
		own[i] = i;
	assert_null(cf_pool(&f, &data, &reml));
	assert_null(cf_pool_nested(&n, &data, own, CF_POOL_REML));
	near(n.tau2 + n.sigma2, f.tau2, 1e-6);
	near(n.estimate.value, f.beta[0].value, 1e-7);
	near(n.loglik, f.loglik, 1e-10);
}

/* Subgroups under the fixed effect: what is between and within is all of Q. */
static void
test_between_and_within_add_up(void **state)
{
	double y[K], v[K];
	struct cf_pool_data all = { y, v, .k = K };
	struct cf_pool_data part[2] = { { y, v, .k = 9 },
		{ y + 9, v + 9, .k = K - 9 } };
	const struct cf_pool_model fixed = { CF_POOL_FIXED };
	struct cf_pool_fit f, g[2];
	struct cf_pool_between between;

	(void)state;
	make(y, v, K);
	assert_null(cf_pool(&f, &all, &fixed));
	for (int i = 0; i < 2; i++)
		assert_null(cf_pool(&g[i], &part[i], &fixed));
	cf_pool_between(&between, (struct cf_pool_estimate[]){ g[0].beta[0],
		g[1].beta[0] }, 2);
	near(between.q, f.q - g[0].q - g[1].q, 1e-10);
	near(between.df, 1, 0);
}

static void
test_weights_add_up(void **state)
{
	double y[K], v[K], w[K], sum = 0;
	struct cf_pool_data data = { y, v, .k = K };

	(void)state;
	make(y, v, K);
	cf_pool_weights(w, &data, 0.04);
	for (size_t i = 0; i < K; i++)
		sum += w[i];
	near(sum, 100, 1e-12);
}

static void
test_what_is_refused(void **state)
{
	double y[12] = { 0.1, 0.3, 0.2, 0.4, 0.1, 0.2, 0.3, 0.5, 0.2 };
	double v[12] = { 0.01, 0.02, 0.03, 0.01, 0.02, 0.03, 0.01, 0.02, 0.03 };
	double x[12] = { 3, 3, 3, 3, 3, 3, 3, 3, 3 };
	struct cf_pool_data data = { y, v, .k = 9 };
	const struct cf_pool_model reml = { CF_POOL_REML };
	size_t two[12] = { 0, 1, 0, 1 }, none[12] = { 0 };
	struct cf_pool_fit f, left[12];
	struct cf_pool_egger egger;
	struct cf_pool_nested nested;
	struct cf_pool_estimate robust;

	(void)state;
	assert_non_null(cf_pool_egger(&egger, &data, CF_POOL_REML));
	assert_null(cf_pool(&f, &data, &reml));
	assert_non_null(cf_pool_robust(&robust, &data, &f, two));
	assert_non_null(cf_pool_nested(&nested, &data, none, CF_POOL_REML));
	data.x[0] = x;
	data.moderators = 1;
	assert_non_null(cf_pool(&f, &data, &reml));
	x[4] = INFINITY;
	assert_non_null(cf_pool(&f, &data, &reml));
	data.moderators = 0;
	data.k = 2;
	assert_non_null(cf_pool_leave_one_out(left, &data, &reml));
	data.k = 0;
	assert_non_null(cf_pool(&f, &data, &reml));
	data.k = 3;
	v[1] = 1e-200;
	assert_non_null(cf_pool(&f, &data, &reml));
}

/* Whatever a record may hold, the arithmetic ends and does not abort. */
static void
test_extremes_end(void **state)
{
	static const double vs[] = { 1e-99, 1e-30, 1e-6, 1, 1e6 };
	static const double ys[] = { -1e6, 0, 1e-9, 0.2, 1e6 };

	(void)state;
	for (int n = 0; n < 300; n++) {
		double y[6], v[6], x[6];
		struct cf_pool_data data = { y, v, .k = 6, .x = { x } };
		struct cf_pool_model model = { (enum cf_pool_method)(n % 5) };
		size_t cluster[6] = { 0, 0, 1, 1, 2, 3 };
		struct cf_pool_nested nested;
		struct cf_pool_fit f;

		for (size_t i = 0; i < 6; i++) {
			y[i] = ys[(size_t)(uniform() * 5)];
			v[i] = vs[(size_t)(uniform() * 5)];
			x[i] = (double)i;
		}
		(void)!cf_pool(&f, &data, &model);
		(void)!cf_pool_nested(&nested, &data, cluster, CF_POOL_REML);
		data.moderators = 1;
		(void)!cf_pool(&f, &data, &model);
	}
}

static void
test_effects(void **state)
{
	const struct cf_change change = { 10, 4, 12, 50, 0.8 };
	const struct cf_counts none = { 0, 40, 5, 40 };
	const struct cf_clusters single = { 60, 40, 1, 0.2 };
	struct cf_effect e = cf_effect_change(&change);

	(void)state;
	near(e.y, 0.5 * cf_hedges_exact(49), 1e-14);
	near(e.v, 0.4 / 50 + e.y * e.y / 100, 1e-14);
	e = cf_effect_log_risk_ratio(&none);
	near(e.y, log(0.5 / 41) - log(5.5 / 41), 1e-14);
	/* Classes of one pupil change the variance by nothing. */
	near(cf_design_effect(&single), 1, 1e-15);
	e = cf_effect_clustered(0.3, &single);
	near(e.y, 0.3 * cf_hedges_approx(e.df), 1e-14);
	assert_int_equal(cf_months(-0.3), -4);
	assert_int_equal(cf_months(2), 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distributions_are_inverse),
		cmocka_unit_test(test_the_unit_does_not_matter),
		cmocka_unit_test(test_the_order_does_not_matter),
		cmocka_unit_test(test_clusters_of_one_are_two_levels),
		cmocka_unit_test(test_between_and_within_add_up),
		cmocka_unit_test(test_weights_add_up),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_extremes_end),
		cmocka_unit_test(test_effects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
