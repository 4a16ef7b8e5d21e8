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

# Seconds with three digits.
timed() {
	local start=$EPOCHREALTIME end
	"$@" >/dev/null 2>&1
	end=$EPOCHREALTIME
	awk -v a="$start" -v b="$end" 'BEGIN { printf "%.3f", b - a }'
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
publish p7
one=$(timed confer -C ours sync)
status=$(timed confer -C ours status)
echo "sync of $partners partners: with nothing new $nothing s, with one new" \
	"record $one s (confer status alone: $status s)"
