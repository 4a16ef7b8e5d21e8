/*
 * Reasons for what a rule found. A record names rule, section and reason, and
 * nothing else: what was found would be published with them. A draft keeps in
 * `found` what its author had seen when she gave the reason; what comes into
 * that section afterwards waits for an answer of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/rule.h"
#include "record/kind.h"

/* The reason of the rule in the section of a path that covers `what` (NULL: any of
 * them): one that was written by hand covers all that is there. */
static json_t *
waiver_of(const json_t *doc, const char *rule, const char *path,
	const char *what)
{
	const json_t *waivers = json_object_get(doc, "waivers");
	char section[CF_SECTION_TEXT];

	cf_section(section, path);
	for (size_t i = 0; i < json_array_size(waivers); i++) {
		json_t *waiver = json_array_get(waivers, i);
		const json_t *found = json_object_get(waiver, "found");
		const char *is = cf_json_str(waiver, "rule");
		const char *where = cf_json_str(waiver, "section");

		if (is && where && strcmp(is, rule) == 0 &&
			strcmp(where, section) == 0 &&
			(!what || !found || cf_json_has(found, what)))
			return waiver;
	}
	return NULL;
}

const char *
cf_waiver_reason(const struct cf_probe *probe, const char *path)
{
	return cf_json_str(waiver_of(probe->doc, probe->rule->id, path, NULL),
		"reason");
}

/* "/body/attrition/analysed = 47": where a figure stands, and what it is. */
static char *
figure(const char *path, const json_t *at)
{
	struct cf_digest digest;
	char *value, *out;

	if (json_is_object(at) || json_is_array(at)) {
		if (cf_digest_doc(&digest, at) != NULL)
			return cf_strdup(path);
		return cf_asprintf("%s = %s", path, digest.text);
	}
	value = json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT);
	out = cf_asprintf("%s = %s", path, value ? value : "");
	free(value);
	return out;
}

/* What an author has seen: the words that were found (the beginning of long ones),
 * or a figure. */
static char *
seen(const struct cf_probe *probe, const struct cf_found *f)
{
	const json_t *at = cf_json_at(probe->doc, f->path);
	const char *text = json_string_value(at);
	char *out;

	if (f->name)
		out = cf_strdup(f->name);
	else if (f->from < f->to && text && f->to <= json_string_length(at))
		out = cf_strndup(text + f->from, f->to - f->from);
	else
		out = at ? figure(f->path, at) : cf_strdup(f->what);
	if (strlen(out) > CF_MAX_SEEN)
		out[CF_MAX_SEEN] = '\0';
	cf_utf8_mend(out);
	return out;
}

void
cf_waivers_narrow(struct cf_probe *probe)
{
	for (size_t i = 0; i < probe->n; i++) {
		struct cf_found *f = &probe->found[i];
		char *what = f->accepted ? seen(probe, f) : NULL;

		if (what)
			f->accepted = cf_json_str(waiver_of(probe->doc,
				f->rule->id, f->path, what), "reason");
		free(what);
	}
}

/* The waiver with that reason for the rule in a section, made where there is
 * none. */
static json_t *
with_reason(json_t *draft, const struct cf_found *f, const char *reason)
{
	json_t *waivers = json_object_get(draft, "waivers"), *waiver;
	char section[CF_SECTION_TEXT];
	size_t i;

	cf_section(section, f->path);
	if (!json_is_array(waivers)) {
		json_object_set_new(draft, "waivers", json_array());
		waivers = json_object_get(draft, "waivers");
	}
	json_array_foreach(waivers, i, waiver) {
		const char *is = cf_json_str(waiver, "rule");
		const char *where = cf_json_str(waiver, "section");
		const char *why = cf_json_str(waiver, "reason");

		if (is && where && why && strcmp(is, f->rule->id) == 0 &&
			strcmp(where, section) == 0 && strcmp(why, reason) == 0)
			return waiver;
	}
	waiver = json_pack("{s:s, s:s, s:[], s:s}", "rule", f->rule->id,
		"section", section, "found", "reason", reason);
	json_array_append_new(waivers, waiver);
	return waiver;
}

static void
remember(json_t *waiver, const struct cf_probe *probe, const struct cf_found *f)
{
	json_t *found = json_object_get(waiver, "found");
	char *what = seen(probe, f);

	if (!cf_json_has(found, what))
		json_array_append_new(found, json_string(what));
	free(what);
}

static struct cf_probe
probe_of(const json_t *draft, const struct cf_checking *with)
{
	const char *kind = cf_json_str(draft, "kind");

	return (struct cf_probe){ .doc = draft, .with = with,
		.body = json_object_get(draft, "body"),
		.schema = kind && cf_kind_known(kind) ? cf_schema_doc(kind) :
			NULL };
}

void
cf_check_remember(json_t *draft)
{
	static const struct cf_checking alone = { .file = NULL };
	struct cf_probe probe = probe_of(draft, &alone);
	json_t *waiver;
	size_t i;

	cf_probe_run(&probe);
	json_array_foreach(json_object_get(draft, "waivers"), i, waiver)
		json_object_set_new(waiver, "found", json_array());
	for (i = 0; i < probe.n; i++)
		if (probe.found[i].accepted)
			remember(waiver_of(draft, probe.found[i].rule->id,
				probe.found[i].path, NULL), &probe,
				&probe.found[i]);
	cf_probe_clear(&probe);
}

const struct cf_err *
cf_check_waive(json_t *draft, const struct cf_checking *with, const char *rule,
	const char *reason)
{
	struct cf_probe probe = probe_of(draft, with);
	const struct cf_err *err = NULL;
	bool any = false;

	cf_probe_run(&probe);
	cf_waivers_narrow(&probe);
	for (size_t i = 0; i < probe.n && !err; i++) {
		const struct cf_found *f = &probe.found[i];
		char *place;

		if (strcmp(f->rule->id, rule) != 0 || f->accepted ||
			f->severity == CF_ADVICE)
			continue;
		any = true;
		if (f->severity != CF_NEVER) {
			remember(with_reason(draft, f, reason), &probe, f);
			continue;
		}
		place = cf_place(probe.schema, f->path);
		err = cf_err_rule(CF_INVALID, rule, "no reason is enough for "
			"what the rule %s found (%s). Change the draft instead",
			rule, place);
		free(place);
	}
	cf_probe_clear(&probe);
	if (!err && !any)
		err = cf_err(CF_NOT_FOUND, "the rule %s finds nothing in it "
			"that waits for a reason%s", rule, strncmp(rule, "X-",
			2) == 0 ? ". Where it speaks of another draft, "
			"publish that one first" : "");
	return err;
}
