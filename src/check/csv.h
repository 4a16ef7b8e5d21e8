#ifndef CF_CSV_H
#define CF_CSV_H

/*
 * Reading CSV as spreadsheets and schools' information systems write it: RFC 4180
 * with commas, semicolons or tabs, any line ends, with or without a byte order
 * mark. In place: fields are unquoted within the bytes that are read, so that
 * nothing is copied out of memory that is kept locked.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct cf_csv {
	char *at, *end;
	char separator;
};

/* csv.text: the bytes are no text, but the file of a spreadsheet program. */
const struct cf_err *cf_csv_check(const char *bytes, size_t n) CF_MUST;
void cf_csv_start(struct cf_csv *csv, char *bytes, size_t n);
/*
 * The next row's fields, without spaces around them; *n is how many there were,
 * of which at most `max` are given. False at the end.
 */
bool cf_csv_row(struct cf_csv *csv, struct cf_str *field, size_t max,
	size_t *n);

#endif
