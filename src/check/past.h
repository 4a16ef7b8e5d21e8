#ifndef CF_PAST_H
#define CF_PAST_H

/*
 * Numbers of people as releases give them: of whom, when, of what; to compare a
 * draft with what was published before.
 */
#include "check/figures.h"

struct cf_stat {
	char *measure;		/* what is counted, in small letters */
	char *time;		/* when, or "" */
	json_t *who;		/* the traits that all have in common, sorted */
	bool hidden;		/* it is held back */
	int64_t value;
	char *path;
	size_t release;		/* which of the list that it was read into */
	bool ours;
};

struct cf_stats {
	struct cf_stat *stat;
	size_t n, cap;
};

/* Reads the numbers of people of a body of that kind. */
void cf_stats_read(struct cf_stats *out, const char *kind, const json_t *body,
	size_t release, bool ours);
void cf_stats_clear(struct cf_stats *stats);
/* Leaves the first n of them. */
void cf_stats_cut(struct cf_stats *stats, size_t n);
/* Those of releases from number `from` on: a list as struct cf_checking has. */
void cf_stats_read_all(struct cf_stats *out, const json_t *releases,
	size_t from);

enum cf_relation { CF_OTHER, CF_SAME, CF_PART, CF_WHOLE };
/* How the people of a stand to those of b: a part of them, the whole … Of traits
 * with one name each value is enough; of different names all must hold. */
enum cf_relation cf_people_relation(const json_t *a, const json_t *b);
/* CF_SAME, which is quick: traits are sorted, each once. */
bool cf_same_people(const json_t *a, const json_t *b);
/* The same measure at the same time. */
bool cf_stats_compare(const struct cf_stat *a, const struct cf_stat *b);

/* "sex" of "sex=f": how long the name is; and whether it is a time. */
size_t cf_trait_name(const char *trait);
bool cf_trait_is_time(const char *trait);
/* What a heading says of people whom `who` describes: of a name that both have, the
 * values that both have, or else the heading's. */
void cf_traits_narrow(json_t **who, const json_t *traits);
/* Whom a figure counts: what the finding says of all, narrowed by the headings of
 * the cell. The caller decrefs. */
json_t *cf_traits_of(const struct cf_figure *figure, const json_t *body);
/* Whether row and column say whose a cell is. */
bool cf_is_placed(const struct cf_figure *figure);

/* The exact number behind one that is shown, where this machine knows it. */
bool cf_stat_exact(int64_t *out, const struct cf_probe *probe,
	const struct cf_stat *stat);

/* The numbers of a draft, and those of the releases before it. */
struct cf_across {
	struct cf_stats now, own;
	const struct cf_stats *past;	/* `own`, or what was read already */
	const json_t *releases;
};
/* Reads both; false, with a reason where there is one, where there is nothing to
 * compare. */
bool cf_across_begin(struct cf_across *across, struct cf_probe *probe);
void cf_across_end(struct cf_across *across);
/* "record 01a2c7b0-2b1e", "the draft girls.json": a release by its number. */
#define CF_RELEASE_NAME 120
const char *cf_release_name(char out[CF_RELEASE_NAME],
	const struct cf_across *across, size_t number);

#endif
