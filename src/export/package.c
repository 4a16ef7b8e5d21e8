/*
 * datapackage.json.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/document.h"

#define PROFILES "https://datapackage.org/profiles/2.0/"

char *
cf_licence_url(const char *id)
{
	return cf_asprintf("https://spdx.org/licenses/%s", id);
}

const char *
cf_https(const json_t *urls)
{
	for (size_t i = 0; i < json_array_size(urls); i++) {
		const char *url = json_string_value(json_array_get(urls, i));

		if (url && cf_starts(url, "https://"))
			return url;
	}
	return NULL;
}

static json_t *
resource(const struct cf_export_table *table, const json_t *file)
{
	json_t *schema = json_copy(json_object_get(table->about, "schema"));

	json_object_set_new(schema, "$schema", json_string(PROFILES
		"tableschema.json"));
	return json_pack("{s:s, s:s, s:o, s:s, s:O, s:O, s:s, s:s, s:s, s:O, "
		"s:o, s:{s:b, s:s, s:s, s:s, s:b}, s:o}",
		"$schema", PROFILES "dataresource.json", "name", table->name,
		"path", json_sprintf("%s.csv", table->name), "type", "table",
		"title", json_object_get(table->about, "title"),
		"description", json_object_get(table->about, "description"),
		"format", "csv", "mediatype", "text/csv", "encoding", "utf-8",
		"bytes", json_object_get(file, "bytes"), "hash",
		json_sprintf("sha256:%s", cf_json_str(file, "sha256")),
		"dialect", "header", 1, "delimiter", ",", "lineTerminator",
		"\r\n", "quoteChar", "\"", "doubleQuote", 1, "schema", schema);
}

static json_t *
licences_of(const json_t *ids)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		char *url = cf_licence_url(id);

		json_array_append_new(out, json_pack("{s:s, s:s}", "name", id,
			"path", url));
		free(url);
	}
	return out;
}

/* Who gave: the trusts, never a person. */
static void
add_trusts(json_t *to, const json_t *trusts)
{
	json_t *sources = json_array(), *contributors = json_array();

	for (size_t i = 0; i < json_array_size(trusts); i++) {
		const json_t *one = json_array_get(trusts, i);
		const char *url = cf_https(json_object_get(one, "urls"));

		json_array_append_new(sources, json_pack("{s:O, s:s*, s:O}",
			"title", json_object_get(one, "name"), "path", url,
			"version", json_object_get(one, "head")));
		json_array_append_new(contributors, json_pack(
			"{s:O, s:O, s:[s]}", "title",
			json_object_get(one, "name"), "organization",
			json_object_get(one, "name"), "roles", "creator"));
	}
	json_object_set_new(to, "sources", sources);
	json_object_set_new(to, "contributors", contributors);
}

json_t *
cf_package(const json_t *about, const struct cf_export_tables *tables,
	const json_t *files, const json_t *licences)
{
	json_t *out, *resources = json_array();

	for (size_t i = 0; i < tables->n; i++)
		json_array_append_new(resources, resource(&tables->table[i],
			json_array_get(files, i)));
	out = json_pack("{s:s, s:s, s:s, s:s, s:O, s:{s:O, s:O, s:O}, s:[s, s], "
		"s:o}",
		"$schema", PROFILES "datapackage.json",
		"name", "confer-commons",
		"title", "A commons of signed records of practice and findings",
		"description", "Records that trusts published as signed "
		"documents, exported by Confer. The table signatures says which "
		"key signed what, and what that is worth today. Lists and "
		"objects stand in their cells as JSON.",
		"created", json_object_get(about, "time"),
		"commons", "commit", json_object_get(about, "commit"), "tree",
		json_object_get(about, "tree"), "ruleset",
		json_object_get(about, "ruleset"),
		"keywords", "education", "evidence", "resources", resources);
	if (json_array_size(licences))
		json_object_set_new(out, "licenses", licences_of(licences));
	add_trusts(out, json_object_get(about, "trusts"));
	return out;
}
