#ifndef CF_APP_KNOWN_H
#define CF_APP_KNOWN_H

/*
 * What a check of drafts on this machine knows besides them; for src/app only.
 */
#include "app/past.h"
#include "check/behind.h"

/* What a check on this machine knows; `with` points into it, so it stays where it
 * is. trust NULL: outside a repository. */
struct cf_known {
	struct cf_checking with;
	struct cf_policy policy;
	struct cf_err kept, kept_exact;
	struct cf_past past;
	struct cf_secret list;		/* of people, which `behind` points into */
	struct cf_behind behind;
};
/* A CSV file of the people behind figures (NULL: none; then *out stays empty), into
 * locked memory, which *out points into. It is written nowhere. */
const struct cf_err *cf_list_open(struct cf_secret *list, struct cf_behind *out,
	const char *file) CF_MUST;
/* `evidence`: a CSV file of the people behind the drafts' figures, or NULL. */
const struct cf_err *cf_known_open(struct cf_known *out, struct cf_trust *trust,
	const char *evidence) CF_MUST;
void cf_known_clear(struct cf_known *known);

#endif
