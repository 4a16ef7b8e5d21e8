#ifndef CF_EMBED_H
#define CF_EMBED_H

/*
 * The files of schemas/ as the program carries them.
 */
#include "base/str.h"

struct cf_embedded {
	const char *name;	/* "finding", or "example/finding" */
	struct cf_str text;
};

/* All of them; a NULL name ends the list. */
const struct cf_embedded *cf_embedded(void);

#endif
