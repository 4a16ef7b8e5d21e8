/*
 * Walking to the place of a conflict, and writing there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/settle.h"

/* Where a walk has come to. */
struct spot {
	json_t *at, *schema;
	bool make;		/* objects that are missing on the way */
};

/* Takes the next token off a path, unescaped. The caller frees. */
static char *
next_token(struct cf_str *path)
{
	char *out, *to;

	if (!cf_str_skip(path, "/"))
		return NULL;
	out = to = cf_malloc(path->n + 1);
	while (path->n && path->p[0] != '/') {
		char c = path->p[0];

		if (c == '~' && path->n > 1 && path->p[1] >= '0' &&
			path->p[1] <= '2') {
			(void)cf_str_skip(path, "~");
			c = "~/]"[path->p[0] - '0'];
		}
		*to++ = c;
		*path = (struct cf_str){ path->p + 1, path->n - 1 };
	}
	*to = '\0';
	return out;
}

static bool
is_keyed(json_t *schema)
{
	enum cf_merge merges = schema ? cf_shape_of(schema) : CF_ATOMIC;

	return merges == CF_KEYED || merges == CF_ORDERED;
}

/* A key as a path names it: its text, or its canonical form. The caller frees. */
static char *
key_name(const json_t *key)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);

	if (json_is_string(key))
		return cf_strdup(json_string_value(key));
	if (key && cf_json_canonical(&out, key, NULL) != NULL)
		cf_buf_reset(&out);
	return cf_buf_take(&out);
}

/* The place of the element that "[key]" names; the length where there is none. */
static size_t
find_element(const json_t *list, const char *key, const char *token)
{
	size_t n = json_array_size(list), length = strlen(token);
	size_t i;

	for (i = 0; i < n; i++) {
		char *name = key_name(json_object_get(json_array_get(list, i),
			key));
		bool is = length >= 2 && length == strlen(name) + 2 &&
			strncmp(token + 1, name, length - 2) == 0;

		free(name);
		if (is)
			break;
	}
	return i;
}

static const struct cf_err *
nowhere(const char *path)
{
	return cf_err(CF_INVALID, "the record has no place %s", path);
}

/* Goes one step down. */
static bool
step(struct spot *spot, const char *token)
{
	json_t *child = NULL;

	if (is_keyed(spot->schema)) {
		size_t i = find_element(spot->at, cf_shape_key(spot->schema),
			token);

		spot->schema = cf_shape_items(spot->schema);
		spot->at = json_array_get(spot->at, i);
		return spot->at != NULL;
	}
	if (!json_is_object(spot->at))
		return false;
	spot->schema = spot->schema ? cf_shape_property(spot->schema, token) :
		NULL;
	child = json_object_get(spot->at, token);
	if (child == NULL && !spot->make)
		return false;
	if (child == NULL) {
		child = is_keyed(spot->schema) ? json_array() : json_object();
		json_object_set_new(spot->at, token, child);
	}
	spot->at = child;
	return true;
}

/* The whole path. */
static bool
walk(struct spot *spot, const char *path)
{
	struct cf_str rest = cf_str(path);
	char *token;
	bool there = true;

	while (there && (token = next_token(&rest)) != NULL) {
		there = step(spot, token);
		free(token);
	}
	return there && rest.n == 0;
}

/* Writes at the last token. */
static bool
put(const struct spot *spot, const char *token, const json_t *value)
{
	json_t *copy = value ? json_deep_copy(value) : NULL;
	size_t i;

	if (is_keyed(spot->schema)) {
		i = find_element(spot->at, cf_shape_key(spot->schema), token);
		if (copy && i == json_array_size(spot->at))
			json_array_append_new(spot->at, copy);
		else if (copy)
			json_array_set_new(spot->at, i, copy);
		else
			json_array_remove(spot->at, i);
		return true;
	}
	if (!json_is_object(spot->at)) {
		json_decref(copy);
		return false;
	}
	if (copy)
		json_object_set_new(spot->at, token, copy);
	else
		json_object_del(spot->at, token);
	return true;
}

const struct cf_err *
cf_settle_put(json_t **body, json_t *schema, const char *path,
	const json_t *value)
{
	struct spot spot = { *body, schema, value != NULL };
	const char *last = strrchr(path, '/');
	struct cf_str rest;
	char *above, *token;
	bool done;

	if (last == NULL) {
		if (path[0] || !json_is_object(value))
			return nowhere(path);
		json_decref(*body);
		*body = json_deep_copy(value);
		return NULL;
	}
	above = cf_strndup(path, (size_t)(last - path));
	rest = cf_str(last);
	token = next_token(&rest);
	done = walk(&spot, above) && put(&spot, token, value);
	free(above);
	free(token);
	/* What is to be removed need not be there. */
	return done || value == NULL ? NULL : nowhere(path);
}

/* Takes the elements with this key out of `from`, in canonical form. */
static void
take_element(json_t *into, json_t *from, const char *key, const char *name)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD);

	for (size_t i = 0; i < json_array_size(from); i++) {
		json_t *element = json_array_get(from, i);
		json_t *is = json_object_get(element, key);

		cf_buf_reset(&text);
		if (is && cf_json_canonical(&text, is, NULL) == NULL &&
			strcmp(text.data, name) == 0) {
			json_array_append(into, element);
			json_array_remove(from, i);
			break;
		}
	}
	cf_buf_clear(&text);
}

const struct cf_err *
cf_settle_order(json_t *body, json_t *schema, const char *path,
	const json_t *keys)
{
	struct spot spot = { body, schema, false };
	json_t *ordered;
	const char *key;

	if (!walk(&spot, path) || !is_keyed(spot.schema) ||
		!json_is_array(spot.at))
		return nowhere(path);
	key = cf_shape_key(spot.schema);
	ordered = json_array();
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *name = json_string_value(json_array_get(keys, i));

		if (name)
			take_element(ordered, spot.at, key, name);
	}
	json_array_extend(ordered, spot.at);
	json_array_clear(spot.at);
	json_array_extend(spot.at, ordered);
	json_decref(ordered);
	return NULL;
}

const json_t *
cf_settle_at(const json_t *body, json_t *schema, const char *path)
{
	/* Nothing is made on the way. */
	struct spot spot = { (json_t *)(uintptr_t)body, schema, false };

	return walk(&spot, path) ? spot.at : NULL;
}

bool
cf_settle_within(const char *path, const char *above)
{
	size_t n = strlen(above);

	return strncmp(path, above, n) == 0 &&
		(path[n] == '\0' || path[n] == '/');
}
