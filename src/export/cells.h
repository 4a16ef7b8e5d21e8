#ifndef CF_EXPORT_CELLS_H
#define CF_EXPORT_CELLS_H

/*
 * Rows as text: CSV (RFC 4180) and what PostgreSQL's COPY reads. Pure.
 */
#include "export/table.h"

/* The headings, from fields with a `name`. */
void cf_cells_head(struct cf_buf *out, const json_t *fields);
/*
 * A row with the end of its line. `guard`: a text that a spreadsheet would take
 * for a formula (it begins with = + - @, their wide forms, tab, CR or LF, after
 * any number of ') gets one ' in front, so that taking one ' from what begins
 * so gives it back. `fields` say which are texts.
 */
const struct cf_err *cf_cells_csv(struct cf_buf *out, const json_t *fields,
	const json_t *cells, bool guard) CF_MUST;
/* Whether a spreadsheet would take the text for a formula. */
bool cf_cells_formula(const char *text);

/* COPY … FROM STDIN, format text. */
const struct cf_err *cf_cells_copy(struct cf_buf *out, const json_t *cells)
	CF_MUST;

#endif
