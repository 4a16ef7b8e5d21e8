#ifndef CF_RELAYED_H
#define CF_RELAYED_H

/*
 * What became of the copies that we relay: for sync, publish and others.
 */
#include "cli/cmd.h"

/* Nothing where there was nothing to do (NULL). */
void cf_page_relayed(struct page *page, const json_t *relay);

#endif
