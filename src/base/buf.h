#ifndef CF_BUF_H
#define CF_BUF_H

/*
 * A byte buffer that is born with a cap. An append that would pass the cap
 * leaves the buffer as it is and sets `full`, so a run of appends is checked
 * once at its end. `data` is always followed by a NUL that `len` does not
 * count, and is "" while the buffer is empty.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct cf_buf {
	char *data;
	size_t len, cap, max;
	bool full;
};

/* What an empty buffer points to; nobody writes to it. */
extern char cf_buf_empty[1];

/* Initialiser: struct cf_buf b = CF_BUF(CF_MAX_RECORD); */
#define CF_BUF(maximum) { .data = cf_buf_empty, .max = (maximum) }

void cf_buf_init(struct cf_buf *b, size_t max);
void cf_buf_clear(struct cf_buf *b);	/* frees; the cap stays */
void cf_buf_reset(struct cf_buf *b);	/* empties, keeps the memory */

void cf_buf_add(struct cf_buf *b, const void *bytes, size_t n);
void cf_buf_puts(struct cf_buf *b, const char *s);
void cf_buf_putc(struct cf_buf *b, char c);
void cf_buf_printf(struct cf_buf *b, const char *fmt, ...) CF_PRINTF(2, 3);

/* Makes room for `n` more bytes at once, where so many may come. */
void cf_buf_room(struct cf_buf *b, size_t n);

/* CF_TOO_BIG, naming `what`, if something did not fit. */
const struct cf_err *cf_buf_check(const struct cf_buf *b, const char *what)
	CF_MUST;

/* The bytes, now the caller's to free; the buffer is empty again. */
char *cf_buf_take(struct cf_buf *b);

/* A word of a command that people can copy: quoted where a shell would read it
 * otherwise. The caller frees. */
char *cf_shell_word(const char *text);

#endif
