#!/usr/bin/env bash
# The same REML fit by R's metafor, where R is here. It holds matrices of k by k
# numbers (100,000 effects would need 80 GB each), so it is asked for 1,000.
set -u
if ! Rscript -e 'library(metafor)' >/dev/null 2>&1; then
	echo "pool: no metafor on this machine (r-cran-metafor), nothing to" \
		"compare with"
	exit 0
fi
theirs=$(Rscript - <<'R'
suppressPackageStartupMessages(library(metafor))
set.seed(1)
v <- runif(1000, 0.005, 0.2)
y <- rnorm(1000, 0.2, sqrt(v + 0.02))
cat(system.time(rma(y, v, test = "knha"))["elapsed"])
R
)
bench_pool | awk -v theirs="$theirs" '$2 == 1000 {
	printf "pool: 1000 effects, metafor %.2f s, %.0f times ours\n", theirs,
		theirs / ($8 > 0.0005 ? $8 : 0.0005)
}
$2 == 100000 {
	printf "pool: 100000 effects, ours %s s; metafor would need 80 GB for " \
		"each of its matrices\n", $8
}'
