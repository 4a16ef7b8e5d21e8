/*
 * From a record to what is searched.
 */
#include <string.h>

#include "index/entry.h"
#include "index/query.h"
#include "record/shape.h"

/* Members of a body by which records are compared, matched and shown. */
static const char *const about[] = { "areas", "phases", "problem_tags",
	"context", "practice", "answers", "stage", "review_by", "contact",
	"matches", "offer_type", "modes", "capacity", "regions", "looking_for",
	"constraints", "support_type", "giver", "receiver", "days", "from",
	"until", "mode" };

/* What a record says is not working, whatever its kind calls it. */
static const char *const problems[] = { "problem", "why_shared", "question" };

static const struct {
	const char *member, *relation;
} named[] = { { "practice", "practice" }, { "practices", "practice" },
	{ "answers", "answers" }, { "needs", "answers" },
	{ "findings", "finding" }, { "evidence", "evidence" },
	{ "corrects", "corrects" } };

static void
add(struct cf_buf *out, const char *text)
{
	cf_buf_puts(out, out->len ? "\n" : "");
	cf_buf_puts(out, text);
}

/* Every text of a value but ids, keys, addresses, dates and codes. */
static void
add_words(struct cf_buf *out, json_t *schema, const json_t *value)
{
	json_t *member;
	const char *name;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)value, name, member) {
		if (strcmp(name, "key") != 0)
			add_words(out, cf_shape_property(schema, name), member);
	}
	json_array_foreach(value, i, member) {
		add_words(out, cf_shape_items(schema), member);
	}
	if (json_is_string(value) && schema &&
		json_object_get(schema, "x-holds") == NULL &&
		json_object_get(schema, "format") == NULL &&
		json_object_get(schema, "enum") == NULL)
		add(out, json_string_value(value));
}

/* "english_reading": people search for such words too. */
static void
add_codes(struct cf_buf *out, const json_t *codes)
{
	const json_t *code;
	size_t i;

	json_array_foreach(codes, i, code) {
		if (json_is_string(code))
			add(out, json_string_value(code));
	}
}

static void
add_facet(struct cf_buf *out, enum cf_facet facet, const json_t *value)
{
	char token[CF_FACET_TEXT];
	size_t i;
	json_t *one;

	if (json_is_string(value)) {
		cf_facet_token(token, facet, json_string_value(value));
		cf_buf_printf(out, "%s ", token);
	}
	json_array_foreach(value, i, one) {
		add_facet(out, facet, one);
	}
}

/* One for each number up to theirs: who asks for three finds four, too. */
static void
add_padlocks(struct cf_buf *out, const json_t *padlocks)
{
	for (json_int_t n = 0; json_is_integer(padlocks) &&
		n <= json_integer_value(padlocks) && n <= 5; n++) {
		const char code[] = { (char)('0' + n), '\0' };
		char token[CF_FACET_TEXT];

		cf_facet_token(token, CF_FACET_PADLOCKS, code);
		cf_buf_printf(out, "%s ", token);
	}
}

static void
add_facets(struct cf_buf *out, const json_t *doc)
{
	const struct {
		enum cf_facet facet;
		const char *at;
	} of[] = { { CF_FACET_KIND, "/kind" }, { CF_FACET_TRUST, "/owner" },
		{ CF_FACET_PHASE, "/body/context/phase" },
		{ CF_FACET_PHASE, "/body/phases" },
		{ CF_FACET_REGION, "/body/context/region" },
		{ CF_FACET_REGION, "/body/regions" },
		{ CF_FACET_AREA, "/body/areas" },
		{ CF_FACET_FSM, "/body/context/fsm_band" },
		{ CF_FACET_COST, "/body/cost/band" },
		{ CF_FACET_COST, "/body/cost" },
		{ CF_FACET_STAGE, "/body/stage" },
		{ CF_FACET_SIZE, "/body/context/size_band" },
		{ CF_FACET_OUTCOME, "/body/outcome/construct" },
		{ CF_FACET_OUTCOME, "/body/outcomes" },
		{ CF_FACET_TAG, "/body/problem_tags" } };

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		add_facet(out, of[i].facet, cf_json_at(doc, of[i].at));
	add_padlocks(out, cf_finding_padlocks(json_object_get(doc, "body")));
}

static void
add_link(json_t *links, const char *relation, const json_t *to)
{
	json_t *one;
	size_t i;

	if (json_is_string(to))
		json_array_append_new(links, json_pack("[s, O]", relation, to));
	json_array_foreach(to, i, one) {
		add_link(links, relation, one);
	}
}

/* Members with a column of their own. */
static bool
is_apart(const char *name)
{
	for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
		if (strcmp(problems[i], name) == 0)
			return true;
	return strcmp(name, "title") == 0;
}

void
cf_entry_make(struct cf_entry_text *out, const json_t *doc)
{
	json_t *body = json_object_get(doc, "body");
	json_t *schema = cf_schema_doc(cf_json_str(doc, "kind")), *member;
	const char *name;

	cf_buf_init(&out->title, CF_MAX_SEARCHED);
	cf_buf_init(&out->problem, CF_MAX_SEARCHED);
	cf_buf_init(&out->words, CF_MAX_SEARCHED);
	cf_buf_init(&out->facets, CF_MAX_SEARCHED);
	out->about = json_object();
	out->links = json_array();
	cf_buf_puts(&out->title, cf_record_title(doc));
	for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
		if (cf_json_str(body, problems[i]))
			add(&out->problem, cf_json_str(body, problems[i]));
	json_object_foreach(body, name, member) {
		if (!is_apart(name))
			add_words(&out->words, cf_shape_property(schema, name),
				member);
	}
	add_codes(&out->words, json_object_get(body, "areas"));
	add_codes(&out->words, json_object_get(body, "phases"));
	add_facets(&out->facets, doc);
	for (size_t i = 0; i < sizeof about / sizeof *about; i++)
		if (json_object_get(body, about[i]))
			json_object_set(out->about, about[i],
				json_object_get(body, about[i]));
	if (cf_finding_padlocks(body))
		json_object_set(out->about, "padlocks",
			cf_finding_padlocks(body));
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		add_link(out->links, named[i].relation, json_object_get(body,
			named[i].member));
}

void
cf_entry_clear(struct cf_entry_text *entry)
{
	cf_buf_clear(&entry->title);
	cf_buf_clear(&entry->problem);
	cf_buf_clear(&entry->words);
	cf_buf_clear(&entry->facets);
	json_decref(entry->about);
	json_decref(entry->links);
}
