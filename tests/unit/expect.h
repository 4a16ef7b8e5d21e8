#ifndef EXPECT_H
#define EXPECT_H

/*
 * What unit tests say about errors, and random numbers whose seed is printed:
 * SEED=n, or n as argument, runs the same test again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"

#define expect_ok(call) expect_ok_at((call), __FILE__, __LINE__)
#define expect_err(call, code, rule) \
	expect_err_at((call), (code), (rule), __FILE__, __LINE__)

static inline void
expect_ok_at(const struct cf_err *err, const char *file, int line)
{
	if (err) {
		print_error("[%s] %s\n", err->rule, err->msg);
		_fail(file, line);
	}
}

static inline void
expect_err_at(const struct cf_err *err, enum cf_code code, const char *rule,
	const char *file, int line)
{
	if (err == NULL) {
		print_error("no error; wanted %d [%s]\n", (int)code, rule);
		_fail(file, line);
	} else if (err->code != code || strcmp(err->rule, rule) != 0) {
		print_error("%d [%s] %s; wanted %d [%s]\n", (int)err->code,
			err->rule, err->msg, (int)code, rule);
		_fail(file, line);
	}
}

static uint64_t seed_state;

static inline void
seed_start(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : getenv("SEED");
	uint64_t seed = (uint64_t)time(NULL);

	if (text && !cf_str_u64(cf_str(text), &seed, UINT64_MAX)) {
		(void)fprintf(stderr, "SEED is not a number: %s\n", text);
		exit(2);
	}
	(void)printf("# SEED=%llu\n", (unsigned long long)seed);
	seed_state = seed * 0x9e3779b97f4a7c15u + 1;
}

/* xorshift64*, 0 to n - 1. */
static inline uint64_t
seed_below(uint64_t n)
{
	seed_state ^= seed_state >> 12;
	seed_state ^= seed_state << 25;
	seed_state ^= seed_state >> 27;
	return (seed_state * 0x2545f4914f6cdd1du >> 16) % n;
}

static inline void
seed_bytes(void *out, size_t n)
{
	unsigned char *b = out;

	for (size_t i = 0; i < n; i++)
		b[i] = (unsigned char)seed_below(256);
}

#endif
