/*
 * What a reference means: the resource by its URI, then an anchor or a JSON
 * Pointer in it. A pointer that crosses an $id goes on in that resource.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/format.h"
#include "json/schema_set.h"

const struct cf_err *
cf_resource_find(struct cf_resource **out, struct cf_schema_set *set,
	const char *uri)
{
	const struct cf_err *err;
	char *text;
	json_t *document;

	*out = NULL;
	for (size_t i = 0; i < set->n_names; i++) {
		if (strcmp(set->name[i].uri, uri) == 0) {
			*out = set->name[i].resource;
			return NULL;
		}
	}
	text = cf_metaschema(uri);
	if (text == NULL)
		return NULL;
	err = cf_json_read(&document, cf_str(text), CF_MAX_JSON);
	free(text);
	if (err)
		return err;
	err = cf_schema_add(set, uri, document);
	json_decref(document);
	return err ? err : cf_resource_find(out, set, uri);
}

/* Replaces %xx; false where that is no byte, or the byte 0. */
static bool
unescape_percent(char *s)
{
	char *out = s;

	for (; *s; s++, out++) {
		unsigned char byte;
		char pair[2];

		*out = *s;
		if (*s != '%')
			continue;
		if (s[1] == '\0')
			return false;
		for (int i = 0; i < 2; i++)
			pair[i] = s[1 + i] >= 'A' && s[1 + i] <= 'F' ?
				(char)(s[1 + i] | 0x20) : s[1 + i];
		if (!cf_unhex(&byte, 1, (struct cf_str){ pair, 2 }) ||
			byte == 0)
			return false;
		*out = (char)byte;
		s += 2;
	}
	*out = '\0';
	return true;
}

/* ~1 is /, ~0 is ~. */
static void
unescape_token(char *s)
{
	char *out = s;

	for (; *s; s++)
		if (*s == '~' && (s[1] == '0' || s[1] == '1'))
			*out++ = *++s == '0' ? '~' : '/';
		else
			*out++ = *s;
	*out = '\0';
}

static json_t *
step(json_t *json, const char *token)
{
	uint64_t i;

	if (json_is_array(json))
		return cf_str_u64(cf_str(token), &i, SIZE_MAX - 1) ?
			json_array_get(json, (size_t)i) : NULL;
	return json_object_get(json, token);
}

/* Follows `pointer` (which it changes), the resource with it. */
static void
follow(struct cf_target *t, struct cf_schema_set *set, char *pointer)
{
	while (*pointer && t->json) {
		char *token = pointer + 1;
		struct cf_resource *inner;
		char saved;

		pointer = token + strcspn(token, "/");
		saved = *pointer;
		*pointer = '\0';
		unescape_token(token);
		t->json = step(t->json, token);
		*pointer = saved;
		inner = cf_map_get(&set->root, t->json, NULL);
		if (inner && t->json)
			t->resource = inner;
	}
}

static void
find_anchor(struct cf_target *t, const char *name)
{
	t->json = NULL;
	for (const struct cf_anchor *a = t->resource->anchor; a; a = a->next) {
		if (strcmp(a->name, name) != 0)
			continue;
		t->json = a->at;
		if (a->dynamic)
			t->dynamic = a->name;
	}
}

const struct cf_err *
cf_schema_target(struct cf_target *out, struct cf_schema_set *set,
	const char *base, const char *reference)
{
	char *uri = cf_uri_resolve(base, reference);
	char *fragment = strchr(uri, '#');
	const struct cf_err *err;

	*out = (struct cf_target){ .place = cf_schema_keep(set,
		cf_strdup(uri)) };
	if (fragment)
		*fragment++ = '\0';
	err = cf_resource_find(&out->resource, set, uri);
	if (err)
		goto done;
	if (out->resource == NULL) {
		err = cf_err(CF_INVALID, "it refers to %s, which is not among "
			"the schemas here", uri);
		goto done;
	}
	out->json = out->resource->root;
	if (fragment && !unescape_percent(fragment))
		out->json = NULL;
	else if (fragment && *fragment == '/')
		follow(out, set, fragment);
	else if (fragment && *fragment)
		find_anchor(out, fragment);
	if (out->json == NULL)
		err = cf_err(CF_INVALID, "it refers to %s, and there is no "
			"such place in that schema", out->place);
done:
	free(uri);
	return err;
}
