#ifndef CF_ERASED_H
#define CF_ERASED_H

/*
 * After an erasure was taken in: until its text is gone from this disk, a note
 * in .git/confer/erasing.json names the records; for src/app only.
 */
#include "app/trust.h"

/* Adds records to the note, durably: before the refs move that let go of their
 * text. Under the lock. */
const struct cf_err *cf_erased_note(struct cf_trust *trust, const json_t *ids)
	CF_MUST;
/* {records: [id], held?: [{place, what, remedy}], left?, failed?: why the
 * disk could not be cleared}, or NULL where nothing
 * is owed. The caller owns it. */
json_t *cf_erased_noted(struct cf_trust *trust);
/* Removes the text where it may go by now. What fails is tried again next time:
 * nothing depends on it. */
void cf_erased_finish(struct cf_trust *trust);
/* After the store was compacted: what still holds the text is noted; or, where
 * nothing does, the note goes. *out: the list of it, as `held` above. */
const struct cf_err *cf_erased_conclude(json_t **out, struct cf_trust *trust,
	bool left) CF_MUST;
/* Before that: work trees let go of it. */
const struct cf_err *cf_erased_tidy(struct cf_trust *trust) CF_MUST;

/* Of these records what of their text is still reachable here, apart from our
 * own main and the mains of others: [{place, what, remedy}]. */
const struct cf_err *cf_erased_holders(json_t **out, struct cf_trust *trust,
	const json_t *ids) CF_MUST;

/* Whether one of those places is git's list of the files of a work tree. */
bool cf_erased_index(const char *place);

/* base.c: as cf_resolve_id, also of a record of which all that is here is held. */
const struct cf_err *cf_resolve_any(struct cf_uuid *out, struct cf_trust *trust,
	const char *prefix) CF_MUST;

/* What a person must do about erased records, in sentences. */
const struct cf_err *cf_erased_attention(json_t *list, bool *decide,
	struct cf_trust *trust) CF_MUST;

#endif
