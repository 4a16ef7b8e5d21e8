/*
 * Reading what must be exactly its file form, in one pass. File form leaves one
 * byte sequence for each value, so the pass only ever compares with what must
 * come next, and the bytes that are not white space are the canonical form. It
 * says yes or no; why not is asked of the ordinary reader, which may be slow.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "json/scan.h"
#include "json/lex.h"

/*
 * Documents of up to so many bytes are worked on without a large block of heap:
 * asking for one makes malloc tidy up all the small ones, which costs as much
 * as the rest of the pass.
 */
#define SMALL 16384
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define UNSET __attribute__((uninitialized))
#endif
#endif
#ifndef UNSET
#define UNSET
#endif

struct level {
	json_t *box;		/* borrowed from the root */
	struct cf_str name;	/* of the newest member, p NULL in a list */
};

/* The last byte, a newline, is never consumed: it ends every loop. */
struct pass {
	const char *p, *last;
	char *jcs;		/* end of the canonical form so far */
	char *skip_from;	/* where it goes on after the member left out */
	char *spare;		/* room for texts without their escapes */
	const char *skip;
	json_t *root;
	unsigned depth;
	struct level level[CF_MAX_DEPTH + 1];
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * Whether any of eight bytes needs a closer look: below 0x20, a quote, a
 * backslash, or not ASCII. Only a byte that counts itself can borrow from the
 * next one.
 */
static bool
special(const char *p)
{
	uint64_t x, hits;

	memcpy(&x, p, sizeof x);
	hits = (x - EACH(0x20)) | ((x ^ EACH('"')) - EACH(1)) |
		((x ^ EACH('\\')) - EACH(1)) | x;
	return (hits & EACH(0x80)) != 0;
}

static bool
ordinary(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 &&
		c != '"' && c != '\\';
}

/* A character that is written with a backslash, in the one way that RFC 8785
 * knows for it: appended without its escape. */
static bool
escape(struct pass *s)
{
	static const char name[] = "btnfr\"\\", value[] = "\b\t\n\f\r\"\\";
	const char *at = s->p[1] ? strchr(name, s->p[1]) : NULL;
	unsigned char code;

	if (at != NULL) {
		*s->spare++ = value[at - name];
		s->p += 2;
		return true;
	}
	if (s->last - s->p < 6 || memcmp(s->p, "\\u00", 4) != 0 ||
		!cf_unhex(&code, 1, (struct cf_str){ s->p + 4, 2 }) ||
		code == 0 || code >= 0x20 || strchr(value, code) != NULL)
		return false;
	*s->spare++ = (char)code;
	s->p += 6;
	return true;
}

/* Past the characters that stand for themselves. */
static bool
plain(struct pass *s)
{
	for (;;) {
		struct cf_str rest;
		int32_t c;

		while (s->last - s->p >= 8 && !special(s->p))
			s->p += 8;
		while (ordinary(*s->p))
			s->p++;
		if ((unsigned char)*s->p < 0x80)
			return true;
		rest = (struct cf_str){ s->p, (size_t)(s->last - s->p) };
		c = cf_utf8_next(&rest);
		if (c < 0 || !cf_json_char_ok(c))
			return false;
		s->p = rest.p;
	}
}

/*
 * A text, whose quote is at p. *out lies in the input, or in the spare room
 * where something was escaped.
 */
static bool
string(struct pass *s, struct cf_str *out)
{
	const char *quote = s->p++, *from = s->p;
	char *copy = s->spare;

	for (;;) {
		if (!plain(s))
			return false;
		if (*s->p != '\\')
			break;
		memcpy(s->spare, from, (size_t)(s->p - from));
		s->spare += s->p - from;
		if (!escape(s))
			return false;
		from = s->p;
	}
	if (*s->p != '"')
		return false;
	if (s->spare == copy) {
		*out = (struct cf_str){ from, (size_t)(s->p - from) };
	} else {
		memcpy(s->spare, from, (size_t)(s->p - from));
		s->spare += s->p - from;
		*out = (struct cf_str){ copy, (size_t)(s->spare - copy) };
	}
	s->p++;
	memcpy(s->jcs, quote, (size_t)(s->p - quote));
	s->jcs += s->p - quote;
	return true;
}

/*
 * A number of at most 15 digits without an exponent, as most are; NULL where it
 * is not one, or not as RFC 8785 writes it. Two decimals of 15 digits never
 * read as the same double, so what is written is the shortest. Integer and
 * power of ten are exact, so the division rounds once, as strtod does.
 */
static json_t *
short_number(const char *p, const char *end)
{
	bool minus = *p == '-';
	const char *first = p + minus, *point = NULL;
	json_int_t v = 0;
	double d;

	if (end == first || end - first > 16 || (*first == '0' && minus &&
		end - first == 1))
		return NULL;
	for (p = first; p < end; p++) {
		if (*p >= '0' && *p <= '9')
			v = v * 10 + (*p - '0');
		else if (*p == '.' && point == NULL)
			point = p;
		else
			return NULL;
	}
	if (*first == '0' && end > first + 1 && point != first + 1)
		return NULL;
	if (point == NULL)
		return v > CF_MAX_WHOLE ? NULL : json_integer(minus ? -v : v);
	if (point == first || end[-1] == '.' || end[-1] == '0')
		return NULL;
	d = (double)v / cf_json_ten[end - point - 1];
	return d < 1e-6 ? NULL : json_real(minus ? -d : d);
}

/* Any other: written again, and compared. */
static json_t *
long_number(const char *p, size_t n)
{
	char copy[32], canonical[32];
	double d;

	if (n == 0 || n >= sizeof copy)
		return NULL;
	memcpy(copy, p, n);
	copy[n] = '\0';
	d = strtod(copy, NULL);
	if (!cf_json_number_ok(d) || !cf_json_number(canonical, d) ||
		strcmp(canonical, copy) != 0)
		return NULL;
	return json_real(d);
}

static json_t *
number(struct pass *s)
{
	const char *from = s->p;
	json_t *v;
	size_t n;

	while ((*s->p >= '0' && *s->p <= '9') || *s->p == '-' || *s->p == '.' ||
		*s->p == 'e' || *s->p == '+')
		s->p++;
	n = (size_t)(s->p - from);
	memcpy(s->jcs, from, n);
	s->jcs += n;
	v = short_number(from, s->p);
	return v ? v : long_number(from, n);
}

static bool
literal(struct pass *s, const char *word, size_t n)
{
	if ((size_t)(s->last - s->p) < n || memcmp(s->p, word, n) != 0)
		return false;
	memcpy(s->jcs, word, n);
	s->jcs += n;
	s->p += n;
	return true;
}

static json_t *
scalar(struct pass *s)
{
	struct cf_str word;

	switch (*s->p) {
	case '"':
		return string(s, &word) ?
			json_stringn_nocheck(word.p, word.n) : NULL;
	case 't':
		return literal(s, "true", 4) ? json_true() : NULL;
	case 'f':
		return literal(s, "false", 5) ? json_false() : NULL;
	case 'n':
		return literal(s, "null", 4) ? json_null() : NULL;
	default:
		return number(s);
	}
}

/* A value, put where it belongs; an object or a list that is not empty becomes
 * the current level. */
static bool
value(struct pass *s)
{
	struct level *level = &s->level[s->depth];
	bool object = *s->p == '{', box = object || *s->p == '[';
	json_t *v;

	if (box && s->depth == CF_MAX_DEPTH)
		return false;
	v = box ? object ? json_object() : json_array() : scalar(s);
	if (v == NULL)
		return false;
	if (s->depth == 0)
		s->root = v;
	else if (level->name.p == NULL ?
		json_array_append_new(level->box, v) :
		json_object_setn_new_nocheck(level->box, level->name.p,
			level->name.n, v))
		cf_bug("a value cannot be added");
	if (!box)
		return true;
	*s->jcs++ = *s->p++;
	if (*s->p == (object ? '}' : ']')) {
		*s->jcs++ = *s->p++;
		return true;
	}
	s->level[++s->depth] = (struct level){ .box = v };
	return true;
}

static bool
new_line(struct pass *s)
{
	static const char line[] = "\n                                "
		"                                ";
	size_t n = 1 + 2 * s->depth;

	_Static_assert(sizeof line == 2 + 2 * CF_MAX_DEPTH, "too few spaces");
	if ((size_t)(s->last - s->p) < n || memcmp(s->p, line, n) != 0)
		return false;
	s->p += n;
	return true;
}

/* What was written of the member to leave out is taken back once it is over. */
static void
leave_out(struct pass *s)
{
	if (s->depth == 1 && s->skip_from != NULL) {
		s->jcs = s->skip_from;
		s->skip_from = NULL;
	}
}

/* The line and, in an object, the name before a value. */
static bool
element(struct pass *s)
{
	struct level *level = &s->level[s->depth];
	struct cf_str name;
	char *from;

	leave_out(s);
	from = s->jcs;
	if (!new_line(s))
		return false;
	if (from[-1] != '{' && from[-1] != '[')
		*s->jcs++ = ',';
	if (json_is_array(level->box))
		return true;
	if (*s->p != '"' || !string(s, &name))
		return false;
	if (level->name.p != NULL && cf_json_name_order(level->name, name) >= 0)
		return false;
	level->name = name;
	if (s->depth == 1 && s->skip != NULL && cf_str_is(name, s->skip))
		s->skip_from = from;
	if (s->p[0] != ':' || s->p[1] != ' ')
		return false;
	*s->jcs++ = ':';
	s->p += 2;
	return true;
}

static bool
close_level(struct pass *s)
{
	char bracket = json_is_array(s->level[s->depth].box) ? ']' : '}';

	leave_out(s);
	s->depth--;
	if (!new_line(s) || *s->p != bracket)
		return false;
	*s->jcs++ = bracket;
	s->p++;
	return true;
}

static bool
document(struct pass *s)
{
	do {
		unsigned before = s->depth;

		if (before > 0 && !element(s))
			return false;
		if (!value(s))
			return false;
		if (s->depth > before)
			continue;
		while (s->depth > 0 && *s->p != ',')
			if (!close_level(s))
				return false;
		s->p += s->depth > 0;
	} while (s->depth > 0);
	return s->p == s->last;
}

/* Why the pass said no. */
static const struct cf_err *
explain(struct cf_str text, size_t max)
{
	struct cf_buf form = CF_BUF(text.n);
	const struct cf_err *err;
	size_t at = 0;
	json_t *v;

	err = cf_json_read(&v, text, max);
	if (err)
		return err;
	/* Of a form that is longer than the text, the beginning is enough. */
	if (cf_json_file_form(&form, v) == NULL || form.full)
		while (at < form.len && text.p[at] == form.data[at])
			at++;
	err = cf_json_fault(text, at, "json.not-canonical",
		"these bytes are not in the one form in which records are "
		"written (members in their order, two spaces for each level, "
		"one way to write each text and number); write the file "
		"again with Confer");
	cf_buf_clear(&form);
	json_decref(v);
	return err;
}

const struct cf_err *
cf_json_read_file_form(json_t **out, struct cf_buf *jcs, const char *skip,
	struct cf_str text, size_t max)
{
	struct pass s = { .skip = skip };
	const struct cf_err *err = NULL;
	char small[2 * SMALL] UNSET, *room = small;

	*out = NULL;
	if (text.n < 2 || text.n > max || text.p[text.n - 1] != '\n')
		return explain(text, max);
	if (text.n > SMALL)
		room = cf_malloc(2 * text.n);
	s.p = text.p;
	s.last = text.p + text.n - 1;
	s.jcs = room;
	s.spare = room + text.n;
	if (!document(&s)) {
		err = explain(text, max);
		goto done;
	}
	if (jcs != NULL) {
		cf_buf_add(jcs, room, (size_t)(s.jcs - room));
		err = cf_buf_check(jcs, "the canonical form");
	}
	if (err == NULL) {
		*out = s.root;
		s.root = NULL;
	}
done:
	json_decref(s.root);
	if (room != small)
		free(room);
	return err;
}
