/*
 * Reads a recovery sheet as people type it: the whole page, or its eight lines,
 * with or without their numbers. Each line is judged by itself, so that the one
 * to look at again can be named.
 */
#include <sodium.h>
#include <string.h>

#include "sign/sheet_code.h"

/* What the text has for one line of the sheet. */
struct found {
	bool good, bad, twice;
	size_t letters;		/* of a bad one */
	bool foreign;		/* it has a letter that no line has: U */
};

struct reading {
	struct cf_sheet_code code;
	struct found line[CF_SHEET_LINES];
	bool numbered;		/* take lines by their numbers */
	unsigned next;		/* else in order: 0, 1, ... */
};

/* Letters and digits of a line of text; everything else only separates. */
struct typed {
	char c[CF_SHEET_SYMBOLS + 2];
	size_t n;		/* may be more than fit */
	size_t first;		/* how many stand before the first gap */
};

static bool
letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		(c >= 'a' && c <= 'z');
}

static void
squeeze(struct typed *out, struct cf_str text)
{
	bool gap = false;

	*out = (struct typed){ 0 };
	for (size_t i = 0; i < text.n; i++) {
		if (!letter_or_digit(text.p[i])) {
			gap = out->n > 0;
			continue;
		}
		if (gap && out->first == 0)
			out->first = out->n;
		if (out->n < sizeof out->c)
			out->c[out->n] = text.p[i];
		out->n++;
	}
	if (out->first == 0)
		out->first = out->n;
}

/*
 * The number that a line begins with, or 0. It stands alone; or it is run into
 * the first group, and then there is one character more than in a line.
 */
static unsigned
line_number(const struct typed *t)
{
	int v = t->n ? cf_sheet_symbol(t->c[0]) : -1;

	if (v < 1 || v > CF_SHEET_LINES)
		return 0;
	if (t->first == 1)
		return (unsigned)v;
	return t->n == CF_SHEET_SYMBOLS + 1 && t->c[0] == '0' + v ?
		(unsigned)v : 0;
}

/* The symbols of line `number`, which begin at t->c + skip. */
static void
take(struct reading *r, unsigned number, const struct typed *t, size_t skip)
{
	struct found *line = &r->line[number - 1];
	unsigned char *to = r->code.symbol[number - 1];
	unsigned char symbol[CF_SHEET_SYMBOLS];
	bool foreign = false, ok = t->n - skip == CF_SHEET_SYMBOLS;

	for (size_t i = skip; i < t->n && i < sizeof t->c; i++) {
		int v = cf_sheet_symbol(t->c[i]);

		foreign = foreign || v < 0;
		if (i - skip < sizeof symbol)
			symbol[i - skip] = (unsigned char)(v & 31);
	}
	ok = ok && !foreign && cf_sheet_line_ok(number, symbol);
	if (!ok) {
		line->bad = true;
		line->foreign = foreign;
		line->letters = t->n - skip;
	} else if (!line->good) {
		line->good = true;
		memcpy(to, symbol, sizeof symbol);
	} else if (memcmp(to, symbol, sizeof symbol) != 0) {
		line->twice = true;
	}
	sodium_memzero(symbol, sizeof symbol);
}

static void
read_line(struct reading *r, struct cf_str text)
{
	struct typed t;
	unsigned number;

	squeeze(&t, text);
	number = line_number(&t);
	if (r->numbered && number)
		take(r, number, &t, 1);
	else if (!r->numbered && t.n && r->next < CF_SHEET_LINES)
		take(r, ++r->next, &t, 0);
	sodium_memzero(&t, sizeof t);
}

static bool
next_line(struct cf_str *line, struct cf_str *rest)
{
	if (rest->n == 0)
		return false;
	if (!cf_str_cut(line, rest, *rest, '\n')) {
		*line = *rest;
		rest->n = 0;
	}
	return true;
}

/* A line of nine after its number: the text has numbered lines. */
static bool
has_numbers(struct cf_str text)
{
	struct cf_str line;
	struct typed t;
	bool any = false;

	while (!any && next_line(&line, &text)) {
		squeeze(&t, line);
		any = line_number(&t) && t.n == CF_SHEET_SYMBOLS + 1;
	}
	sodium_memzero(&t, sizeof t);
	return any;
}

static const struct cf_err *
judge_line(const struct found *line, unsigned number)
{
	if (line->twice)
		return cf_err_rule(CF_INVALID, "sheet.whole", "Line %u is "
			"there twice and not the same. Give the lines of one "
			"sheet only", number);
	if (line->good)
		return NULL;
	if (!line->bad)
		return cf_err_rule(CF_INVALID, "sheet.line", "Line %u of the "
			"recovery sheet is missing. Type all %d lines with "
			"their numbers", number, CF_SHEET_LINES);
	if (line->letters != CF_SHEET_SYMBOLS)
		return cf_err_rule(CF_INVALID, "sheet.line", "Line %u has %zu "
			"characters after its number; on the sheet it has %d. "
			"Look at that line again", number, line->letters,
			CF_SHEET_SYMBOLS);
	if (line->foreign)
		return cf_err_rule(CF_INVALID, "sheet.line", "Line %u has the "
			"letter U, which no recovery sheet has (perhaps it is "
			"a V). Look at that line again", number);
	return cf_err_rule(CF_INVALID, "sheet.line", "Line %u is not as it is "
		"on the sheet. Compare it character by character, and type it "
		"again", number);
}

static const struct cf_err *
judge(struct cf_seckey **out, const struct reading *r)
{
	const struct cf_err *err = NULL;
	unsigned char seed[32];
	bool any = false;

	for (size_t i = 0; i < CF_SHEET_LINES; i++)
		any = any || r->line[i].good;
	if (!any)
		return cf_err_rule(CF_INVALID, "sheet.whole", "This is not a "
			"recovery sheet: none of its %d lines is there, each "
			"with a number and %d letters and digits",
			CF_SHEET_LINES, CF_SHEET_SYMBOLS);
	for (unsigned i = 0; i < CF_SHEET_LINES && !err; i++)
		err = judge_line(&r->line[i], i + 1);
	if (err)
		return err;
	if (!cf_sheet_decode(seed, &r->code))
		return cf_err_rule(CF_INVALID, "sheet.whole", "Each line is "
			"right by itself, but together they are not one key. "
			"Are they from two different sheets? Type all %d "
			"lines from one sheet", CF_SHEET_LINES);
	*out = cf_seckey_from_seed(seed);
	sodium_memzero(seed, sizeof seed);
	return NULL;
}

/* Whether the text is line `number`, with its number or without. */
static bool
is_line(struct reading *r, unsigned number, const struct typed *t)
{
	if (t->n)
		take(r, number, t, line_number(t) == number &&
			t->n != CF_SHEET_SYMBOLS ? 1 : 0);
	return r->line[number - 1].good;
}

const struct cf_err *
cf_sheet_line(struct cf_str text, unsigned number)
{
	struct reading r = { 0 };
	const struct cf_err *err = NULL;
	struct typed t;

	squeeze(&t, text);
	if (!is_line(&r, number, &t)) {
		for (unsigned n = 1; n <= CF_SHEET_LINES && !err; n++)
			if (n != number && is_line(&r, n, &t))
				err = cf_err_rule(CF_INVALID, "sheet.line",
					"That is line %u of the sheet; line %u "
					"is wanted now", n, number);
		if (!err)
			err = judge_line(&r.line[number - 1], number);
	}
	sodium_memzero(&t, sizeof t);
	sodium_memzero(&r, sizeof r);
	return err;
}

const struct cf_err *
cf_sheet_read(struct cf_seckey **out, struct cf_str text)
{
	struct reading r = { .numbered = has_numbers(text) };
	const struct cf_err *err;
	struct cf_str line;

	*out = NULL;
	while (next_line(&line, &text))
		read_line(&r, line);
	err = judge(out, &r);
	sodium_memzero(&r, sizeof r);
	return err;
}
