#!/usr/bin/env bash
# Every maximum in one header, each with its reason beside it.
set -u
header=src/base/limits.h
status=0
git grep -nE --untracked \
	'^#define[[:space:]]+(CF_)?(MAX|MOST|LIMIT)(_|[[:space:]])' -- \
	src include ":!$header" && status=1
awk '/^#define .*[0-9]/ && !/\/\*/ { print FILENAME ":" FNR ": " $2 \
	" without a reason"; bad = 1 } END { exit bad }' "$header" || status=1
exit "$status"
