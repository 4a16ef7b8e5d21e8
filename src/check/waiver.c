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

static json_t *
waiver_of(const json_t *doc, const char *rule, const char *path)
{
	const json_t *waivers = json_object_get(doc, "waivers");
	char section[CF_SECTION_TEXT];

	cf_section(section, path);
	for (size_t i = 0; i < json_array_size(waivers); i++) {
		json_t *waiver = json_array_get(waivers, i);
		const char *is = cf_json_str(waiver, "rule");
		const char *where = cf_json_str(waiver, "section");

		if (is && where && strcmp(is, rule) == 0 &&
			strcmp(where, section) == 0)
			return waiver;
	}
	return NULL;
}

const char *
cf_waiver_reason(const struct cf_probe *probe, const char *path)
{
	return cf_json_str(waiver_of(probe->doc, probe->rule->id, path),
		"reason");
}

/* What an author has seen: the words that were found (the beginning of long ones),
 * or the sentence about a figure. */
static char *
seen(const struct cf_probe *probe, const struct cf_found *f)
{
	const json_t *at = cf_json_at(probe->doc, f->path);
	const char *text = json_string_value(at);
	bool words = f->from < f->to && text &&
		f->to <= json_string_length(at) && !f->name;
	const char *from = words ? text + f->from :
		f->name ? strrchr(f->path, '/') + 1 : f->what;
	size_t n = words ? f->to - f->from : strlen(from);
	char *out = cf_strndup(from, n < CF_MAX_SEEN ? n : CF_MAX_SEEN);

	cf_utf8_mend(out);
	return out;
}

void
cf_waivers_narrow(struct cf_probe *probe)
{
	for (size_t i = 0; i < probe->n; i++) {
		struct cf_found *f = &probe->found[i];
		const json_t *known = f->accepted ? json_object_get(waiver_of(
			probe->doc, f->rule->id, f->path), "found") : NULL;
		char *what = known ? seen(probe, f) : NULL;

		if (known && !cf_json_has(known, what))
			f->accepted = NULL;
		free(what);
	}
}

/* A draft that was written by hand may give a reason for all of a section. */
static void
give(json_t *draft, const struct cf_probe *probe, const struct cf_found *f,
	const char *reason)
{
	json_t *waiver = waiver_of(draft, f->rule->id, f->path), *known;
	char section[CF_SECTION_TEXT];
	char *what = seen(probe, f);

	cf_section(section, f->path);
	if (waiver == NULL) {
		waiver = json_pack("{s:s, s:s, s:[]}", "rule", f->rule->id,
			"section", section, "found");
		if (!json_is_array(json_object_get(draft, "waivers")))
			json_object_set_new(draft, "waivers", json_array());
		json_array_append_new(json_object_get(draft, "waivers"),
			waiver);
	}
	json_object_set_new(waiver, "reason", json_string(reason));
	known = json_object_get(waiver, "found");
	if (known && !cf_json_has(known, what))
		json_array_append_new(known, json_string(what));
	free(what);
}

const struct cf_err *
cf_check_waive(json_t *draft, const struct cf_checking *with, const char *rule,
	const char *reason)
{
	const char *kind = cf_json_str(draft, "kind");
	struct cf_probe probe = { .doc = draft, .with = with,
		.body = json_object_get(draft, "body"),
		.schema = kind && cf_kind_known(kind) ? cf_schema_doc(kind) :
			NULL };
	const struct cf_err *err = NULL;
	bool any = false;

	cf_probe_run(&probe);
	for (size_t i = 0; i < probe.n && !err; i++) {
		const struct cf_found *f = &probe.found[i];
		char *place;

		if (strcmp(f->rule->id, rule) != 0 ||
			f->severity == CF_ADVICE)
			continue;
		any = true;
		if (f->severity != CF_NEVER) {
			give(draft, &probe, f, reason);
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
			"that waits for a reason", rule);
	return err;
}
