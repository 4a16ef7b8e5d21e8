#ifndef CF_RECORD_H
#define CF_RECORD_H

/*
 * One record: its id, its place in a repository, its bytes, its version.
 */
#include "sign/sign.h"

/* --- ids: UUIDv8 (RFC 9562) that certify their owner ---------------------- */
#define CF_UUID_TEXT 37

struct cf_uuid {
	char text[CF_UUID_TEXT];
};

/*
 * A new id for a record that `owner` (a trust id) creates now. Twelve random bits
 * are few when a thousand records are made in one millisecond, so each names the
 * one made before it (or NULL) and comes after it.
 */
void cf_uuid_make(struct cf_uuid *out, const char *owner,
	const struct cf_uuid *before);
/* Lower case, version 8, variant 10. */
bool cf_uuid_parse(struct cf_uuid *out, struct cf_str text);
/* Whether its last 62 bits say that `owner` made it. */
bool cf_uuid_certifies(const struct cf_uuid *id, const char *owner);

/* --- places ---------------------------------------------------------------- */
#define CF_KIND_TEXT 33
#define CF_PATH_TEXT 128

/* records/<kind>/<xx>/<uuid>.json */
void cf_record_path(char out[CF_PATH_TEXT], const char *kind,
	const struct cf_uuid *id);
/* records/<kind>/<xx>/<yy>/<uuid>.json, in the commons. */
void cf_commons_path(char out[CF_PATH_TEXT], const char *kind,
	const struct cf_uuid *id);
/* A lower-case word that may name a kind, known or not. */
bool cf_kind_word(struct cf_str text);

/* --- records ---------------------------------------------------------------- */
struct cf_record {
	json_t *doc;			/* owned */
	struct cf_uuid id;
	struct cf_digest version;
	unsigned char hash[32];		/* of the canonical form without proof */
	/* Borrowed from doc. NULL where they are not as they must be. */
	const char *kind, *owner, *status, *modified;
	json_t *parents, *stewards, *proof;
};

/*
 * Reads a record file: strict JSON in file form, and the members that the gate
 * needs, with their shapes. CF_INVALID with the rule json.… or record.shape.
 * out->version is set (text[0] not NUL) as soon as the bytes are JSON in file
 * form, even where the record is refused for its shape.
 */
const struct cf_err *cf_record_read(struct cf_record *out, struct cf_str bytes)
	CF_MUST;
/* The same from a value that we made. Takes the reference. */
const struct cf_err *cf_record_take(struct cf_record *out, json_t *doc)
	CF_MUST;
void cf_record_clear(struct cf_record *record);

bool cf_record_has_steward(const struct cf_record *record, const char *trust);
/* The title of the body, or "" where there is none. Borrowed. */
const char *cf_record_title(const json_t *doc);
/* How secure a finding is, from 0 to 5, by a reviewer's judgement where there is
 * one; NULL: not said. Borrowed. */
json_t *cf_finding_padlocks(const json_t *body);
/* True where `list`, an array of strings, holds `word`. */
bool cf_json_has(const json_t *list, const char *word);

#endif
