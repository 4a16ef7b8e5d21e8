/*
 * From ECMA-262 patterns (with the `u` flag) to PCRE2's. The two differ in what
 * `.`, \s, \v and [] mean, in \u and \c, and in what else a pattern may have.
 * Only what is known here comes through.
 */
#include <string.h>

#include "json/regex.h"

/* White space and line ends of ECMA-262, and all else, as class members. */
#define SPACE "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
	"\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"
#define NOT_SPACE "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}" \
	"\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" \
	"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}" \
	"\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
#define NOT_LINE_END "[^\\x{a}\\x{d}\\x{2028}\\x{2029}]"

struct reader {
	struct cf_str rest;
	struct cf_buf *out;
	const char *wrong;	/* the first thing that is wrong, or NULL */
	bool atom;		/* a quantifier may follow */
	size_t open;		/* groups */
};

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
refuse(struct reader *r, const char *why)
{
	if (r->wrong == NULL)
		r->wrong = why;
	r->rest.n = 0;
}

/* The next byte without moving, or -1 at the end. */
static int
peek(const struct reader *r)
{
	return r->rest.n ? (unsigned char)r->rest.p[0] : -1;
}

static bool
skip(struct reader *r, const char *s)
{
	return cf_str_skip(&r->rest, s);
}

static void
emit(struct reader *r, const char *s)
{
	cf_buf_puts(r->out, s);
}

/* One character that means itself. */
static void
emit_char(struct reader *r, int32_t c)
{
	if (c < 0x80 && (is_letter(c) || is_digit(c)))
		cf_buf_putc(r->out, (char)c);
	else
		cf_buf_printf(r->out, "\\x{%x}", (unsigned)c);
}

static int32_t
next_char(struct reader *r)
{
	int32_t c = r->rest.n ? cf_utf8_next(&r->rest) : -1;

	if (c < 0)
		refuse(r, "it ends too early, or is not UTF-8");
	return c;
}

/* Hexadecimal digits: exactly n, or (n == 0) all up to the closing brace. */
static int32_t
hex(struct reader *r, size_t n)
{
	int32_t value = 0;
	size_t used = 0;

	for (; n == 0 || used < n; used++) {
		int c = peek(r), low = c | 0x20;

		if (is_digit(c))
			value = value * 16 + (c - '0');
		else if (low >= 'a' && low <= 'f')
			value = value * 16 + (low - 'a' + 10);
		else
			break;
		if (value > 0x10FFFF)
			break;
		r->rest.p++;
		r->rest.n--;
	}
	if (used == 0 || (n && used < n) || (n == 0 && !skip(r, "}")))
		refuse(r, "a character number is wrong");
	return value;
}

/* After \u. Two halves of a surrogate pair are one character. */
static int32_t
unicode_escape(struct reader *r)
{
	int32_t c, low;

	if (skip(r, "{"))
		return hex(r, 0);
	c = hex(r, 4);
	if (c >= 0xD800 && c < 0xDC00 && skip(r, "\\u")) {
		low = hex(r, 4);
		if (low >= 0xDC00 && low < 0xE000)
			return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	if (c >= 0xD800 && c < 0xE000)
		refuse(r, "half of a surrogate pair matches nothing");
	return c;
}

/* After \c. */
static int32_t
control_escape(struct reader *r)
{
	int c = peek(r);

	if (!is_letter(c)) {
		refuse(r, "\\c needs a letter");
		return 0;
	}
	r->rest.p++;
	r->rest.n--;
	return c & 31;
}

/* After \0, which must not look like an octal number. */
static int32_t
nul_escape(struct reader *r)
{
	if (is_digit(peek(r)))
		refuse(r, "octal numbers are not known");
	return 0;
}

/*
 * The character that an escape stands for, `c` being what follows the
 * backslash: inside and outside of a class. -1 where it is no such escape.
 */
static int32_t
char_escape(struct reader *r, int32_t c)
{
	switch (c) {
	case 't':
		return '\t';
	case 'n':
		return '\n';
	case 'v':
		return '\v';
	case 'f':
		return '\f';
	case 'r':
		return '\r';
	case '0':
		return nul_escape(r);
	case 'c':
		return control_escape(r);
	case 'x':
		return hex(r, 2);
	case 'u':
		return unicode_escape(r);
	default:
		return c < 0x80 && !is_letter(c) && !is_digit(c) ? c : -1;
	}
}

/* After \p or \P. */
static void
property(struct reader *r, int32_t p)
{
	struct cf_str body;

	if (!skip(r, "{") || !cf_str_cut(&body, &r->rest, r->rest, '}') ||
		!cf_regex_property(r->out, (char)p, body))
		refuse(r, "a Unicode property is not known");
}

/* \d and its like, in a class or out of it; false where `c` is none. */
static bool
set_escape(struct reader *r, int32_t c, bool in_class)
{
	switch (c) {
	case 'd':
	case 'D':
	case 'w':
	case 'W':
		cf_buf_printf(r->out, "\\%c", (char)c);
		return true;
	case 's':
		emit(r, in_class ? SPACE : "[" SPACE "]");
		return true;
	case 'S':
		emit(r, in_class ? NOT_SPACE : "[" NOT_SPACE "]");
		return true;
	case 'p':
	case 'P':
		property(r, c);
		return true;
	default:
		return false;
	}
}

/* \k<name> and (?<name>: letters, digits and _, as both engines take them. */
static void
group_name(struct reader *r)
{
	struct cf_str name;

	if (!cf_str_cut(&name, &r->rest, r->rest, '>') || name.n == 0 ||
		name.n > 32 || is_digit(name.p[0])) {
		refuse(r, "the name of a group is wrong");
		return;
	}
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && !is_digit(name.p[i]) &&
			name.p[i] != '_')
			refuse(r, "the name of a group is wrong");
	cf_buf_printf(r->out, "<%.*s>", (int)name.n, name.p);
}

static void
back_reference(struct reader *r, int32_t first)
{
	cf_buf_printf(r->out, "\\g{%c", (char)first);
	while (is_digit(peek(r)))
		cf_buf_putc(r->out, (char)next_char(r));
	emit(r, "}");
}

/* After a backslash outside of a class. */
static void
escape(struct reader *r)
{
	int32_t c, meant;

	c = next_char(r);
	r->atom = c != 'b' && c != 'B';
	if (!r->atom) {
		cf_buf_printf(r->out, "\\%c", (char)c);
	} else if (c >= '1' && c <= '9') {
		back_reference(r, c);
	} else if (c == 'k' && skip(r, "<")) {
		emit(r, "\\k");
		group_name(r);
	} else if (!set_escape(r, c, false)) {
		meant = char_escape(r, c);
		if (meant < 0)
			refuse(r, "a backslash stands before a letter that "
				"means nothing there");
		else
			emit_char(r, meant);
	}
}

/* Whether what follows is an escape that stands for many characters. */
static bool
set_follows(const struct reader *r)
{
	return r->rest.n > 1 && r->rest.p[0] == '\\' &&
		strchr("dDwWsSpP", r->rest.p[1]) != NULL;
}

/* One member of a class; true where it is a single character. */
static bool
class_member(struct reader *r)
{
	int32_t c = next_char(r), meant = c;

	if (c == '\\') {
		c = next_char(r);
		if (set_escape(r, c, true))
			return false;
		meant = c == 'b' ? '\b' : char_escape(r, c);
		if (meant < 0)
			refuse(r, "a backslash stands before a letter that "
				"means nothing there");
	}
	if (r->wrong == NULL)
		emit_char(r, meant);
	return true;
}

/* After the opening bracket. A hyphen is a range only between two single
 * characters. */
static void
class(struct reader *r)
{
	bool single = false;

	r->atom = true;
	/* No character, and any at all, in forms that PCRE2 can repeat. */
	if (skip(r, "]")) {
		emit(r, "(?:(?!))");
		return;
	}
	if (skip(r, "\\s\\S]") || skip(r, "^]")) {
		emit(r, "(?s:.)");
		return;
	}
	emit(r, skip(r, "^") ? "[^" : "[");
	while (r->rest.n && peek(r) != ']') {
		if (!single || peek(r) != '-') {
			single = class_member(r);
			continue;
		}
		(void)next_char(r);
		if (peek(r) == ']' || set_follows(r)) {
			emit(r, "\\-");
		} else {
			emit(r, "-");
			(void)class_member(r);
		}
		single = false;
	}
	if (!skip(r, "]"))
		refuse(r, "a [ is not closed");
	emit(r, "]");
}

/* After the opening parenthesis. */
static void
group(struct reader *r)
{
	static const char *const plain[] = { "?:", "?=", "?!", "?<=", "?<!" };

	r->open++;
	r->atom = false;
	emit(r, "(");
	if (peek(r) != '?')
		return;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (skip(r, plain[i])) {
			emit(r, plain[i]);
			return;
		}
	}
	if (skip(r, "?<")) {
		emit(r, "?");
		group_name(r);
	} else {
		refuse(r, "(? of this kind is not known");
	}
}

static void
close_group(struct reader *r)
{
	if (r->open == 0) {
		refuse(r, "a ) has no (");
		return;
	}
	r->open--;
	r->atom = true;
	emit(r, ")");
}

/* {n}, {n,} or {n,m}, after the brace. */
static void
counted(struct reader *r)
{
	struct cf_str body, low, high;
	uint64_t n, m = 0;

	if (!cf_str_cut(&body, &r->rest, r->rest, '}')) {
		refuse(r, "a { is not closed");
		return;
	}
	if (!cf_str_cut(&low, &high, body, ','))
		low = high = body;
	if (!cf_str_u64(low, &n, UINT16_MAX) ||
		(high.n && !cf_str_u64(high, &m, UINT16_MAX)) ||
		(high.n && m < n)) {
		refuse(r, "the numbers in { } are wrong");
		return;
	}
	cf_buf_printf(r->out, "{%.*s}", (int)body.n, body.p);
}

static void
quantifier(struct reader *r, int32_t c)
{
	if (!r->atom) {
		refuse(r, "*, +, ? or { has nothing to repeat");
		return;
	}
	if (c == '{')
		counted(r);
	else
		cf_buf_putc(r->out, (char)c);
	if (skip(r, "?"))
		emit(r, "?");
	r->atom = false;
}

static void
one(struct reader *r)
{
	int32_t c = next_char(r);

	switch (c) {
	case '\\':
		escape(r);
		break;
	case '[':
		class(r);
		break;
	case '(':
		group(r);
		break;
	case ')':
		close_group(r);
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		quantifier(r, c);
		break;
	case '|':
	case '^':
	case '$':
		cf_buf_putc(r->out, (char)c);
		r->atom = false;
		break;
	case '.':
		emit(r, NOT_LINE_END);
		r->atom = true;
		break;
	case ']':
	case '}':
		refuse(r, "a ] or } has no partner; write \\] or \\}");
		break;
	default:
		if (c >= 0)
			emit_char(r, c);
		r->atom = true;
	}
}

const struct cf_err *
cf_regex_translate(struct cf_buf *out, struct cf_str pattern)
{
	struct reader r = { .rest = pattern, .out = out };

	while (r.rest.n)
		one(&r);
	if (r.wrong == NULL && r.open)
		r.wrong = "a ( is not closed";
	if (r.wrong)
		return cf_err(CF_INVALID, "the pattern %.*s cannot be used: %s",
			(int)(pattern.n > 200 ? 200 : pattern.n), pattern.p,
			r.wrong);
	return cf_buf_check(out, "a pattern");
}
