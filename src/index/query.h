#ifndef CF_QUERY_H
#define CF_QUERY_H

/*
 * What a person types to search: read by us, so that SQLite only ever sees
 * expressions that we made. Pure.
 */
#include "base/buf.h"
#include "base/str.h"

/* What narrows a search beside its words; NULL: any. Codes are those of the
 * schemas. */
enum cf_facet {
	CF_FACET_KIND,
	CF_FACET_PHASE,
	CF_FACET_REGION,
	CF_FACET_AREA,
	CF_FACET_FSM,
	CF_FACET_TRUST,
	CF_FACET_COST,
	CF_FACET_STAGE,
	CF_FACET_SIZE,
	CF_FACET_OUTCOME,	/* of findings, and of syntheses */
	CF_FACET_PADLOCKS,	/* of findings: so many, or more */
	CF_FACET_TAG,
	CF_FACETS
};
extern const char *const cf_facet_name[CF_FACETS];
/* How many of them people may ask for; what comes after is our own. */
#define CF_FACETS_ASKED CF_FACET_TAG

struct cf_query_word {
	char *text;		/* as typed, without its signs */
	bool prefix;		/* read* */
	bool phrase;
	bool without;		/* -word: records that have it are left out */
	bool or_next;		/* this one or the next */
	bool little;		/* "the", "but": not asked for beside others */
	/* The index's words that begin so, where they were looked up. Owned. */
	char **like;
	size_t n_like;
};

struct cf_query {
	struct cf_query_word *word;
	size_t n, cap;
	char *facet[CF_FACETS];
};

/*
 * Reads a query: words that must all be there, "phrases", beginnings (read*),
 * one OR another, -left-out (or NOT), and phase:primary for each facet. CF_USAGE
 * with a sentence where that cannot be read; *out is for cf_query_clear all the
 * same.
 */
const struct cf_err *cf_query_parse(struct cf_query *out, const char *text)
	CF_MUST;
void cf_query_clear(struct cf_query *query);

/* Whether a character belongs to a word: a letter or a digit. */
bool cf_query_letter(int32_t c);

/* What can be asked for, as one: a word, or words joined by OR. Little words are
 * left out where there are others. */
struct cf_ask {
	const struct cf_query_word *first;
	size_t n;
};
/* At most CF_MAX_QUERY_WORDS; how many are returned. */
size_t cf_query_asks(struct cf_ask *out, const struct cf_query *query);

/* "xphaseprimary0": what stands for a code in the index. */
#define CF_FACET_TEXT 96
void cf_facet_token(char out[CF_FACET_TEXT], enum cf_facet facet,
	const char *code);

/* Appends expressions for the index; every text stands in quotes. */
void cf_match_ask(struct cf_buf *out, const struct cf_ask *ask);
/* All of the asks. */
void cf_match_all(struct cf_buf *out, const struct cf_ask *ask, size_t n);
/* All but `less` of them, whichever; n at most CF_MAX_RELAXED, less < n. */
void cf_match_most(struct cf_buf *out, const struct cf_ask *ask, size_t n,
	size_t less);
/* Facets, and " NOT (...)" for what is left out; `words` is an expression that
 * was made above, looked for in `columns`. */
void cf_match_whole(struct cf_buf *out, const struct cf_query *query,
	const char *columns, const char *words);

#endif
