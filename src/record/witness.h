#ifndef CF_WITNESS_H
#define CF_WITNESS_H

/*
 * partners/<trust id>.json: the newest commit of a partner that a trust
 * verified, its bytes and all, so that others can compare it with theirs.
 */
#include "base/buf.h"
#include "sign/sign.h"

#define CF_WITNESS_PATH_TEXT 64
/* partners/<trust id>.json */
void cf_witness_path(char out[CF_WITNESS_PATH_TEXT], const char *trust);

/* Appends the file that says that this commit of `trust` was verified. */
const struct cf_err *cf_witness_make(struct cf_buf *out, const char *trust,
	struct cf_str commit) CF_MUST;
/* The bytes of the commit (into `commit`) from such a file about `trust`.
 * CF_INVALID, witness.form. Whether they are that trust's is not asked here. */
const struct cf_err *cf_witness_read(struct cf_buf *commit, const char *trust,
	struct cf_str bytes) CF_MUST;

#endif
