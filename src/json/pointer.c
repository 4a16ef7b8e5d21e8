/*
 * JSON Pointer (RFC 6901).
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"

/* Undoes ~1 and ~0 in place; false where a ~ is followed by anything else. */
static bool
unescape(char *token, size_t *n)
{
	size_t to = 0;

	for (size_t i = 0; i < *n; i++) {
		char c = token[i];

		if (c == '~') {
			if (i + 1 == *n)
				return false;
			c = token[++i];
			if (c != '0' && c != '1')
				return false;
			c = c == '0' ? '~' : '/';
		}
		token[to++] = c;
	}
	*n = to;
	return true;
}

static json_t *
member(const json_t *object, struct cf_str token)
{
	json_t *value = NULL;
	char *name;
	size_t n = token.n;

	if (n == 0 || memchr(token.p, '~', n) == NULL)
		return json_object_getn(object, token.p, n);
	name = cf_strndup(token.p, n);
	if (unescape(name, &n))
		value = json_object_getn(object, name, n);
	free(name);
	return value;
}

static json_t *
element(const json_t *array, struct cf_str token)
{
	uint64_t i;

	if (!cf_str_u64(token, &i, SIZE_MAX))
		return NULL;
	return json_array_get(array, (size_t)i);
}

json_t *
cf_json_at(const json_t *value, const char *pointer)
{
	/* jansson hands out members as they are: it is the caller who must not
	 * change what was given as const. */
	union {
		const json_t *given;
		json_t *found;
	} at = { .given = value };

	while (at.found != NULL && *pointer != '\0') {
		struct cf_str token;

		if (*pointer++ != '/')
			return NULL;
		token = (struct cf_str){ pointer, strcspn(pointer, "/") };
		pointer += token.n;
		if (json_is_object(at.found))
			at.found = member(at.found, token);
		else
			at.found = element(at.found, token);
	}
	return at.found;
}

void
cf_json_pointer_add(struct cf_buf *out, const char *token)
{
	size_t n;

	cf_buf_putc(out, '/');
	while (n = strcspn(token, "~/"), token[n] != '\0') {
		cf_buf_add(out, token, n);
		cf_buf_puts(out, token[n] == '~' ? "~0" : "~1");
		token += n + 1;
	}
	cf_buf_add(out, token, n);
}

void
cf_json_pointer_index(struct cf_buf *out, size_t i)
{
	char digits[24], *first = digits + sizeof digits;

	do {
		*--first = (char)('0' + i % 10);
		i /= 10;
	} while (i);
	*--first = '/';
	cf_buf_add(out, first, (size_t)(digits + sizeof digits - first));
}

const char *
cf_json_str(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}
