#ifndef CF_PREPARE_H
#define CF_PREPARE_H

/*
 * Drafts on their way to being records; for src/app/publish.c and prepare.c.
 */
#include "app/draft.h"
#include "base/clock.h"

/* One draft on its way. */
struct cf_item {
	const char *file;
	json_t *draft;
	struct cf_uuid id;
	bool is_new;		/* nobody has seen the record yet */
	bool already;		/* what it says is published */
	json_t *doc;		/* to sign; NULL where already */
	struct cf_digest version;
	char path[CF_PATH_TEXT];
};

struct cf_job {
	struct cf_trust *trust;
	struct cf_item *item;
	size_t n;
	struct cf_uuid last;	/* id made last, or "" */
	char now[CF_TIME_TEXT];
};

/* Reads and checks a draft; CF_INVALID says what is wrong in it, CF_DECIDE what
 * needs a reason. */
const struct cf_err *cf_item_read(struct cf_item *item,
	struct cf_trust *trust, const char *file) CF_MUST;
/* Checks it with what this machine knows by now (the roll, once it is open). */
const struct cf_err *cf_item_judge(struct cf_item *item,
	struct cf_trust *trust) CF_MUST;
/* Decides what it is: a new record, an edit, or published already. */
const struct cf_err *cf_item_prepare(struct cf_job *job, struct cf_item *item)
	CF_MUST;

#endif
