#ifndef CF_TERM_H
#define CF_TERM_H

/*
 * The controlling terminal: a line typed by a person, with or without echo. The
 * terminal is put back in order whatever signal arrives.
 */
#include <stdbool.h>
#include <stddef.h>

/* /dev/tty, or -1 where nobody sits: there is none, or stdin is something
 * else. */
int cf_term_open(void);

/* Writes to the terminal. */
void cf_term_write(int tty, const char *text);

/*
 * One line without its newline into `out` (size bytes with the NUL). False at
 * the end of the input, on an error, and for a line that does not fit; `out` is
 * wiped then.
 */
bool cf_term_read(int tty, bool echo, char *out, size_t size);

#endif
