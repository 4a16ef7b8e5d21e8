#ifndef CF_CHECK_H
#define CF_CHECK_H

/*
 * What a record or a draft must be before it is signed, and before one that
 * somebody else signed is let into the commons: its schema, then the disclosure
 * rules.
 */
#include "record/kind.h"
#include "record/record.h"

enum cf_severity {
	CF_NEVER,	/* cannot be published, whoever accepts it */
	CF_WAIVABLE,	/* fix it, or give a reason, signed in the record */
	CF_ADVICE	/* worth a look */
};

/*
 * The rules that need only the record, as the gate runs them: the first broken
 * one into rule and why, and true; false where all hold. What a waiver of the
 * record accepts is not broken. The answer is the same on every machine for
 * one ruleset.
 */
struct cf_fault {
	char rule[48];
	char why[512];
};
bool cf_check_record(struct cf_fault *out, const struct cf_record *record);

/* What a trust asks beyond the floor that is compiled in. */
#define CF_LEAST_PEOPLE 10u	/* the smallest count of people that is shown */
#define CF_LEAST_ROUNDING 5u	/* counts of people are multiples of it */
struct cf_policy {
	unsigned least_people, rounding;	/* at least the two above */
	json_t *never;	/* names of rules for which no reason is enough */
	json_t *ask;	/* names of rules whose advice needs an answer */
};
extern const struct cf_policy cf_policy_floor;

struct cf_automaton;
struct cf_ledger;
struct cf_behind;
struct cf_stats;

/* What this machine knows besides. */
struct cf_checking {
	const char *file;		/* of the draft, or NULL */
	const struct cf_policy *policy;	/* NULL: the floor */
	const struct cf_automaton *roll;	/* the trust's people, or NULL */
	const char *no_roll;		/* why there is none, or NULL */
	/* What was published before: [{id, ours: bool, body}] of findings, each
	 * version, and [{file, ours, body}] of drafts that are to be published
	 * with this one; NULL: not known, for that reason (or NULL). */
	const json_t *past;
	const struct cf_stats *past_stats;	/* its numbers; NULL: read them */
	const char *no_past;
	/* The exact numbers behind what was published; NULL: none is known, for
	 * that reason (or NULL). */
	const struct cf_ledger *ledger;
	const char *no_ledger;
	/* The list of people behind the draft's figures, or NULL. */
	const struct cf_behind *behind;
};

/*
 * A draft: {verdict: ready|decision|unsafe, findings: [{rule, severity:
 * never|waivable|advice, path (JSON Pointer), place, found?, why, remedy,
 * accepted?}], passed, notRun: [{rule, reason}]}. Sets and keyed lists need not
 * be in order; publish sees to that. `with` may be NULL.
 */
json_t *cf_check_draft(const json_t *draft, const struct cf_checking *with);

/*
 * What a rule can mend by itself, mended in a copy: {draft, changes: [{rule,
 * path, place, before (what was found, masked), after}]}. No changes: there is
 * nothing that it can do.
 */
json_t *cf_check_fix(const json_t *draft, const struct cf_checking *with);

/*
 * Writes into a draft why what the rule found in it may stay. CF_INVALID where no
 * reason is enough, CF_NOT_FOUND where nothing waits for one.
 */
const struct cf_err *cf_check_waive(json_t *draft,
	const struct cf_checking *with, const char *rule, const char *reason)
	CF_MUST;

/* What the reasons of a record cover is what is there now: makes a draft of it in
 * which they cover no more. */
void cf_check_remember(json_t *draft);

/* The rule's name as it is written, from one in whatever case; or NULL. */
const char *cf_check_rule_name(const char *word);
/* [{rule, severity, title, detects, why, remedy, example, local}]; of one rule
 * where `id` is not NULL. NULL: there is no such rule. */
json_t *cf_check_rules(const char *id);

/* Whether a rule takes the list of people behind the figures. */
bool cf_rule_takes_list(const char *id);

#endif
