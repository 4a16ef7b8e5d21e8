/*
 * Findings as effects: which value is taken, what is put right, and why one
 * cannot be pooled. Then what a report says of a handful of them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/json.h"
#include "pool/plot.h"
#include "pool/report.h"

#define MEANS "'type':'means','mean_t':102,'sd_t':14,'n_t':300,'mean_c':100," \
	"'sd_c':15,'n_c':280"

/* JSON with ' for ". */
static json_t *
body(const char *text)
{
	char *copy = strdup(text);
	json_t *out;

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	out = json_loads(copy, 0, NULL);
	assert_non_null(out);
	free(copy);
	return out;
}

static void
near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b)) + 1e-15))
		fail_msg("%.15g is not %.15g", a, b);
}

static struct cf_study
read_as(const char *text, enum cf_measure measure, double icc)
{
	json_t *b = body(text);
	struct cf_study s;
	const char *code;

	assert_null(cf_study_read(&s, &code, b, measure, icc));
	json_decref(b);
	return s;
}

static void
refused_as(const char *text, enum cf_measure measure, const char *want)
{
	json_t *b = body(text);
	struct cf_study s;
	const char *code;

	assert_non_null(cf_study_read(&s, &code, b, measure, 0));
	assert_string_equal(code, want);
	json_decref(b);
}

static void
test_from_the_results_of_each_group(void **state)
{
	const struct cf_means m = { 102, 14, 300, 100, 15, 280 };
	struct cf_effect e = cf_effect_smd(&m);
	struct cf_study s = read_as("{'outcome':{'higher_is_better':true},"
		"'design':{'unit_of_assignment':'pupil'},'raw':{" MEANS "}}",
		CF_SMD, 0);

	(void)state;
	near(s.y, e.y);
	near(s.v, e.v);
	assert_false(s.stated || s.turned || s.clustered || s.imputed);
	s = read_as("{'outcome':{'higher_is_better':false},'raw':{" MEANS
		"}}", CF_SMD, 0);
	near(s.y, -e.y);
	near(s.v, e.v);
	assert_true(s.turned);
	e = cf_effect_mean_difference(&m);
	s = read_as("{'raw':{" MEANS "}}", CF_MEAN_DIFFERENCE, 0);
	near(s.y, 2);
	near(s.v, e.v);
}

static void
test_classes_are_allowed_for(void **state)
{
	static const char text[] = "{'design':{'unit_of_assignment':'class',"
		"'clusters_t':12,'clusters_c':8,'icc':0.15,"
		"'icc_source':'imputed'},'raw':{" MEANS "}}";
	const struct cf_means m = { 102, 14, 300, 100, 15, 280 };
	struct cf_clusters c = { 300, 280, 29, 0.15 };
	struct cf_effect e = cf_effect_clustered(cf_cohen_d(&m), &c);
	struct cf_study s = read_as(text, CF_SMD, 0);

	(void)state;
	near(s.y, e.y);
	near(s.v, e.v);
	near(s.size, 29);
	assert_true(s.clustered && s.imputed);
	/* Another likeness stands in only where it was taken as usual. */
	c.icc = 0.05;
	e = cf_effect_clustered(cf_cohen_d(&m), &c);
	s = read_as(text, CF_SMD, 0.05);
	near(s.y, e.y);
	near(s.v, e.v);
	s = read_as(text, CF_MEAN_DIFFERENCE, 0);
	near(s.v, cf_effect_mean_difference(&m).v * (1 + 28 * 0.15));
}

/* A stated effect is taken as it is where it allows for classes, or there are
 * none; else it is put right, from the groups or by itself. */
static void
test_what_a_finding_states(void **state)
{
	struct cf_study s = read_as("{'design':{'unit_of_assignment':'pupil'},"
		"'effect':{'measure':'smd','value':0.3,'v':0.02},'raw':{" MEANS
		"}}", CF_SMD, 0), t;
	const struct cf_clusters c = { 100, 100, 20, 0.1 };

	(void)state;
	near(s.y, 0.3);
	near(s.v, 0.02);
	assert_true(s.stated);
	s = read_as("{'design':{'unit_of_assignment':'class','clusters_t':5,"
		"'clusters_c':5,'icc':0.1,'icc_source':'imputed'},'effect':{"
		"'measure':'smd','value':0.3,'v':0.02,'n_t':100,'n_c':100,"
		"'clusters_accounted':true}}", CF_SMD, 0);
	near(s.y, 0.3);
	near(s.v, 0.02);
	t = read_as("{'design':{'unit_of_assignment':'class','clusters_t':5,"
		"'clusters_c':5,'icc':0.1,'icc_source':'imputed'},'effect':{"
		"'measure':'smd','value':0.3,'v':0.02,'n_t':100,'n_c':100,"
		"'clusters_accounted':true}}", CF_SMD, 0.25);
	near(t.v, 0.02 * (1 + 19 * 0.25) / (1 + 19 * 0.1));
	t = read_as("{'design':{'unit_of_assignment':'class','clusters_t':5,"
		"'clusters_c':5,'icc':0.1,'icc_source':'estimated'},'effect':{"
		"'measure':'smd','value':0.3,'v':0.02,'n_t':100,'n_c':100,"
		"'estimator':'cohen_d','clusters_accounted':false}}", CF_SMD,
		0);
	near(t.y, cf_effect_clustered(0.3, &c).y);
	near(t.v, cf_effect_clustered(0.3, &c).v);
	t = read_as("{'design':{'unit_of_assignment':'class','clusters_t':5,"
		"'clusters_c':5,'icc':0.1,'icc_source':'estimated'},'effect':{"
		"'measure':'log_odds_ratio','value':0.3,'v':0.02,'n_t':100,"
		"'n_c':100,'clusters_accounted':false}}", CF_LOG_ODDS_RATIO,
		0);
	near(t.v, 0.02 * cf_design_effect(&c));
}

static void
test_other_figures(void **state)
{
	const struct cf_counts n = { 60, 100, 45, 110 };
	struct cf_study s = read_as("{'raw':{'type':'correlation','r':0.4,"
		"'n':103}}", CF_FISHER_Z, 0);

	(void)state;
	near(s.y, atanh(0.4));
	near(s.v, 0.01);
	s = read_as("{'raw':{'type':'counts','events_t':60,'n_t':100,"
		"'events_c':45,'n_c':110}}", CF_LOG_RISK_RATIO, 0);
	near(s.y, cf_effect_log_risk_ratio(&n).y);
	s = read_as("{'raw':{'type':'before_after','mean_before':10,"
		"'sd_before':4,'mean_after':12,'sd_after':4,'n':50,'pre_r':0.8"
		"}}", CF_CHANGE, 0);
	near(s.y, 0.5 * cf_hedges_exact(49));
}

static void
test_why_not(void **state)
{
	(void)state;
	refused_as("{}", CF_SMD, "measure");
	refused_as("{'raw':{" MEANS "}}", CF_FISHER_Z, "measure");
	refused_as("{'raw':{'type':'before_after','mean_before':1,'sd_before':"
		"2,'mean_after':2,'sd_after':2,'n':50}}", CF_SMD, "measure");
	refused_as("{'raw':{'type':'before_after','mean_before':1,'sd_before':"
		"2,'mean_after':2,'sd_after':2,'n':50}}", CF_CHANGE,
		"no-correlation");
	refused_as("{'raw':{'type':'counts','events_t':6,'n_t':5,'events_c':4,"
		"'n_c':11}}", CF_RISK_DIFFERENCE, "counts");
	refused_as("{'raw':{'type':'means','mean_t':1,'sd_t':1,'n_t':1,"
		"'mean_c':1,'sd_c':1,'n_c':9}}", CF_SMD, "too-small");
	refused_as("{'raw':{'type':'means','mean_t':1,'sd_t':0,'n_t':10,"
		"'mean_c':2,'sd_c':0,'n_c':10}}", CF_SMD, "variance");
	refused_as("{'design':{'unit_of_assignment':'school','clusters_t':2,"
		"'clusters_c':2,'avg_cluster_size':400,'icc':0.9},'raw':{"
		MEANS "}}", CF_SMD, "clusters");
	refused_as("{'effect':{'measure':'smd','value':1,'v':1e-300}}", CF_SMD,
		"variance");
}

/* --- reports and plots -------------------------------------------------------- */

#define N 12

static struct cf_study studies[N];
static const json_t *bodies[N];
static size_t trusts[N];

static void
fill(json_t *one)
{
	for (size_t i = 0; i < N; i++) {
		studies[i] = (struct cf_study){ .y = 0.1 + 0.03 * (double)(i %
			5), .v = 0.01 + 0.004 * (double)i, .n_t = 100,
			.n_c = 90 };
		bodies[i] = one;
		trusts[i] = i % 5;
	}
}

static void
test_a_report_has_its_parts(void **state)
{
	json_t *one = body("{'context':{'phase':'primary'}}"), *r = NULL;
	struct cf_pooled in = { studies, bodies, trusts, N, 5, CF_SMD,
		{ CF_POOL_REML, true, true }, false, "phase", NULL };

	(void)state;
	fill(one);
	assert_null(cf_pool_report(&r, &in));
	assert_int_equal(json_array_size(json_object_get(r, "weights")), N);
	assert_int_equal(json_array_size(json_object_get(r, "leaveOneOut")),
		N);
	assert_non_null(json_object_get(r, "egger"));
	assert_int_equal(json_array_size(json_object_get(r, "groups")), 1);
	assert_null(json_object_get(r, "between"));
	assert_null(json_object_get(r, "sensitivity"));
	json_decref(r);

	in.groups = NULL;
	in.moderator = "weeks";
	assert_non_null(cf_pool_report(&r, &in));
	json_decref(r);

	in.moderator = NULL;
	in.by_trust = true;
	assert_null(cf_pool_report(&r, &in));
	assert_true(json_is_true(json_object_get(r, "robust")));
	json_decref(r);

	for (size_t i = 0; i < N; i++)
		studies[i].y = 0.2;
	assert_null(cf_pool_report(&r, &in));
	assert_null(json_object_get(r, "egger"));
	json_decref(r);

	in.n = 2;
	assert_string_equal(cf_pool_report(&r, &in)->rule, "pool.few");
	assert_null(json_object_get(r, "estimate"));
	json_decref(r);
	json_decref(one);
}

static void
expect_whole(const json_t *r)
{
	static const char *const all[] = { "estimate", "se", "p", "ci95", "i2",
		"tau2" };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (json_object_get(r, all[i]) == NULL)
			fail_msg("there is no %s", all[i]);
}

/* What records may say at their widest: an estimate has all its numbers, or it
 * is refused. */
static void
test_reports_of_odd_findings(void **state)
{
	static const double y[][4] = { { 0.2, 0.2, 0.2, 0.2 },
		{ -1e6, 1e6, 0, 1e-6 }, { 0, 0, 0, 1e6 }, { 0, 0, 0, 0 } };
	static const double v[][4] = { { 0.01, 0.01, 0.01, 0.01 },
		{ 1e6, 1e6, 1e6, 1e6 }, { 2e-12, 2e-12, 2e-12, 2e-12 },
		{ 2e-12, 1e6, 2e-12, 1e6 }, { 2e-12, 1, 1e6, 1 } };
	json_t *one = body("{'context':{'phase':'primary'}}"), *r = NULL;

	(void)state;
	fill(one);
	for (size_t n = 0; n < 4ul * 5 * 5 * 2 * 2 * 2; n++) {
		struct cf_pooled in = { studies, bodies, trusts, n / 200 % 2 ?
			3 : 4, 4, CF_SMD, { (enum cf_pool_method)(n / 20 % 5),
			n / 100 % 2, true }, n / 400, "phase", NULL };

		for (size_t i = 0; i < 4; i++) {
			studies[i].y = y[n % 4][i];
			studies[i].v = v[n / 4 % 5][i];
		}
		if (cf_pool_report(&r, &in) == NULL)
			expect_whole(r);
		json_decref(r);
	}
	json_decref(one);
}

/* Whatever stands in a record, a plot is drawn and holds no tag of it. */
static void
test_plots_of_strange_records(void **state)
{
	json_t *r = body("{'question':{'outcome':'reading','measureWords':"
		"'standardised mean difference'},'model':{'method':'REML'},"
		"'k':1,'trusts':1,'estimate':-0.001,'ci95':[-1e6,1e6],'pi95':"
		"[-2e6,2e6],'tau2':0,'i2':0,'q':{'value':0,'df':0,'p':1},"
		"'inputs':[]}");
	json_t *in = body("{'record':'0192f4c0-1a5b-8c47-b2d3-6a91e07c44f8',"
		"'version':'zQm','ownerName':'<b>&\\u0001\\u202e','title':"
		"'<script>','effect':1e6,'ci95':[-1e6,1e6],'se':1e6,'n':0,"
		"'weight':100}");
	struct cf_buf svg = CF_BUF(1 << 20);

	(void)state;
	for (int i = 0; i < 10; i++)
		json_array_append(json_object_get(r, "inputs"), in);
	assert_null(cf_plot_forest(&svg, r));
	assert_null(strstr(svg.data, "<script>"));
	assert_null(strstr(svg.data, "<b>"));
	assert_null(strchr(svg.data, 1));
	assert_non_null(strstr(svg.data, "&lt;script&gt;"));
	assert_null(strstr(svg.data, "nan"));
	cf_buf_reset(&svg);
	assert_null(cf_plot_funnel(&svg, r));
	assert_null(strstr(svg.data, "nan"));
	cf_buf_reset(&svg);
	assert_non_null(cf_plot_left_out(&svg, r));
	cf_buf_clear(&svg);
	json_decref(in);
	json_decref(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_results_of_each_group),
		cmocka_unit_test(test_classes_are_allowed_for),
		cmocka_unit_test(test_what_a_finding_states),
		cmocka_unit_test(test_other_figures),
		cmocka_unit_test(test_why_not),
		cmocka_unit_test(test_a_report_has_its_parts),
		cmocka_unit_test(test_reports_of_odd_findings),
		cmocka_unit_test(test_plots_of_strange_records),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
