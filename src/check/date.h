#ifndef CF_DATE_H
#define CF_DATE_H

/*
 * Days as people write them; for src/check only.
 */
#include "check/text.h"

struct cf_day {
	size_t to;	/* where it ends */
	bool year;	/* it has one */
};

/*
 * A day that begins at `at`: 17/06/2014, 2014-06-17, 17 June, 17th of June 2014,
 * June 17th, 2014. The month is one of twelve, the day one of 31.
 */
bool cf_day_at(struct cf_day *out, const struct cf_text *text, size_t at);

#endif
