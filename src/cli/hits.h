#ifndef CF_HITS_H
#define CF_HITS_H

/*
 * What a search found, as people read it.
 */
#include "confer.h"

#include "cli/page.h"

void cf_page_hits(struct page *page, const json_t *hits);

/* "secondary, 801 to 1,200 pupils, 40% to 49.9% free school meals": what a context
 * says, as far as it is compared. The caller frees. */
char *cf_setting_words(const json_t *context);
/* "Ashby Trust published something close: adopt it instead?", with the command. */
void cf_page_similar(struct page *page, unsigned indent, const json_t *list);
/* "signed by Ashby Trust and Northfield Learning Trust"; the caller frees. */
char *cf_signed_words(const json_t *record);

#endif
