#ifndef CF_ATOMS_H
#define CF_ATOMS_H

/*
 * The groups into which the traits of several published numbers cut the people:
 * every number is a sum over some of them. Groups that stand in the same numbers
 * are one column.
 */
#include "base/limits.h"
#include "check/figure.h"
#include "check/linear.h"
#include "check/past.h"

enum cf_party { CF_TRUSTS, CF_SCHOOLS, CF_PARTIES };
extern const char *const cf_parties[CF_PARTIES];	/* "trust", "school" */

/* Groups of people that no number tells from each other. */
struct cf_column {
	uint64_t in;		/* a bit for each row that they are part of */
	size_t party[CF_PARTIES];	/* which of its values; SIZE_MAX: any */
};

/* The numbers that can be reckoned together: of earlier releases, then of the draft
 * up to the one that is asked about. */
struct cf_atoms {
	const struct cf_stat *row[CF_MAX_RANK_ROWS];
	struct cf_range range[CF_MAX_RANK_ROWS];	/* what it can have been */
	size_t rows, past;	/* the first `past` are of earlier releases */
	json_t *names;		/* {name of a trait: [its values]} */
	struct cf_column *column;
	size_t columns;
	bool too_many;		/* of rows or columns: there is no column */
};

/* A number of the draft with those of earlier releases that compare with it, of
 * all trusts or of our own alone; and with those before it in the draft, where there
 * are any of a release. */
void cf_atoms_gather(struct cf_atoms *out, const struct cf_across *across,
	size_t number, const struct cf_probe *probe, bool own);
/* A bit for each row that speaks of the last one's traits and of one or two others
 * alone: numbers that are cut by other traits only hide what these tell. */
uint64_t cf_atoms_among(const struct cf_atoms *atoms, const char *one,
	const char *two);
void cf_atoms_clear(struct cf_atoms *atoms);

/* The rows of a set over the columns, the others empty; with `more` columns. */
void cf_atoms_matrix(struct cf_matrix *m, const struct cf_atoms *atoms,
	uint64_t rows, size_t more);
/* The first n of them. */
uint64_t cf_first_rows(size_t n);

/* --- interval.c ------------------------------------------------------------ */

/* What the last number adds to what could be reckoned without it. */
enum cf_added { CF_ADDS_NOTHING, CF_ADDS_PERHAPS, CF_ADDS_FEW };
#define CF_NAMED_RELEASES 3	/* three to look at first */
struct cf_added_group {
	enum cf_added added;
	struct cf_range range;	/* how many they can be */
	int64_t shown;		/* how many the numbers as shown make */
	size_t earlier, here;	/* numbers that it takes besides the last */
	size_t release[CF_NAMED_RELEASES];	/* where some of those stand */
	size_t named;
};

/*
 * A group of fewer than `least` people: surely, by all that the numbers can be, or
 * perhaps, by what they show. False: not all could be worked out. *steps counts
 * down.
 */
bool cf_atoms_judge(struct cf_added_group *out, const struct cf_atoms *atoms,
	int64_t least, unsigned *steps);

#endif
