#ifndef CF_DRAFT_H
#define CF_DRAFT_H

/*
 * Drafts: the files that people write in; for src/app only.
 */
#include "app/trust.h"

/* Reads a draft; errors name the file. */
const struct cf_err *cf_draft_read(json_t **out, const char *file) CF_MUST;
/* A path for a result, which is UTF-8 whatever the path is. */
json_t *cf_path_json(const char *path);
/* Replaces it, durably, its members in the order that they have. */
const struct cf_err *cf_draft_write(const char *file, const json_t *draft)
	CF_MUST;
/* Whether it is what check --fix wrote beside a draft. */
bool cf_is_proposal(const char *file);
/* Files in drafts/ that end in .json and are no proposals; free with cf_names_clear. */
const struct cf_err *cf_draft_names(struct cf_names *out,
	struct cf_trust *trust) CF_MUST;
/* The value as JSON text, indented, members in their order. */
void cf_draft_text(struct cf_buf *out, const json_t *value, unsigned level);

/* A draft with the fields that the kind requires, empty. */
json_t *cf_draft_empty(const struct cf_trust *trust, const char *kind);
/* Writes a draft and its guide to `file`, or (NULL) to a new name in drafts/; *out
 * as of cf_new. */
const struct cf_err *cf_draft_place(json_t **out, struct cf_trust *trust,
	const json_t *draft, const char *file) CF_MUST;
/* Writes a draft and its guide under a new name in drafts/. The caller frees
 * *path, which is set wherever something may have been written. */
const struct cf_err *cf_draft_new(char **path, struct cf_trust *trust,
	const json_t *draft) CF_MUST;

/* stored.c: a draft's body as it will be stored: lists in their order, texts in
 * one spelling, but where a version of the record has another. The caller owns
 * it. */
const struct cf_err *cf_stored_body(json_t **out, struct cf_trust *trust,
	const json_t *draft) CF_MUST;
/* Puts what somebody typed in the spelling in which it is stored. */
void cf_respell(json_t **value);

/* A record's body with its members in the order for people. The caller owns it. */
json_t *cf_draft_body(const char *kind, json_t *body);

/* Whether a version of ours, now or before, says what the draft says. */
const struct cf_err *cf_draft_published(bool *out, struct cf_trust *trust,
	const json_t *draft) CF_MUST;

/* seen.c: whether the draft was found to be published and is as it was then; and
 * remembering that of those that are, under the lock. A cache: nothing that
 * fails here matters. */
bool cf_draft_seen(struct cf_trust *trust, const char *file);
/* The drafts in drafts/ that say something which is not published, or cannot be
 * read. */
const struct cf_err *cf_drafts_open(struct cf_names *out,
	struct cf_trust *trust) CF_MUST;
void cf_drafts_see(struct cf_trust *trust, const char *const *files, size_t n);

/* The guide to a kind's fields, for people. */
const struct cf_err *cf_guide_write(struct cf_buf *out,
	struct cf_trust *trust, const char *kind, const char *file) CF_MUST;

#endif
