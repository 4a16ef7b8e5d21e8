/*
 * Pooling again what a synthesis names.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/synthesis.h"
#include "base/mem.h"

#define CLOSE 1e-6	/* relative: nine digits are published */
#define NOUGHT 1e-8	/* what counts as 0 */

struct replay {
	struct cf_trust *trust;
	const json_t *body;		/* of the synthesis */
	struct cf_gathered g;
	struct cf_pool_what what;
	char *outcome;
	json_t *missing, *differences;
};

static bool
is_close(double a, double b)
{
	return fabs(a - b) <= CLOSE * fmax(fabs(a), fabs(b)) + NOUGHT;
}

static void
differs(struct replay *r, const char *field, const json_t *published,
	const json_t *now)
{
	json_array_append_new(r->differences, json_pack("{s:s, s:O*, s:O*}",
		"field", field, "published", published, "now", now));
}

static void
compare(struct replay *r, const char *place, const json_t *published,
	const json_t *now, const char *name)
{
	const json_t *a = json_object_get(published, name);
	const json_t *b = json_object_get(now, name);
	char *field;

	if (a == NULL && b == NULL)
		return;
	if (a && b && is_close(json_number_value(a), json_number_value(b)))
		return;
	field = cf_asprintf("%s%s", place, name);
	differs(r, field, a, b);
	free(field);
}

/* --- the versions ------------------------------------------------------------- */

static void
miss(struct replay *r, const json_t *named, const char *why)
{
	json_array_append_new(r->missing, json_pack("{s:O, s:O, s:s}",
		"record", json_object_get(named, "record"), "version",
		json_object_get(named, "version"), "why", why));
}

/* The file of a version, from whichever main it lies in; its bytes must have
 * that hash. NULL in *out where there is none. */
static const struct cf_err *
read_version(json_t **out, struct cf_trust *trust, const char *record,
	const char *version)
{
	struct cf_versions all = { 0 };
	struct cf_digest digest;
	const struct cf_err *err;

	*out = NULL;
	err = cf_index_versions(&all, trust->index, record);
	for (size_t i = 0; !err && i < all.n && *out == NULL; i++) {
		if (all.version[i].held ||
			strcmp(all.version[i].id, version) != 0)
			continue;
		if (cf_blob_json(out, trust, &all.version[i].blob))
			*out = NULL;
		else if (cf_digest_doc(&digest, *out) ||
			strcmp(digest.text, version) != 0) {
			json_decref(*out);
			*out = NULL;
		}
	}
	cf_versions_clear(&all);
	return err;
}

static void
compare_input(struct replay *r, const json_t *named)
{
	const struct cf_study *s = &r->g.study[r->g.n - 1];
	json_t *now = json_pack("{s:f, s:f}", "effect", s->y, "v", s->v);
	char *place = cf_asprintf("included %s ", cf_json_str(named,
		"record"));

	compare(r, place, named, now, "effect");
	compare(r, place, named, now, "v");
	json_decref(now);
	free(place);
}

static const struct cf_err *
read_one(struct replay *r, const json_t *named)
{
	const char *record = cf_json_str(named, "record");
	const char *version = cf_json_str(named, "version"), *why, *code;
	json_t *doc = NULL, *row = NULL, *input, *body;
	const struct cf_err *err;

	err = read_version(&doc, r->trust, record, version);
	if (!err && doc)
		err = cf_index_record(&row, r->trust->index, record);
	if (err || doc == NULL || row == NULL) {
		if (!err)
			miss(r, named, "this version is not here: its trust is "
				"not followed, or has erased it");
		json_decref(doc);
		json_decref(row);
		return err;
	}
	body = json_object_get(doc, "body");
	json_object_set(row, "title", json_object_get(body, "title"));
	json_object_set(row, "modified", json_object_get(doc, "modified"));
	input = cf_gather_row(r->trust, row, body,
		json_object_get(named, "version"));
	why = cf_gather_add(&r->g, &code, input, body);
	if (why)
		miss(r, named, why);
	else
		compare_input(r, named);
	json_decref(input);
	json_decref(doc);
	json_decref(row);
	return NULL;
}

/* --- the question --------------------------------------------------------------- */

static void
read_question(struct replay *r)
{
	const json_t *filters = json_object_get(r->body, "filters");
	const json_t *method = json_object_get(r->body, "method");
	const json_t *outcomes = json_object_get(r->body, "outcomes");
	struct cf_buf list = CF_BUF(CF_MAX_RECORD);

	for (size_t i = 0; i < json_array_size(outcomes); i++)
		cf_buf_printf(&list, "%s%s", i ? "," : "",
			json_string_value(json_array_get(outcomes, i)));
	r->outcome = cf_buf_take(&list);
	r->what = (struct cf_pool_what){ .outcome = r->outcome,
		.measure = cf_json_str(r->body, "measure"),
		.method = cf_json_str(method, "estimator"),
		.knapp_hartung = json_is_true(json_object_get(method,
			"knapp_hartung")),
		.by_trust = json_is_true(json_object_get(method, "by_trust")),
		.practice = cf_json_str(filters, "practice"),
		.phase = cf_json_str(filters, "phase"),
		.region = cf_json_str(filters, "region"),
		.area = cf_json_str(filters, "area"),
		.fsm = cf_json_str(filters, "fsm"),
		.design = cf_json_str(filters, "design"),
		.owner = cf_json_str(filters, "owner") };
}

/* The row of a record in a list, or NULL. */
static const json_t *
row_of(const json_t *rows, const char *record)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (strcmp(cf_json_str(row, "record"), record) == 0)
			return row;
	}
	return NULL;
}

/* What the synthesis took in and the same question leaves out today: [{record,
 * title?, why}]. */
static json_t *
gone(const struct replay *r, const struct cf_gathered *now)
{
	const json_t *included = json_object_get(r->body, "included"), *was;
	json_t *out = json_array();
	size_t i;

	json_array_foreach(included, i, was) {
		const char *record = cf_json_str(was, "record");
		const json_t *left_out = row_of(now->excluded, record);

		if (row_of(now->inputs, record))
			continue;
		json_array_append_new(out, json_pack("{s:s, s:O*, s:s}",
			"record", record, "title", json_object_get(left_out,
			"title"), "why", left_out ? cf_json_str(left_out,
			"why") : "it is not here any more"));
	}
	return out;
}

/* What the same question would take in today: {changed: [id], gone, new: n}. */
static const struct cf_err *
since(json_t **out, struct replay *r)
{
	json_t *changed = json_array();
	struct cf_gathered now = { 0 };
	const struct cf_err *err;
	size_t fresh = 0;

	err = cf_gather(&now, r->trust, &r->what);
	for (size_t i = 0; !err && i < now.n; i++) {
		const json_t *row = json_array_get(now.inputs, i);
		const char *record = cf_json_str(row, "record");
		const json_t *was = row_of(json_object_get(r->body, "included"),
			record);

		if (was == NULL)
			fresh += !row_of(json_object_get(r->body, "excluded"),
				record);
		else if (strcmp(cf_json_str(was, "version"),
			cf_json_str(row, "version")) != 0)
			json_array_append(changed, json_object_get(row,
				"record"));
	}
	*out = json_pack("{s:o, s:o, s:i}", "changed", changed, "gone",
		gone(r, &now), "new", (int)fresh);
	cf_gathered_clear(&now);
	return err;
}

static const struct cf_err *
pool_again(json_t **out, struct replay *r)
{
	const json_t *was = json_object_get(r->body, "result"), *value;
	const struct cf_err *err;
	const char *name;
	json_t *now;

	cf_gather_end(&r->g);
	err = cf_pool_gathered(out, &r->g, &r->what);
	if (err)
		return err;
	now = cf_synthesis_result(*out);
	json_object_foreach((json_t *)(uintptr_t)was, name, value)
		compare(r, "", was, now, name);
	json_decref(now);
	return NULL;
}

static const struct cf_err *
verdict(const struct replay *r)
{
	size_t missing = json_array_size(r->missing);
	size_t differ = json_array_size(r->differences);

	if (missing)
		return cf_err_rule(CF_NOT_FOUND, "pool.replay", "%zu of the "
			"versions that this synthesis names cannot be read "
			"here, so it cannot be worked out again", missing);
	if (differ)
		return cf_err_rule(CF_REFUSED, "pool.replay", "worked out "
			"again, %zu %s another value than was published",
			differ, differ == 1 ? "number has" : "numbers have");
	return NULL;
}

static const struct cf_err *
replay(json_t **out, struct replay *r, const json_t *shown)
{
	const json_t *included = json_object_get(r->body, "included");
	const struct cf_err *err = cf_pool_asked(&r->g, r->trust, &r->what);
	json_t *result = NULL, *later = NULL;

	for (size_t i = 0; i < json_array_size(included) && !err; i++)
		err = read_one(r, json_array_get(included, i));
	if (!err && json_array_size(r->missing) == 0)
		err = pool_again(&result, r);
	if (!err)
		err = since(&later, r);
	if (!err) {
		const struct cf_err *judged = verdict(r);

		*out = json_pack("{s:O, s:O, s:b, s:O, s:O, s:o, s:O*, s:O}",
			"record", cf_json_at(shown, "/record/id"), "title",
			json_object_get(r->body, "title"), "same", !judged,
			"differences", r->differences, "missing", r->missing,
			"since", later, "result", result, "published",
			json_object_get(r->body, "result"));
		err = judged;
	}
	json_decref(result);
	return err;
}

const struct cf_err *
cf_pool_replay(json_t **out, struct cf_trust *trust, const char *id)
{
	struct replay r = { trust };
	const struct cf_err *err;
	const char *kind;
	json_t *shown = NULL;

	*out = NULL;
	err = cf_show(&shown, trust, id, false);
	if (err)
		return err;
	kind = json_string_value(cf_json_at(shown, "/record/kind"));
	r.body = cf_json_at(shown, "/record/body");
	if (kind == NULL || strcmp(kind, "synthesis") != 0 || r.body == NULL) {
		json_decref(shown);
		return cf_err(CF_INVALID, "the record %s is no synthesis; "
			"'confer list --kind synthesis' lists those", id);
	}
	r.g = (struct cf_gathered){ json_array(), json_array(), json_array(),
		json_array() };
	r.missing = json_array();
	r.differences = json_array();
	read_question(&r);
	err = replay(out, &r, shown);
	cf_gathered_clear(&r.g);
	json_decref(r.missing);
	json_decref(r.differences);
	json_decref(shown);
	free(r.outcome);
	return err;
}
