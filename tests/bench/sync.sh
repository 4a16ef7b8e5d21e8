#!/usr/bin/env bash
# A sync of many partners: with nothing new, and with one new record from one of
# them. Fetched from folders of this machine, one child for each partner.
set -eu
partners=${PARTNERS:-200}
top=$(cd "$(dirname "$0")/../.." && pwd)
world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
export HOME=$world/home CONFER_HOME=$world/home/confer
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
cd "$world"

begin() {
	git init -q --bare -b main "$1.git"
	mkdir -p "$world/sheets/$1"
	confer -q init "$1" --name "Trust $1" --remote "$world/$1.git" \
		--sheets "$world/sheets/$1" --no-passphrase
	confer -q -C "$1" publish
}

publish() {
	mkdir -p "$1/drafts"
	cp "$top/schemas/examples/need.json" "$1/drafts/need.json"
	confer -q -C "$1" publish drafts/need.json
}

# By the clock, and processor time of it all, children included.
timed() {
	local TIMEFORMAT='%R %U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 |
		awk '{ printf "%.2f s (%.2f of processor time)", $1, $2 + $3 }'
}

begin ours
for ((i = 1; i <= partners; i++)); do
	begin "p$i"
	publish "p$i"
	confer -q -C ours partner add --name "p$i" \
		--id "$(confer -C "p$i" --json id | jq -r .trust)" "$world/p$i.git"
done
confer -q -C ours sync >/dev/null
nothing=$(timed confer -C ours sync)
publish "p$partners"
one=$(timed confer -C ours sync)
status=$(timed confer -C ours status)
echo "sync of $partners partners: with nothing new $nothing, with one new record" \
	"$one; confer status alone: $status"
