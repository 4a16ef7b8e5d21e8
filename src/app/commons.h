#ifndef CF_COMMONS_H
#define CF_COMMONS_H

/*
 * Building the commons; for src/app/commons.c and record.c only.
 */
#include "app/trust.h"

/* A trust whose main is part of the commons. */
struct cf_source {
	const char *id;			/* owned by names */
	struct cf_gate gate;
};

struct cf_build {
	struct cf_trust *trust;
	struct cf_names names;
	struct cf_source *source;		/* by trust id, as names */
	struct cf_edit *edit;
	size_t n, cap;
	size_t mark;		/* where the edits of this record begin */
};

struct cf_source *cf_source_of(struct cf_build *b, const char *id);
/* A blob at a path, or (NULL) nothing there any more; the last word on a path
 * counts, within one record. */
void cf_build_edit(struct cf_build *b, const char *path,
	const struct cf_oid *blob);
const struct cf_err *cf_build_json(struct cf_build *b, const char *path,
	const json_t *doc) CF_MUST;

/* record.c: merges one record: its files and its row. */
const struct cf_err *cf_merge_record(struct cf_build *b, const char *id)
	CF_MUST;

#endif
