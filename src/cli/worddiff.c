/*
 * The longest common sequence of words, and how to write it down.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/worddiff.h"

#define AROUND 8u		/* words shown before and after a change */
#define ELLIPSIS "\xe2\x80\xa6"

/* A text in words. A line break is a word of its own, so that lines stay. */
struct words {
	struct cf_str *word;
	size_t n, cap;
};

static void
split(struct words *out, const char *text)
{
	*out = (struct words){ 0 };
	while (*text) {
		size_t n = strcspn(text, " \t\r\n");

		if (n == 0 && *text == '\n')
			n = 1;
		if (n) {
			out->word = cf_grow(out->word, out->n, &out->cap,
				sizeof *out->word);
			out->word[out->n++] = (struct cf_str){ text, n };
		}
		text += n ? n : 1;
	}
}

enum change { SAME, GONE, NEW };

/* The words of both texts in the order to show them. */
struct script {
	struct cf_str *word;
	enum change *change;
	size_t n;
};

static void
push(struct script *s, struct cf_str word, enum change change)
{
	s->word[s->n] = word;
	s->change[s->n++] = change;
}

/* lengths[i * (m + 1) + j]: of the longest common sequence of what follows word
 * i of a and word j of b. The caller frees. */
static uint32_t *
measure(const struct cf_str *a, size_t n, const struct cf_str *b, size_t m)
{
	uint32_t *length = cf_calloc((n + 1) * (m + 1), sizeof *length);

	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;) {
			uint32_t *at = &length[i * (m + 1) + j];

			if (cf_str_eq(a[i], b[j]))
				*at = at[m + 2] + 1;
			else
				*at = at[1] > at[m + 1] ? at[1] : at[m + 1];
		}
	return length;
}

/* What lies between the words that both begin and end with. */
static void
compare(struct script *s, const struct cf_str *a, size_t n,
	const struct cf_str *b, size_t m)
{
	uint32_t *length = NULL;
	size_t i = 0, j = 0;

	if (n && m && n < CF_MAX_DIFF_CELLS / m)
		length = measure(a, n, b, m);
	while (i < n || j < m) {
		size_t at = i * (m + 1) + j;

		if (length && i < n && j < m && cf_str_eq(a[i], b[j])) {
			push(s, a[i++], SAME);
			j++;
		} else if (i < n && (j == m || !length ||
			length[at + m + 1] >= length[at + 1])) {
			push(s, a[i++], GONE);
		} else {
			push(s, b[j++], NEW);
		}
	}
	free(length);
}

static void
make(struct script *s, const struct words *a, const struct words *b)
{
	size_t head = 0, tail = 0, most = a->n < b->n ? a->n : b->n;

	s->word = cf_calloc(a->n + b->n + 1, sizeof *s->word);
	s->change = cf_calloc(a->n + b->n + 1, sizeof *s->change);
	s->n = 0;
	while (head < most && cf_str_eq(a->word[head], b->word[head]))
		push(s, a->word[head++], SAME);
	while (tail < most - head && cf_str_eq(a->word[a->n - tail - 1],
		b->word[b->n - tail - 1]))
		tail++;
	if (a->n - head - tail || b->n - head - tail)
		compare(s, a->n ? a->word + head : NULL, a->n - head - tail,
			b->n ? b->word + head : NULL, b->n - head - tail);
	for (size_t i = b->n - tail; i < b->n; i++)
		push(s, b->word[i], SAME);
}

/* Whether a word is close enough to a change to be shown. */
static bool
is_near(const struct script *s, size_t i)
{
	size_t from = i < AROUND ? 0 : i - AROUND;
	size_t to = i + AROUND < s->n ? i + AROUND : s->n - 1;

	for (size_t k = from; k <= to; k++)
		if (s->change[k] != SAME)
			return true;
	return false;
}

static bool
is_break(struct cf_str word)
{
	return word.n == 1 && word.p[0] == '\n';
}

/* One run of words with the same fate. */
static size_t
write_run(struct cf_buf *out, const struct script *s, size_t i)
{
	static const char *const open[] = { "", "[-", "{+" };
	static const char *const close[] = { "", "-]", "+}" };
	enum change change = s->change[i];
	bool first = true, hidden = false;

	if (out->len && out->data[out->len - 1] != '\n')
		cf_buf_putc(out, ' ');
	cf_buf_puts(out, open[change]);
	for (; i < s->n && s->change[i] == change; i++) {
		if (change == SAME && !is_near(s, i)) {
			if (!hidden)
				cf_buf_printf(out, "%s" ELLIPSIS,
					first ? "" : " ");
			hidden = true;
			first = false;
			continue;
		}
		hidden = false;
		if (is_break(s->word[i])) {
			cf_buf_putc(out, '\n');
			first = true;
			continue;
		}
		if (!first)
			cf_buf_putc(out, ' ');
		cf_buf_add(out, s->word[i].p, s->word[i].n);
		first = false;
	}
	cf_buf_puts(out, close[change]);
	return i;
}

char *
cf_word_diff(const char *before, const char *after)
{
	struct cf_buf out = CF_BUF(4 * CF_MAX_RECORD);
	struct words a, b;
	struct script s;

	split(&a, before);
	split(&b, after);
	make(&s, &a, &b);
	for (size_t i = 0; i < s.n;)
		i = write_run(&out, &s, i);
	free(a.word);
	free(b.word);
	free(s.word);
	free(s.change);
	return cf_buf_take(&out);
}

unsigned
cf_words_kept(const char *before, const char *after)
{
	struct words a, b;
	struct script s;
	size_t same = 0, most;

	split(&a, before);
	split(&b, after);
	make(&s, &a, &b);
	for (size_t i = 0; i < s.n; i++)
		same += s.change[i] == SAME;
	most = a.n > b.n ? a.n : b.n;
	free(a.word);
	free(b.word);
	free(s.word);
	free(s.change);
	return most ? (unsigned)(same * 100 / most) : 100;
}
