#ifndef CF_KEYS_H
#define CF_KEYS_H

/*
 * New keys: the root keys, which leave this machine on recovery sheets, and the
 * publish key of this machine; for src/app only.
 */
#include "app/trust.h"

#define CF_SHEETS 2	/* two sheets in two places are enough for a loss */

struct cf_sheets {
	const char *dir;		/* a folder; NULL: shown by the ui */
	struct cf_seckey *root[CF_SHEETS];
	char *path[CF_SHEETS];		/* of what was written, or NULL */
};
/* The sheets open everything, so they never lie in what is shared (`repo`, a
 * folder). CF_USAGE where nobody can be shown them. */
const struct cf_err *cf_sheets_check(const char *dir, const char *repo,
	const struct cf_ui *ui) CF_MUST;
void cf_sheets_make(struct cf_sheets *sheets);
/* Of whom the sheets are, and the identity that names their keys first. */
struct cf_sheets_of {
	const char *name, *trust, *created;
	unsigned identity;
};
const struct cf_err *cf_sheets_write(struct cf_sheets *sheets,
	const struct cf_sheets_of *of, const struct cf_ui *ui) CF_MUST;
/* What was written of keys that open nothing. */
void cf_sheets_take_back(const struct cf_sheets *sheets);
json_t *cf_sheets_paths(const struct cf_sheets *sheets);
void cf_sheets_clear(struct cf_sheets *sheets);

/* A publish key on its way into the key store. */
struct cf_new_key {
	struct cf_seckey *key;
	struct cf_secret passphrase;
	bool sealed, saved;
};
/* Asks for its passphrase, unless it is to have none. */
const struct cf_err *cf_new_key_seal(struct cf_new_key *fresh,
	const struct cf_ui *ui, bool no_passphrase) CF_MUST;
const struct cf_err *cf_new_key_save(struct cf_new_key *fresh,
	const char *trust) CF_MUST;
/* keep false: a saved one goes from the key store, too. */
void cf_new_key_clear(struct cf_new_key *fresh, const char *trust, bool keep);

#endif
