/*
 * The same folder as meta.c: distributions, effect sizes from raw figures,
 * months, effects nested in trusts, and the corner cases.
 */
#include "conformance/meta.h"
#include "pool/dist.h"

static void
judge_nested(const struct loaded *l, const struct cf_pool_data *data,
	const json_t *want, enum cf_pool_method method)
{
	const json_t *sigma2 = json_object_get(want, "sigma2");
	struct cf_pool_nested n;

	if (want == NULL)
		return;
	is_true("three levels", cf_pool_nested(&n, data, l->cluster, method) ==
		NULL);
	compare("between trusts", n.tau2, json_array_get(sigma2, 0),
		DIGITS_NESTED);
	compare("within trusts", n.sigma2, json_array_get(sigma2, 1),
		DIGITS_NESTED);
	compare("nested", n.estimate.value, json_object_get(want, "beta"),
		DIGITS_NESTED);
	compare("nested se", n.estimate.se, json_object_get(want, "se"),
		DIGITS_NESTED);
	compare("nested from", n.estimate.low, json_object_get(want, "ci_lb"),
		DIGITS_NESTED);
	compare("nested to", n.estimate.high, json_object_get(want, "ci_ub"),
		DIGITS_NESTED);
	compare("nested likelihood", n.loglik, json_object_get(want, "logLik"),
		DIGITS_NESTED);
	compare("nested icc", n.icc, json_object_get(want, "icc"),
		DIGITS_NESTED);
}

static void
judge_robust(const struct loaded *l, const struct cf_pool_data *data,
	const json_t *want)
{
	const struct cf_pool_model reml = { CF_POOL_REML };
	const json_t *ci = json_object_get(want, "ci95_CR1");
	struct cf_pool_estimate r;
	struct cf_pool_fit f;

	if (want == NULL)
		return;
	is_true("robust", cf_pool(&f, data, &reml) == NULL &&
		cf_pool_robust(&r, data, &f, l->cluster) == NULL);
	compare("robust", r.value, json_object_get(want, "estimate"), DIGITS);
	compare("robust se", r.se, json_object_get(want, "se_CR1"), DIGITS);
	compare("robust t", r.statistic, json_object_get(want, "t_CR1"),
		DIGITS);
	compare("robust df", r.df, json_object_get(want, "df"), DIGITS);
	compare("robust from", r.low, json_array_get(ci, 0), DIGITS);
	compare("robust to", r.high, json_array_get(ci, 1), DIGITS);
}

static void
run_nested(const json_t *doc, const struct set *set, const char *root)
{
	const json_t *all = cf_json_at(doc, root);
	struct cf_pool_data data;
	struct loaded l;

	where = set->file;
	load(&l, set, doc);
	data = data_of(set, &l);
	judge_nested(&l, &data, json_object_get(all, "three_level_REML"),
		CF_POOL_REML);
	judge_nested(&l, &data, json_object_get(all, "three_level_ML"),
		CF_POOL_ML);
	judge_robust(&l, &data, json_object_get(all,
		"cluster_robust_by_trust_REML"));
	unload(&l);
}

static void
judge_edges(const json_t *doc)
{
	static double y[1000], v[1000];
	const json_t *cases = json_object_get(doc, "cases"), *one;
	struct cf_pool_data data = { y, v };
	const struct cf_pool_model reml = { CF_POOL_REML };
	struct cf_pool_fit f;
	size_t i;

	json_array_foreach(cases, i, one) {
		where = cf_json_str(one, "name");
		data.k = plain(y, v, one);
		if (data.k > 1)
			continue;
		is_true("one alone", cf_pool(&f, &data, &reml) == NULL &&
			!f.has_prediction && f.tau2 == 0);
		compare("estimate", f.beta[0].value, cf_json_at(one,
			"/expected/estimate"), DIGITS);
		compare("se", f.beta[0].se, cf_json_at(one, "/expected/se"),
			DIGITS);
	}
	json_array_foreach(json_object_get(doc, "must_reject"), i, one) {
		where = cf_json_str(one, "why");
		data.k = plain(y, v, one);
		is_true("refused", cf_pool(&f, &data, &reml) != NULL);
	}
}

/* --- distributions ----------------------------------------------------------- */

static double
upper_t(double t, double df)
{
	return cf_t_p(t, df);
}

static double
quantile_975(double df, double unused)
{
	(void)unused;
	return cf_t_quantile(0.975, df);
}

static double
one_exact(double m, double unused)
{
	(void)unused;
	return cf_hedges_exact(m);
}

static double
one_approx(double m, double unused)
{
	(void)unused;
	return cf_hedges_approx(m);
}

static double
one_quantile(double p, double unused)
{
	(void)unused;
	return cf_normal_quantile(p);
}

static double
one_normal(double z, double unused)
{
	(void)unused;
	return cf_normal_p(z);
}

/* Rows of one or two arguments and the value. */
static void
run_values(const json_t *values)
{
	static const struct {
		const char *name;
		double (*at)(double a, double b);
	} tables[] = { { "normal_quantile", one_quantile },
		{ "normal_two_sided_p", one_normal },
		{ "t_quantile_0.975", quantile_975 },
		{ "t_two_sided_p", upper_t }, { "chi2_upper_p", cf_chi2_p },
		{ "chi2_quantile", cf_chi2_quantile },
		{ "hedges_J_exact", one_exact },
		{ "hedges_J_approx", one_approx } };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const json_t *rows = json_object_get(values, tables[i].name);

		where = tables[i].name;
		for (size_t j = 0; j < json_array_size(rows); j++) {
			const json_t *row = json_array_get(rows, j);
			size_t n = json_array_size(row);

			compare("value", tables[i].at(json_number_value(
				json_array_get(row, 0)), json_number_value(
				json_array_get(row, 1))),
				json_array_get(row, n - 1), 1e-11);
		}
	}
}

/* --- effect sizes -------------------------------------------------------------- */

static struct cf_means
means_of(const json_t *row, bool metadat)
{
	return metadat ? (struct cf_means){ number(row, "m1i"),
		number(row, "sd1i"), number(row, "n1i"), number(row, "m2i"),
		number(row, "sd2i"), number(row, "n2i") } :
		(struct cf_means){ number(row, "mean_t"), number(row, "sd_t"),
		number(row, "n_t"), number(row, "mean_c"), number(row, "sd_c"),
		number(row, "n_c") };
}

static void
judge_means(const json_t *row)
{
	bool metadat = json_object_get(row, "m1i") != NULL;
	struct cf_means raw = means_of(row, metadat);
	struct cf_effect g = cf_effect_smd(&raw);

	compare("d", cf_cohen_d(&raw), json_object_get(row, "d"), DIGITS);
	compare("g", g.y, json_object_get(row, "g"), DIGITS);
	compare("v", g.v, json_object_get(row, metadat ? "vg_LS" : "v"),
		DIGITS);
	compare("md", cf_effect_mean_difference(&raw).y, json_object_get(row,
		"md"), DIGITS);
}

static void
judge_counts(const json_t *row)
{
	struct cf_counts raw = { number(row, "tpos"), number(row, "tpos") +
		number(row, "tneg"), number(row, "cpos"), number(row, "cpos") +
		number(row, "cneg") };
	struct cf_counts or = { number(row, "ai"), number(row, "n1i"),
		number(row, "ci"), number(row, "n2i") };
	struct cf_effect e;

	if (json_object_get(row, "ai")) {
		e = cf_effect_log_odds_ratio(&or);
		compare("log odds ratio", e.y, json_object_get(row, "yi"),
			DIGITS);
		compare("its v", e.v, json_object_get(row, "vi"), DIGITS);
		return;
	}
	e = cf_effect_log_risk_ratio(&raw);
	compare("log risk ratio", e.y, json_object_get(row, "yi_logRR"),
		DIGITS);
	compare("its v", e.v, json_object_get(row, "vi_logRR"), DIGITS);
	e = cf_effect_log_odds_ratio(&raw);
	compare("log odds ratio", e.y, json_object_get(row, "yi_logOR"),
		DIGITS);
	compare("its v", e.v, json_object_get(row, "vi_logOR"), DIGITS);
	e = cf_effect_risk_difference(&raw);
	compare("risk difference", e.y, json_object_get(row, "yi_RD"), DIGITS);
	compare("its v", e.v, json_object_get(row, "vi_RD"), DIGITS);
}

static void
judge_clusters(const json_t *row)
{
	struct cf_means raw = means_of(row, false);
	struct cf_clusters c = { raw.n_t, raw.n_c, number(row,
		"avg_cluster_size"), number(row, "icc") };
	struct cf_effect e = cf_effect_clustered(cf_cohen_d(&raw), &c);

	compare("g_T", e.y, json_object_get(row, "g_T"), DIGITS);
	compare("v of g_T", e.v, json_object_get(row, "v_gT_wwc"), DIGITS);
	compare("h", e.df, json_object_get(row, "df_h"), DIGITS);
	compare("design effect", cf_design_effect(&c), json_object_get(row,
		"design_effect"), DIGITS);
}

static void
run_effects(const json_t *doc)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(doc, "data"), i, row) {
		if (json_object_get(row, "avg_cluster_size"))
			judge_clusters(row);
		else if (json_object_get(row, "sd_c") ||
			json_object_get(row, "sd1i"))
			judge_means(row);
		else if (json_object_get(row, "tpos") ||
			json_object_get(row, "ai"))
			judge_counts(row);
	}
	json_array_foreach(json_object_get(doc, "tests_toolkit"), i, row) {
		compare("months", cf_months(json_number_value(json_array_get(
			row, 0))), json_array_get(row, 1), 0);
	}
}

int
main(int argc, char **argv)
{
	static const struct set konstantopoulos = { "konstantopoulos2011",
		"/data", "yi", "vi", NULL, NULL, "district" };
	static const struct set synthetic = { "synthetic", "/data", "g", "v",
		NULL, NULL, "trust" };
	json_t *index, *doc;
	const json_t *one;
	size_t i;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s SUITES\n", argv[0]);
		return 2;
	}
	cf_json_start();
	index = read_set(argv[1], "index");
	json_array_foreach(json_object_get(index, "files"), i, one) {
		const char *id = cf_json_str(one, "id");

		where = id;
		doc = read_set(argv[1], id);
		is_true("the file can be read", doc != NULL);
		run_effects(doc);
		if (strcmp(id, konstantopoulos.file) == 0)
			run_nested(doc, &konstantopoulos, "/converged");
		if (strcmp(id, "synthetic-01-simple") == 0 ||
			strcmp(id, "synthetic-02-nested") == 0)
			run_nested(doc, &synthetic, "/expected");
		run_values(json_object_get(doc, "values"));
		judge_edges(doc);
		json_decref(doc);
	}
	json_decref(index);
	(void)printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
