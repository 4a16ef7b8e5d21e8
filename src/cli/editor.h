#ifndef CF_EDITOR_H
#define CF_EDITOR_H

/*
 * The text editor of the person in front of the program: $VISUAL, else $EDITOR,
 * else vi.
 */
#include "cli/person.h"

/* Opens a file in it and waits for its end. */
const struct cf_err *cf_edit_file(struct person *person, const char *path)
	CF_MUST;

/* The same for a text, in a file of its own that is gone afterwards. The caller
 * frees *out. */
const struct cf_err *cf_edit_text(char **out, struct person *person,
	const char *text) CF_MUST;

#endif
