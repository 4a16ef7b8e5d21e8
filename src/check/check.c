/*
 * The check of a record (as the gate runs it) and of a draft (as people see it).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/rule.h"
#include "record/field.h"

const struct cf_policy cf_policy_floor = { .least_people = CF_LEAST_PEOPLE,
	.rounding = CF_LEAST_ROUNDING };

static const struct cf_checking as_the_gate = { .file = NULL };

/* --- a record ------------------------------------------------------------ */

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

static const char same_key[] = "another entry of the list has the same key; "
	"each needs its own";

static const char no_place[] = "names no place that a record of this kind has";

/* The first of `settled` that names no place of the body; the length where there
 * is none. */
static size_t
misplaced(const json_t *doc, const json_t *schema)
{
	const struct cf_field *body = cf_fields_of(schema);
	json_t *settled = json_object_get(doc, "settled");
	size_t i, n = json_array_size(settled);

	for (i = 0; i < n; i++) {
		const char *path = json_string_value(json_array_get(settled,
			i));

		if (path && !cf_field_has_place(body, path))
			break;
	}
	return i;
}

static bool
breaks_settled(struct cf_fault *out, const json_t *doc, const json_t *schema)
{
	size_t i = misplaced(doc, schema);
	char path[32];

	if (i == json_array_size(json_object_get(doc, "settled")))
		return false;
	(void)snprintf(path, sizeof path, "/settled/%zu", i);
	return set_fault(out, "schema.settled", path, no_place);
}

static bool
breaks_schema(struct cf_fault *out, const struct cf_record *record)
{
	struct cf_buf path = CF_BUF(4096);
	json_t *body = json_object_get(record->doc, "body");
	json_t *schema = cf_schema_doc(record->kind);
	bool bad;

	if (breaks(out, "schema.record", "record", record->doc))
		return true;
	if (body == NULL)
		return false;
	if (breaks(out, "schema.body", record->kind, body) ||
		breaks_settled(out, record->doc, schema))
		return true;
	bad = !cf_shape_sorted(schema, body, &path);
	if (bad)
		set_fault(out, "schema.order", path.data,
			"the entries are not in their stored order");
	cf_buf_reset(&path);
	if (bad && !cf_shape_keyed(schema, body, &path))
		set_fault(out, "schema.keys", path.data, same_key);
	cf_buf_clear(&path);
	return bad;
}

void
cf_probe_run(struct cf_probe *probe)
{
	bool gate = probe->with == &as_the_gate;

	cf_probe_texts(probe);
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++) {
		if ((*rule)->record == NULL || ((*rule)->local && gate))
			continue;
		probe->rule = *rule;
		(*rule)->record(probe);
	}
}

/* The gravest that nobody answered for, or NULL; advice holds nothing. */
static const struct cf_found *
worst_of(const struct cf_probe *probe)
{
	const struct cf_found *worst = NULL;

	for (size_t i = 0; i < probe->n; i++) {
		const struct cf_found *f = &probe->found[i];

		if (f->severity != CF_ADVICE && f->accepted == NULL &&
			(worst == NULL || f->severity < worst->severity))
			worst = f;
	}
	return worst;
}

bool
cf_check_record(struct cf_fault *out, const struct cf_record *record)
{
	struct cf_probe probe = { .doc = record->doc, .with = &as_the_gate };
	const struct cf_found *worst;
	char *place;

	if (breaks_schema(out, record))
		return true;
	probe.body = json_object_get(record->doc, "body");
	probe.schema = cf_schema_doc(record->kind);
	cf_probe_run(&probe);
	worst = worst_of(&probe);
	if (worst) {
		place = cf_place(probe.schema, worst->path);
		set_fault(out, worst->rule->id, place, worst->what);
		free(place);
	}
	cf_probe_clear(&probe);
	return worst != NULL;
}

/* --- a draft ------------------------------------------------------------- */

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

struct report {
	json_t *findings, *not_run;
	json_t *schema;		/* of the body */
	unsigned passed;
};

/* What to do about a fault, by the word of the schema that was broken. */
static const char *
remedy_for(const char *keyword)
{
	static const char *const remedies[][2] = {
		{ "required", "Fill it in; the guide beside the draft says what "
			"belongs there." },
		{ "additionalProperties", "Take it out, or give it the name "
			"that the guide beside the draft has for it." },
		{ "unevaluatedProperties", "Take it out, or give it the name "
			"that the guide beside the draft has for it." },
		{ "maxLength", "Shorten it." } };

	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (strcmp(keyword, remedies[i][0]) == 0)
			return remedies[i][1];
	return "Change this in the draft, then check it again.";
}

static void
add_faults(struct report *report, const char *rule, const char *prefix,
	const struct cf_schema_faults *faults)
{
	if (faults->n == 0)
		report->passed++;
	for (size_t i = 0; i < faults->n; i++) {
		const struct cf_schema_fault *f = &faults->fault[i];
		char *path, *place;

		if (i && is_looser(f, &f[-1]))
			continue;
		path = cf_asprintf("%s%s", prefix, f->path);
		place = cf_place(report->schema, path);
		json_array_append_new(report->findings, json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s}", "rule", rule,
			"severity", "never", "path", path, "place", place,
			"why", f->why, "remedy", remedy_for(f->keyword)));
		free(path);
		free(place);
	}
}

static bool
check_part(struct report *report, const char *schema, const json_t *part)
{
	struct cf_schema_faults faults = { .max = CF_MAX_CHECK_FAULTS };
	bool body = cf_kind_known(schema);
	bool ok = cf_schema_valid(cf_schema_of(schema), part, &faults);

	add_faults(report, body ? "schema.body" : "schema.draft",
		body ? "/body" : "", &faults);
	cf_schema_faults_clear(&faults);
	return ok;
}

/* A schema cannot say that keys differ. */
static void
check_keys(struct report *report, const json_t *body)
{
	struct cf_buf path = CF_BUF(4096);
	struct cf_schema_fault fault = { .keyword = (char[]){ "" } };
	struct cf_schema_faults faults = { .fault = &fault };

	faults.n = !cf_shape_keyed(report->schema, body, &path);
	fault.path = path.data;
	fault.why = cf_strdup(same_key);
	add_faults(report, "schema.keys", "/body", &faults);
	free(fault.why);
	cf_buf_clear(&path);
}

/* Nor what a path into a body may name. */
static void
check_settled(struct report *report, const json_t *draft)
{
	size_t i = misplaced(draft, report->schema);
	struct cf_schema_fault fault = { .keyword = (char[]){ "" } };
	struct cf_schema_faults faults = { .fault = &fault };

	faults.n = i < json_array_size(json_object_get(draft, "settled"));
	fault.path = cf_asprintf("/settled/%zu", i);
	fault.why = cf_strdup(no_place);
	add_faults(report, "schema.settled", "", &faults);
	free(fault.path);
	free(fault.why);
}

static json_t *
place_of(const struct report *report, const struct cf_found *f)
{
	char *place = cf_place(report->schema, f->path);
	json_t *out;

	if (f->file)
		out = json_string("The name of the file");
	else if (f->name)
		out = json_sprintf("%s, the name of a field", place);
	else if (f->paragraph)
		out = json_sprintf("%s, paragraph %zu", place, f->paragraph);
	else
		out = json_string(place);
	free(place);
	return out;
}

static void
add_found(struct report *report, const struct cf_found *f)
{
	static const char *const severities[] = { "never", "waivable",
		"advice" };
	char section[CF_SECTION_TEXT];

	cf_section(section, f->path);
	json_array_append_new(report->findings, json_pack(
		"{s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s*}", "rule",
		f->rule->id, "severity", severities[f->severity], "path",
		f->path, "place", place_of(report, f), "section", section,
		"found", f->what,
		"why", f->rule->why, "remedy", f->remedy ? f->remedy :
		f->rule->remedy, "accepted", f->accepted));
}

struct ranked {
	const struct cf_found *found;
	size_t first;	/* where the first find with this path stands */
};

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->found->severity != y->found->severity)
		return x->found->severity < y->found->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->found->from != y->found->from)
		return x->found->from < y->found->from ? -1 : 1;
	return x->found < y->found ? -1 : x->found > y->found;
}

/* By severity, then place: the order in which a person should meet them. */
static void
add_all_found(struct report *report, const struct cf_probe *probe)
{
	struct ranked *list = cf_calloc(probe->n + 1, sizeof *list);

	for (size_t i = 0; i < probe->n; i++) {
		size_t first = 0;

		while (strcmp(probe->found[first].path, probe->found[i].path)
			!= 0)
			first++;
		list[i] = (struct ranked){ &probe->found[i], first };
	}
	if (probe->n)
		qsort(list, probe->n, sizeof *list, by_rank);
	for (size_t i = 0; i < probe->n; i++)
		add_found(report, list[i].found);
	free(list);
}

static bool
has_rule(const json_t *list, const char *id)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(cf_json_str(json_array_get(list, i), "rule"),
			id) == 0)
			return true;
	return false;
}

static void
count_passed(struct report *report)
{
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++)
		report->passed += !has_rule(report->findings, (*rule)->id) &&
			!has_rule(report->not_run, (*rule)->id);
}

static const char *
verdict_of(const json_t *findings)
{
	const char *verdict = "ready";

	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);
		const char *severity = cf_json_str(f, "severity");

		if (strcmp(severity, "never") == 0)
			return "unsafe";
		if (strcmp(severity, "waivable") == 0 &&
			json_object_get(f, "accepted") == NULL)
			verdict = "decision";
	}
	return verdict;
}

json_t *
cf_check_draft(const json_t *draft, const struct cf_checking *with)
{
	static const struct cf_checking alone = { .file = NULL };
	const char *kind = cf_json_str(draft, "kind");
	bool known = kind && cf_kind_known(kind);
	struct report report = { .findings = json_array(),
		.not_run = json_array(),
		.schema = known ? cf_schema_doc(kind) : NULL };
	struct cf_probe probe = { .doc = draft, .schema = report.schema,
		.body = json_object_get(draft, "body"),
		.with = with ? with : &alone, .not_run = report.not_run };

	if (check_part(&report, "draft", draft) && known &&
		check_part(&report, kind, probe.body))
		check_keys(&report, probe.body);
	if (known)
		check_settled(&report, draft);
	cf_probe_run(&probe);
	cf_waivers_narrow(&probe);
	add_all_found(&report, &probe);
	count_passed(&report);
	cf_probe_clear(&probe);
	return json_pack("{s:s, s:o, s:i, s:o}", "verdict",
		verdict_of(report.findings), "findings", report.findings,
		"passed", (int)report.passed, "notRun", report.not_run);
}
