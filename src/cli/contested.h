#ifndef CF_CONTESTED_H
#define CF_CONTESTED_H

/*
 * A conflict in words: what it was before, and what each trust made of it.
 * Trusts stand there by name, and sides with one value are one.
 */
#include "cli/page.h"

/* One entry of a conflict's `fields`; `schema` is that of the kind, or NULL. */
void cf_page_contested(struct page *page, unsigned indent, json_t *schema,
	const json_t *field);
/* Whether a text is among them, which is shown word by word. */
bool cf_contested_words(const json_t *fields);
/* How such a text is to be read. */
void cf_page_word_marks(struct page *page, unsigned indent);

/* A value on one line: a label, "12 weeks", a text in quotes, a list. The caller
 * frees. */
char *cf_contested_value(json_t *root, json_t *schema, const json_t *value);
/* "Ashby Trust and Northfield Learning Trust": who made a side what it is. The
 * caller frees. */
char *cf_contested_names(const json_t *side);

#endif
