#ifndef CF_VERDICT_H
#define CF_VERDICT_H

/*
 * How we stand with a partner, in words: for sync and status.
 */
#include "cli/cmd.h"

struct verdict {
	const char *word;	/* "up to date" */
	enum tone tone;
};
struct verdict cf_verdict(const char *name);

/* How much there is to read, and (with partners) the code to compare. */
void cf_page_commons(struct page *page, const json_t *commons,
	bool with_partners);

#endif
