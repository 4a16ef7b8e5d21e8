#ifndef CF_LEDGER_H
#define CF_LEDGER_H

/*
 * The exact numbers of people behind what a trust publishes rounded or held
 * back, as far as its drafts had them: for the rules about several releases. What
 * a number counts, and as what it is shown, is a digest here; all of it lies in
 * memory that no core dump gets to see.
 */
#include "check/past.h"
#include "sign/sign.h"

struct cf_ledger {
	struct cf_secret room;	/* the entries, in the order of their digests */
	size_t used;		/* bytes */
};

/* Takes what cf_sealed_read gave; false, and *bytes is as it was, where it is no
 * ledger. */
bool cf_ledger_take(struct cf_ledger *out, struct cf_secret *bytes);
void cf_ledger_clear(struct cf_ledger *ledger);

/* The exact number behind one that is shown, or held back, as `stat` is; false
 * where it is not known. `ledger` may be NULL. */
bool cf_ledger_get(int64_t *out, const struct cf_ledger *ledger,
	const struct cf_stat *stat);

/* Puts in the exact numbers of a draft: those that the rules do not let stand as
 * they are. *changed is set where anything is new; false where there is no more
 * room. */
bool cf_ledger_note(struct cf_ledger *ledger, bool *changed,
	const json_t *draft, const struct cf_policy *policy);
/* Takes out the numbers of a body. */
void cf_ledger_forget(struct cf_ledger *ledger, bool *changed, const char *kind,
	const json_t *body);

#endif
