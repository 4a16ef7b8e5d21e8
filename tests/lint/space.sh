#!/usr/bin/env bash
# Text ends in a newline and has no spaces at the ends of lines. The aim is 80
# columns, a tab being 8; past 90 a line is too wide (100 in headers and
# stories, where a table or a command reads better unbroken).
set -u
bad=0
git grep -nIE --untracked '[[:space:]]+$' -- . ':!tests/fuzz/corpus' \
	':!tests/vectors' && bad=1
while read -r file; do
	[ -z "$(tail -c 1 "$file")" ] || { echo "$file: no newline" && bad=1; }
	case $file in
	*.h | *.bats) most=100 ;;
	*) most=90 ;;
	esac
	expand -t 8 "$file" | grep -nE "^.{$((most + 1)),}" |
		sed "s|^|$file: over $most columns: |" | grep . && bad=1
done < <(git ls-files -co --exclude-standard -- '*.c' '*.h' '*.sh' '*.bash' \
	'*.bats' .ci/run Makefile)
exit $bad
