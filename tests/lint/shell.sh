#!/usr/bin/env bash
# All of shellcheck, on every script and story.
set -u
mapfile -t files < <(
	git ls-files -co --exclude-standard -- '*.sh' '*.bash' '*.bats' .ci/run
)
[ ${#files[@]} = 0 ] || exec shellcheck -x "${files[@]}"
