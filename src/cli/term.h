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

/* From here on a signal that ends the program puts the terminal back first. */
void cf_term_guard(void);

/* Writes to the terminal. */
void cf_term_write(int tty, const char *text);

/* A screen of its own, for what must not stay there; cf_term_rest leaves it. A
 * program that shows one cannot be stopped. */
void cf_term_screen(int tty);
#define CF_TERM_CLEAR "\033[2J\033[H"

/* The terminal is as it was found. What was typed ahead while nothing was shown
 * is dropped. */
void cf_term_rest(void);

/*
 * One line without its newline into `out` (size bytes with the NUL). False at
 * the end of the input, on an error, for a line that does not fit, and once a
 * signal came that ends the program; `out` is wiped then. Without echo, none is
 * made before the next line that has it, or cf_term_rest.
 */
bool cf_term_read(int tty, bool echo, char *out, size_t size);

/* Whether such a signal came: everything is to be taken back. */
bool cf_term_stopped(void);
/* The terminal is as it was found; and such a signal ends the program now. */
void cf_term_end(void);

#endif
