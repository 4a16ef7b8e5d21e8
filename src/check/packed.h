#ifndef CF_PACKED_H
#define CF_PACKED_H

/*
 * Texts inside a text; for the walk in probe.c.
 */
#include "check/text.h"

struct cf_packed {
	char *text;		/* plain; the caller frees */
	size_t n;
	size_t from, to;	/* characters of the text that it stands in */
};

/* The next piece from *at on that unpacks to plain text. */
bool cf_packed_next(struct cf_packed *out, const struct cf_text *text,
	size_t *at);

#endif
