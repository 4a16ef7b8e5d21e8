#ifndef CF_PUBLISHED_H
#define CF_PUBLISHED_H

/*
 * What publish, withdraw and cosign say when they are done.
 */
#include "cli/cmd.h"

/* `done` begins the sentence: "Published", "Withdrawn", "Signed". `no_push`:
 * the user wanted nothing sent. */
void cf_page_published(struct page *page, const json_t *result,
	const char *done, bool no_push);

/* Drafts that contradict what stands, with both sides and what to type next. */
void cf_page_draft_conflicts(struct page *page, const json_t *conflicts);

#endif
