#ifndef CF_POOL_STUDY_H
#define CF_POOL_STUDY_H

/*
 * From the body of a finding to an effect that can be pooled: the one that the
 * finding states, or one worked out from the results of its groups, turned round
 * so that above 0 is always the better way. Pure.
 */
#include <stdbool.h>

#include <jansson.h>

#include "pool/effect.h"

/* The measures of a finding, and change within one group. */
enum cf_measure {
	CF_SMD,
	CF_LOG_ODDS_RATIO,
	CF_LOG_RISK_RATIO,
	CF_RISK_DIFFERENCE,
	CF_FISHER_Z,
	CF_MEAN_DIFFERENCE,
	CF_CHANGE,
	CF_MEASURES
};

/* "smd", as the schema has it; "change". NULL, false: there is none. */
const char *cf_measure_name(enum cf_measure measure);
bool cf_measure_of(enum cf_measure *out, const char *name);
/* "standardised mean difference (Hedges g)". */
const char *cf_measure_words(enum cf_measure measure);

struct cf_study {
	double y, v;
	double n_t, n_c;	/* n_c is 0 where there is one group */
	bool stated;		/* the finding's own value, not from its groups */
	bool clustered;		/* classes, schools … were assigned */
	bool imputed;		/* their likeness was taken as usual */
	bool turned;		/* lower was better */
	double icc, size;	/* where clustered */
};

/*
 * Reads an effect finding. `icc` above 0 stands in for a likeness that was taken
 * as usual (to see what hangs on it); 0: as the finding has it. Returns NULL,
 * or in words why the finding cannot be pooled by this measure, with *code a
 * short name for that.
 */
const char *cf_study_read(struct cf_study *out, const char **code,
	const json_t *body, enum cf_measure measure, double icc);

#endif
