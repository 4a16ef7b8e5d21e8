#ifndef CF_FIT_H
#define CF_FIT_H

/*
 * How well an offer fits a need: five parts with fixed weights, each from 0 to 1,
 * and what rules a pair out. It compares what two records say, never trusts or
 * schools. Pure.
 */
#include "index/alike.h"

enum cf_fit_part {
	CF_FIT_PROBLEM,		/* problem words in common, synonyms as one */
	CF_FIT_FIELD,		/* areas and phases in common */
	CF_FIT_SETTING,		/* how alike the settings are */
	CF_FIT_ROOM,		/* days left of those offered */
	CF_FIT_WAY,		/* what is looked for, and within reach */
	CF_FIT_PARTS
};
extern const char *const cf_fit_name[CF_FIT_PARTS];
extern const double cf_fit_weight[CF_FIT_PARTS];

struct cf_fit {
	/* Why they do not go together, in words; NULL: they do. */
	const char *out;
	double part[CF_FIT_PARTS];
	/* One of them does not say: the part counts half. */
	bool unsaid[CF_FIT_PARTS];
	double sum;
};

/* `need` and `offer`: what is kept of them in the index. `day`: today. */
void cf_fit(struct cf_fit *out, const json_t *need, const json_t *offer,
	const char *day);

/* The word that stands for a problem word and for those that mean the same. The
 * caller frees. */
char *cf_problem_word(const char *tag);

/*
 * How alike two texts are, by the triples of letters in their words: 0 nothing in
 * common, 1 the same words.
 */
double cf_same_text(const char *a, const char *b);

#endif
