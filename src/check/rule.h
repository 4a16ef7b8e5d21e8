#ifndef CF_RULE_H
#define CF_RULE_H

/*
 * A disclosure rule, and what it works on; for src/check only. Each rule is one
 * constant beside the function that decides it; rules.c lists them all. What a
 * rule decides depends on the record (or draft) alone, unless it is `local`.
 */
#include "check/check.h"
#include "check/text.h"

struct cf_probe;

struct cf_rule {
	const char *id;			/* "T-UPN" */
	enum cf_severity severity;	/* the gravest that it reports */
	bool local;	/* needs what only this machine knows; not in the gate */
	bool links;	/* reads web addresses and mailboxes too */
	unsigned needs;	/* CF_HAS_…: a text without one of these has nothing */
	unsigned digits;	/* nor has one with fewer digits than that */
	uint64_t kinds;	/* W_…: nor has one without a word of these kinds */
	const char *title;	/* "Pupil number (UPN)" */
	const char *found;	/* "this looks like a pupil number" */
	const char *detects;	/* what it looks for, and what it leaves alone */
	const char *why;	/* one sentence about a child */
	const char *remedy;	/* what to do, with what would be accepted */
	const char *instead;	/* what --fix writes in its place; NULL: ask */
	const char *example;	/* a text, or a case in words, that it finds */
	/* One of them; a local rule may have both, to say why it was not asked.
	 * `text` is called for each text of the record, member names among
	 * them; `record` once. */
	void (*text)(struct cf_probe *probe, const struct cf_text *text);
	void (*record)(struct cf_probe *probe);
};

/* All rules, in the order of the catalogue; NULL ends the list. */
extern const struct cf_rule *const cf_rules[];
/* The rule of that name, in whatever case; or NULL. */
const struct cf_rule *cf_rule_find(const char *id);

/* What was found. Owns its texts. */
struct cf_found {
	const struct cf_rule *rule;
	enum cf_severity severity;
	char *path;		/* JSON Pointer from the top of the document */
	char *what;		/* a sentence; nothing of the match but its mask */
	char *remedy;		/* what to do here, or NULL: as the rule says */
	size_t paragraph;	/* 1 and up in a text of several; else 0 */
	size_t from, to;	/* bytes in the text at `path`; equal: all of it */
	const char *accepted;	/* the waiver's reason (borrowed), or NULL */
	char *name;		/* the member's name that it is in; NULL: a value */
	bool file;		/* in the name of the draft's file */
};

/* One check of one document. */
struct cf_probe {
	const json_t *doc;		/* the draft or the record */
	const json_t *body;		/* may be NULL */
	json_t *schema;			/* of the body; may be NULL */
	const struct cf_checking *with;
	const struct cf_rule *rule;	/* the one that runs */
	struct cf_found *found;
	size_t n, cap;
	json_t *not_run;		/* {rule, reason}; NULL: not asked for */
	struct cf_collected *figures;	/* of the body, once asked for */
	json_t *proposals;	/* {rule, path, value}; NULL: not asked for */
};

/* Reports for the running rule: a value at a place, in the rule's words or in
 * these. Both may make a severity milder than the rule's, never graver. */
void cf_report(struct cf_probe *probe, enum cf_severity severity,
	const char *path, const char *fmt, ...) CF_PRINTF(4, 5);
/* Characters `from` to `to` of a text, masked; `words` (or NULL: rule->found)
 * say what they look like. Overlapping finds of one rule are one. */
void cf_report_text(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_text *text, size_t from, size_t to);
void cf_report_words(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_text *text, size_t from, size_t to, const char *words);
/* Whether a rule has found something there already. */
bool cf_is_found(const struct cf_probe *probe, const struct cf_text *text,
	size_t from, size_t to);
/* What to do about the last find, in place of the rule's remedy: with the value
 * that would be accepted. */
void cf_remedy(struct cf_probe *probe, const char *fmt, ...) CF_PRINTF(2, 3);
/* What --fix writes at a place (the last word on it counts). Takes `value`. */
void cf_propose_take(struct cf_probe *probe, const char *path, json_t *value);
/* The running rule could not be asked, and why. */
void cf_not_run(struct cf_probe *probe, const char *reason);

/* Every rule that may run, over all that it reads. */
void cf_probe_run(struct cf_probe *probe);
/* The rules about texts alone. */
void cf_probe_texts(struct cf_probe *probe);
void cf_probe_clear(struct cf_probe *probe);
/* figures.c: what was read of the body's figures. */
void cf_figures_forget(struct cf_probe *probe);

/* "Results, number 3, Boys" of a JSON Pointer into a draft or record. The caller
 * frees. */
char *cf_place(json_t *schema, const char *pointer);
/* The field of the body that a pointer leads into, as a waiver names it. */
#define CF_SECTION_TEXT 48
void cf_section(char out[CF_SECTION_TEXT], const char *pointer);

/* --- waiver.c -------------------------------------------------------------- */

/* The reason that the document gives for finds of the running rule in the section
 * of a path (borrowed), or NULL. */
const char *cf_waiver_reason(const struct cf_probe *probe, const char *path);
/* Once all rules have run: what the author of a draft has not seen is not
 * accepted. */
void cf_waivers_narrow(struct cf_probe *probe);

#endif
