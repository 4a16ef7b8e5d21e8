#!/usr/bin/env bash
# Exports of RECORDS records (500), beside what a person would do without them:
# git cat-file and Python's json and csv over the same files, without provenance.
# In seconds of processor time, so that others on the machine are not counted.
set -eu
records=${RECORDS:-500}
top=$(cd "$(dirname "$0")/../.." && pwd)
world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
export HOME=$world/home CONFER_HOME=$world/home/confer
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" "$world/sheets"
cd "$world"
git init -q --bare -b main ours.git
confer -q init ours --name "Trust Ours" --remote "$world/ours.git" \
	--sheets "$world/sheets" --no-passphrase
cd ours
mkdir -p drafts
jq -c --argjson n "$records" '. as $d | range($n) | . as $i | $d |
	.body.title = "Need \($i * 7919 % 10007) of \($i * 104729 % 10007)"' \
	"$top/schemas/examples/need.json" |
	split -l 1 -a 5 --additional-suffix=.json - drafts/n
confer -q publish --no-push drafts/*.json >/dev/null 2>&1

# Seconds of processor time, user and system, of a command and its children.
spent() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.3f", $1 + $2 }'
}

by_hand() {
	git ls-tree -r --format='%(objectname)' commons records |
		git cat-file --batch='%(objectsize)' | python3 -c '
import csv, json, sys
out = csv.writer(open("by-hand.csv", "w"))
read = sys.stdin.buffer
while size := read.readline():
    doc = json.loads(read.read(int(size)))
    read.readline()
    row = [doc["id"], doc["owner"], doc["modified"], doc["status"]]
    for value in doc["body"].values():
        row.append(value if isinstance(value, str) else json.dumps(value))
    out.writerow(row)
'
}

theirs=$(spent by_hand)
for format in csv ro-crate sqlite jsonl bibtex; do
	ours=$(spent confer export "$format" "$world/out.$format")
	awk -v n="$records" -v f="$format" -v ours="$ours" -v theirs="$theirs" \
		'BEGIN { printf "export: %d records as %s in %.2f s (%.0f a " \
		"second), %.1f times git and Python by hand\n", n, f, ours,
		n / ours, ours / theirs }'
done
