#ifndef CF_SOUGHT_H
#define CF_SOUGHT_H

/*
 * A text in all the forms in which a file may hold it; for src/app only.
 */
#include "base/file.h"

struct cf_sought {
	char **form;		/* all letters small */
	size_t n, cap;
	size_t longest;
	char *room;		/* to make a piece small in */
};
/* CF_USAGE where the text is so short that it is everywhere, or no UTF-8. */
const struct cf_err *cf_sought_add(struct cf_sought *sought,
	const char *text) CF_MUST;
void cf_sought_clear(struct cf_sought *sought);

bool cf_sought_in(struct cf_sought *sought, const void *bytes, size_t n);
/* The same of a file of any size. CF_SYS where it cannot be read. */
const struct cf_err *cf_sought_in_file(bool *out, struct cf_sought *sought,
	const char *path) CF_MUST;

#endif
