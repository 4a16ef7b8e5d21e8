#ifndef CF_TEXT_H
#define CF_TEXT_H

/*
 * A text as the rules read it: one byte a character, so that capitals with
 * accents, full-width digits, HTML entities and letters that only look Latin
 * cannot hide anything. Letters with marks become their plain letter, letters of
 * other scripts CF_LETTER, other signs CF_SIGN; dashes are '-', quotes ' and ",
 * all spaces but the newline ' '; what takes no room is left out. Our own tables
 * decide, so that every build reads the same.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define CF_LETTER 0x80	/* a letter that is not Latin */
#define CF_SIGN 0x81	/* a sign that is not in ASCII */

enum cf_has {	/* what there is in a text */
	CF_HAS_DIGIT = 1,
	CF_HAS_AT = 2,
	CF_HAS_UPPER = 4,
	CF_HAS_QUOTE = 8,
	CF_HAS_HIDDEN = 16,	/* something was left out, or looks alike */
	CF_HAS_MARK = 32,	/* < \ / : = % */
	CF_HAS_LETTER = 64,
	CF_HAS_RUN = 128	/* CF_RUN characters without a space */
};

#define CF_RUN 40u		/* longer than any word */

struct cf_words;	/* check/words.h */

#define CF_UNSEEN_MOST 8	/* of what cannot be seen; more say no more */

struct cf_text {
	struct cf_str raw;	/* UTF-8, as it stands in the record */
	unsigned char *s;	/* folded; a NUL follows */
	unsigned char *l;	/* the same in small letters */
	uint32_t *at;		/* where each begins in raw; at[n] = raw.n */
	size_t n;
	/* Where a run of letters and digits begins that has a digit in it, or
	 * is followed by one that begins with one: all that is known by its
	 * digits begins at one of these. */
	uint32_t *start;
	size_t starts;
	unsigned has;
	size_t digits;		/* how many characters are digits */
	struct {
		int32_t cp;
		size_t at;	/* of the character after it */
	} unseen[CF_UNSEEN_MOST];
	size_t unseen_n;
	const char *path;	/* JSON Pointer of the value */
	const char *member;	/* the name of its field */
	const char *holds;	/* x-holds of the field, or NULL */
	const struct cf_words *words;
	bool name;		/* it is a member's name, not its value */
	size_t inside_from;	/* bytes of raw that were base64 and are read */
	size_t inside_to;	/* unpacked here; 0: none */
	bool file;		/* it is the name of the draft's file */
};

/* Folds `raw`, which must outlive it. */
void cf_text_read(struct cf_text *out, struct cf_str raw);
void cf_text_clear(struct cf_text *text);

/* The first start from `at` on; text->n where there is none. */
size_t cf_next_start(const struct cf_text *text, size_t at);

#endif
