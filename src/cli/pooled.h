#ifndef CF_CLI_POOLED_H
#define CF_CLI_POOLED_H

/*
 * A pooled estimate, and a synthesis worked out again, as people read them.
 */
#include "cli/cmd.h"

void cf_page_pooled(struct page *page, const json_t *result, bool no_push);
/* The findings that were left out, with the reasons. */
void cf_page_left_out(struct page *page, const json_t *result);
void cf_page_replayed(struct page *page, const json_t *result);

#endif
