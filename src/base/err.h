#ifndef CF_ERR_H
#define CF_ERR_H

/*
 * Errors are returned pointers: NULL is success. They live in a ring of this
 * thread and are not freed; eight later errors may overwrite one, so copy what
 * must last (struct cf_err is plain data).
 */
#include "confer.h"

#if defined(__GNUC__)
#define CF_PRINTF(a, b) __attribute__((format(printf, a, b)))
#define CF_NORETURN __attribute__((noreturn))
#else
#define CF_PRINTF(a, b)
#define CF_NORETURN
#endif

/* A new error. The message names the thing and says what to do next. */
const struct cf_err *cf_err(enum cf_code code, const char *fmt, ...)
	CF_PRINTF(2, 3);

/* The same, with the name of the rule that was broken ("history.rollback"). */
const struct cf_err *cf_err_rule(enum cf_code code, const char *rule,
	const char *fmt, ...) CF_PRINTF(3, 4);

/* What errno's value says, with what to do where a person can mend it. */
const char *cf_err_cause(int number);

/* CF_SYS; appends the cause that errno names. */
const struct cf_err *cf_err_sys(const char *fmt, ...) CF_PRINTF(1, 2);

/* The same, in the ring: for one that lies in something that goes away. NULL
 * stays NULL. */
const struct cf_err *cf_err_again(const struct cf_err *err);

/* The same code and rule, with context in front: "context: message". */
const struct cf_err *cf_err_wrap(const struct cf_err *err, const char *fmt,
	...) CF_PRINTF(2, 3);

/* clang-tidy must be shown that these never return NULL. */
#ifdef CF_LINT
extern const struct cf_err cf_lint_err;
#define cf_err(...) ((void)cf_err(__VA_ARGS__), &cf_lint_err)
#define cf_err_rule(...) ((void)cf_err_rule(__VA_ARGS__), &cf_lint_err)
#define cf_err_sys(...) ((void)cf_err_sys(__VA_ARGS__), &cf_lint_err)
#define cf_err_wrap(...) ((void)cf_err_wrap(__VA_ARGS__), &cf_lint_err)
#endif

/* A broken invariant of ours: prints the place and aborts. */
#define cf_bug(what) cf_bug_at(__FILE__, __LINE__, what)
CF_NORETURN void cf_bug_at(const char *file, int line, const char *what);

#endif
