/*
 * Pooling the findings of the commons.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/pool.h"
#include "app/synthesis.h"
#include "base/mem.h"
#include "pool/plot.h"

#define SVG_MODE 0644

static const struct cf_err *
one_of(const char *option, const char *word, const char *choices)
{
	size_t n = word ? strlen(word) : 0;
	const char *at = word ? strstr(choices, word) : NULL;

	if (word == NULL || (at && n && (at == choices || at[-1] == ' ') &&
		(at[n] == ' ' || at[n] == '\0')))
		return NULL;
	return cf_err(CF_USAGE, "there is no '%.60s' for --%s; it is one of: "
		"%s", word, option, choices);
}

const struct cf_err *
cf_pool_model(struct cf_pooled *out, const struct cf_pool_what *what)
{
	const char *method = what->method ? what->method : "REML";
	const struct cf_err *err;

	if (!cf_method_of(&out->model.method, method))
		return cf_err(CF_USAGE, "there is no method '%.60s'; it is one "
			"of: REML ML PM DL fixed", method);
	out->model.knapp_hartung = out->model.floor = what->knapp_hartung;
	out->by_trust = what->by_trust;
	out->groups = what->groups;
	out->moderator = what->moderator;
	if (what->by_trust && out->model.method != CF_POOL_REML &&
		out->model.method != CF_POOL_ML)
		return cf_err(CF_USAGE, "--by trust goes with the methods REML "
			"and ML only");
	if (what->by_trust && what->knapp_hartung)
		return cf_err(CF_USAGE, "--by trust brings its own intervals; "
			"leave out --knapp-hartung");
	err = one_of("groups", what->groups,
		"phase region fsm design practice");
	return err ? err : one_of("moderator", what->moderator,
		"weeks year fsm padlocks");
}

/* --- the result ------------------------------------------------------------- */

static void
set_word(json_t *to, const char *name, const char *word)
{
	if (word)
		json_object_set_new(to, name, json_string(word));
}

static json_t *
question_of(const struct cf_pool_what *what, const struct cf_gathered *g)
{
	json_t *out = json_pack("{s:s, s:s, s:s}", "outcome", what->outcome,
		"measure", cf_measure_name(g->measure), "measureWords",
		cf_measure_words(g->measure));

	set_word(out, "practice", g->practice.text[0] ? g->practice.text :
		NULL);
	set_word(out, "phase", what->phase);
	set_word(out, "region", what->region);
	set_word(out, "area", what->area);
	set_word(out, "fsm", what->fsm);
	set_word(out, "design", what->design);
	set_word(out, "owner", g->owner);
	return out;
}

/* The numbers of one input, beside what it is. */
static void
tell_input(json_t *row, const struct cf_study *s, const json_t *weight)
{
	double se = sqrt(s->v);

	json_object_set_new(row, "effect", json_real(s->y + 0.0));
	json_object_set_new(row, "v", json_real(s->v));
	json_object_set_new(row, "se", json_real(se));
	json_object_set_new(row, "ci95", json_pack("[f, f]",
		s->y - CF_NORMAL_95 * se, s->y + CF_NORMAL_95 * se));
	json_object_set_new(row, "n", json_real(s->n_t + s->n_c));
	set_word(row, "from", s->stated ? "effect" : "raw");
	if (weight)
		json_object_set(row, "weight", (json_t *)(uintptr_t)weight);
	if (s->turned)
		json_object_set_new(row, "turned", json_true());
	if (s->clustered) {
		json_object_set_new(row, "icc", json_real(s->icc));
		json_object_set_new(row, "imputed", json_boolean(s->imputed));
	}
}

static json_t *
inputs_of(const struct cf_gathered *g, const json_t *weights,
	const json_t *left_out)
{
	json_t *out = json_array();

	for (size_t i = 0; i < g->n; i++) {
		json_t *row = json_copy(json_array_get(g->inputs, i));
		json_t *without = json_array_get(left_out, i);

		tell_input(row, &g->study[i], json_array_get(weights, i));
		if (without)
			json_object_set(row, "without", without);
		json_array_append_new(out, row);
	}
	return out;
}

/* Whether all outcomes are attainment, which is what months stand for. */
static bool
attainment(const char *outcome)
{
	static const char *const words[] = { "reading",
		"reading_comprehension", "reading_fluency", "decoding",
		"vocabulary", "writing", "spelling", "oral_language",
		"mathematics", "number", "science", "other_subject",
		"attainment" };
	struct cf_str rest = cf_str(outcome), head;
	bool all = true, more = true;

	while (more) {
		bool found = false;

		more = cf_str_cut(&head, &rest, rest, ',');
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			found = found || cf_str_is(more ? head : rest, words[i]);
		all = all && found;
	}
	return all;
}

static void
tell_months(json_t *to, const struct cf_pool_what *what,
	const struct cf_gathered *g)
{
	const json_t *ci = json_object_get(to, "ci95");

	if (g->measure != CF_SMD || ci == NULL || !attainment(what->outcome))
		return;
	json_object_set_new(to, "months", json_pack("{s:i, s:i, s:i}",
		"estimate", cf_months(json_number_value(json_object_get(to,
		"estimate"))), "low", cf_months(json_number_value(
		json_array_get(ci, 0))), "high", cf_months(json_number_value(
		json_array_get(ci, 1)))));
}

/* Words for the codes of subgroups, from the schemas. */
static void
label_groups(json_t *result)
{
	const char *by = cf_json_str(result, "groupedBy");
	const json_t *groups = json_object_get(result, "groups");
	const char *at = by == NULL ? "" : strcmp(by, "phase") == 0 ?
		"/$defs/phase/x-labels" : strcmp(by, "region") == 0 ?
		"/$defs/region/x-labels" :
		"/$defs/context/properties/fsm_band/x-labels";
	const json_t *labels = by && strcmp(by, "design") == 0 ?
		cf_json_at(cf_schema_doc("finding"),
		"/properties/design/properties/type/x-labels") :
		cf_json_at(cf_schema_doc("common"), at);

	for (size_t i = 0; i < json_array_size(groups); i++) {
		json_t *group = json_array_get(groups, i);
		const char *code = cf_json_str(group, "code");
		const char *label = cf_json_str(labels, code);

		json_object_set_new(group, "label", json_string(label ? label :
			code));
	}
}

static void
warn_of_inputs(json_t *result, const struct cf_gathered *g)
{
	json_t *warnings = json_object_get(result, "warnings");
	json_t *projects = json_object();
	size_t shared = 0, turned = 0;

	for (size_t i = 0; i < g->n; i++) {
		const json_t *body = json_array_get(g->bodies, i);
		const char *project = cf_json_str(body, "project");

		turned += g->study[i].turned;
		if (project == NULL)
			continue;
		shared += json_object_get(projects, project) != NULL &&
			!cf_json_str(body, "shared_sample");
		json_object_set_new(projects, project, json_true());
	}
	if (shared)
		json_array_append_new(warnings, json_string("Findings of one "
			"project are pooled side by side. If they rest on the "
			"same pupils, those count twice: 'shared pupils' in the "
			"findings would say so."));
	if (turned)
		json_array_append_new(warnings, json_sprintf("%zu %s turned "
			"round, because there lower is better; above 0 is "
			"always the better way.", turned, turned == 1 ?
			"result is" : "results are"));
	json_decref(projects);
}

const struct cf_err *
cf_pool_gathered(json_t **out, const struct cf_gathered *g,
	const struct cf_pool_what *what)
{
	struct cf_pooled in = { g->study, .trust = g->trust, .n = g->n,
		.trusts = g->trusts, .measure = g->measure };
	const json_t **body = cf_calloc(g->n + 1, sizeof *body);
	const struct cf_err *err = cf_pool_model(&in, what);

	*out = NULL;
	for (size_t i = 0; i < g->n; i++)
		body[i] = json_array_get(g->bodies, i);
	in.body = body;
	if (!err) {
		err = cf_pool_report(out, &in);
		json_object_set_new(*out, "question", question_of(what, g));
		json_object_set_new(*out, "model", json_pack(
			"{s:s, s:b, s:b}", "method", cf_method_name(
			in.model.method), "knappHartung",
			in.model.knapp_hartung, "byTrust", in.by_trust));
		json_object_set_new(*out, "inputs", inputs_of(g,
			json_object_get(*out, "weights"),
			json_object_get(*out, "leaveOneOut")));
		json_object_set(*out, "excluded", g->excluded);
		json_object_set(*out, "notRead", g->not_read);
		json_object_del(*out, "weights");
		json_object_del(*out, "leaveOneOut");
		label_groups(*out);
		warn_of_inputs(*out, g);
		tell_months(*out, what, g);
	}
	free(body);
	return err;
}

/* --- plots ------------------------------------------------------------------- */

static const struct cf_err *
write_plot(json_t *result, const char *file,
	const struct cf_err *(*draw)(struct cf_buf *, const json_t *))
{
	struct cf_buf svg = CF_BUF(CF_MAX_PLOT);
	const struct cf_err *err;
	json_t *list;

	if (file == NULL)
		return NULL;
	err = draw(&svg, result);
	if (!err)
		err = cf_file_write(file, svg.data, svg.len, SVG_MODE);
	if (!err) {
		list = json_object_get(result, "plots");
		if (list == NULL) {
			list = json_array();
			json_object_set_new(result, "plots", list);
		}
		json_array_append_new(list, cf_path_json(file));
	}
	cf_buf_clear(&svg);
	return err;
}

const struct cf_err *
cf_pool_findings(json_t **out, struct cf_trust *trust,
	const struct cf_pool_what *what)
{
	struct cf_gathered g = { 0 };
	struct cf_pooled checked = { 0 };
	const struct cf_err *err;

	*out = NULL;
	err = cf_pool_model(&checked, what);
	if (!err)
		err = cf_gather(&g, trust, what);
	if (!err)
		err = cf_pool_gathered(out, &g, what);
	if (err && g.n == 0 && json_array_size(g.excluded) == 0 && *out) {
		struct cf_err few = *err;

		err = cf_pool_nothing(trust, few.code, few.rule, few.msg);
	}
	if (!err)
		err = write_plot(*out, what->plot, cf_plot_forest);
	if (!err)
		err = write_plot(*out, what->funnel, cf_plot_funnel);
	if (!err)
		err = write_plot(*out, what->left_out, cf_plot_left_out);
	if (!err && what->publish)
		err = cf_synthesis_publish(*out, trust, what);
	cf_gathered_clear(&g);
	return err;
}
