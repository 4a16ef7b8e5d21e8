/*
 * Texts joined line by line: each side's changes against the text before them,
 * applied together where none touches another.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

struct lines {
	struct cf_str line[CF_MAX_MERGED_LINES];	/* with their newline */
	size_t n;
};

/* Lines from..to of the base become `text`. */
struct hunk {
	size_t from, to;
	struct cf_str text;
};

struct hunks {
	struct hunk *hunk;
	size_t n, cap;
};

static bool
split(struct lines *out, const char *text)
{
	out->n = 0;
	while (*text != '\0') {
		const char *end = strchr(text, '\n');
		size_t n = end ? (size_t)(end - text) + 1 : strlen(text);

		if (out->n == CF_MAX_MERGED_LINES)
			return false;
		out->line[out->n++] = (struct cf_str){ text, n };
		text += n;
	}
	return true;
}

static void
add(struct hunks *out, struct hunk hunk)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->hunk[i].from == hunk.from &&
			out->hunk[i].to == hunk.to &&
			cf_str_eq(out->hunk[i].text, hunk.text))
			return;
	out->hunk = cf_grow(out->hunk, out->n, &out->cap, sizeof hunk);
	out->hunk[out->n++] = hunk;
}

/* table[i][j]: the longest common run of lines after i and after j. */
static uint16_t *
common(const struct lines *a, const struct lines *b)
{
	size_t width = b->n + 1;
	uint16_t *table = cf_calloc((a->n + 1) * width, sizeof *table);

	for (size_t i = a->n; i-- > 0;)
		for (size_t j = b->n; j-- > 0;) {
			uint16_t down = table[(i + 1) * width + j];
			uint16_t right = table[i * width + j + 1];

			if (cf_str_eq(a->line[i], b->line[j]))
				table[i * width + j] = (uint16_t)(1 +
					table[(i + 1) * width + j + 1]);
			else
				table[i * width + j] = down > right ? down :
					right;
		}
	return table;
}

/* The one way through the table that every implementation takes. */
static void
changes(struct hunks *out, const struct lines *a, const struct lines *b)
{
	uint16_t *table = common(a, b);
	size_t i = 0, j = 0, width = b->n + 1;

	while (i < a->n || j < b->n) {
		size_t from = i, first = j;
		struct hunk hunk;

		while (i < a->n || j < b->n) {
			if (i < a->n && j < b->n &&
				cf_str_eq(a->line[i], b->line[j]))
				break;
			if (j == b->n || (i < a->n && table[(i + 1) * width +
				j] >= table[i * width + j + 1]))
				i++;
			else
				j++;
		}
		hunk = (struct hunk){ from, i, { "", 0 } };
		if (j > first)
			hunk.text = (struct cf_str){ b->line[first].p,
				(size_t)(b->line[j - 1].p + b->line[j - 1].n -
				b->line[first].p) };
		if (i > from || j > first)
			add(out, hunk);
		while (i < a->n && j < b->n &&
			cf_str_eq(a->line[i], b->line[j])) {
			i++;
			j++;
		}
	}
	free(table);
}

static int
by_place(const void *a, const void *b)
{
	const struct hunk *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Sorted, none overlaps or touches the next one. */
static bool
apart(struct hunks *hunks)
{
	if (hunks->n > 1)
		qsort(hunks->hunk, hunks->n, sizeof *hunks->hunk, by_place);
	for (size_t i = 1; i < hunks->n; i++)
		if (hunks->hunk[i].from <= hunks->hunk[i - 1].to)
			return false;
	return true;
}

static json_t *
apply(const struct lines *base, const struct hunks *hunks)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);
	size_t at = 0;
	json_t *text;

	for (size_t i = 0; i <= hunks->n; i++) {
		size_t until = i < hunks->n ? hunks->hunk[i].from : base->n;

		for (; at < until; at++)
			cf_buf_add(&out, base->line[at].p, base->line[at].n);
		if (i == hunks->n)
			break;
		cf_buf_add(&out, hunks->hunk[i].text.p, hunks->hunk[i].text.n);
		at = hunks->hunk[i].to;
	}
	text = out.full ? NULL : json_stringn(out.data, out.len);
	cf_buf_clear(&out);
	return text;
}

json_t *
cf_join_texts(const char *base, const char *const *sides, size_t n)
{
	struct lines *before = cf_malloc(sizeof *before);
	struct lines *after = cf_malloc(sizeof *after);
	struct hunks hunks = { 0 };
	bool ok = split(before, base);
	json_t *text = NULL;

	for (size_t i = 0; i < n && ok; i++) {
		ok = split(after, sides[i]);
		if (ok)
			changes(&hunks, before, after);
	}
	if (ok && apart(&hunks))
		text = apply(before, &hunks);
	free(hunks.hunk);
	free(before);
	free(after);
	return text;
}
