#ifndef RANDOM_JSON_H
#define RANDOM_JSON_H

/*
 * Random JSON for property tests: values that lean towards the corners (escapes,
 * characters beyond U+FFFF, the largest integers, powers of two), texts that
 * write a value in any way JSON allows, and damage.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "json/json.h"

struct random {
	uint64_t state;
};

/* argv[1], else $SEED, else the time; printed, so that a failure can be run
 * again. */
static inline struct random
random_seed(int argc, char **argv)
{
	const char *given = argc > 1 ? argv[1] : getenv("SEED");
	uint64_t seed;

	if (given == NULL ||
		!cf_str_u64(cf_str(given), &seed, UINT64_MAX) || seed == 0)
		seed = (uint64_t)cf_now_ms() * 1000 + (uint64_t)getpid();
	printf("# SEED=%llu\n", (unsigned long long)seed);
	return (struct random){ seed };
}

static inline uint64_t
random_bits(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return r->state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline unsigned
random_below(struct random *r, unsigned n)
{
	return (unsigned)((random_bits(r) >> 33) % n);
}

static inline void
random_utf8(struct cf_buf *out, uint32_t c)
{
	unsigned char b[4] = { (unsigned char)c };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; n > 1 && i-- > 0; c >>= 6)
		b[i] = (unsigned char)(0x80 | (c & 0x3f));
	if (n > 1)
		b[0] |= (unsigned char)(0xf00 >> n);
	cf_buf_add(out, b, n);
}

/* No surrogate, no noncharacter, not NUL. */
static inline uint32_t
random_character(struct random *r)
{
	static const uint32_t corner[] = { 1, 8, 9, 10, 11, 12, 13, 0x1f, '"',
		'\\', '/', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfdcf,
		0xfdf0, 0xfffd, 0xfeff, 0x10000, 0x1f600, 0x10fffd, 0x2028,
		'~', '{', ' ' };
	uint32_t c;

	if (random_below(r, 3) == 0)
		return corner[random_below(r,
			sizeof corner / sizeof corner[0])];
	if (random_below(r, 4) != 0)
		return 'a' + random_below(r, 26);
	do {
		c = random_below(r, 0x110000);
	} while (c == 0 || (c >= 0xd800 && c < 0xe000) ||
		(c >= 0xfdd0 && c < 0xfdf0) || (c & 0xfffe) == 0xfffe);
	return c;
}

static inline json_t *
random_string(struct random *r)
{
	struct cf_buf text = CF_BUF(4096);
	unsigned n = random_below(r, 4) ? random_below(r, 8) :
		random_below(r, 60);
	json_t *string;

	while (n-- > 0)
		random_utf8(&text, random_character(r));
	string = json_stringn(text.data, text.len);
	cf_buf_clear(&text);
	return string;
}

static inline double
random_double(struct random *r)
{
	double d;
	uint64_t bits;

	do {
		switch (random_below(r, 5)) {
		case 0:
			bits = random_bits(r);
			memcpy(&d, &bits, sizeof d);
			break;
		case 1:
			d = ldexp(1, (int)random_below(r, 2098) - 1074);
			break;
		case 2:
			d = random_below(r, 1000000000) /
				pow(10, random_below(r, 14));
			break;
		case 3:
			d = ldexp((double)(random_bits(r) >> 11),
				(int)random_below(r, 40) - 80);
			break;
		default:
			d = random_below(r, 100) *
				pow(10, (int)random_below(r, 46) - 22);
			break;
		}
		if (random_below(r, 4) == 0)
			d = -d;
	} while (!cf_json_number_ok(d));
	return d;
}

static inline json_t *
random_number(struct random *r)
{
	if (random_below(r, 2))
		return json_real(random_double(r));
	if (random_below(r, 8) == 0)
		return json_integer(random_below(r, 2) ? CF_MAX_WHOLE :
			-CF_MAX_WHOLE);
	return json_integer((json_int_t)random_below(r, 2000) - 1000);
}

/* `depth` levels at most. */
static inline json_t *
random_value(struct random *r, unsigned depth)
{
	unsigned kind = random_below(r, depth ? 8 : 5);
	unsigned n = random_below(r, 6);
	json_t *box, *name;

	switch (kind) {
	case 0:
		return json_boolean((int)random_below(r, 2));
	case 1:
		return random_below(r, 2) ? json_null() : random_string(r);
	case 2:
		return random_string(r);
	case 3:
	case 4:
		return random_number(r);
	case 5:
		box = json_array();
		while (n-- > 0)
			(void)json_array_append_new(box,
				random_value(r, depth - 1));
		return box;
	default:
		box = json_object();
		while (n-- > 0) {
			name = random_string(r);
			(void)json_object_set_new(box, json_string_value(name),
				random_value(r, depth - 1));
			json_decref(name);
		}
		return box;
	}
}

static inline void
loose_space(struct random *r, struct cf_buf *out)
{
	while (random_below(r, 3) == 0)
		cf_buf_putc(out, " \n\r\t"[random_below(r, 4)]);
}

/* Each character as it is or as \uXXXX, at random. */
static inline void
loose_string(struct random *r, struct cf_buf *out, const char *s)
{
	struct cf_str rest = cf_str(s);

	cf_buf_putc(out, '"');
	while (rest.n) {
		struct cf_str from = rest;
		uint32_t c = (uint32_t)cf_utf8_next(&rest);

		if (c >= 0x20 && c != '"' && c != '\\' && random_below(r, 5)) {
			cf_buf_add(out, from.p, from.n - rest.n);
		} else if (c == '/' || c == '"' || c == '\\') {
			cf_buf_printf(out, "\\%c", (int)c);
		} else if (c < 0x10000) {
			cf_buf_printf(out, random_below(r, 2) ? "\\u%04x" :
				"\\u%04X", (unsigned)c);
		} else {
			cf_buf_printf(out, "\\u%04x\\u%04x",
				(unsigned)(0xd7c0 + (c >> 10)),
				(unsigned)(0xdc00 + (c & 0x3ff)));
		}
	}
	cf_buf_putc(out, '"');
}

static inline void
loose_number(struct random *r, struct cf_buf *out, const json_t *number)
{
	double d = json_number_value(number);

	switch (random_below(r, 4)) {
	case 0:
		cf_buf_printf(out, "%.17g", d);
		break;
	case 1:
		cf_buf_printf(out, "%.20E", d);
		break;
	case 2:
		cf_buf_printf(out, "%.1100f", d);
		break;
	default:
		if (json_is_integer(number))
			cf_buf_printf(out, "%.0fe+0", d);
		else
			cf_buf_printf(out, "%.16e", d);
		break;
	}
}

/* A text of the value in a form that JSON allows. */
static inline void
loose_text(struct random *r, struct cf_buf *out, json_t *value)
{
	const char *name, *comma = "";
	json_t *member;
	size_t i;

	loose_space(r, out);
	if (json_is_object(value)) {
		cf_buf_putc(out, '{');
		json_object_foreach(value, name, member) {
			cf_buf_puts(out, comma);
			comma = ",";
			loose_space(r, out);
			loose_string(r, out, name);
			loose_space(r, out);
			cf_buf_putc(out, ':');
			loose_text(r, out, member);
		}
		loose_space(r, out);
		cf_buf_putc(out, '}');
	} else if (json_is_array(value)) {
		cf_buf_putc(out, '[');
		json_array_foreach(value, i, member) {
			cf_buf_puts(out, i ? "," : "");
			loose_text(r, out, member);
		}
		loose_space(r, out);
		cf_buf_putc(out, ']');
	} else if (json_is_string(value)) {
		loose_string(r, out, json_string_value(value));
	} else if (json_is_number(value)) {
		loose_number(r, out, value);
	} else {
		cf_buf_puts(out, json_is_true(value) ? "true" :
			json_is_false(value) ? "false" : "null");
	}
	loose_space(r, out);
}

/* One small change; what it hits most is what a careless tool would change. */
static inline void
random_damage(struct random *r, struct cf_buf *text)
{
	static const char likely[] = " \n\t\r,:\"\\{}[]0123456789-+.eEnulabtrfs/"
		"\x01\x7f\x80\xbf\xc3\xed\xef\xf4\xff";
	size_t at = random_below(r, (unsigned)text->len + 1), n = 0;
	struct cf_buf out = CF_BUF(text->max + 1);
	char c = likely[random_below(r, sizeof likely)];

	cf_buf_add(&out, text->data, at);
	switch (random_below(r, 5)) {
	case 0:				/* one more */
		cf_buf_putc(&out, c);
		break;
	case 1:				/* another one */
		cf_buf_putc(&out, c);
		n = 1;
		break;
	case 2:				/* some less */
		n = 1 + random_below(r, 4);
		break;
	case 3:				/* a piece twice */
		n = random_below(r, (unsigned)(text->len - at) + 1);
		cf_buf_add(&out, text->data + at, n);
		n = 0;
		break;
	default:			/* two change places */
		if (text->len - at < 2)
			break;
		cf_buf_putc(&out, text->data[at + 1]);
		cf_buf_putc(&out, text->data[at]);
		n = 2;
		break;
	}
	if (n > text->len - at)
		n = text->len - at;
	cf_buf_add(&out, text->data + at + n, text->len - at - n);
	cf_buf_reset(text);
	cf_buf_add(text, out.data, out.len);
	cf_buf_clear(&out);
}

#endif
