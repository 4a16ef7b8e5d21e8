#ifndef CF_PERSON_H
#define CF_PERSON_H

/*
 * The person in front of the program, as the library asks for one: passphrases,
 * yes or no, recovery sheets, host passwords, progress.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"

struct person {
	const char *passphrase_file;	/* or NULL */
	int tty;			/* -1: nobody is there */
	bool progress;			/* stderr is a terminal to draw on */
	bool drawn;			/* a progress line stands there now */
	int64_t next_ms;		/* when it may be drawn again */
	struct cf_err failed;		/* why the last passphrase was not had;
					   code 0: none */
	/* The login that was typed last, and the address that it was for. */
	char *host, user[CF_MAX_LOGIN + 1], word[CF_MAX_PASSPHRASE];
};

/* Fills `ui` with what this person can do. Both must stay where they are. */
void cf_person_start(struct person *person, struct cf_ui *ui,
	const char *passphrase_file, bool quiet);
void cf_person_end(struct person *person);

/* A line in answer to a prompt. False where nobody answers any more. */
bool cf_person_ask(struct person *person, const char *prompt, char *out,
	size_t size);
/* The terminal as something to print a page on; NULL where nobody is there. The
 * caller closes it. */
FILE *cf_person_paper(struct person *person);

#endif
