/*
 * Looking for a text in bytes, however they spell it.
 */
#define _GNU_SOURCE		/* memmem */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/sought.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/nfc.h"
#include "base/small.h"
#include "base/str.h"

#define PIECE (1024u * 1024)	/* read at a time */
#define SHORTEST 4u		/* bytes: less is everywhere by chance */

/* A letter of two or three bytes, or a byte that is none, made small at its
 * place. How many bytes that was. */
static size_t
small_letter(char *p, size_t n)
{
	struct cf_str rest = { p, n < 3 ? n : 3 };
	int32_t c = cf_utf8_next(&rest), small = cf_small(c);
	size_t length = (size_t)(rest.p - p);

	if (c < 0 || small == c)
		return c < 0 ? 1 : length;
	p[length - 1] = (char)(0x80 | (small & 0x3f));
	if (length == 3)
		p[1] = (char)(0x80 | (small >> 6 & 0x3f));
	p[0] = length == 3 ? (char)(0xe0 | small >> 12) :
		(char)(0xc0 | small >> 6);
	return length;
}

/* The same of \uXXXX, as JSON writes a letter; its A to F are small. */
static size_t
small_escape(char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[2];
	int32_t c;

	if (n < 6 || p[1] != 'u' || !cf_unhex(raw, 2, (struct cf_str){ p + 2,
		4 }))
		return 1;
	c = cf_small(raw[0] << 8 | raw[1]);
	for (unsigned i = 0; i < 4; i++)
		p[2 + i] = digits[c >> (12 - 4 * i) & 0xf];
	return 6;
}

/* All capitals small, each at its place. */
static void
make_small(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	for (size_t i = 0; i < n;) {
		if (p[i] == '\\')
			i += small_escape(p + i, n - i);
		else
			i += (unsigned char)p[i] < 0x80 ? 1 :
				small_letter(p + i, n - i);
	}
}

/* Takes the text. */
static void
add_form(struct cf_sought *sought, char *form_take)
{
	size_t n = strlen(form_take);

	make_small(form_take, n);
	for (size_t i = 0; i < sought->n; i++)
		if (strcmp(sought->form[i], form_take) == 0) {
			free(form_take);
			return;
		}
	sought->form = cf_grow(sought->form, sought->n, &sought->cap,
		sizeof *sought->form);
	sought->form[sought->n++] = form_take;
	if (n > sought->longest)
		sought->longest = n;
}

/* The letter after the backslash, or 0: it needs none. */
static char
letter_of(int32_t c)
{
	static const char is[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	const char *at = c > 0 && c < 0x80 ? strchr(is, c) : NULL;

	return at ? letter[at - is] : '\0';
}

/* As JSON writes it between quotes; `ascii`: every other character as \uXXXX. */
static char *
escaped(const char *text, bool ascii)
{
	struct cf_buf out = CF_BUF(CF_MAX_SOUGHT * 12u);
	struct cf_str rest = cf_str(text);

	while (rest.n) {
		const char *at = rest.p;
		int32_t c = cf_utf8_next(&rest);

		if (letter_of(c))
			cf_buf_printf(&out, "\\%c", letter_of(c));
		else if (c >= ' ' && (c < 0x80 || !ascii))
			cf_buf_add(&out, at, (size_t)(rest.p - at));
		else if (c < 0x10000)
			cf_buf_printf(&out, "\\u%04x", (unsigned)c);
		else
			cf_buf_printf(&out, "\\u%04x\\u%04x",
				0xd800u + (((unsigned)c - 0x10000u) >> 10),
				0xdc00u + ((unsigned)c & 0x3ffu));
	}
	return cf_buf_take(&out);
}

static bool
is_utf8(const char *text)
{
	struct cf_str rest = cf_str(text);

	while (rest.n)
		if (cf_utf8_next(&rest) < 0)
			return false;
	return true;
}

const struct cf_err *
cf_sought_add(struct cf_sought *sought, const char *text)
{
	char *spelling[3];

	if (strlen(text) < SHORTEST)
		return cf_err(CF_USAGE, "'%s' is too short to be searched for: "
			"give %u letters or more", text, SHORTEST);
	if (strlen(text) > CF_MAX_SOUGHT)
		return cf_err(CF_USAGE, "that text is too long to be searched "
			"for: give a part of it that nothing else has");
	if (!is_utf8(text))
		return cf_err(CF_USAGE, "a text to be searched for must be "
			"UTF-8");
	spelling[0] = cf_strdup(text);
	spelling[1] = cf_nfc(text);
	spelling[2] = cf_nfd(text);
	if (sought->room == NULL)
		sought->room = cf_malloc(PIECE);
	for (size_t i = 0; i < 3; i++) {
		add_form(sought, escaped(spelling[i], false));
		add_form(sought, escaped(spelling[i], true));
		add_form(sought, spelling[i]);
	}
	return NULL;
}

void
cf_sought_clear(struct cf_sought *sought)
{
	for (size_t i = 0; i < sought->n; i++)
		free(sought->form[i]);
	free(sought->form);
	free(sought->room);
	*sought = (struct cf_sought){ 0 };
}

/* At most PIECE bytes. */
static bool
in_piece(struct cf_sought *sought, const char *bytes, size_t n)
{
	memcpy(sought->room, bytes, n);
	make_small(sought->room, n);
	for (size_t i = 0; i < sought->n; i++)
		if (memmem(sought->room, n, sought->form[i],
			strlen(sought->form[i])))
			return true;
	return false;
}

bool
cf_sought_in(struct cf_sought *sought, const void *bytes, size_t n)
{
	const char *p = bytes;
	size_t step = PIECE - sought->longest;

	while (n > PIECE) {
		if (in_piece(sought, p, PIECE))
			return true;
		p += step;
		n -= step;
	}
	return in_piece(sought, p, n);
}

const struct cf_err *
cf_sought_in_file(bool *out, struct cf_sought *sought, const char *path)
{
	char *piece = cf_malloc(PIECE);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	const struct cf_err *err = NULL;
	size_t have = 0;
	ssize_t n = 1;

	*out = false;
	while (fd >= 0 && n != 0 && !*out) {
		n = read(fd, piece + have, PIECE - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		have += (size_t)n;
		*out = in_piece(sought, piece, have);
		/* A text may lie across two of them. */
		if (have > sought->longest) {
			memmove(piece, piece + have - sought->longest,
				sought->longest);
			have = sought->longest;
		}
	}
	if (fd < 0 || n < 0)
		err = cf_err_sys("cannot read %s", path);
	if (fd >= 0)
		(void)close(fd);
	free(piece);
	return err;
}
