/*
 * The grammar of JSON, one step at a time and without recursion, so that
 * neither depth nor size of a hostile text can hurt.
 */
#include <string.h>

#include "json/scan.h"

/* What may come next. */
enum want {
	VALUE,
	VALUE_OR_END,	/* just after [ */
	NAME,
	NAME_OR_END,	/* just after { */
	NEXT,		/* after a value: a comma, a bracket, or the end */
	END
};

struct scan {
	struct cf_str text;
	size_t at;
	enum want want;
	unsigned depth;
	size_t opened[CF_MAX_DEPTH];	/* where each open bracket is */
};

static int
byte(const struct scan *s)
{
	return cf_json_byte(s->text, s->at);
}

static void
skip_space(struct scan *s)
{
	int c = byte(s);

	while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
		s->at++;
		c = byte(s);
	}
}

static char
open_bracket(const struct scan *s)
{
	return s->text.p[s->opened[s->depth - 1]];
}

static char
closing(const struct scan *s)
{
	return open_bracket(s) == '{' ? '}' : ']';
}

/* A fault of the grammar, at this byte. */
#define fault(s, ...) \
	cf_json_fault((s)->text, (s)->at, "json.syntax", __VA_ARGS__)

/* What is wrong with a character that fits nowhere; `expected` says what would
 * have fitted. */
static const struct cf_err *
misplaced(const struct scan *s, const char *expected)
{
	const struct cf_err *err = cf_json_bad_character(s->text, s->at);
	struct cf_str rest = { s->text.p + s->at, s->text.n - s->at };
	struct cf_json_place place;
	int32_t c;

	if (err)
		return err;
	if (rest.n == 0 && s->depth == 0)
		return fault(s, "the document is empty; it must hold a value, "
			"as {} for an object");
	if (rest.n == 0) {
		place = cf_json_place(s->text, s->opened[s->depth - 1]);
		return fault(s, "the document ends too early: the '%c' of "
			"line %zu, column %zu is not closed; add '%c'",
			open_bracket(s), place.line, place.column, closing(s));
	}
	c = cf_utf8_next(&rest);
	if (c == '\'' || (c >= 0x2018 && c <= 0x201f))
		return fault(s, "this quotation mark is a curly or single "
			"one, as word processors make them; texts and names "
			"stand in straight ones (\"). Replace all of them, in "
			"a plain text editor");
	if (c == '/' || c == '#')
		return fault(s, "comments cannot be written here; remove it");
	if (s->at && s->text.p[s->at - 1] == '"' &&
		(c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		return fault(s, "'%c' does not fit here, behind a closing "
			"quotation mark; write a quotation mark inside a text "
			"as \\\"", (int)c);
	if (c > ' ' && c < 0x7f)
		return fault(s, "'%c' does not fit here; %s", (int)c, expected);
	return fault(s, "the character U+%04X does not fit here; %s",
		(unsigned)c, expected);
}

static const struct cf_err *
open_level(struct scan *s)
{
	if (s->depth == CF_MAX_DEPTH)
		return cf_json_fault(s->text, s->at, "json.depth",
			"objects and lists lie more than %u deep in each "
			"other; use fewer levels", CF_MAX_DEPTH);
	s->want = byte(s) == '{' ? NAME_OR_END : VALUE_OR_END;
	s->opened[s->depth++] = s->at++;
	return NULL;
}

static void
close_level(struct scan *s)
{
	s->depth--;
	s->at++;
	s->want = NEXT;
}

static const struct cf_err *
scan_value(struct scan *s)
{
	int c = byte(s);

	if (c == '{' || c == '[')
		return open_level(s);
	if (c == ']' && s->want == VALUE_OR_END) {
		close_level(s);
		return NULL;
	}
	s->want = NEXT;
	if (c == '"')
		return cf_json_scan_string(s->text, &s->at);
	if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')
		return cf_json_scan_number(s->text, &s->at);
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return cf_json_scan_word(s->text, &s->at);
	if (c == ',' || c == ']' || c == '}')
		return fault(s, "a value is missing before '%c'; write it, or "
			"remove the comma or the name before it", c);
	return misplaced(s, "a value must stand here");
}

static const struct cf_err *
scan_name(struct scan *s)
{
	const struct cf_err *err;
	int c = byte(s);

	if (c == '}' && s->want == NAME_OR_END) {
		close_level(s);
		return NULL;
	}
	if (c == '}')
		return fault(s, "there is a comma before this '}'; remove the "
			"comma");
	if (c >= '0' && c <= '9')
		return fault(s, "a name in double quotes must stand here; if "
			"this is the rest of a number, write it with a point, "
			"not with a comma");
	if (c != '"')
		return misplaced(s, "a name in double quotes must "
			"stand here");
	err = cf_json_scan_string(s->text, &s->at);
	if (err)
		return err;
	skip_space(s);
	if (byte(s) != ':')
		return misplaced(s, "a colon must follow the name");
	s->at++;
	s->want = VALUE;
	return NULL;
}

static const struct cf_err *
scan_next(struct scan *s)
{
	struct cf_json_place place;
	int c = byte(s);

	if (s->depth == 0) {
		s->want = END;
		return s->at == s->text.n ? NULL : misplaced(s,
			"the document is complete before it, so remove the "
			"rest");
	}
	if (c == ',') {
		s->at++;
		s->want = open_bracket(s) == '{' ? NAME : VALUE;
		return NULL;
	}
	if (c == closing(s)) {
		close_level(s);
		return NULL;
	}
	if (c == ']' || c == '}') {
		place = cf_json_place(s->text, s->opened[s->depth - 1]);
		return fault(s, "'%c' cannot close the '%c' of line %zu, "
			"column %zu; write '%c'", c, open_bracket(s),
			place.line, place.column, closing(s));
	}
	return misplaced(s, "a comma is missing before it, or a closing "
		"bracket");
}

const struct cf_err *
cf_json_scan(struct cf_str text)
{
	struct scan s = { .text = text, .want = VALUE };
	const struct cf_err *err = NULL;

	if (text.n == 0)
		s.text.p = "";	/* it may be NULL */
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		return cf_json_fault(text, 0, "json.encoding",
			"the document begins with a byte order mark; save it "
			"as UTF-8 without BOM");
	while (err == NULL && s.want != END) {
		skip_space(&s);
		if (s.want == NAME || s.want == NAME_OR_END)
			err = scan_name(&s);
		else if (s.want == NEXT)
			err = scan_next(&s);
		else
			err = scan_value(&s);
	}
	return err;
}
