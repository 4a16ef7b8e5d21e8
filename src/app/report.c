/*
 * Reports of refusals.
 */
#include <stdlib.h>
#include <unistd.h>

#include "app/report.h"
#include "base/clock.h"
#include "base/mem.h"

static char *
place_of(struct cf_trust *trust, const char *name)
{
	char *dir = cf_store_file(trust->store, "refused");
	char *file = cf_asprintf("%s.json", name), *path;

	path = cf_path_join(dir, file);
	free(dir);
	free(file);
	return path;
}

static json_t *
oid_json(const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT];

	if (oid == NULL || cf_oid_is_zero(oid))
		return json_null();
	cf_oid_hex(hex, oid);
	return json_string(hex);
}

/* All of it once more, for whoever opens the file without knowing what it is. */
static json_t *
say(const char *title, const char *url, const json_t *refusal)
{
	const char *commit = cf_json_str(refusal, "commit");
	const char *path = cf_json_str(refusal, "path");

	return json_sprintf("Confer did not take in what %s has published at "
		"%s: %s.%s%s%s%s What was taken in before stays as it was. "
		"'confer verify %s' says the same. (Rule: %s)", title, url,
		cf_json_str(refusal, "detail"), commit ? " Commit: " : "",
		commit ? commit : "", path && path[0] ? " File: " : "",
		path ? path : "", url, cf_json_str(refusal, "rule"));
}

static json_t *
report_of(struct cf_trust *trust, const struct cf_partner *partner,
	const struct cf_oid *head, const struct cf_oid *verified,
	const json_t *refusal)
{
	char now[CF_TIME_TEXT], *title = cf_trust_title(trust, partner->trust);
	json_t *doc;

	cf_time_format(now, cf_now());
	doc = json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:o, s:o, "
		"s:O, s:o}", "kind", "refusal", "confer", CONFER_VERSION,
		"protocol", CF_PROTOCOL, "ruleset", CF_RULESET, "trust",
		partner->trust, "name", title, "url", partner->url, "found",
		now, "head", oid_json(head), "verified", oid_json(verified),
		"refusal", refusal, "message", say(title, partner->url,
		refusal));
	free(title);
	return doc;
}

char *
cf_report_write(struct cf_trust *trust, const struct cf_partner *partner,
	const struct cf_oid *head, const struct cf_oid *verified,
	const json_t *refusal)
{
	struct cf_buf text = CF_BUF(CF_MAX_REPORT);
	char *path = place_of(trust, partner->name);
	char *dir = cf_store_file(trust->store, "refused");
	json_t *doc = report_of(trust, partner, head, verified, refusal);
	const struct cf_err *err = cf_mkdirs(dir, 0755);

	if (!err)
		err = cf_json_file_form(&text, doc);
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	if (err) {
		free(path);
		path = NULL;
	}
	cf_buf_clear(&text);
	json_decref(doc);
	free(dir);
	return path;
}

void
cf_report_drop(struct cf_trust *trust, const char *name)
{
	char *path = place_of(trust, name);

	(void)unlink(path);
	free(path);
}
