#ifndef CF_CLOCK_H
#define CF_CLOCK_H

/*
 * Times are seconds since 1970 (UTC) and, in text, RFC 3339 with whole seconds
 * and Z: 2026-05-01T10:00:00Z. No locale, no time zone, no leap seconds.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define CF_TIME_TEXT 21		/* bytes of the text with its NUL */

int64_t cf_now(void);
int64_t cf_now_ms(void);

/* `when` from 1970 to the end of the year 9999. */
void cf_time_format(char out[CF_TIME_TEXT], int64_t when);
/* Exactly our form, and a day that exists. */
bool cf_time_parse(int64_t *out, struct cf_str text);
/* Days since 1970-01-01 of a day that exists (proleptic Gregorian). */
bool cf_date_days(int64_t *out, unsigned year, unsigned month, unsigned day);

#endif
