/*
 * Normalization Form C, as Unicode's annex 15 tells it: take apart, put marks in
 * order, put together.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nfc.h"
#include "base/nfc_table.h"
#include "base/str.h"

#define DEEPEST 4u	/* characters that one can be taken apart into */

/* Korean syllables are put together by counting. */
#define SYLLABLES 0xac00
#define LEADS 0x1100
#define VOWELS 0x1161
#define TAILS 0x11a7
#define N_LEADS 19
#define N_VOWELS 21
#define N_TAILS 28
#define N_SYLLABLES (N_LEADS * N_VOWELS * N_TAILS)

struct letter {
	int32_t c;
	int place;		/* of a mark; 0: a letter */
	size_t at;
};

struct letters {
	struct letter *letter;
	size_t n;
};

/* --- what the tables say ----------------------------------------------------- */

static int
place_of(int32_t c)
{
	size_t from = 0, to = cf_nfc_n_classes;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (c < cf_nfc_classes[middle].from)
			to = middle;
		else if (c > cf_nfc_classes[middle].to)
			from = middle + 1;
		else
			return cf_nfc_classes[middle].place;
	}
	return 0;
}

static const struct cf_nfc_pair *
find(const struct cf_nfc_pair *pair, size_t n, int32_t c)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (pair[middle].letter == c)
			return &pair[middle];
		if (pair[middle].letter < c)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* --- taking apart ------------------------------------------------------------ */

static void
push(struct letters *out, int32_t c)
{
	out->letter[out->n] = (struct letter){ c, place_of(c), out->n };
	out->n++;
}

static void
push_korean(struct letters *out, int32_t c)
{
	int32_t i = c - SYLLABLES;

	push(out, LEADS + i / (N_VOWELS * N_TAILS));
	push(out, VOWELS + i % (N_VOWELS * N_TAILS) / N_TAILS);
	if (i % N_TAILS)
		push(out, TAILS + i % N_TAILS);
}

static void
push_apart(struct letters *out, int32_t c)
{
	int32_t mark[DEEPEST], han = cf_nfc_han(c);
	size_t n = 0;

	if (c >= SYLLABLES && c < SYLLABLES + N_SYLLABLES) {
		push_korean(out, c);
		return;
	}
	while (n < DEEPEST) {
		const struct cf_nfc_pair *p = find(cf_nfc_pairs,
			cf_nfc_n_pairs, c);

		if (p == NULL)
			p = find(cf_nfc_apart, cf_nfc_n_apart, c);
		if (p == NULL)
			break;
		c = p->base;
		if (p->mark)
			mark[n++] = p->mark;
	}
	push(out, han ? han : c);
	while (n)
		push(out, mark[--n]);
}

static int
by_place(const void *a, const void *b)
{
	const struct letter *x = a, *y = b;

	return x->place != y->place ? x->place - y->place :
		(x->at > y->at) - (x->at < y->at);
}

/* Marks of one letter that do not touch each other have no order of their own. */
static void
sort_marks(struct letters *l)
{
	size_t i = 0, from;

	while (i < l->n) {
		if (l->letter[i].place == 0) {
			i++;
			continue;
		}
		for (from = i; i < l->n && l->letter[i].place; i++)
			;
		qsort(&l->letter[from], i - from, sizeof *l->letter,
			by_place);
	}
}

/* --- putting together -------------------------------------------------------- */

/* What two characters are as one; 0: two. */
static int32_t
joined(int32_t a, int32_t b)
{
	if (a >= LEADS && a < LEADS + N_LEADS && b >= VOWELS &&
		b < VOWELS + N_VOWELS)
		return SYLLABLES + ((a - LEADS) * N_VOWELS + b - VOWELS) *
			N_TAILS;
	if (a >= SYLLABLES && a < SYLLABLES + N_SYLLABLES &&
		(a - SYLLABLES) % N_TAILS == 0 && b > TAILS &&
		b < TAILS + N_TAILS)
		return a + b - TAILS;
	for (size_t i = 0; b >= 0x300 && i < cf_nfc_n_pairs; i++)
		if (cf_nfc_pairs[i].mark == b && cf_nfc_pairs[i].base == a)
			return cf_nfc_pairs[i].letter;
	return 0;
}

/* A mark joins its letter unless one of the same place, or a letter, stands
 * between them. */
static void
put_together(struct letters *l)
{
	size_t n = 0, letter = 0;
	bool has = false;
	int last = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct letter now = l->letter[i];
		bool near = has && (n == letter + 1 || (last < now.place &&
			last));
		int32_t one = near ? joined(l->letter[letter].c, now.c) : 0;

		if (one) {
			l->letter[letter].c = one;
			continue;
		}
		if (now.place == 0) {
			letter = n;
			has = true;
		}
		last = now.place;
		l->letter[n++] = now;
	}
	l->n = n;
}

static char *
encode(const struct letters *l)
{
	char *out = cf_malloc(l->n * 4 + 1), *to = out;

	for (size_t i = 0; i < l->n; i++) {
		int32_t c = l->letter[i].c;
		int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
		static const int first[] = { 0, 0xc0, 0xe0, 0xf0 };

		*to++ = (char)(first[more] | c >> 6 * more);
		for (int k = more; k > 0; k--)
			*to++ = (char)(0x80 | (c >> 6 * (k - 1) & 0x3f));
	}
	*to = '\0';
	return out;
}

/* Nothing before U+0300 is ever another text in this form. */
static bool
is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0xcc)
			return false;
	return true;
}

static char *
spell(const char *text, bool together)
{
	struct cf_str rest = cf_str(text);
	struct letters l = { 0 };
	char *out;

	l.letter = cf_calloc(rest.n * DEEPEST + 1, sizeof *l.letter);
	while (rest.n) {
		int32_t c = cf_utf8_next(&rest);

		if (c < 0) {
			free(l.letter);
			return cf_strdup(text);
		}
		push_apart(&l, c);
	}
	sort_marks(&l);
	if (together)
		put_together(&l);
	out = encode(&l);
	free(l.letter);
	return out;
}

char *
cf_nfc(const char *text)
{
	return is_plain(text) ? cf_strdup(text) : spell(text, true);
}

char *
cf_nfd(const char *text)
{
	return spell(text, false);
}

bool
cf_same_letters(const char *a, const char *b)
{
	char *x = cf_nfc(a), *y = cf_nfc(b);
	bool same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}
