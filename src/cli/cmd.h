#ifndef CF_CMD_H
#define CF_CMD_H

/*
 * What a command is: one constant at the end of its file. The dispatcher reads
 * the options into a struct of `size` bytes, checks what the constant declares,
 * opens our repository, calls `run`, and shows the result: with --json as it
 * is, otherwise through `print`.
 */
#include "cli/get.h"
#include "cli/opt.h"
#include "cli/page.h"
#include "cli/person.h"
#include "cli/rows.h"
#include "cli/words.h"

enum cmd_flags {
	CMD_TRUST = 1,		/* needs our repository */
	CMD_MAY_TRUST = 2,	/* uses our repository where there is one */
	CMD_REPORT = 4,		/* what it prints is data: on stdout, and also
				   with --quiet; else it is talk */
	CMD_PLAIN = 8,		/* only prints: no library, no result */
	CMD_HIDDEN = 16		/* for tests: not in the overview */
};

#define CMD_ANY (~0u)		/* operands: as many as there are */

struct call {
	const void *opts;		/* the command's own struct */
	const char *const *arg;		/* operands, then NULL */
	size_t n;
	struct cf_trust *trust;		/* as the flags say */
	const struct cf_ui *ui;
	struct person *person;
	json_t *result;			/* set by `run` */
	bool report;			/* CMD_REPORT; `run` may change it */
};

struct cmd {
	const char *family;	/* "partner" of "partner add", or NULL */
	const char *name;
	const char *args;	/* the operands as usage shows them */
	const char *help;	/* one line of the overview */
	const char *about;	/* some sentences for `confer help NAME` */
	const struct opt *opts;	/* NULL: none */
	size_t size;
	unsigned min, max;	/* operands */
	unsigned flags;
	const struct cf_err *(*run)(struct call *call);
	void (*print)(struct page *page, const struct call *call);
};

extern const struct cmd
	cmd_check,
	cmd_compact,
	cmd_conflicts,
	cmd_cosign,
	cmd_debug_merge,
	cmd_doctor,
	cmd_erase,
	cmd_export,
	cmd_help,
	cmd_id,
	cmd_index,
	cmd_init,
	cmd_key_add,
	cmd_key_check,
	cmd_key_export,
	cmd_key_list,
	cmd_key_log,
	cmd_key_revoke,
	cmd_key_rotate,
	cmd_list,
	cmd_match,
	cmd_new,
	cmd_partner_accept,
	cmd_partner_add,
	cmd_partner_list,
	cmd_partner_remove,
	cmd_pool,
	cmd_publish,
	cmd_reciprocity,
	cmd_relay,
	cmd_resolve,
	cmd_roll_forget,
	cmd_roll_import,
	cmd_roll_list,
	cmd_rules,
	cmd_search,
	cmd_show,
	cmd_status,
	cmd_sync,
	cmd_verify,
	cmd_withdraw;

#endif
