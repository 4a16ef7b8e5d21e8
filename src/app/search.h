#ifndef CF_SEARCH_H
#define CF_SEARCH_H

/*
 * Finding records and setting them beside our own; for src/app only.
 */
#include "app/trust.h"
#include "index/alike.h"

/* --- mine.c ---------------------------------------------------------------- */

/* The settings that "like mine" means. */
struct cf_mine {
	json_t *context;	/* as records have it; NULL: not known */
	char *from;		/* "option", "setting", or the id of our record */
};
/* `option` as "phase=primary,region=london,size=201_to_400,fsm=…,send=…", or
 * NULL: the setting confer.mine, or else our newest record that says. */
const struct cf_err *cf_mine_read(struct cf_mine *out, struct cf_trust *trust,
	const char *option) CF_MUST;
void cf_mine_clear(struct cf_mine *mine);

/* --- found.c --------------------------------------------------------------- */

/* One record that was found. */
struct cf_found {
	json_t *hit;		/* what is told of it; owned */
	json_t *about;		/* of the index; owned */
	double score;
	bool some;		/* only some of the words are there */
	bool sinks;		/* withdrawn, superseded, long not looked at */
};
struct cf_found_list {
	struct cf_found *found;
	size_t n, cap;
};
void cf_found_clear(struct cf_found_list *list);

/*
 * Adds a record of the commons: {id, kind, title, owner, ownerName, modified,
 * status, conflict, incomplete, held, signers, found}. Nothing where it does not
 * stand. *added (NULL: not asked) is borrowed until the next one.
 */
const struct cf_err *cf_found_add(struct cf_found **added,
	struct cf_found_list *list, struct cf_trust *trust, const char *id)
	CF_MUST;
/* Whether the list has it. */
struct cf_found *cf_found_get(const struct cf_found_list *list,
	const char *id);
/* Best match first; what sinks comes last. Never by what a record found, nor by
 * whose it is. */
void cf_found_sort(struct cf_found_list *list);
/* How alike the settings are, at each that says; those come first, as cf_nearest
 * has them. */
void cf_found_compare(struct cf_found_list *list, const struct cf_mine *mine);
/* {distance? (absent: they cannot be compared), samePhase, sameRegion, parts:
 * [{field, mine, theirs, weight, apart}], mine, from}. */
json_t *cf_alike_json(const struct cf_alike *alike, const struct cf_mine *mine,
	const json_t *theirs);

/* The day today; the day a year ago. */
struct cf_day {
	char text[11];
};
struct cf_day cf_today(void);
struct cf_day cf_year_ago(void);

/* CF_USAGE (order.ranking) for an order that would set trusts or schools one above
 * the other; `allowed` ("match, newest") are those there are. */
const struct cf_err *cf_order_allowed(const char *sort,
	const char *const *allowed) CF_MUST;

#endif
