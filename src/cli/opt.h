#ifndef CF_OPT_H
#define CF_OPT_H

/*
 * Options as tables: one table reads the command line and prints the usage.
 * An entry says where in the caller's struct its value goes, so no option lives
 * in a static variable. The struct starts zeroed: NULL, false and 0 mean that
 * the option was not given.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum opt_type {
	OPT_FLAG = 1,	/* bool */
	OPT_TEXT,	/* const char *, borrowed from argv */
	OPT_TEXTS,	/* struct opt_texts: may be given again and again */
	OPT_NUMBER	/* unsigned, from 1 to `max` */
};

#define OPT_TEXTS_MAX 256	/* a command line that a person can overlook */
struct opt_texts {
	const char *text[OPT_TEXTS_MAX];
	size_t n;
};

struct opt {
	const char *name;	/* without the dashes; NULL ends the table */
	char letter;		/* or 0 */
	enum opt_type type;
	size_t offset;
	const char *value;	/* how usage names the value: "FILE" */
	const char *help;
	const char *choices;	/* "trust|university", or NULL */
	unsigned max;
	bool required, hidden;
};

/* A table and the struct that it fills. */
struct opt_set {
	const struct opt *opts;
	void *into;
};

/* A command line that is read from left to right. */
struct opt_reader {
	char **argv;		/* ends with NULL */
	size_t at;
	bool ended;		/* "--" was seen: all else are operands */
};

/*
 * Reads options into the sets until an operand (*operand; borrowed from argv)
 * or the end (*operand is NULL). CF_USAGE says what is wrong and what was
 * perhaps meant.
 */
const struct cf_err *cf_opt_next(const char **operand,
	struct opt_reader *reader, const struct opt_set *sets, size_t n)
	CF_MUST;

/* CF_USAGE naming the first required option that was not given. */
const struct cf_err *cf_opt_complete(const struct opt_set *set) CF_MUST;

/* "[--kind KIND] [--limit N]", required ones without brackets. `opts` may be
 * NULL, here and below. */
void cf_opt_synopsis(struct cf_buf *out, const struct opt *opts);
/* "-o, --output FILE", the left column of the help. */
void cf_opt_left(struct cf_buf *out, const struct opt *opt);

#endif
