#ifndef CF_ASK_H
#define CF_ASK_H

/*
 * What cannot be taken back is shown at a terminal, and asked about; for src/app
 * only.
 */
#include "app/trust.h"

struct cf_final {
	const char *text;	/* what it will do */
	const char *question;
	/* Why it is not done where nobody can be asked; NULL where the command
	 * line names all that is done. */
	const char *unasked;
};
/* Unless the command line has said `yes`. CF_DECIDE, CF_CANCELLED. */
const struct cf_err *cf_ask_final(const struct cf_ui *ui, bool yes,
	const struct cf_final *what) CF_MUST;

#endif
