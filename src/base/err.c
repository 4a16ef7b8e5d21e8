/*
 * The error ring. No heap: an error can be built when memory is gone.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

#define RING 8

static struct cf_err *
slot(void)
{
	static _Thread_local struct cf_err ring[RING];
	static _Thread_local unsigned next;

	return &ring[next++ % RING];
}

/* Messages are bounded; a longer one is cut and says so. They may quote what a
 * partner wrote, and are shown on terminals and in JSON. */
CF_PRINTF(3, 0) static void
format(char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, fmt, ap);

	if (n >= 0 && (size_t)n >= size)
		memcpy(out + size - 4, "...", 4);
	cf_utf8_mend(out);
}

const struct cf_err *
cf_err(enum cf_code code, const char *fmt, ...)
{
	struct cf_err *e = slot();
	va_list ap;

	e->code = code;
	e->rule[0] = '\0';
	va_start(ap, fmt);
	format(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return e;
}

const struct cf_err *
cf_err_rule(enum cf_code code, const char *rule, const char *fmt, ...)
{
	struct cf_err *e = slot();
	va_list ap;

	e->code = code;
	(void)snprintf(e->rule, sizeof e->rule, "%s", rule);
	va_start(ap, fmt);
	format(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return e;
}

const char *
cf_err_cause(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
		return "the disk is full; make room and try again";
	case EACCES:
	case EPERM:
		return "you have no permission to do that; ask the person who "
			"looks after this computer";
	case EROFS:
		return "the disk can only be read; make it writable and try "
			"again";
	case ELOOP:
		return "it is a link to another place";
	case EFBIG:
		return "the file would be larger than this machine allows";
	default:
		return strerror(number);
	}
}

const struct cf_err *
cf_err_sys(const char *fmt, ...)
{
	int saved = errno;
	struct cf_err *e = slot();
	size_t n;
	va_list ap;

	e->code = CF_SYS;
	e->rule[0] = '\0';
	va_start(ap, fmt);
	format(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	(void)snprintf(e->msg + n, sizeof e->msg - n, ": %s",
		cf_err_cause(saved));
	return e;
}

const struct cf_err *
cf_err_again(const struct cf_err *err)
{
	struct cf_err *e;

	if (err == NULL)
		return NULL;
	e = slot();
	/* It may be the one that the ring gives next. */
	memmove(e, err, sizeof *e);
	return e;
}

const struct cf_err *
cf_err_wrap(const struct cf_err *err, const char *fmt, ...)
{
	struct cf_err inner = *err;
	struct cf_err *e = slot();
	size_t n;
	va_list ap;

	e->code = inner.code;
	memcpy(e->rule, inner.rule, sizeof e->rule);
	va_start(ap, fmt);
	format(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	(void)snprintf(e->msg + n, sizeof e->msg - n, ": %s", inner.msg);
	return e;
}

void
cf_bug_at(const char *file, int line, const char *what)
{
	(void)fprintf(stderr, "confer: internal error at %s:%d: %s\n"
		"Nothing more was written. Please report this line.\n",
		file, line, what);
	abort();
}
