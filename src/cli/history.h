#ifndef CF_HISTORY_PAGE_H
#define CF_HISTORY_PAGE_H

/*
 * How a record came about, and who wrote what, for people.
 */
#include "cli/page.h"

/* `history` and `blame` as cf_show has them; nothing where they are not lists.
 * `schema` is that of the kind, or NULL. */
void cf_page_history(struct page *page, json_t *schema, const json_t *history);
void cf_page_blame(struct page *page, json_t *schema, const json_t *blame);

#endif
