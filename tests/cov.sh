#!/usr/bin/env bash
# tests/cov.sh BUILD: what the tests of a build with V=cov have reached: first
# the lines that report an error and that nothing reached, then the share of
# lines of each file, the lowest first.
set -u
find "$1/src" -name '*.gcda' -print0 | xargs -0 -r gcov -t 2>/dev/null | awk '
BEGIN { FS = ":" }
$3 == "Source" { path = $4; next }
path !~ /^src\/.*\.c$/ || $2 + 0 == 0 || $1 ~ /-/ { next }
{ lines[path]++ }
$1 ~ /#####|=====/ {
	missed[path]++
	if (/cf_err(_[a-z]+)?\(/) {
		at = path ":" ($2 + 0)
		sub(/^[^:]*:[^:]*:[ \t]*/, "")
		print at ": " $0
	}
}
END {
	sort = "sort -n"
	for (path in lines) {
		share = 100 * (lines[path] - missed[path]) / lines[path]
		printf "%5.1f%% of %4d lines  %s\n", share, lines[path], path | sort
	}
}'
