#ifndef CF_FIELDS_H
#define CF_FIELDS_H

/*
 * A record's body as people read it: every field by its title, in the order of
 * the schema.
 */
#include "cli/page.h"

/* `schema` is that of the kind, or NULL. The members in `but` (NULL ends the
 * list; may be NULL) are left out. */
void cf_page_fields(struct page *page, json_t *schema, json_t *body,
	const char *const *but);

#endif
