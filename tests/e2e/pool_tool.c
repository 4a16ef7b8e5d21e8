/*
 * Pools sets of effects for comparison with another program. Standard input: a
 * JSON array of {y, v, x, cluster}, arrays of numbers. Standard output: lines
 * "set,model,name,value".
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/json.h"
#include "pool/pool.h"

struct job {
	size_t set, k;
	double *y, *v, *x;
	size_t *cluster;
};

static void
say(const struct job *job, const char *model, const char *name, double value)
{
	printf("%zu,%s,%s,%.17g\n", job->set, model, name, value);
}

static void
say_estimate(const struct job *job, const char *model, const char *name,
	const struct cf_pool_estimate *e)
{
	const double value[] = { e->value, e->se, e->statistic, e->p, e->low,
		e->high };
	static const char *const part[] = { "beta", "se", "stat", "p", "lb",
		"ub" };

	for (size_t i = 0; i < 6; i++) {
		char *full = cf_asprintf("%s.%s", name, part[i]);

		say(job, model, full, value[i]);
		free(full);
	}
}

static void
say_fit(const struct job *job, const char *model, const struct cf_pool_fit *f)
{
	say_estimate(job, model, "b0", &f->beta[0]);
	if (f->p > 1) {
		say_estimate(job, model, "b1", &f->beta[1]);
		say(job, model, "QM", f->moved);
		say(job, model, "QMp", f->moved_p);
	}
	say(job, model, "tau2", f->tau2);
	say(job, model, "Q", f->q);
	say(job, model, "Qp", f->q_p);
	say(job, model, "I2", f->i2);
	say(job, model, "H2", f->h2);
	say(job, model, "ll", f->loglik);
	if (f->has_prediction) {
		say(job, model, "pi.lb", f->predict_low);
		say(job, model, "pi.ub", f->predict_high);
	}
	say(job, model, "tau2.lb", f->tau2_low);
	say(job, model, "tau2.ub", f->tau2_high);
	say(job, model, "tau2.se", f->tau2_se);
}

static void
fit(const struct job *job, const char *name, enum cf_pool_method method)
{
	struct cf_pool_data data = { job->y, job->v, .k = job->k };
	struct cf_pool_fit f;

	for (int i = 0; i < 4; i++) {
		struct cf_pool_model model = { method, .knapp_hartung = i > 0,
			.floor = i > 1 };
		static const char *const test[] = { "z", "knha", "adhoc",
			"mod" };
		char *full = cf_asprintf("%s.%s", name, test[i]);

		if (i == 3) {
			data.x[0] = job->x;
			data.moderators = 1;
			model.knapp_hartung = false;
		}
		if (cf_pool(&f, &data, &model) == NULL)
			say_fit(job, full, &f);
		free(full);
	}
}

static void
nested(const struct job *job, const char *name, enum cf_pool_method method)
{
	struct cf_pool_data data = { job->y, job->v, .k = job->k };
	struct cf_pool_nested n;

	if (cf_pool_nested(&n, &data, job->cluster, method) != NULL)
		return;
	say_estimate(job, name, "b0", &n.estimate);
	say(job, name, "between", n.tau2);
	say(job, name, "within", n.sigma2);
	say(job, name, "ll", n.loglik);
	if (n.has_robust)
		say_estimate(job, name, "robust", &n.robust);
}

static void
others(const struct job *job)
{
	struct cf_pool_data data = { job->y, job->v, .k = job->k };
	const struct cf_pool_model reml = { CF_POOL_REML };
	struct cf_pool_fit f, *left = cf_calloc(job->k, sizeof *left);
	struct cf_pool_estimate r;
	struct cf_pool_egger e;

	if (cf_pool(&f, &data, &reml) == NULL &&
		cf_pool_robust(&r, &data, &f, job->cluster) == NULL)
		say_estimate(job, "robust", "b0", &r);
	if (cf_pool_egger(&e, &data, CF_POOL_REML) == NULL) {
		say_estimate(job, "egger", "lm", &e.lm);
		say_estimate(job, "egger", "mixed", &e.mixed);
	}
	if (cf_pool_leave_one_out(left, &data, &reml) == NULL)
		say_fit(job, "without.first", &left[0]);
	free(left);
}

static double
at(const json_t *set, const char *field, size_t i)
{
	return json_number_value(json_array_get(json_object_get(set, field),
		i));
}

static void
run(const json_t *set, size_t number)
{
	struct job job = { .set = number,
		.k = json_array_size(json_object_get(set, "y")) };

	job.y = cf_calloc(job.k, sizeof *job.y);
	job.v = cf_calloc(job.k, sizeof *job.v);
	job.x = cf_calloc(job.k, sizeof *job.x);
	job.cluster = cf_calloc(job.k, sizeof *job.cluster);
	for (size_t i = 0; i < job.k; i++) {
		job.y[i] = at(set, "y", i);
		job.v[i] = at(set, "v", i);
		job.x[i] = at(set, "x", i);
		job.cluster[i] = (size_t)at(set, "cluster", i);
	}
	fit(&job, "FE", CF_POOL_FIXED);
	fit(&job, "DL", CF_POOL_DL);
	fit(&job, "PM", CF_POOL_PM);
	fit(&job, "REML", CF_POOL_REML);
	fit(&job, "ML", CF_POOL_ML);
	nested(&job, "nested.REML", CF_POOL_REML);
	nested(&job, "nested.ML", CF_POOL_ML);
	others(&job);
	free(job.y);
	free(job.v);
	free(job.x);
	free(job.cluster);
}

int
main(void)
{
	json_t *sets;
	size_t i;

	cf_json_start();
	sets = json_loadf(stdin, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_array(sets)) {
		(void)fprintf(stderr, "no array of sets on standard input\n");
		return 2;
	}
	for (i = 0; i < json_array_size(sets); i++)
		run(json_array_get(sets, i), i + 1);
	json_decref(sets);
	return 0;
}
