# Our pooling and R's metafor: on random sets of effects, and from signed records
# to the estimate. metafor is no dependency: where it is missing, this is skipped.
load lib

setup() {
	Rscript -e 'library(metafor)' >/dev/null 2>&1 ||
		skip "R's metafor is not on this machine (r-cran-metafor)"
}

@test "metafor pools random sets to the same numbers" {
	run Rscript "$top/tests/interop/metafor.R" \
		"$(dirname "$(command -v confer)")/pool_tool" "${SETS:-8}"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "metafor comes from the same records to the same estimate" {
	begin_world "$BATS_TEST_TMPDIR/world"
	published_trust northfield
	local i
	for i in 1 2 3 4 5; do
		publish_example northfield finding "del(.body.effect,
			.body.shared_sample, .body.subgroups) |
			.body.design |= {type, unit_of_assignment: \"pupil\"} |
			.body.raw.mean_t = 95 + 3 * $i |
			.body.raw.n_t = 100 + 40 * $i" >/dev/null
	done
	cd northfield
	exits 0 confer --json pool --outcome reading_comprehension \
		--knapp-hartung
	jq -r '.inputs[].record' <<<"$output" | while read -r id; do
		confer --json show "$id" | jq -r '.record.body.raw |
			[.mean_t, .sd_t, .n_t, .mean_c, .sd_c, .n_c] | @csv'
	done >raw.csv
	Rscript - >theirs 2>/dev/null <<'R'
library(metafor)
d <- read.csv("raw.csv", header = FALSE)
e <- escalc("SMD", m1i = V1, sd1i = V2, n1i = V3, m2i = V4, sd2i = V5, n2i = V6,
  data = d)
f <- rma(yi, vi, data = e, test = "adhoc",
  control = list(threshold = 1e-14, maxiter = 1000))
cat(sprintf("%.12g\n", c(f$beta, f$se, f$ci.lb, f$ci.ub, f$tau2, f$I2, f$QE,
  predict(f)$pi.lb, e$yi, e$vi)), sep = "")
R
	jq -r '[.estimate, .se, .ci95[], .tau2, .i2, .q.value, .pi95[0],
		.inputs[].effect, .inputs[].v][]' <<<"$output" >ours
	[ "$(wc -l <ours)" -eq 18 ]
	paste ours theirs | awk '{ d = $1 - $2; if (d < 0) d = -d
		if (d > 1e-8) { print; bad = 1 } } END { exit bad }'
}

@test "metafor reads an export as it is, and pools it to the same numbers" {
	begin_world "$BATS_TEST_TMPDIR/world"
	published_trust northfield
	local i
	for i in 1 2 3 4 5; do
		publish_example northfield finding "del(.body.effect,
			.body.shared_sample, .body.subgroups) |
			.body.title = \"=Effect, \\\"$i\\\"\" |
			.body.design |= {type, unit_of_assignment: \"pupil\"} |
			.body.outcome.weeks = 10 + $i |
			.body.raw.mean_t = 95 + 3 * $i |
			.body.raw.n_t = 100 + 40 * $i" >/dev/null
	done
	cd northfield
	confer -q export metafor "$world/effects.csv" \
		--outcome reading_comprehension
	exits 0 confer --json pool --outcome reading_comprehension \
		--moderator weeks
	Rscript - "$world/effects.csv" >theirs 2>/dev/null <<'R'
library(metafor)
d <- read.csv(commandArgs(TRUE)[1])
stopifnot(nrow(d) == 5, is.numeric(d$yi), is.logical(d$turned),
  is.numeric(d$padlocks), all(is.na(d$icc)), !any(duplicated(d$slab)),
  grepl("^'=Effect, \"1\"", d$title[1]), all(nchar(d$record) == 36))
again <- escalc("SMD", m1i = mean_t, sd1i = sd_t, n1i = n_t, m2i = mean_c,
  sd2i = sd_c, n2i = n_c, data = d)
stopifnot(all(abs(again$yi - d$yi) < 1e-9), all(abs(again$vi - d$vi) < 1e-9))
more <- list(threshold = 1e-14, maxiter = 1000)
f <- rma(yi, vi, slab = slab, data = d, control = more)
m <- rma(yi, vi, mods = ~ weeks, data = d, control = more)
cat(sprintf("%.12g\n", c(f$beta, f$se, f$tau2, m$beta[2])), sep = "")
R
	jq -r '[.estimate, .se, .tau2, .moderator.estimate][]' <<<"$output" \
		>ours
	[ "$(wc -l <theirs)" -eq 4 ]
	paste ours theirs | awk '{ d = $1 - $2; if (d < 0) d = -d
		if (d > 1e-7) { print; bad = 1 } } END { exit bad }'
}
