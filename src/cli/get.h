#ifndef CF_GET_H
#define CF_GET_H

/*
 * Reading members of a result. What is missing is "", 0, false, NULL.
 */
#include <stdbool.h>

#include <jansson.h>

const char *cf_get(const json_t *object, const char *member);
unsigned long long cf_get_number(const json_t *object, const char *member);
bool cf_get_true(const json_t *object, const char *member);
/* Whether there is a text that is not empty. */
bool cf_has(const json_t *object, const char *member);
/* A member of a member, borrowed: cf_get_at(status, "commons"). */
json_t *cf_get_at(const json_t *object, const char *member);
/* An element that is a text, else "". Borrowed. */
const char *cf_get_text(const json_t *array, size_t index);
/* The number of elements or members. */
size_t cf_get_size(const json_t *object, const char *member);

#endif
