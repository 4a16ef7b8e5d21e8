#ifndef CF_ALIKE_H
#define CF_ALIKE_H

/*
 * How alike two settings are, by the rule that the Department for Education
 * publishes for its lists of similar schools: the same phase, and a distance of
 * pupils (weight 0.5), free school meals (0.4) and special needs (0.1); special
 * schools by pupils (0.6) and free school meals (0.4). Records hold bands, so the
 * middles of bands are compared. Pure.
 */
#include "record/record.h"

enum cf_alike_part {
	CF_ALIKE_SIZE,
	CF_ALIKE_FSM,
	CF_ALIKE_SEND,
	CF_ALIKE_PARTS
};
extern const char *const cf_alike_member[CF_ALIKE_PARTS];

struct cf_alike {
	bool phase;		/* both say it, and it is the same */
	bool region;		/* the same */
	/* 0 the same, 1 as far apart as bands can be; of what both say. Negative:
	 * they have nothing in common that could be compared. */
	double distance;
	struct {
		double weight;	/* 0: one of them does not say */
		double apart;	/* 0 to 1 */
	} part[CF_ALIKE_PARTS];
};

/* `mine` and `theirs` are contexts: {phase, region, size_band, …}. */
void cf_alike(struct cf_alike *out, const json_t *mine, const json_t *theirs);
/* They can be set beside one another: of one phase, something to compare. */
bool cf_alike_known(const struct cf_alike *alike);

/*
 * Sorts what was compared: the nearest CF_NEAREST, of them those of the same
 * region first, CF_NEAREST_KEPT kept; one id stands once. How many are kept.
 */
struct cf_neighbour {
	struct cf_alike alike;
	const char *id;
	size_t at;		/* the caller's own */
};
size_t cf_nearest(struct cf_neighbour *list, size_t n);

#endif
