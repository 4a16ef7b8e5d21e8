/*
 * A pooled estimate as a record: what it names, and publishing it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/synthesis.h"
#include "base/mem.h"

/* Nine digits: more would differ from one processor to another. */
static json_t *
rounded(const json_t *value)
{
	char text[40];

	(void)snprintf(text, sizeof text, "%.9g", json_number_value(value));
	return json_real(strtod(text, NULL) + 0.0);
}

static void
copy_number(json_t *to, const char *as, const json_t *from, const char *name)
{
	const json_t *value = json_object_get(from, name);

	if (json_is_integer(value))
		json_object_set(to, as, (json_t *)(uintptr_t)value);
	else if (json_is_number(value))
		json_object_set_new(to, as, rounded(value));
}

static void
copy_range(json_t *to, const char *low, const char *high, const json_t *from,
	const char *name)
{
	const json_t *range = json_object_get(from, name);

	if (json_array_size(range) != 2)
		return;
	json_object_set_new(to, low, rounded(json_array_get(range, 0)));
	json_object_set_new(to, high, rounded(json_array_get(range, 1)));
}

json_t *
cf_synthesis_result(const json_t *result)
{
	static const char *const plain[] = { "k", "trusts", "estimate", "se",
		"df", "p" };
	const json_t *nested = json_object_get(result, "nested");
	const json_t *q = json_object_get(result, "q");
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		copy_number(out, plain[i], result, plain[i]);
	copy_range(out, "ci95_low", "ci95_high", result, "ci95");
	copy_range(out, "pi95_low", "pi95_high", result, "pi95");
	copy_number(out, "tau2", result, "tau2");
	copy_number(out, "between", nested, "between");
	copy_number(out, "within", nested, "within");
	copy_number(out, "i2", result, "i2");
	copy_number(out, "q", q, "value");
	copy_number(out, "q_p", q, "p");
	return out;
}

static json_t *
included_of(const json_t *result)
{
	const json_t *in;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(json_object_get(result, "inputs"), i, in) {
		json_t *row = json_pack("{s:O, s:O}", "record",
			json_object_get(in, "record"), "version",
			json_object_get(in, "version"));

		copy_number(row, "effect", in, "effect");
		copy_number(row, "v", in, "v");
		copy_number(row, "weight", in, "weight");
		json_array_append_new(out, row);
	}
	return out;
}

static json_t *
excluded_of(const json_t *result)
{
	const json_t *in;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(json_object_get(result, "excluded"), i, in) {
		json_array_append_new(out, json_pack("{s:O, s:O*, s:O}",
			"record", json_object_get(in, "record"), "version",
			json_object_get(in, "version"), "reason",
			json_object_get(in, "code")));
	}
	return out;
}

static json_t *
sensitivity_of(const json_t *result)
{
	const json_t *in;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(json_object_get(result, "sensitivity"), i, in) {
		char key[40];
		json_t *row;

		(void)snprintf(key, sizeof key, "icc-%02.0f", 100 *
			json_number_value(json_object_get(in, "icc")));
		row = json_pack("{s:s}", "key", key);
		copy_number(row, "icc", in, "icc");
		copy_number(row, "estimate", in, "estimate");
		copy_range(row, "ci95_low", "ci95_high", in, "ci95");
		json_array_append_new(out, row);
	}
	return out;
}

static json_t *
security_of(const json_t *result)
{
	static const char *const names[] = { "rated", "lowest", "median",
		"highest" };
	const json_t *security = json_object_get(result, "security");
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		copy_number(out, names[i], security, names[i]);
	return out;
}

static json_t *
filters_of(const json_t *question)
{
	static const char *const names[] = { "practice", "phase", "region",
		"area", "fsm", "design", "owner" };
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (cf_json_str(question, names[i]))
			json_object_set(out, names[i], json_object_get(question,
				names[i]));
	return out;
}

static json_t *
outcomes_of(const json_t *question)
{
	struct cf_str rest = cf_str(cf_json_str(question, "outcome")), head;
	json_t *out = json_array();
	bool more = true;

	while (more) {
		more = cf_str_cut(&head, &rest, rest, ',');
		json_array_append_new(out, json_stringn(more ? head.p : rest.p,
			more ? head.n : rest.n));
	}
	cf_sort_strings(out);
	return out;
}

/* "Reading comprehension: 14 findings of 6 trusts pooled" */
static char *
title_of(const json_t *result, const char *given)
{
	json_int_t trusts = json_integer_value(json_object_get(result,
		"trusts"));
	char *out, *words;

	if (given)
		return cf_strdup(given);
	words = cf_pool_outcome_words(cf_json_str(json_object_get(result,
		"question"), "outcome"), true);
	out = cf_asprintf("%.80s: %lld findings of %lld trust%s pooled", words,
		(long long)json_integer_value(json_object_get(result, "k")),
		(long long)trusts, trusts == 1 ? "" : "s");
	free(words);
	return out;
}

/* The members that are not empty. */
static void
set_filled_take(json_t *body, const char *name, json_t *value)
{
	if (json_object_size(value) || json_array_size(value))
		json_object_set(body, name, value);
	json_decref(value);
}

static const struct cf_err *
draft_of(json_t **out, struct cf_trust *trust, const json_t *result,
	const struct cf_pool_what *what)
{
	const json_t *question = json_object_get(result, "question");
	const json_t *model = json_object_get(result, "model");
	char *title = title_of(result, what->title);
	char *words = cf_pool_outcome_words(cf_json_str(question, "outcome"),
		false);
	char *asks = what->asks ? cf_strdup(what->asks) : cf_asprintf("What do "
		"the findings on %.80s come to, taken together?", words);
	const struct cf_err *err;
	json_t *state = NULL, *body;

	*out = NULL;
	err = cf_commons_state(&state, trust);
	if (!err) {
		body = json_pack("{s:s, s:s, s:o, s:O}", "title", title,
			"question", asks,
			"outcomes", outcomes_of(question), "measure",
			json_object_get(question, "measure"));
		set_filled_take(body, "filters", filters_of(question));
		json_object_set_new(body, "method", json_pack(
			"{s:O, s:O, s:O, s:s}", "estimator",
			json_object_get(model, "method"), "knapp_hartung",
			json_object_get(model, "knappHartung"), "by_trust",
			json_object_get(model, "byTrust"), "program",
			"Confer " CONFER_VERSION));
		json_object_set_new(body, "included", included_of(result));
		set_filled_take(body, "excluded", excluded_of(result));
		json_object_set(body, "commons", json_object_get(state,
			"commit"));
		json_object_set_new(body, "result",
			cf_synthesis_result(result));
		set_filled_take(body, "sensitivity", sensitivity_of(result));
		json_object_set_new(body, "security", security_of(result));
		*out = json_pack("{s:s, s:o}", "kind", "synthesis", "body",
			body);
	}
	json_decref(state);
	free(title);
	free(words);
	free(asks);
	return err;
}

static const struct cf_err *
small_enough(const json_t *result)
{
	size_t in = json_array_size(json_object_get(result, "inputs"));
	size_t out = json_array_size(json_object_get(result, "excluded"));

	if (in <= CF_MAX_POOLED && out <= CF_MAX_POOLED)
		return NULL;
	return cf_err(CF_TOO_BIG, "a synthesis names at most %u findings and "
		"as many that were left out; here are %zu and %zu. Pool by "
		"phase, region or practice, or keep the result of --json",
		CF_MAX_POOLED, in, out);
}

/* --- published before ------------------------------------------------------- */

/* Whether two syntheses answer one question by one method from the same versions;
 * the numbers are the same then. */
static bool
same_question(const json_t *a, const json_t *b)
{
	static const char *const names[] = { "title", "question", "outcomes",
		"measure", "filters", "method", "excluded" };
	const json_t *x = json_object_get(a, "included");
	const json_t *y = json_object_get(b, "included");
	bool same = json_array_size(x) == json_array_size(y);

	for (size_t i = 0; i < sizeof names / sizeof *names && same; i++) {
		const json_t *one = json_object_get(a, names[i]);
		const json_t *other = json_object_get(b, names[i]);

		same = (one == NULL && other == NULL) || json_equal(one,
			other);
	}
	for (size_t i = 0; i < json_array_size(x) && same; i++)
		same = strcmp(cf_json_str(json_array_get(x, i), "version"),
			cf_json_str(json_array_get(y, i), "version")) == 0;
	return same;
}

struct looking {
	struct cf_trust *trust;
	const json_t *body;
};

static const struct cf_err *
compare(void *payload, const json_t *row)
{
	const struct looking *l = payload;
	const char *id = cf_json_str(row, "id");
	const struct cf_err *err;
	char path[CF_PATH_TEXT];
	struct cf_uuid uuid;
	json_t *doc = NULL;

	if (!cf_uuid_parse(&uuid, cf_str(id)))
		cf_bug("a row without an id");
	cf_commons_path(path, "synthesis", &uuid);
	err = cf_commons_read(&doc, l->trust, path);
	if (!err && doc && same_question(json_object_get(doc, "body"), l->body))
		err = cf_err_rule(CF_EXISTS, "pool.published", "you published "
			"this before, as %s: the same findings in the same "
			"versions, by the same method. Nothing was published. "
			"'confer show %.18s' reads it; another --title makes "
			"another record", id, id);
	json_decref(doc);
	return err;
}

/* A record is for good: one is enough. */
static const struct cf_err *
not_yet(struct cf_trust *trust, const json_t *draft)
{
	const struct cf_index_filter ours = { .kind = "synthesis",
		.owner = trust->id, .status = "active" };
	struct looking l = { trust, json_object_get(draft, "body") };

	return cf_index_each(trust->index, &ours, compare, &l);
}

const struct cf_err *
cf_synthesis_publish(json_t *result, struct cf_trust *trust,
	const struct cf_pool_what *what)
{
	const struct cf_err *err = small_enough(result);
	json_t *draft = NULL, *published = NULL;
	char *path = NULL;

	if (!err)
		err = draft_of(&draft, trust, result, what);
	if (!err)
		err = not_yet(trust, draft);
	if (!err)
		err = cf_draft_new(&path, trust, draft);
	if (!err) {
		struct cf_publish files = { (const char *const[]){ path }, 1,
			.no_push = what->no_push };

		json_object_set_new(result, "draft", cf_path_json(path));
		err = cf_publish(&published, trust, &files);
		if (published)
			json_object_set_new(result, "published", published);
	}
	json_decref(draft);
	free(path);
	return err;
}
