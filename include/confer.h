#ifndef CONFER_H
#define CONFER_H

/*
 * libconfer: signed records that trusts share through git repositories.
 */
#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define CONFER_VERSION "0.1.0"

#if defined(__GNUC__)
#define CF_MUST __attribute__((warn_unused_result))
#else
#define CF_MUST
#endif

/*
 * Errors. Every call that can fail returns a pointer: NULL is success. The
 * error belongs to the library's thread-local ring and stays readable until
 * about eight later errors; copy it to keep it. `rule` names the rule that was
 * broken ("history.rollback") or is empty; `msg` is one or more sentences for a
 * person.
 */
enum cf_code {
	CF_SYS = 1,	/* the machine: disk, permissions, memory      exit 1 */
	CF_NOT_FOUND,	/* no such record, partner, file               exit 1 */
	CF_BUSY,	/* another confer is writing here              exit 1 */
	CF_REMOTE,	/* a host did not answer or does not take it   exit 1 */
	CF_CANCELLED,	/* the user stopped it                         exit 1 */
	CF_USAGE,	/* the command line                            exit 2 */
	CF_DECIDE,	/* a person must decide                        exit 3 */
	CF_REFUSED,	/* verification failed                         exit 4 */
	CF_INVALID,	/* input is not valid, or not yours to do      exit 5 */
	CF_TOO_BIG,	/* past a limit                                exit 5 */
	CF_EXISTS	/* it is there already                         exit 5 */
};

struct cf_err {
	enum cf_code code;
	char rule[48];
	char msg[1024];
};

#endif
