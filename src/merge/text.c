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

/* --- what two texts have in common --------------------------------------------- */

/*
 * How many lines the rest of a (from line i on) and the rest of b (from j on) have
 * in common, in that order, for every i and j: a row of bits for each i, of which
 * bit k is 0 where the last k + 1 lines of b have one more than the last k. A row
 * follows from the one after it in one addition, so that texts of 2,000 lines that
 * somebody made to be slow take no time (Crochemore and others, 2001).
 */
struct common {
	size_t n, words;	/* lines of b; words of a row */
	uint64_t *row;		/* one more than a has lines */
};

struct placed {
	struct cf_str line;
	size_t at;
	size_t first;		/* of those that are the same, by their order */
};

static int
by_line(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	size_t n = x->line.n < y->line.n ? x->line.n : y->line.n;
	int order = memcmp(x->line.p, y->line.p, n);

	return order ? order : (x->line.n > y->line.n) -
		(x->line.n < y->line.n);
}

/* Where each line of b is, from its end: a row of bits, at its first place among
 * the sorted ones. */
static uint64_t *
places(struct placed *sorted, const struct lines *b, size_t words)
{
	uint64_t *where = cf_calloc((b->n + 1) * words, sizeof *where);

	for (size_t j = 0; j < b->n; j++)
		sorted[j] = (struct placed){ b->line[j], j, 0 };
	if (b->n)
		qsort(sorted, b->n, sizeof *sorted, by_line);
	for (size_t k = 0; k < b->n; k++) {
		sorted[k].first = k && by_line(&sorted[k - 1], &sorted[k]) == 0
			? sorted[k - 1].first : k;
		cf_bit_set(where + sorted[k].first * words,
			b->n - 1 - sorted[k].at);
	}
	return where;
}

/* The row before `from`: of one line more, which is at these places. */
static void
add_line(uint64_t *to, const uint64_t *from, const uint64_t *where,
	size_t words)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < words; i++) {
		uint64_t both = from[i] & where[i], sum = from[i] + both;
		uint64_t over = sum < both;

		sum += carry;
		over |= sum < carry;
		to[i] = sum | (from[i] & ~where[i]);
		carry = over;
	}
}

static void
find_common(struct common *out, const struct lines *a, const struct lines *b)
{
	size_t words = b->n / 64 + 1;
	struct placed *sorted = cf_calloc(b->n + 1, sizeof *sorted);
	uint64_t *where = places(sorted, b, words);

	*out = (struct common){ b->n, words, cf_calloc((a->n + 1) * words,
		sizeof(uint64_t)) };
	memset(out->row + a->n * words, 0xff, words * sizeof *out->row);
	for (size_t i = a->n; i-- > 0;) {
		const struct placed key = { .line = a->line[i] };
		const struct placed *same = bsearch(&key, sorted, b->n,
			sizeof key, by_line);
		uint64_t *row = out->row + i * words;

		if (same)
			add_line(row, row + words, where + same->first * words,
				words);
		else
			memcpy(row, row + words, words * sizeof *row);
	}
	free(sorted);
	free(where);
}

static unsigned
in_common(const struct common *c, size_t i, size_t j)
{
	const uint64_t *row = c->row + i * c->words;
	size_t bits = c->n - j;
	unsigned n = 0;

	for (; bits >= 64; bits -= 64)
		n += (unsigned)__builtin_popcountll(~*row++);
	return n + (unsigned)__builtin_popcountll(~*row &
		((UINT64_C(1) << bits) - 1));
}

/* --- changes ------------------------------------------------------------------ */

/* The one way from end to end that every implementation takes. */
static void
changes(struct hunks *out, const struct lines *a, const struct lines *b)
{
	struct common c;
	size_t i = 0, j = 0;

	find_common(&c, a, b);
	while (i < a->n || j < b->n) {
		size_t from = i, first = j;
		struct hunk hunk;

		while (i < a->n || j < b->n) {
			if (i < a->n && j < b->n &&
				cf_str_eq(a->line[i], b->line[j]))
				break;
			if (j == b->n || (i < a->n && in_common(&c, i + 1, j)
				>= in_common(&c, i, j + 1)))
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
	free(c.row);
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
