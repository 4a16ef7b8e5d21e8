#ifndef CF_ENTRY_H
#define CF_ENTRY_H

/*
 * What is kept of a record so that it can be found: its words, the codes that
 * narrow a search, what it is about, and the records that it names. Pure.
 */
#include "base/buf.h"
#include "record/record.h"

struct cf_entry_text {
	struct cf_buf title, problem, words, facets;
	json_t *about;	/* members of the body that decide how it is shown */
	json_t *links;	/* [[relation, record id], …] */
};

void cf_entry_make(struct cf_entry_text *out, const json_t *doc);
void cf_entry_clear(struct cf_entry_text *entry);

#endif
