#ifndef CF_BENCH_H
#define CF_BENCH_H

/*
 * What programs that measure have in common.
 */
#include <stdint.h>
#include <time.h>

static inline double
clock_of(clockid_t which)
{
	struct timespec ts;

	(void)clock_gettime(which, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static inline double
seconds(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

/* From 0 to 1, the same ones in each run. */
static inline double
uniform(void)
{
	static uint64_t seed = 88172645463325252u;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

#endif
