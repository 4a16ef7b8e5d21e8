/*
 * What may be asked of a pooling: codes that the schemas have, records that are
 * here.
 */
#include <stdlib.h>
#include <string.h>

#include "app/codes.h"
#include "app/pool.h"
#include "base/mem.h"
#include "record/kind.h"

bool
cf_pool_among(const char *list, const char *word)
{
	struct cf_str rest = cf_str(list), head;

	while (cf_str_cut(&head, &rest, rest, ','))
		if (cf_str_is(head, word))
			return true;
	return cf_str_is(rest, word);
}

static const struct cf_err *
outcomes_known(const char *outcome)
{
	struct cf_str rest, head;
	const struct cf_err *err = NULL;
	bool more = true;

	rest = cf_str(outcome);
	while (more && !err) {
		char *word;

		more = cf_str_cut(&head, &rest, rest, ',');
		word = cf_strndup(more ? head.p : rest.p,
			more ? head.n : rest.n);
		err = cf_code_known("--outcome", word);
		free(word);
	}
	return err;
}

static const struct cf_err *
codes_known(const struct cf_pool_what *what)
{
	const struct {
		const char *option, *word;
	} asked[] = { { "--phase", what->phase }, { "--region", what->region },
		{ "--area", what->area }, { "--fsm", what->fsm } };
	const struct cf_err *err = outcomes_known(what->outcome);

	for (size_t i = 0; !err && i < sizeof asked / sizeof *asked; i++)
		err = cf_code_known(asked[i].option, asked[i].word);
	return err ? err : cf_code_among("--design", what->design,
		cf_json_at(cf_schema_doc("finding"),
		"/properties/design/properties/type/enum"));
}

/* Whole ids for the words of --exclude. */
static const struct cf_err *
resolve_all(char **out, struct cf_trust *trust, const char *list)
{
	struct cf_buf ids = CF_BUF(CF_MAX_RECORD);
	struct cf_str rest = cf_str(list), head;
	const struct cf_err *err = NULL;
	bool more = true;

	while (more && !err) {
		struct cf_uuid id;
		char *word;

		more = cf_str_cut(&head, &rest, rest, ',');
		word = cf_strndup(more ? head.p : rest.p,
			more ? head.n : rest.n);
		err = cf_resolve_id(&id, trust, word);
		if (!err)
			cf_buf_printf(&ids, "%s%s", ids.len ? "," : "",
				id.text);
		free(word);
	}
	if (!err)
		err = cf_buf_check(&ids, "the list of --exclude");
	if (!err)
		*out = cf_buf_take(&ids);
	cf_buf_clear(&ids);
	return err;
}

/* "reading_comprehension (6), attendance (2)": what the findings are on that
 * give an effect; "" where there are none. */
static const struct cf_err *
list_outcomes(struct cf_buf *out, struct cf_trust *trust)
{
	const json_t *codes = cf_json_at(cf_schema_doc("common"),
		"/$defs/construct/enum");
	struct cf_index_filter by = { .kind = "finding" };
	json_t *rows = NULL, *count = json_object(), *row;
	const struct cf_err *err = cf_index_list(&rows, trust->index, &by);
	size_t i;

	json_array_foreach(rows, i, row) {
		json_t *doc = NULL;
		const char *code;

		if (err)
			break;
		err = cf_pool_finding(&doc, trust, row);
		code = json_string_value(cf_json_at(doc,
			"/body/outcome/construct"));
		if (code && cf_pool_effect(doc))
			json_object_set_new(count, code, json_integer(1 +
				json_integer_value(json_object_get(count,
				code))));
		json_decref(doc);
	}
	for (i = 0; i < json_array_size(codes); i++) {
		const char *code = json_string_value(json_array_get(codes, i));
		const json_t *n = json_object_get(count, code);

		if (n)
			cf_buf_printf(out, "%s%s (%" JSON_INTEGER_FORMAT ")",
				out->len ? ", " : "", code,
				json_integer_value(n));
	}
	json_decref(count);
	json_decref(rows);
	return err;
}

const struct cf_err *
cf_pool_nothing(struct cf_trust *trust, enum cf_code code, const char *rule,
	const char *why)
{
	struct cf_buf there = CF_BUF(800);
	const struct cf_err *err = list_outcomes(&there, trust);

	if (!err && there.len)
		err = cf_err_rule(code, rule, "%s. What the findings here are "
			"on, and how many: %s", why, there.data);
	else if (!err)
		err = cf_err_rule(code, rule, "%s. No finding here gives an "
			"effect yet; 'confer sync' gets what partners have "
			"published", why);
	cf_buf_clear(&there);
	return err;
}

const struct cf_err *
cf_pool_asked(struct cf_gathered *out, struct cf_trust *trust,
	const struct cf_pool_what *what)
{
	const struct cf_err *err;

	if (what->outcome == NULL)
		return cf_pool_nothing(trust, CF_USAGE, "", "say which "
			"outcome, such as --outcome reading_comprehension");
	if (!cf_measure_of(&out->measure, what->measure ? what->measure :
		"smd"))
		return cf_err(CF_USAGE, "there is no measure '%.60s'; it is one "
			"of: smd log_odds_ratio log_risk_ratio risk_difference "
			"fisher_z mean_difference change", what->measure);
	err = codes_known(what);
	if (!err)
		err = cf_trust_named(&out->owner, trust, what->owner);
	/* A practice may be of a trust that is not followed: then its whole id
	 * is enough. */
	if (!err && what->practice && !cf_uuid_parse(&out->practice,
		cf_str(what->practice)))
		err = cf_resolve_id(&out->practice, trust, what->practice);
	if (!err && what->exclude)
		err = resolve_all(&out->exclude, trust, what->exclude);
	return err;
}

/* Whoever leaves out what is not there has meant something else. */
const struct cf_err *
cf_pool_asked_met(const struct cf_gathered *g)
{
	struct cf_str rest = cf_str(g->exclude ? g->exclude : ""), head;
	bool more = rest.n > 0;

	while (more) {
		bool found = false;

		more = cf_str_cut(&head, &rest, rest, ',');
		if (!more)
			head = rest;
		for (size_t i = 0; i < json_array_size(g->excluded); i++)
			found = found || cf_str_is(head, cf_json_str(
				json_array_get(g->excluded, i), "record"));
		if (!found)
			return cf_err(CF_USAGE, "%.*s is no finding on this "
				"outcome, so it cannot be left out",
				(int)head.n, head.p);
	}
	return NULL;
}
