#ifndef CF_APP_PAST_H
#define CF_APP_PAST_H

/*
 * What was published before, and the drafts that go with one: what the rules across
 * releases compare it with. Read once in a command: every draft is compared with
 * all of it.
 */
#include "app/trust.h"
#include "check/past.h"

struct cf_past {
	json_t *list;		/* as struct cf_checking has; NULL: not read */
	struct cf_stats stats;
	size_t published, numbers;	/* without the drafts */
};

const struct cf_err *cf_past_open(struct cf_past *out, struct cf_trust *trust)
	CF_MUST;
/* A draft that is published with those that are checked from now on. */
void cf_past_add(struct cf_past *past, const char *file, const json_t *draft);
void cf_past_drop_drafts(struct cf_past *past);
void cf_past_clear(struct cf_past *past);

#endif
