# Our pooling and R's metafor on random sets of effects. metafor is no
# dependency: where it is missing, this is skipped.

@test "metafor pools random sets to the same numbers" {
	Rscript -e 'library(metafor)' >/dev/null 2>&1 ||
		skip "R's metafor is not on this machine (r-cran-metafor)"
	run Rscript "$BATS_TEST_DIRNAME/../interop/metafor.R" \
		"$(dirname "$(command -v confer)")/pool_tool" "${SETS:-8}"
	echo "$output"
	[ "$status" -eq 0 ]
}
