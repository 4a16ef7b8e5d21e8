#ifndef NAIVE_LISTS_H
#define NAIVE_LISTS_H

/*
 * What the naive merge knows of paths, texts and orders.
 */
#include "tale.h"

/* m: by member, a: one value, s: set, l: keyed, L: in the author's order, t:
 * text, > max, < min, r: rank. */
static inline char
n_kind(const char *path)
{
	static const char fields[] = "gxadeilr", kinds[] = "sta><lLr";
	const char *last = strrchr(path, '/'), *field;

	if (last == path && strlen(path) == 2) {
		field = strchr(fields, path[1]);
		return field ? kinds[field - fields] : 'm';
	}
	if ((strncmp(path, "/i/[", 4) == 0 || strncmp(path, "/l/[", 4) == 0) &&
		strchr(path + 3, '/') == last && strcmp(last, "/g") == 0)
		return 's';
	return 'm';
}

/* The key of an element is what makes it this one, and never contested. */
static inline bool
n_is_key(const char *path)
{
	const char *last = strrchr(path, '/');

	return (strncmp(path, "/i/[", 4) == 0 ||
		strncmp(path, "/l/[", 4) == 0) &&
		strchr(path + 3, '/') == last && strcmp(last, "/id") == 0;
}

static inline json_t *
n_key_of(const char *element)
{
	return json_sprintf("%.*s", (int)strlen(element) - 5, element + 4);
}

/* Puts a value where its canonical form belongs, once. */
static inline void
n_sorted(json_t *list, json_t *value)
{
	size_t i = 0;

	while (i < json_array_size(list) &&
		cf_json_compare(json_array_get(list, i), value) < 0)
		i++;
	if (i == json_array_size(list) ||
		cf_json_compare(json_array_get(list, i), value) != 0)
		json_array_insert(list, i, value);
}

/* Keys in tales are words: [a] is the element whose id is "a". */
static inline json_t *
n_element(const json_t *list, const char *token)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *id = cf_json_str(item, "id");

		if (id && token[0] == '[' && strncmp(id, token + 1,
			strlen(id)) == 0 && token[1 + strlen(id)] == ']')
			return item;
	}
	return NULL;
}

/* The value at a path in a body, or NULL. */
static inline json_t *
n_find(json_t *value, const char *path)
{
	while (*path && value) {
		size_t n = strcspn(path + 1, "/");
		char *token = cf_strndup(path + 1, n);

		value = json_is_array(value) ? n_element(value, token) :
			json_object_get(value, token);
		path += 1 + n;
		free(token);
	}
	return value;
}

/* --- texts ------------------------------------------------------------------ */

#define N_LINES 64

struct n_text {
	char *line[N_LINES];
	unsigned n;
};

static inline void
n_split(struct n_text *out, const char *text)
{
	out->n = 0;
	while (*text) {
		size_t n = strcspn(text, "\n");

		n += text[n] == '\n';
		out->line[out->n++] = cf_strndup(text, n);
		text += n;
	}
}

static inline void
n_text_clear(struct n_text *text)
{
	while (text->n)
		free(text->line[--text->n]);
}

static inline unsigned
n_common(const struct n_text *a, unsigned i, const struct n_text *b, unsigned j,
	unsigned memo[N_LINES + 1][N_LINES + 1])
{
	unsigned x, y;

	if (i >= a->n || j >= b->n)
		return 0;
	if (memo[i][j])
		return memo[i][j] - 1;
	if (strcmp(a->line[i], b->line[j]) == 0) {
		x = 1 + n_common(a, i + 1, b, j + 1, memo);
	} else {
		x = n_common(a, i + 1, b, j, memo);
		y = n_common(a, i, b, j + 1, memo);
		x = x > y ? x : y;
	}
	memo[i][j] = x + 1;
	return x;
}

/*
 * What a side makes of each place: at[2i] stands before line i, at[2i + 1] for
 * line i; NULL: left as it is. Neighbours with changes touch.
 */
struct n_change {
	unsigned from, to;
	char *text;
};

static inline unsigned
n_changes(struct n_change *out, unsigned n, const struct n_text *a,
	const char *side)
{
	static unsigned memo[N_LINES + 1][N_LINES + 1];
	struct n_text b;
	unsigned i = 0, j = 0;

	n_split(&b, side);
	memset(memo, 0, sizeof memo);
	while (i < a->n || j < b.n) {
		struct n_change c = { i, i, cf_strdup("") };
		bool known = false;

		while ((i < a->n || j < b.n) && !(i < a->n && j < b.n &&
			strcmp(a->line[i], b.line[j]) == 0)) {
			char *more;

			if (j == b.n || (i < a->n && n_common(a, i + 1, &b, j,
				memo) >= n_common(a, i, &b, j + 1, memo))) {
				c.to = ++i;
				continue;
			}
			more = cf_asprintf("%s%s", c.text, b.line[j++]);
			free(c.text);
			c.text = more;
		}
		for (unsigned k = 0; k < n; k++)
			known = known || (out[k].from == c.from && out[k].to ==
				c.to && strcmp(out[k].text, c.text) == 0);
		if (known || (c.from == c.to && !c.text[0]))
			free(c.text);
		else
			out[n++] = c;
		i += i < a->n;
		j += j < b.n;
	}
	n_text_clear(&b);
	return n;
}

/* R6. NULL: the changes touch. */
static inline json_t *
n_join(const char *base, json_t *const *sides, unsigned n)
{
	struct n_change c[8 * N_LINES];
	struct n_text a;
	struct cf_buf out = CF_BUF(CF_MAX_JSON);
	unsigned n_c = 0;
	json_t *text = NULL;
	bool apart = true;

	n_split(&a, base);
	for (unsigned i = 0; i < n; i++)
		n_c = n_changes(c, n_c, &a, json_string_value(sides[i]));
	for (unsigned i = 0; i < n_c; i++)
		for (unsigned k = 0; k < i; k++)
			apart = apart && (c[i].to < c[k].from ||
				c[k].to < c[i].from);
	for (unsigned line = 0; apart && line <= a.n; line++) {
		bool gone = false;

		for (unsigned i = 0; i < n_c; i++) {
			if (c[i].from == line)
				cf_buf_puts(&out, c[i].text);
			gone = gone || (c[i].from <= line && line < c[i].to);
		}
		if (line < a.n && !gone)
			cf_buf_puts(&out, a.line[line]);
	}
	if (apart)
		text = json_string(out.data);
	while (n_c)
		free(c[--n_c].text);
	n_text_clear(&a);
	cf_buf_clear(&out);
	return text;
}

#endif
