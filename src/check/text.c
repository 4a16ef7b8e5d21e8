/*
 * Reading a text as the rules read it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/fold.h"
#include "check/token.h"

#define LONGEST_ENTITY 10	/* "&#x1F9D1;", "&commat;" with its ends */

/* HTML's names for what matters here. */
static const struct {
	const char *name;
	int32_t cp;
} entities[] = {
	{ "amp", '&' }, { "apos", '\'' }, { "colon", ':' }, { "comma", ',' },
	{ "commat", '@' }, { "dash", 0x2010 }, { "ensp", ' ' },
	{ "emsp", ' ' }, { "gt", '>' }, { "hyphen", '-' }, { "lpar", '(' },
	{ "lt", '<' }, { "lowbar", '_' }, { "mdash", 0x2014 },
	{ "nbsp", ' ' }, { "ndash", 0x2013 }, { "num", '#' },
	{ "percnt", '%' }, { "period", '.' }, { "plus", '+' },
	{ "quot", '"' }, { "rpar", ')' }, { "shy", 0xad }, { "sol", '/' },
	{ "thinsp", ' ' }, { "zwj", 0x200d }, { "zwnj", 0x200c }
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "#64", "#x40"; -1 where it is no number of a character. */
static int32_t
entity_number(struct cf_str s)
{
	int32_t cp = 0, base = 10;

	if (s.n && (s.p[0] | 0x20) == 'x') {
		base = 16;
		s = (struct cf_str){ s.p + 1, s.n - 1 };
	}
	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		int digit = hex_digit(s.p[i]);

		if (digit < 0 || digit >= base || cp > 0x10ffff)
			return -1;
		cp = cp * base + digit;
	}
	return cp > 0 && cp <= 0x10ffff ? cp : -1;
}

static int32_t
entity_named(struct cf_str name)
{
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (cf_str_is(name, entities[i].name))
			return entities[i].cp;
	return -1;
}

/* The character of an entity, and past it; -1 where there is none at *s. What
 * was encoded twice ("&amp;#64;") is read too. */
static int32_t
entity(struct cf_str *s)
{
	struct cf_str rest = { s->p + 1, s->n - 1 }, body;
	int32_t cp;
	size_t n = 0;

	while (cf_str_skip(&rest, "amp;"))
		;
	while (n < rest.n && n < LONGEST_ENTITY && rest.p[n] != ';')
		n++;
	if (n == 0 || n >= rest.n || rest.p[n] != ';') {
		if (rest.p == s->p + 1)
			return -1;
		*s = rest;	/* "&amp;" alone */
		return '&';
	}
	body = (struct cf_str){ rest.p, n };
	cp = cf_str_skip(&body, "#") ? entity_number(body) :
		entity_named(body);
	if (cp < 0 && rest.p == s->p + 1)
		return -1;
	if (cp < 0) {
		*s = rest;
		return '&';
	}
	*s = (struct cf_str){ rest.p + n + 1, rest.n - n - 1 };
	return cp;
}

/* "%40" as web addresses write it; only what an identifier is made of, for
 * "50%" may stand before anything. */
static int32_t
percent(struct cf_str *s)
{
	int high, low, c;

	if (s->n < 3)
		return -1;
	high = hex_digit(s->p[1]);
	low = hex_digit(s->p[2]);
	c = high * 16 + low;
	if (high < 0 || low < 0 || c < ' ' || c > 'z' ||
		strchr("\"#$%&*;<=>?[\\]^`", c))
		return -1;
	*s = (struct cf_str){ s->p + 3, s->n - 3 };
	return c;
}

#define SMALL(c) [c] = CF_HAS_LETTER, [(c) - 32] = CF_HAS_LETTER | CF_HAS_UPPER
static const unsigned char has_of[256] = {
	SMALL('a'), SMALL('b'), SMALL('c'), SMALL('d'), SMALL('e'), SMALL('f'),
	SMALL('g'), SMALL('h'), SMALL('i'), SMALL('j'), SMALL('k'), SMALL('l'),
	SMALL('m'), SMALL('n'), SMALL('o'), SMALL('p'), SMALL('q'), SMALL('r'),
	SMALL('s'), SMALL('t'), SMALL('u'), SMALL('v'), SMALL('w'), SMALL('x'),
	SMALL('y'), SMALL('z'), [CF_LETTER] = CF_HAS_LETTER | CF_HAS_UPPER,
	['0'] = CF_HAS_DIGIT, ['1'] = CF_HAS_DIGIT, ['2'] = CF_HAS_DIGIT,
	['3'] = CF_HAS_DIGIT, ['4'] = CF_HAS_DIGIT, ['5'] = CF_HAS_DIGIT,
	['6'] = CF_HAS_DIGIT, ['7'] = CF_HAS_DIGIT, ['8'] = CF_HAS_DIGIT,
	['9'] = CF_HAS_DIGIT, ['@'] = CF_HAS_AT, ['"'] = CF_HAS_QUOTE,
	['\''] = CF_HAS_QUOTE, ['<'] = CF_HAS_MARK, ['\\'] = CF_HAS_MARK,
	['/'] = CF_HAS_MARK, [':'] = CF_HAS_MARK, ['='] = CF_HAS_MARK,
	['%'] = CF_HAS_MARK
};

static void
put(struct cf_text *out, unsigned char c, size_t at)
{
	out->has |= has_of[c];
	out->digits += cf_digit(c);
	out->s[out->n] = c;
	out->l[out->n] = cf_upper(c) ? c + 32 : c;
	out->at[out->n++] = (uint32_t)at;
}

/* Joiners and shapes belong to other scripts and to pictures. */
static void
note_unseen(struct cf_text *out, int32_t cp)
{
	unsigned char before = out->n ? out->s[out->n - 1] : 0;
	bool joins = cp == 0x200c || cp == 0x200d || (cp >= 0xfe00 &&
		cp <= 0xfe0f);

	if (joins && before >= CF_LETTER)
		return;
	out->has |= CF_HAS_HIDDEN;
	if (out->unseen_n < CF_UNSEEN_MOST) {
		out->unseen[out->unseen_n].cp = cp;
		out->unseen[out->unseen_n++].at = out->n;
	}
}

static void
put_other(struct cf_text *out, int32_t cp, size_t at)
{
	static const char *const ligatures[] = { "ff", "fi", "fl", "ffi",
		"ffl", "st", "st" };

	if (cp >= 0x300 && cp < 0x370)
		return;		/* the marks of letters written in two parts */
	if (cf_utf8_unseen(cp)) {
		note_unseen(out, cp);
		return;
	}
	if (cp >= 0xfb00 && cp <= 0xfb06) {
		for (const char *c = ligatures[cp - 0xfb00]; *c; c++)
			put(out, (unsigned char)*c, at);
		return;
	}
	if (cp >= 0x250 && (cf_twin(cp) || cf_is_cyrillic(cp)))
		out->has |= CF_HAS_HIDDEN;
	put(out, cf_fold(cp), at);
}

/* One character of the text; moves past it. */
static void
read_one(struct cf_text *out, struct cf_str *s, size_t at)
{
	unsigned char c = (unsigned char)*s->p;
	int32_t cp = -1;

	if (c == '&')
		cp = entity(s);
	else if (c == '%')
		cp = percent(s);
	if (cp < 0 && c < 0x80) {
		cp = c;
		*s = (struct cf_str){ s->p + 1, s->n - 1 };
	} else if (cp < 0) {
		cp = cf_utf8_next(s);
		if (cp < 0) {	/* cannot be: JSON is UTF-8 */
			*s = (struct cf_str){ s->p + 1, s->n - 1 };
			cp = 0xfffd;
		}
	}
	if (cp == '\t' || cp == '\r')
		cp = ' ';
	if (cp >= 0x80 || cf_utf8_unseen(cp))
		put_other(out, cp, at);
	else
		put(out, (unsigned char)cp, at);
}

/* What stands for itself; "&" and "%" may begin something else. */
static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '&' && c != '%';
}

/* Moves past all characters that stand for themselves; most do. */
static void
read_plain(struct cf_text *out, struct cf_str *s, size_t at)
{
	const unsigned char *raw = (const unsigned char *)s->p;
	unsigned char *low = out->l + out->n;
	uint32_t *where = out->at + out->n;
	unsigned has = 0, digits = 0;
	size_t n = 0;

	for (; n < s->n && is_plain(raw[n]); n++) {
		unsigned char c = raw[n];

		low[n] = cf_upper(c) ? c + 32 : c;
		has |= has_of[c];
		digits += cf_digit(c);
	}
	for (size_t i = 0; i < n; i++)
		where[i] = (uint32_t)(at + i);
	memcpy(out->s + out->n, raw, n);
	out->n += n;
	out->has |= has;
	out->digits += digits;
	*s = (struct cf_str){ s->p + n, s->n - n };
}

static bool
has_run(const struct cf_text *text)
{
	size_t from = 0;

	while (text->n - from >= CF_RUN) {
		size_t k = CF_RUN;

		while (k && !cf_space(text->s[from + k - 1]))
			k--;
		if (k == 0)
			return true;
		from += k;
	}
	return false;
}

/* At most one start in two characters. */
static void
find_starts(struct cf_text *out)
{
	size_t before = SIZE_MAX;	/* a run of letters that just ended */

	for (size_t i = 0; i < out->n;) {
		size_t from = i, digits = 0;

		for (; i < out->n && cf_alnum(out->s[i]); i++)
			digits += cf_digit(out->s[i]);
		if (i == from) {
			i++;
			continue;
		}
		if (before != SIZE_MAX && cf_digit(out->s[from]))
			out->start[out->starts++] = (uint32_t)before;
		if (digits)
			out->start[out->starts++] = (uint32_t)from;
		before = digits ? SIZE_MAX : from;
	}
}

size_t
cf_next_start(const struct cf_text *text, size_t at)
{
	size_t low = 0, high = text->starts;

	while (high - low > 8) {
		size_t middle = low + (high - low) / 2;

		if (text->start[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < text->starts && text->start[low] < at)
		low++;
	return low < text->starts ? text->start[low] : text->n;
}

void
cf_text_read(struct cf_text *out, struct cf_str raw)
{
	struct cf_str s = raw;
	unsigned char *room = cf_malloc(2 * (raw.n + 1));

	/* No character is read as more than it has bytes. */
	*out = (struct cf_text){ .raw = raw, .s = room,
		.l = room + raw.n + 1, .path = "", .member = "",
		.at = cf_malloc((raw.n + 1) * sizeof *out->at) };
	while (s.n)
		if (is_plain((unsigned char)*s.p)) {
			read_plain(out, &s, raw.n - s.n);
		} else {
			read_one(out, &s, raw.n - s.n);
		}
	out->s[out->n] = out->l[out->n] = '\0';
	out->at[out->n] = (uint32_t)raw.n;
	if (has_run(out))
		out->has |= CF_HAS_RUN;
	if (out->has & CF_HAS_DIGIT) {
		out->start = cf_malloc((out->n / 2 + 1) *
			sizeof *out->start);
		find_starts(out);
	}
}

void
cf_text_clear(struct cf_text *text)
{
	free(text->s);
	free(text->at);
	free(text->start);
	*text = (struct cf_text){ 0 };
}
