/*
 * Capped byte buffers.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

char cf_buf_empty[1];

void
cf_buf_init(struct cf_buf *b, size_t max)
{
	*b = (struct cf_buf){ .data = cf_buf_empty, .max = max };
}

void
cf_buf_clear(struct cf_buf *b)
{
	if (b->cap)
		free(b->data);
	cf_buf_init(b, b->max);
}

void
cf_buf_reset(struct cf_buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->cap)
		b->data[0] = '\0';
}

/* Room for n more bytes and the NUL; false once the cap is reached. */
static bool
reserve(struct cf_buf *b, size_t n)
{
	size_t want, cap;

	if (b->full || n > b->max - b->len) {
		b->full = true;
		return false;
	}
	want = b->len + n + 1;
	if (want <= b->cap)
		return true;
	cap = b->cap ? b->cap * 2 : 64;
	while (cap < want)
		cap *= 2;
	b->data = cf_realloc(b->cap ? b->data : NULL, cap, 1);
	b->cap = cap;
	return true;
}

void
cf_buf_add(struct cf_buf *b, const void *bytes, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
cf_buf_puts(struct cf_buf *b, const char *s)
{
	cf_buf_add(b, s, strlen(s));
}

void
cf_buf_putc(struct cf_buf *b, char c)
{
	if (b->full || b->len + 1 >= b->cap || b->len >= b->max) {
		cf_buf_add(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void
cf_buf_printf(struct cf_buf *b, const char *fmt, ...)
{
	size_t room = b->cap ? b->cap - b->len : 0;
	va_list ap;
	int n;

	/* Into the room that there is; most fits. */
	va_start(ap, fmt);
	n = vsnprintf(room ? b->data + b->len : NULL, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		cf_bug("bad format");
	if (!reserve(b, (size_t)n)) {
		if (room)
			b->data[b->len] = '\0';
		return;
	}
	if ((size_t)n >= room) {
		va_start(ap, fmt);
		(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
}

void
cf_buf_room(struct cf_buf *b, size_t n)
{
	(void)(n <= b->max - b->len && reserve(b, n));
}

const struct cf_err *
cf_buf_check(const struct cf_buf *b, const char *what)
{
	if (b->full)
		return cf_err(CF_TOO_BIG, "%s is larger than %zu bytes", what,
			b->max);
	return NULL;
}

char *
cf_buf_take(struct cf_buf *b)
{
	char *out = b->cap ? b->data : cf_strdup("");

	cf_buf_init(b, b->max);
	return out;
}

char *
cf_shell_word(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
	size_t n = strlen(text);
	struct cf_buf out = CF_BUF(4 * n + 8);

	if (n && text[strspn(text, plain)] == '\0')
		return cf_strdup(text);
	cf_buf_putc(&out, '\'');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\'')
			cf_buf_puts(&out, "'\\''");
		else
			cf_buf_putc(&out, text[i]);
	}
	cf_buf_putc(&out, '\'');
	return cf_buf_take(&out);
}
