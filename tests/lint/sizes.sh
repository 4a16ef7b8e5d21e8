#!/usr/bin/env bash
# Small is a matter of the largest: files of at most 500 lines (headers 350,
# confer.h 400), functions of at most 60 between their braces. What has a
# reason to be longer stands in sizes.allow: "path limit reason" or
# "path:function limit reason"; a line there that nothing needs fails too.
set -u
mapfile -t files < <(git ls-files -co --exclude-standard -- '*.c' '*.h' \
	'*.sh' '*.bash' '*.bats')
[ ${#files[@]} = 0 ] && exit 0
awk '
function over(what, n, limit) {
	if (n <= limit) return
	if (what in allow) {
		used[what] = 1
		if (n <= allow[what]) return
		limit = allow[what]
	}
	printf "%s: %d lines, at most %d\n", what, n, limit
	bad = 1
}
function ends() {
	if (path ~ /\.h$/) over(path, lines, path ~ /confer\.h$/ ? 400 : 350)
	else if (path != "") over(path, lines, 500)
}
FILENAME ~ /sizes\.allow$/ {
	if ($0 ~ /^#/ || !NF) next
	if (NF < 3) { print "sizes.allow: no reason: " $0; bad = 1 }
	allow[$1] = $2
	next
}
FNR == 1 { ends(); path = FILENAME; open = 0 }
{ lines = FNR }
path !~ /\.[ch]$/ { next }
/^[A-Za-z_].*\(/ { name = $0; sub(/ *\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { open = FNR }
/^\}/ { if (open) over(path ":" name, FNR - open - 1, 60); open = 0 }
END {
	ends()
	for (what in allow) if (!(what in used)) {
		print "sizes.allow: nothing needs " what
		bad = 1
	}
	exit bad
}' tests/lint/sizes.allow "${files[@]}"
