/*
 * CSV, row by row.
 */
#include <string.h>

#include "check/csv.h"

#define LOOKED_AT 4096		/* a report may have a title in its first line */

/* What stands most often near the beginning, outside quotation marks. */
static char
find_separator(const char *p, const char *end)
{
	size_t n[3] = { 0 };
	bool quotes = false;

	if (end - p > LOOKED_AT)
		end = p + LOOKED_AT;
	for (; p < end; p++) {
		quotes ^= *p == '"';
		n[0] += *p == ',' && !quotes;
		n[1] += *p == ';' && !quotes;
		n[2] += *p == '\t' && !quotes;
	}
	if (n[2] > n[0] && n[2] >= n[1])
		return '\t';
	return n[1] > n[0] ? ';' : ',';
}

/* Workbooks, and text of two bytes a letter, have zeros near their beginning. */
const struct cf_err *
cf_csv_check(const char *bytes, size_t n)
{
	if (n == 0 || memchr(bytes, '\0', n) == NULL)
		return NULL;
	return cf_err_rule(CF_INVALID, "csv.text", "it is no CSV file, but a "
		"spreadsheet's own (.xlsx, .xls, .ods), or text saved as "
		"UTF-16 (\"Unicode\"). Open it in the spreadsheet program, and "
		"save it as CSV (UTF-8)");
}

void
cf_csv_start(struct cf_csv *csv, char *bytes, size_t n)
{
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	*csv = (struct cf_csv){ bytes, bytes + n, find_separator(bytes,
		bytes + n) };
}

static bool
is_end(const struct cf_csv *csv)
{
	return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r';
}

/* A quoted field, whose first quotation mark has been passed. */
static struct cf_str
quoted(struct cf_csv *csv)
{
	char *to = csv->at;
	struct cf_str out = { to, 0 };

	while (csv->at < csv->end) {
		if (*csv->at != '"') {
			*to++ = *csv->at++;
			continue;
		}
		csv->at++;
		if (csv->at == csv->end || *csv->at != '"')
			break;
		*to++ = *csv->at++;
	}
	out.n = (size_t)(to - out.p);
	/* What follows before the separator is no part of it. */
	while (!is_end(csv) && *csv->at != csv->separator)
		csv->at++;
	return out;
}

static struct cf_str
trimmed(struct cf_str s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s = (struct cf_str){ s.p + 1, s.n - 1 };
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static struct cf_str
next_field(struct cf_csv *csv)
{
	struct cf_str out = { csv->at, 0 };

	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		return trimmed(quoted(csv));
	}
	while (!is_end(csv) && *csv->at != csv->separator)
		csv->at++;
	out.n = (size_t)(csv->at - out.p);
	return trimmed(out);
}

bool
cf_csv_row(struct cf_csv *csv, struct cf_str *field, size_t max, size_t *n)
{
	*n = 0;
	while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r'))
		csv->at++;
	if (csv->at == csv->end)
		return false;
	for (;;) {
		struct cf_str one = next_field(csv);

		if (*n < max)
			field[*n] = one;
		(*n)++;
		if (is_end(csv))
			return true;
		csv->at++;	/* the separator */
	}
}
