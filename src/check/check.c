/*
 * The schema part of the check: the envelope, and the body by its kind.
 */
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "record/shape.h"

#define MOST_FAULTS 50	/* more than that nobody reads at once */

static bool
set_fault(struct cf_fault *out, const char *rule, const char *path,
	const char *why)
{
	(void)snprintf(out->rule, sizeof out->rule, "%s", rule);
	(void)snprintf(out->why, sizeof out->why, "%.120s%s%.300s", path,
		path[0] ? ": " : "", why);
	cf_utf8_mend(out->why);
	return true;
}

/* True, with the first fault, where the instance breaks the schema. */
static bool
breaks(struct cf_fault *out, const char *rule, const char *schema,
	const json_t *instance)
{
	struct cf_schema_faults faults = { .max = 1 };
	bool bad = !cf_schema_valid(cf_schema_of(schema), instance, &faults);

	if (bad)
		set_fault(out, rule, faults.n ? faults.fault[0].path : "",
			faults.n ? faults.fault[0].why : "is not valid");
	cf_schema_faults_clear(&faults);
	return bad;
}

bool
cf_check_record(struct cf_fault *out, const struct cf_record *record)
{
	struct cf_buf path = CF_BUF(4096);
	json_t *body = json_object_get(record->doc, "body");
	bool bad;

	if (breaks(out, "schema.record", "record", record->doc))
		return true;
	if (body == NULL)
		return false;
	if (breaks(out, "schema.body", record->kind, body))
		return true;
	bad = !cf_shape_sorted(cf_schema_doc(record->kind), body, &path);
	if (bad)
		set_fault(out, "schema.order", path.data,
			"the entries are not in their stored order");
	cf_buf_clear(&path);
	return bad;
}

/* A field has a limit of its own and the wider one of all texts; who breaks
 * both is told of its own, which comes first. */
static bool
is_looser(const struct cf_schema_fault *fault,
	const struct cf_schema_fault *before)
{
	return strcmp(fault->keyword, "maxLength") == 0 &&
		strcmp(before->keyword, "maxLength") == 0 &&
		strcmp(fault->path, before->path) == 0;
}

static void
add_faults(json_t *findings, unsigned *passed, const char *rule,
	const char *prefix, const struct cf_schema_faults *faults)
{
	if (faults->n == 0)
		(*passed)++;
	for (size_t i = 0; i < faults->n; i++) {
		const struct cf_schema_fault *f = &faults->fault[i];

		if (i && is_looser(f, &f[-1]))
			continue;
		json_array_append_new(findings, json_pack(
			"{s:s, s:s, s:o, s:s, s:s}", "rule", rule,
			"severity", "never", "path",
			json_sprintf("%s%s", prefix, f->path), "why", f->why,
			"remedy", "Change this in the draft, then check it "
			"again."));
	}
}

static bool
check_part(json_t *findings, unsigned *passed, const char *schema,
	const json_t *part)
{
	struct cf_schema_faults faults = { .max = MOST_FAULTS };
	bool body = cf_kind_known(schema);
	bool ok = cf_schema_valid(cf_schema_of(schema), part, &faults);

	add_faults(findings, passed, body ? "schema.body" : "schema.draft",
		body ? "/body" : "", &faults);
	cf_schema_faults_clear(&faults);
	return ok;
}

void
cf_check_draft(json_t *findings, unsigned *passed, const json_t *draft)
{
	const char *kind = cf_json_str(draft, "kind");

	if (check_part(findings, passed, "draft", draft) && kind &&
		cf_kind_known(kind))
		(void)check_part(findings, passed, kind,
			json_object_get(draft, "body"));
}
