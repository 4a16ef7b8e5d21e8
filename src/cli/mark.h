#ifndef CF_MARK_H
#define CF_MARK_H

/*
 * What is to be known about a record wherever it is shown: in conflict,
 * incomplete.
 */
#include "cli/page.h"

/* "(conflict, incomplete) " in front of a title, or "". The caller frees. */
char *cf_record_mark(const json_t *record);
/* Which stewards' versions may be missing; [{trust, name, why}]. Nothing where the
 * list is empty. */
void cf_page_incomplete(struct page *page, const json_t *missing);

#endif
