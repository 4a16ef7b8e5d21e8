/*
 * Patterns that are a row of sets of characters, each with a count ("^[a-z]{2}
 * [0-9]+$"), whose end may be optional ("^([^ ]([^;]*[^ ;])?)?$"): most of those
 * that a record is held against. They are matched here in one pass; PCRE2 costs
 * more to begin than the whole text takes.
 *
 * Each set takes what it can. That finds a match wherever there is one, because
 * only such rows are taken on in which no character of a set with a variable
 * count can stand where the row goes on; or all that follows is one character
 * that the set has, too: then it gives the last one back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "json/regex.h"

#define PARTS 24	/* of a pattern; one with more is left to PCRE2 */
#define ENDLESS UINT32_MAX
#define LOW 256		/* characters with a bit of their own */

/* The characters below LOW, one bit each, and whether all others belong. */
struct set {
	uint64_t bit[LOW / 64];
	bool rest;
};

struct part {
	struct set set;
	uint32_t min, max;
	bool may_end;	/* the text may end before it */
	bool gives;	/* its last character is the next part's */
};

struct cf_regex_plain {
	size_t n;
	struct part part[PARTS];
};

/* --- reading a pattern ------------------------------------------------------ */

static void
add_range(struct set *set, unsigned first, unsigned last)
{
	for (unsigned c = first; c <= last; c++)
		set->bit[c / 64] |= UINT64_C(1) << c % 64;
}

/* One character as it stands, or after a backslash; -1: something else. */
static int
take_char(struct cf_str *s, const char *special)
{
	unsigned char byte;
	int c;

	if (s->n == 0 || (unsigned char)s->p[0] >= 0x80)
		return -1;
	c = (unsigned char)s->p[0];
	if (c != '\\') {
		*s = (struct cf_str){ s->p + 1, s->n - 1 };
		return strchr(special, c) ? -1 : c;
	}
	if (s->n >= 4 && s->p[1] == 'x' && cf_unhex(&byte, 1,
		(struct cf_str){ s->p + 2, 2 })) {
		*s = (struct cf_str){ s->p + 4, s->n - 4 };
		return byte;
	}
	if (s->n < 2 || strchr("^$\\.*+?()[]{}|/-", s->p[1]) == NULL)
		return -1;
	c = (unsigned char)s->p[1];
	*s = (struct cf_str){ s->p + 2, s->n - 2 };
	return c;
}

/* "a", "a-z" or a dash at the end of a set. */
static bool
take_range(struct set *out, struct cf_str *s)
{
	int first, last;

	if (s->p[0] == '-') {
		add_range(out, '-', '-');
		return s->n > 1 && s->p[1] == ']' && cf_str_skip(s, "-");
	}
	first = last = take_char(s, "[");
	if (s->n > 1 && s->p[0] == '-' && s->p[1] != ']') {
		(void)cf_str_skip(s, "-");
		last = take_char(s, "[-");
	}
	if (first < 0 || last < first)
		return false;
	add_range(out, (unsigned)first, (unsigned)last);
	return true;
}

/* "^a-z_]", what follows the bracket. */
static bool
take_set(struct set *out, struct cf_str *s)
{
	bool negated = cf_str_skip(s, "^");

	while (s->n && s->p[0] != ']')
		if (!take_range(out, s))
			return false;
	for (size_t i = 0; negated && i < LOW / 64; i++)
		out->bit[i] = ~out->bit[i];
	out->rest = negated;
	return cf_str_skip(s, "]");
}

/* "{2}", "{2,}", "{2,5}", what follows the brace. */
static bool
take_counts(struct part *out, struct cf_str *s)
{
	struct cf_str body, least, most;
	uint64_t min, max;

	if (!cf_str_cut(&body, s, *s, '}'))
		return false;
	if (!cf_str_cut(&least, &most, body, ','))
		least = most = body;
	if (!cf_str_u64(least, &min, ENDLESS - 1))
		return false;
	max = ENDLESS;
	if (most.n && !cf_str_u64(most, &max, ENDLESS - 1))
		return false;
	out->min = (uint32_t)min;
	out->max = (uint32_t)max;
	return min <= max;
}

/* "(" before a part: what follows may be missing. */
static bool
take_part(struct part *out, struct cf_str *s, unsigned *groups)
{
	int c;

	*out = (struct part){ .min = 1, .max = 1 };
	while (cf_str_skip(s, "(")) {
		out->may_end = true;
		++*groups;
	}
	if (cf_str_skip(s, "[")) {
		if (!take_set(&out->set, s))
			return false;
	} else {
		c = take_char(s, "^$.*+?()[]{}|");
		if (c < 0)
			return false;
		add_range(&out->set, (unsigned)c, (unsigned)c);
	}
	if (cf_str_skip(s, "{"))
		return take_counts(out, s);
	if (cf_str_skip(s, "*") || cf_str_skip(s, "?"))
		out->min = 0;
	else if (!cf_str_skip(s, "+"))
		return true;
	out->max = s->p[-1] == '?' ? 1 : ENDLESS;
	return true;
}

static bool
meets(const struct set *a, const struct set *b)
{
	uint64_t both = a->rest && b->rest;

	for (size_t i = 0; i < LOW / 64; i++)
		both |= a->bit[i] & b->bit[i];
	return both != 0;
}

static bool
holds(const struct set *all, const struct set *some)
{
	bool so = all->rest || !some->rest;

	for (size_t i = 0; i < LOW / 64; i++)
		so = so && (some->bit[i] & ~all->bit[i]) == 0;
	return so;
}

/* Whether a part that could have taken more is never where the row goes on. */
static bool
is_settled(struct cf_regex_plain *plain, size_t i)
{
	struct part *part = &plain->part[i], *next = part + 1;

	if (part->min == part->max)
		return true;
	if (i + 2 == plain->n && part->min == 0 && part->max == ENDLESS &&
		next->min == 1 && next->max == 1 && !next->may_end &&
		holds(&part->set, &next->set)) {
		part->gives = true;
		return true;
	}
	while (++i < plain->n) {
		if (meets(&part->set, &plain->part[i].set))
			return false;
		if (plain->part[i].min)
			break;
	}
	return true;
}

struct cf_regex_plain *
cf_regex_plain_new(struct cf_str pattern)
{
	struct cf_regex_plain plain = { .n = 0 }, *out;
	struct cf_str s = pattern;
	bool good = cf_str_skip(&s, "^");
	unsigned groups = 0;

	while (good && s.n && s.p[0] != '$' && s.p[0] != ')')
		good = plain.n < PARTS && take_part(&plain.part[plain.n++],
			&s, &groups);
	while (good && groups--)
		good = cf_str_skip(&s, ")?");
	good = good && cf_str_is(s, "$");
	for (size_t i = 0; good && i < plain.n; i++)
		good = is_settled(&plain, i);
	if (!good)
		return NULL;
	out = cf_malloc(sizeof *out);
	*out = plain;
	return out;
}

/* --- matching --------------------------------------------------------------- */

static struct cf_str
back_one(struct cf_str s)
{
	do
		s = (struct cf_str){ s.p - 1, s.n + 1 };
	while (((unsigned char)*s.p & 0xc0) == 0x80);
	return s;
}

static inline bool
in_set(const struct set *set, int32_t c)
{
	return c < LOW ? set->bit[c / 64] >> c % 64 & 1 : set->rest;
}

/* Moves past as many characters of the set as there may be; how many. */
static uint32_t
take(struct cf_str *s, const struct part *part)
{
	uint32_t n = 0;

	for (; n < part->max && s->n; n++) {
		struct cf_str rest = { s->p + 1, s->n - 1 };
		int32_t c = (unsigned char)*s->p;

		if (c >= 0x80) {
			rest = *s;
			c = cf_utf8_next(&rest);
		}
		if (c < 0 || !in_set(&part->set, c))
			break;
		*s = rest;
	}
	return n;
}

bool
cf_regex_plain_match(const struct cf_regex_plain *plain, struct cf_str text)
{
	for (size_t i = 0; i < plain->n; i++) {
		const struct part *part = &plain->part[i];
		uint32_t n;

		if (text.n == 0 && part->may_end)
			return true;
		n = take(&text, part);
		if (n < part->min)
			return false;
		if (n && part->gives)
			text = back_one(text);
	}
	return text.n == 0;
}
