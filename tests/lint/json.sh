#!/usr/bin/env bash
# Every JSON file parses, but for those of tests that must not.
set -u
bad=0
while read -r file; do
	jq -e 'true' "$file" >/dev/null || { echo "$file" && bad=1; }
done < <(git ls-files -co --exclude-standard -- '*.json' \
	':!tests/vectors/invalid' ':!tests/fuzz/corpus')
exit $bad
