#!/usr/bin/env bash
# compact against git repack, on one repository of OBJECTS objects (100,000)
# with everything loose or in packs as an import leaves it: time and size as
# ratios. And how long a look-up takes after 3,000 small updates, before and
# after.
set -eu
objects=${OBJECTS:-100000}
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
cd "$top"
export CONFER_HOME=$top/home GIT_CONFIG_GLOBAL=/dev/null

# records N FIRST: commits of one record each, six objects a commit.
records() {
	awk -v n="$1" -v first="$2" 'BEGIN {
		srand(first)
		for (i = 0; i < n; i++) {
			id = sprintf("%08x%08x", rand() * 4294967295,
				rand() * 4294967295)
			text = "{\n"
			for (k = 0; k < 25; k++) {
				text = text "  \"field" k "\": \""
				for (w = 0; w < 10; w++)
					text = text sprintf("w%d ",
						rand() * 3000)
				text = text "\",\n"
			}
			text = text id "\n}\n"
			print "commit refs/heads/bulk"
			print "committer a <a@b> " 1700000000 + first + i " +0000"
			print "data 2\nx"
			if (i == 0 && first > 0) print "from refs/heads/bulk^0"
			printf "M 100644 inline records/finding/%s/%s.json\n",
				substr(id, 15, 2), id
			printf "data %d\n%s\n", length(text), text
		}
	}'
}

seconds() {
	local start=$EPOCHREALTIME
	"$@" >/dev/null
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

size() {
	du -sk "$1/.git/objects" | cut -f 1
}

mkdir -p sheets
confer -q init a --name A --no-passphrase --sheets sheets
records $((objects / 6)) 0 | git -C a fast-import --quiet
cp -r a b
cp -r a c
ours=$(seconds confer -q -C a compact)
theirs=$(seconds git -C b repack -adq)
anew=$(seconds git -C c repack -adqF)
printf 'compact, %d objects: %s s, %d KB\n' "$objects" "$ours" "$(size a)"
printf '  git repack -ad, which keeps what is packed: %s s, %d KB\n' \
	"$theirs" "$(size b)"
printf '  git repack -adF, which packs anew: %s s, %d KB\n' "$anew" "$(size c)"
printf '  time: %s x of -ad, %s x of -adF; size: %s x, %s x\n' \
	"$(ratio "$ours" "$theirs")" "$(ratio "$ours" "$anew")" \
	"$(ratio "$(size a)" "$(size b)")" "$(ratio "$(size a)" "$(size c)")"

# 3,000 small updates lie loose, as a sync leaves them
records 3000 1 | sed 's/w/u/g' | git -C a -c fastimport.unpackLimit=100000 \
	fast-import --quiet
before=$(seconds git -C a cat-file --batch-check --batch-all-objects)
list=$(seconds confer -q -C a list)
confer -q -C a compact
after=$(seconds git -C a cat-file --batch-check --batch-all-objects)
printf 'look-up of all objects: %s x after 3,000 loose updates\n' \
	"$(ratio "$before" "$after")"
printf 'list: %s x after them\n' \
	"$(ratio "$list" "$(seconds confer -q -C a list)")"
