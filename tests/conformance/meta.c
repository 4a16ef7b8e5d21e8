/*
 * Meta-analyses whose results are known: published ones, and made-up ones that
 * an independent program pooled to 12 digits. argv[1] is the folder that holds
 * meta/. Their estimators HE, HS and SJ, trim and fill, and cumulative pooling
 * are not ours and are passed over.
 */
#include "conformance/meta.h"

/* --- fits ------------------------------------------------------------------- */

static bool
method_of(enum cf_pool_method *out, const char *name)
{
	static const struct {
		const char *name;
		enum cf_pool_method method;
	} known[] = { { "EE", CF_POOL_FIXED }, { "FE", CF_POOL_FIXED },
		{ "DL", CF_POOL_DL }, { "PM", CF_POOL_PM },
		{ "EB", CF_POOL_PM }, { "REML", CF_POOL_REML },
		{ "ML", CF_POOL_ML } };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (name && strcmp(name, known[i].name) == 0) {
			*out = known[i].method;
			return true;
		}
	return false;
}

static void
judge_beta(const struct cf_pool_fit *f, const json_t *want, size_t j)
{
	static const char *const fields[] = { "se", "stat", "p", "ci_lb",
		"ci_ub" };
	const struct cf_pool_estimate *b = &f->beta[j];
	const double got[] = { b->se, b->statistic, b->p, b->low, b->high };
	const json_t *list = json_object_get(want, "beta");

	compare("estimate", b->value, list ? json_array_get(list, j) :
		json_object_get(want, "estimate"), DIGITS);
	for (size_t i = 0; i < 5; i++) {
		const json_t *w = json_object_get(want, fields[i]);

		compare(fields[i], got[i], list ? json_array_get(w, j) : w,
			DIGITS);
	}
}

static void
judge_fit(const struct cf_pool_data *data, const json_t *want)
{
	const char *test = cf_json_str(want, "test");
	bool hk = test && strcmp(test, "z") != 0;
	struct cf_pool_model model = { .knapp_hartung = hk,
		.floor = hk && strcmp(test, "knha") != 0 };
	const json_t *pi = json_object_get(want, hk ? "pi_t_k_minus_1" : "pi_z");
	struct cf_pool_fit f;

	if (!method_of(&model.method, cf_json_str(want, "method")))
		return;
	is_true("it pools", cf_pool(&f, data, &model) == NULL);
	is_true("k", (double)f.k == number(want, "k"));
	for (size_t j = 0; j < f.p; j++)
		judge_beta(&f, want, j);
	compare("Q", f.q, json_object_get(want, "Q"), DIGITS);
	compare("Q_p", f.q_p, json_object_get(want, "Q_p"), DIGITS);
	compare("tau2", f.tau2, json_object_get(want, "tau2"), DIGITS);
	compare("se_tau2", f.tau2_se, json_object_get(want, "se_tau2"), DIGITS);
	compare("I2", f.i2, json_object_get(want, "I2"), DIGITS);
	compare("H2", f.h2, json_object_get(want, "H2"), DIGITS);
	if (hk)
		compare("s2w", model.floor ? fmax(1, f.scale) : f.scale,
			json_object_get(want, "s2w"), DIGITS);
	compare("QM", f.moved, json_object_get(want, "QM"), DIGITS);
	compare("QM_p", f.moved_p, json_object_get(want, "QM_p"), DIGITS);
	compare("pi_lb", f.predict_low, json_array_get(pi, 0), DIGITS);
	compare("pi_ub", f.predict_high, json_array_get(pi, 1), DIGITS);
}

static void
judge_fits(const struct cf_pool_data *data, const json_t *want)
{
	if (json_is_object(want))
		judge_fit(data, want);
	for (size_t i = 0; i < json_array_size(want); i++)
		judge_fit(data, json_array_get(want, i));
}

static void
judge_egger(const struct cf_pool_data *data, const json_t *extras)
{
	const json_t *lm = json_object_get(extras, "egger_lm");
	const json_t *mixed = json_object_get(extras, "egger_mixed_REML");
	struct cf_pool_egger e;

	if (data->k < CF_POOL_EGGER_LEAST) {
		is_true("no Egger test on so few",
			cf_pool_egger(&e, data, CF_POOL_REML) != NULL);
		return;
	}
	is_true("Egger test", cf_pool_egger(&e, data, CF_POOL_REML) == NULL);
	compare("Egger slope", e.lm.value, json_object_get(lm, "slope"), DIGITS);
	compare("Egger se", e.lm.se, json_object_get(lm, "se"), DIGITS);
	compare("Egger t", e.lm.statistic, json_object_get(lm, "t"), DIGITS);
	compare("Egger p", e.lm.p, json_object_get(lm, "p"), DIGITS);
	compare("Egger limit", e.limit, json_object_get(lm, "limit_estimate"),
		DIGITS);
	compare("mixed z", e.mixed.statistic, json_object_get(mixed, "z"),
		DIGITS);
	compare("mixed p", e.mixed.p, json_object_get(mixed, "p"), DIGITS);
	compare("mixed limit", e.limit_mixed, json_object_get(mixed,
		"limit_estimate"), DIGITS);
}

static void
judge_left_out(const struct cf_pool_data *data, const json_t *list)
{
	const struct cf_pool_model reml = { CF_POOL_REML };
	struct cf_pool_fit *f = cf_calloc(data->k, sizeof *f);

	if (list)
		is_true("leave one out", cf_pool_leave_one_out(f, data, &reml)
			== NULL);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *want = json_array_get(list, i);

		compare("left out: estimate", f[i].beta[0].value,
			json_object_get(want, "estimate"), DIGITS);
		compare("left out: se", f[i].beta[0].se,
			json_object_get(want, "se"), DIGITS);
		compare("left out: tau2", f[i].tau2,
			json_object_get(want, "tau2"), DIGITS);
		compare("left out: I2", f[i].i2, json_object_get(want, "I2"),
			DIGITS);
		compare("left out: Q", f[i].q, json_object_get(want, "Q"),
			DIGITS);
	}
	free(f);
}

static void
judge_extras(const struct cf_pool_data *data, const json_t *extras)
{
	static const char *const ranges[] = { "Q_profile_tau2_ci95",
		"Q_profile_I2_ci95", "Q_profile_H2_ci95" };
	const struct cf_pool_model reml = { CF_POOL_REML };
	const json_t *each = json_object_get(extras,
		"cluster_robust_CR1_each_study_REML");
	size_t *own = cf_calloc(data->k, sizeof *own);
	struct cf_pool_estimate r;
	struct cf_pool_fit f;

	is_true("it pools", cf_pool(&f, data, &reml) == NULL);
	compare("typical v", f.typical_v, json_object_get(extras, "typical_v"),
		DIGITS);
	for (size_t i = 0; i < 3; i++) {
		const double got[][2] = { { f.tau2_low, f.tau2_high },
			{ f.i2_low, f.i2_high }, { f.h2_low, f.h2_high } };
		const json_t *want = json_object_get(extras, ranges[i]);

		compare(ranges[i], got[i][0], json_array_get(want, 0), DIGITS);
		compare(ranges[i], got[i][1], json_array_get(want, 1), DIGITS);
	}
	for (size_t i = 0; i < data->k; i++)
		own[i] = i;
	if (each) {
		is_true("robust", cf_pool_robust(&r, data, &f, own) == NULL);
		compare("robust se", r.se, json_object_get(each, "se"), DIGITS);
		compare("robust t", r.statistic, json_object_get(each, "t"),
			DIGITS);
	}
	free(own);
	judge_egger(data, extras);
	judge_left_out(data, json_object_get(extras, "leave_one_out_REML"));
}

/* --- the sets ------------------------------------------------------------------ */

#define ALL "/data", "yi", "vi", NULL, NULL, NULL

static const struct set sets[] = {
	{ "bangertdrowns2004", ALL, "/converged/all", "/converged/extras" },
	{ "bangertdrowns2004", "/data", "yi", "vi", "length", NULL, NULL,
		"/converged/metareg_length_REML_k46", NULL, { "length" } },
	{ "bcg", "/data", "yi_logRR", "vi_logRR", NULL, NULL, NULL,
		"/converged/logRR", "/converged/logRR_extras" },
	{ "bcg", "/data", "yi_logRR", "vi_logRR", NULL, NULL, NULL,
		"/converged/logRR_metareg_ablat_year_REML", NULL,
		{ "ablat", "year" } },
	{ "bcg", "/data", "yi_logRR", "vi_logRR", NULL, NULL, NULL,
		"/converged/logRR_metareg_ablat_DL_knha", NULL, { "ablat" } },
	{ "bcg", "/data", "yi_logOR", "vi_logOR", NULL, NULL, NULL,
		"/converged/logOR", NULL },
	{ "bcg", "/data", "yi_RD", "vi_RD", NULL, NULL, NULL,
		"/converged/RD", NULL },
	{ "crede2010", "/data", "ri", "ni", "criterion", "grade", NULL,
		"/converged/grade", NULL },
	{ "crede2010", "/data", "ri", "ni", "criterion", "gpa", NULL,
		"/converged/gpa", NULL },
	{ "dersimonian2007", ALL, "/converged/all", NULL },
	{ "egger2001", ALL, "/converged/all16/REML", "/converged/all16" },
	{ "hasselblad1998", "/pairwise_ind_counseling_vs_no_contact_add_half",
		"yi", "vi", NULL, NULL, NULL, "/converged/pairwise", NULL },
	{ "konstantopoulos2011", "/data", "yi", "vi", NULL, NULL, NULL,
		"/converged/two_level", "/converged/two_level_extras" },
	{ "konstantopoulos2011", ALL,
		"/converged/two_level_metareg_year_centred_REML", NULL,
		{ "year" }, .centre = true },
	{ "lipsey2001", ALL, "/converged/all", "/converged/extras" },
	{ "lipsey2001", ALL, "/converged/subgroup_random_FE", NULL,
		{ "random" } },
	{ "lipsey2001", ALL, "/converged/metareg_FE", NULL,
		{ "random", "intensity" } },
	{ "lipsey2001", ALL, "/converged/metareg_DL", NULL,
		{ "random", "intensity" } },
	{ "normand1999", "/data", "g", "vg_LS", NULL, NULL, NULL,
		"/converged/g_all9", NULL },
	{ "normand1999", "/data", "md", "vmd_pooled", NULL, NULL, NULL,
		"/converged/MD", NULL },
	{ "raudenbush1985", ALL, "/converged/all", "/converged/extras" },
	{ "raudenbush1985", ALL, "/converged/EE_knha", NULL },
	{ "raudenbush1985", ALL, "/converged/metareg_weeks_capped_at_3", NULL,
		{ "weeks" }, .most = 3 },
	{ "viechtbauer2005", "/data/example1", "yi", "vi", NULL, NULL, NULL,
		"/converged/example1", NULL },
	{ "viechtbauer2005", "/data/example2", "yi", "vi", NULL, NULL, NULL,
		"/converged/example2", NULL },
	{ "synthetic-01-simple", "/data", "g", "v", NULL, NULL, NULL,
		"/expected/all", "/expected/extras" },
	{ "synthetic-02-nested", "/data", "g", "v", NULL, NULL, NULL,
		"/expected/ignoring_nesting", NULL },
	{ "synthetic-02-nested", "/data", "g", "v", NULL, NULL, NULL,
		"/expected/metareg_phase_secondary_REML", NULL, { "phase" },
		.code = "secondary" },
	{ "synthetic-02-nested", "/data", "g", "v", NULL, NULL, NULL,
		"/expected/metareg_phase_fsm_DL_knha", NULL,
		{ "phase", "fsm_pct" }, .code = "secondary", .percent = true },
};

static void
judge_set(const struct set *set, const json_t *doc)
{
	static char title[128];
	struct cf_pool_data data;
	struct loaded l;

	(void)snprintf(title, sizeof title, "%s %s", set->file, set->fits);
	where = title;
	load(&l, set, doc);
	data = data_of(set, &l);
	is_true("there are fits", cf_json_at(doc, set->fits) != NULL);
	judge_fits(&data, cf_json_at(doc, set->fits));
	if (set->extras)
		judge_extras(&data, cf_json_at(doc, set->extras));
	unload(&l);
}

/* Cases that are plain arrays. */
static void
judge_cases(const json_t *doc)
{
	static double y[1000], v[1000];
	struct cf_pool_data data = { y, v };
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(doc, "cases"), i, one) {
		where = cf_json_str(one, "name");
		data.k = plain(y, v, one);
		judge_fits(&data, json_object_get(one, "expected"));
	}
}

/* Every file that the index names must be there; others are not ours. */
int
main(int argc, char **argv)
{
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
		for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
			if (strcmp(sets[s].file, id) == 0)
				judge_set(&sets[s], doc);
		judge_cases(doc);
		json_decref(doc);
	}
	json_decref(index);
	(void)printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
