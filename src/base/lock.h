#ifndef CF_LOCK_H
#define CF_LOCK_H

/*
 * One writer at a time. The file stays; the kernel's lock on it ends with its
 * process, however that ends, so there is no stale lock to clean up.
 */
#include "base/err.h"

struct cf_lock;

/*
 * Waits up to `seconds` for the lock; then CF_BUSY, naming the holder. `what`
 * is written into the file for the others to read ("sync").
 */
const struct cf_err *cf_lock_take(struct cf_lock **out, const char *path,
	const char *what, unsigned seconds) CF_MUST;
/* Whether who held it before was ended without letting go. */
bool cf_lock_was_left(const struct cf_lock *lock);

/*
 * The other kind: any number hold it together, while one who needs to be alone
 * waits. *out is NULL where there is no such file and none can be made.
 */
void cf_lock_share(struct cf_lock **out, const char *path);
/* Turns a shared one into one of our own; *alone is false where others hold it
 * still after `seconds`, and it is shared again. */
const struct cf_err *cf_lock_alone(bool *alone, struct cf_lock *lock,
	unsigned seconds) CF_MUST;
void cf_lock_again_shared(struct cf_lock *lock);

void cf_lock_release(struct cf_lock *lock);

#endif
