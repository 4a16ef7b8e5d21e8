#ifndef CF_DOCTOR_H
#define CF_DOCTOR_H

/*
 * What the doctor finds; for src/app only. Each finding is a sentence for a
 * person; what is not as it should be says what to do, or that it is mended.
 */
#include "app/trust.h"

struct cf_doctor {
	const struct cf_ui *ui;
	bool dry;		/* look only */
	json_t *findings;	/* [{check, state, what, remedy?}] */
	size_t wrong, mended;
};

/* As it should be; and what nobody needs to mend, but may want to know. */
void cf_doctor_good(struct cf_doctor *d, const char *check, const char *fmt,
	...) CF_PRINTF(3, 4);
void cf_doctor_note(struct cf_doctor *d, const char *check, const char *remedy,
	const char *fmt, ...) CF_PRINTF(4, 5);
/* Not as it should be, and a person must do something. */
void cf_doctor_wrong(struct cf_doctor *d, const char *check, const char *remedy,
	const char *fmt, ...) CF_PRINTF(4, 5);
/* Was wrong and is right now, or would be if this were no dry run. */
void cf_doctor_mended(struct cf_doctor *d, const char *check,
	const char *remedy, const char *fmt, ...) CF_PRINTF(4, 5);

/* doctor_machine.c: libraries, kernel, programs, the key store. */
void cf_doctor_machine(struct cf_doctor *d);
void cf_doctor_keys(struct cf_doctor *d);
/* doctor_settings.c: what the repository's configuration says. */
void cf_doctor_settings(struct cf_doctor *d, struct cf_store *store);

#endif
