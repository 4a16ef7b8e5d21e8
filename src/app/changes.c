/*
 * What is different between one identity and a later one, in sentences.
 */
#include <stdlib.h>
#include <string.h>

#include "app/identity.h"
#include "base/mem.h"

static json_t *
list_of(const struct cf_identity *identity, const char *list)
{
	return json_object_get(identity->doc, list);
}

/* How many entries of `a` are not in `b`. */
static size_t
more(const json_t *a, const json_t *b)
{
	const json_t *value;
	size_t i, n = 0;

	json_array_foreach(a, i, value) {
		n += !cf_json_has(b, json_string_value(value));
	}
	return n;
}

static void
say_keys(json_t *out, const struct cf_identity *before,
	const struct cf_identity *after)
{
	json_t *old = list_of(before, "publishKeys");
	json_t *new = list_of(after, "publishKeys");
	size_t gained = more(new, old);

	if (gained == 1)
		json_array_append_new(out, json_sprintf("%s has a new key",
			after->name));
	else if (gained)
		json_array_append_new(out, json_sprintf("%s has %zu new keys",
			after->name, gained));
}

static const char *
reason_of(const struct cf_identity *identity, const char *did)
{
	json_t *entry;
	size_t i;

	json_array_foreach(list_of(identity, "revoked"), i, entry) {
		if (strcmp(cf_json_str(entry, "key"), did) == 0)
			return cf_json_str(entry, "reason");
	}
	return "";
}

/* Whether `after` shuts a publish key out for this reason and `before` did not:
 * one that was let in meanwhile, and one that was shut out for another reason,
 * count too. */
static bool
newly_bad(const struct cf_identity *before, const struct cf_identity *after,
	const char *reason)
{
	json_t *entry;
	size_t i;

	json_array_foreach(list_of(after, "revoked"), i, entry) {
		const char *did = cf_json_str(entry, "key");

		if (strcmp(cf_json_str(entry, "reason"), reason) == 0 &&
			strcmp(reason_of(before, did), reason) != 0 &&
			!cf_json_has(list_of(before, "rootKeys"), did))
			return true;
	}
	return false;
}

/* How many keys of a list `after` shuts out for this reason. */
static size_t
newly_revoked(const struct cf_identity *before,
	const struct cf_identity *after, const char *list, const char *reason)
{
	json_t *keys = list_of(before, list), *entry;
	size_t i, n = 0;

	json_array_foreach(list_of(after, "revoked"), i, entry) {
		const char *why = cf_json_str(entry, "reason");

		n += strcmp(why, reason) == 0 && cf_json_has(keys,
			cf_json_str(entry, "key"));
	}
	return n;
}

static void
say_revoked(json_t *out, const struct cf_identity *before,
	const struct cf_identity *after)
{
	if (newly_bad(before, after, "compromised"))
		json_array_append_new(out, json_sprintf("A key of %s was in "
			"the wrong hands and is shut out", after->name));
	else if (newly_bad(before, after, "lost"))
		json_array_append_new(out, json_sprintf("A key of %s was lost "
			"and is shut out", after->name));
	else if (newly_revoked(before, after, "publishKeys", "superseded") &&
		more(list_of(after, "publishKeys"),
		list_of(before, "publishKeys")) == 0)
		json_array_append_new(out, json_sprintf("%s no longer uses "
			"one of its keys", after->name));
}

static void
say_urls(json_t *out, const struct cf_identity *before,
	const struct cf_identity *after)
{
	json_t *urls = list_of(after, "urls"), *url;
	size_t i;

	if (json_equal(urls, list_of(before, "urls")))
		return;
	if (json_array_size(urls) == 0)
		json_array_append_new(out, json_sprintf("%s names no address "
			"any more", after->name));
	json_array_foreach(urls, i, url) {
		if (!cf_json_has(list_of(before, "urls"),
			json_string_value(url)))
			json_array_append_new(out, json_sprintf("%s can now "
				"be found at %s", after->name,
				json_string_value(url)));
	}
}

void
cf_identity_changes(json_t *out, const struct cf_identity *before,
	const struct cf_identity *after)
{
	json_t *roots = list_of(after, "rootKeys");
	json_t *days = list_of(after, "heartbeatDays");

	if (strcmp(before->name, after->name) != 0)
		json_array_append_new(out, json_sprintf("%s is now called %s",
			before->name, after->name));
	say_keys(out, before, after);
	say_revoked(out, before, after);
	if (more(roots, list_of(before, "rootKeys")))
		json_array_append_new(out, json_sprintf("%s has new recovery "
			"sheets", after->name));
	else if (more(list_of(before, "rootKeys"), roots))
		json_array_append_new(out, json_sprintf("%s no longer uses "
			"one of its recovery sheets", after->name));
	say_urls(out, before, after);
	if (!json_equal(days, list_of(before, "heartbeatDays")))
		json_array_append_new(out, json_sprintf("%s means to give a "
			"sign of life every %d days", after->name,
			(int)json_integer_value(days)));
}
