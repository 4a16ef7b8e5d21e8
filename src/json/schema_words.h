#ifndef CF_SCHEMA_WORDS_H
#define CF_SCHEMA_WORDS_H

/*
 * Sentences about faults, for people who do not program. The pieces that more
 * than one sentence needs.
 */
#include "json/schema_keywords.h"

/* "in entry 3 of 'Outcomes', " where the place is inside of a list. */
void cf_words_context(struct cf_buf *out, const struct cf_spot *at);
/* What a sentence is about: 'Sample size', entry 3 of 'Outcomes', this. */
void cf_words_subject(struct cf_buf *out, const struct cf_spot *at);
/* Text of others: printable, and cut where it is long. */
void cf_words_text(struct cf_buf *out, struct cf_str text);
void cf_words_value(struct cf_buf *out, json_t *value);
/* A rule of the schema or else of one that looks at the same place, however it
 * is referred to; or NULL. */
const struct cf_rule *cf_words_rule(const struct cf_spot *at,
	const struct cf_schema *schema, const char *keyword);
/* The values that a schema allows by enum or const, or NULL. */
const struct cf_rule *cf_words_values(const struct cf_schema *schema);
/* The rule on the type of a schema, or of what it refers to; or NULL. */
const struct cf_rule *cf_words_types(const struct cf_schema *schema);
/* schema_close.c: the words of a list that `text` is perhaps meant to be, nearest
 * first; how many there are. Borrowed from the list. */
#define CF_CLOSE_WORDS 3
size_t cf_words_close(const char *out[CF_CLOSE_WORDS], struct cf_str text,
	const json_t *list);
/* Whether each branch of anyOf or oneOf is a choice of values. */
bool cf_words_are_values(const struct cf_rule *rule);

#endif
