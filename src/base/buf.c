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
	cf_buf_add(b, &c, 1);
}

void
cf_buf_printf(struct cf_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		cf_bug("bad format");
	if (!reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
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
