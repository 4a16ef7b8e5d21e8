/*
 * Pooling many effects: seconds for 1,000, 10,000 and 100,000, which must grow
 * like the number of effects. pool.sh sets R's metafor beside it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "pool/pool.h"

#define MOST 100000u
#define TRUSTS 500u

static void
measure(const struct cf_pool_data *data, const size_t *cluster)
{
	const struct cf_pool_model reml = { CF_POOL_REML, true, true };
	struct cf_pool_fit f;
	struct cf_pool_nested n;
	double start = seconds(), middle;

	if (cf_pool(&f, data, &reml))
		exit(1);
	middle = seconds();
	if (cf_pool_nested(&n, data, cluster, CF_POOL_REML))
		exit(1);
	printf("pool: %6zu effects, REML with all intervals %.3f s, three "
		"levels %.3f s\n", data->k, middle - start,
		seconds() - middle);
}

int
main(void)
{
	double *y = cf_calloc(MOST, sizeof *y), *v = cf_calloc(MOST, sizeof *v);
	size_t *cluster = cf_calloc(MOST, sizeof *cluster);
	struct cf_pool_data data = { y, v };

	for (size_t i = 0; i < MOST; i++) {
		cluster[i] = i % TRUSTS;
		v[i] = 0.005 + 0.2 * uniform();
		y[i] = 0.2 + 0.1 * sin((double)cluster[i]) +
			(uniform() + uniform() + uniform() - 1.5) *
			2 * sqrt(v[i] + 0.02);
	}
	for (data.k = 1000; data.k <= MOST; data.k *= 10)
		measure(&data, cluster);
	free(y);
	free(v);
	free(cluster);
	return 0;
}
