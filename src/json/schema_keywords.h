#ifndef CF_SCHEMA_KEYWORDS_H
#define CF_SCHEMA_KEYWORDS_H

/*
 * The three sides of each keyword: how its rule is built (schema_build.c,
 * schema_parts.c), when it holds (schema_check.c, schema_apply.c,
 * schema_members.c) and how its fault reads (schema_words.c). The table that
 * joins them is schema_keywords.c.
 */
#include "json/schema_set.h"

#define CF_BUILD(name) const struct cf_err *cf_build_##name( \
	struct cf_builder *b, json_t *value) CF_MUST
CF_BUILD(type);
CF_BUILD(enum);
CF_BUILD(const);
CF_BUILD(number);
CF_BUILD(multiple);
CF_BUILD(count);
CF_BUILD(pattern);
CF_BUILD(format);
CF_BUILD(unique);
CF_BUILD(required);
CF_BUILD(dependent);
CF_BUILD(ref);
CF_BUILD(dynamic_ref);
CF_BUILD(one);
CF_BUILD(list);
CF_BUILD(map);
CF_BUILD(members);
CF_BUILD(items);
CF_BUILD(contains);
CF_BUILD(if);
#undef CF_BUILD

#define CF_HOLDS(name) bool cf_holds_##name(struct cf_run *run, \
	const struct cf_rule *rule, struct cf_spot *at, size_t marks)
CF_HOLDS(type);
CF_HOLDS(enum);
CF_HOLDS(const);
CF_HOLDS(multiple);
CF_HOLDS(maximum);
CF_HOLDS(below);
CF_HOLDS(minimum);
CF_HOLDS(above);
CF_HOLDS(max_length);
CF_HOLDS(min_length);
CF_HOLDS(pattern);
CF_HOLDS(format);
CF_HOLDS(max_size);
CF_HOLDS(min_size);
CF_HOLDS(unique);
CF_HOLDS(required);
CF_HOLDS(dependent);
CF_HOLDS(all);
CF_HOLDS(dynamic_ref);
CF_HOLDS(dependent_schemas);
CF_HOLDS(names);
CF_HOLDS(members);
CF_HOLDS(items);
CF_HOLDS(contains);
CF_HOLDS(if);
CF_HOLDS(any);
CF_HOLDS(one);
CF_HOLDS(not);
CF_HOLDS(other_items);
CF_HOLDS(other_members);
#undef CF_HOLDS

#define CF_SAY(name) void cf_say_##name(struct cf_buf *out, \
	const struct cf_rule *rule, const struct cf_spot *at, \
	const char *detail)
CF_SAY(type);
CF_SAY(enum);
CF_SAY(const);
CF_SAY(number);
CF_SAY(length);
CF_SAY(pattern);
CF_SAY(format);
CF_SAY(size);
CF_SAY(unique);
CF_SAY(required);
CF_SAY(unknown);
CF_SAY(contains);
CF_SAY(branches);
CF_SAY(not);
#undef CF_SAY

/* How many characters (code points) a text has. */
size_t cf_utf8_length(struct cf_str s);

#endif
