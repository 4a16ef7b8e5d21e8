#ifndef CF_ROLL_H
#define CF_ROLL_H

/*
 * The people of a trust, as far as the check must know them to find them in a
 * text: names, numbers, birth dates, postcodes, mailboxes, from a CSV file of its
 * information system.
 */
#include "check/automaton.h"
#include "check/check.h"

enum cf_roll_kind {
	CF_ROLL_PAIR = 1,	/* forename and surname */
	CF_ROLL_TURNED = 2,	/* surname and forename */
	CF_ROLL_FORENAME = 4,
	CF_ROLL_SURNAME = 8,
	CF_ROLL_NUMBER = 16,	/* of a pupil, a learner, a teacher */
	CF_ROLL_BIRTH = 32,
	CF_ROLL_POSTCODE = 64,
	CF_ROLL_MAILBOX = 128
};

struct cf_roll_counts {
	size_t people, names, numbers, births, postcodes, mailboxes;
};
/*
 * The words of a CSV file, whose bytes are used up. CF_INVALID (roll.columns)
 * where no column has a heading that is known.
 */
const struct cf_err *cf_roll_read(struct cf_needles *words,
	struct cf_roll_counts *counts, struct cf_secret *csv) CF_MUST;

/* A byte of a text as words have it: lower case in, a symbol out; 0: no room. */
struct cf_normal {
	unsigned char *text;
	size_t *at;		/* where each began; NULL: not asked for */
	size_t n;
};
/* `s`: folded, small letters; `out` has room for n. Runs of spaces and dashes
 * are one space, what ends a thought is a full stop. */
void cf_roll_normal(struct cf_normal *out, const unsigned char *s, size_t n);

/* A birth date in the form of words, in every way in which it is written. */
bool cf_roll_birth(struct cf_needles *words, const unsigned char *text, size_t n);
/* Names that are words too (Grace, Will, May): told by their company only. */
bool cf_roll_common(const unsigned char *word, size_t n);

#endif
