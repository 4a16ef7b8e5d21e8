#ifndef CF_PREPARE_H
#define CF_PREPARE_H

/*
 * Drafts on their way to being records; for src/app only.
 */
#include "app/draft.h"
#include "app/known.h"
#include "app/moving.h"

/* One draft on its way. */
struct cf_item {
	const char *file;	/* for people, where `made` */
	bool made;		/* by us, from decisions: there is no file */
	json_t *draft;
	struct cf_uuid id;
	bool is_new;		/* nobody has seen the record yet */
	bool already;		/* what it says is published */
	json_t *doc;		/* to sign; NULL where already */
	json_t *uncounted;	/* rules that take a list of people; or NULL */
	bool unfit;		/* the check does not call `doc` ready */
	struct cf_digest version;
	char path[CF_PATH_TEXT];
	const struct cf_choice *choice;	/* decisions about it */
	size_t n_choices;
	const json_t *heads;	/* upon which they were made, or NULL */
	json_t *withdrawal;	/* it withdraws the record too; or NULL */
	struct cf_moving moving;	/* what the merge made of it */
};

struct cf_job {
	struct cf_trust *trust;
	struct cf_item *item;
	size_t n;
	struct cf_past past;	/* read at the first draft that is judged */
	struct cf_secret list;	/* of the people behind the figures */
	const struct cf_behind *behind;	/* which points into it; or NULL */
	struct cf_uuid last;	/* id made last, or "" */
	char now[CF_TIME_TEXT];
	bool incomplete;	/* go on although versions may be missing */
};

/* Reads and checks a draft; CF_INVALID says what is wrong in it, CF_DECIDE what
 * needs a reason. */
const struct cf_err *cf_item_read(struct cf_job *job, struct cf_item *item,
	const char *file) CF_MUST;
/* Checks it with what this machine knows by now (the roll, once it is open):
 * CF_INVALID, CF_DECIDE where the check does not call it ready. */
const struct cf_err *cf_draft_judge(struct cf_job *job, struct cf_item *item,
	const json_t *draft) CF_MUST;
/* Decides what it is: a new record, an edit, or published already. */
const struct cf_err *cf_item_prepare(struct cf_job *job, struct cf_item *item)
	CF_MUST;

/* The same for the next version of a record (edit.c). */
const struct cf_err *cf_item_edit(struct cf_job *job, struct cf_item *item,
	const struct cf_base *base) CF_MUST;

/* A member of the header that a draft asks for, or NULL. The caller owns it. */
json_t *cf_wanted(const json_t *draft, const char *member);
/* The draft's reasons as a record has them, or NULL. The caller owns them. */
json_t *cf_stored_waivers(const json_t *draft);
/* Whether a record says already what a draft (and its stored body) says. */
bool cf_says_the_same(const json_t *record, const json_t *draft,
	const json_t *body);

void cf_item_clear(struct cf_item *item);
/* Asks the person, or (nobody there) CF_DECIDE draft.incomplete, where versions
 * of the record may be missing and nobody said to go on. Not under the lock. */
const struct cf_err *cf_item_complete(struct cf_job *job,
	const struct cf_item *item) CF_MUST;
/* CF_DECIDE draft.incomplete, for what cf_joined_missing found. */
const struct cf_err *cf_missing_error(const json_t *missing) CF_MUST;
/* {id, kind, title, file?, fields, merged} of a draft that contradicts what
 * stands. */
json_t *cf_item_conflict(const struct cf_item *item);

/* --- publish.c ------------------------------------------------------------ */

/* Signs and commits the items, under the lock. */
const struct cf_err *cf_job_write(json_t *result, struct cf_job *job) CF_MUST;
/* The same, and (push) sends them, after what other machines of ours sent. */
const struct cf_err *cf_job_run(json_t *result, struct cf_job *job, bool push)
	CF_MUST;

#endif
