#ifndef CF_MESSAGE_H
#define CF_MESSAGE_H

/*
 * The message of a commit in a trust's main: a generated line for people and
 * three trailers that bind the commit to its place (DESIGN of the format:
 * confer-records(5)).
 */
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct cf_place {
	struct cf_str trust;	/* Confer-Trust */
	uint64_t identity;	/* Confer-Identity: highest in this tree */
	uint64_t sequence;	/* Confer-Sequence: 1, 2, 3 … along main */
};

/* Appends `line`, a blank line and the trailers. */
void cf_message_make(struct cf_buf *out, const char *line,
	const struct cf_place *place);
/* Accepts that form only. CF_REFUSED, commit.message. */
const struct cf_err *cf_message_parse(struct cf_place *out, struct cf_str text)
	CF_MUST;

/* "Publish 2 findings and 1 practice": adds a kind to a tally, then writes. */
#define CF_TALLY_KINDS 16
struct cf_tally {
	struct {
		const char *kind;
		unsigned n;
	} of[CF_TALLY_KINDS];
	size_t kinds;
};
void cf_tally_add(struct cf_tally *tally, const char *kind);
void cf_tally_line(char *out, size_t size, const char *verb,
	const struct cf_tally *tally);

#endif
