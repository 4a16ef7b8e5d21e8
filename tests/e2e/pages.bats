#!/usr/bin/env bats
# The examples of README.md and confer(1) do what they say, command by command,
# and results have the members that the page lists. Hosts are folders, the
# person is a script; nothing else is changed.
bats_require_minimum_version 1.5.0

setup() {
	out=$BATS_TEST_TMPDIR/out
	here=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR" || exit
	export CONFER_HOME=$BATS_TEST_TMPDIR/home
	export CONFER_PASSPHRASE_FILE=$BATS_TEST_TMPDIR/passphrase
	(umask 077 && echo 'correct horse battery' >passphrase)
	mkdir host stick
	for name in northfield ashby riverside; do
		git init -q --bare -b main "host/$name.git"
	done
	partner ashby 'Ashby Trust' practice
	partner riverside 'Riverside University' finding
}

teardown() {
	cat "$out"
}

# partner NAME TITLE KIND: a trust that has published one record.
partner() {
	mkdir -p "sheets-$1"
	command confer init "$1" --name "$2" --sheets "sheets-$1" \
		--remote "$BATS_TEST_TMPDIR/host/$1.git"
	cp "$here/schemas/examples/demo/$1-$3.json" "$1/drafts-of-demo.json"
	command confer -C "$1" publish drafts-of-demo.json
	command confer -C "$1" id --card >"$1-card.json"
}

# What partners would have published meanwhile: three findings to pool.
findings() {
	local i
	[ ! -e drafts/found-1.json ] || return 0
	for i in 1 2 3; do
		jq "del(.body.effect, .body.related, .body.shared_sample) |
			.body.raw.mean_t += $i" \
			"$here/schemas/examples/finding.json" \
			>"drafts/found-$i.json"
	done
	command confer publish drafts/found-?.json
}

# What a person does at these commands: writes the draft, compares the safety
# number, looks at the record that was published.
confer() {
	case "$1 $*" in
	'new '*--from*)
		command confer "$@"
		jq '.body.title += ", again"' "${*: -1}" >draft
		mv draft "${*: -1}"
		;;
	'new '*)
		command confer "$@"
		jq -s '.[0] * {body: .[1].body}' "drafts/$2-1.json" \
			"$here/schemas/examples/demo/northfield-$2.json" >draft
		mv draft "drafts/$2-1.json"
		;;
	'pool '*--replay*)
		command confer pool --replay "$(command confer list --json \
			--kind synthesis | jq -r '.[0].id')"
		;;
	'pool '*)
		findings
		command confer "$@"
		;;
	'export '*postgresql://*)
		;;	# its server is in export_postgresql.bats
	'erase '*--check*)
		command confer "$@" || [ $? = 3 ]	# the draft has them
		;;
	'erase '*)
		command confer erase "${@:2:$#-2}" --yes --sheet \
			"$BATS_TEST_TMPDIR"/stick/recovery-sheet-1-*.txt \
			"$(command confer list --json --owner me |
				jq -r '.[0].id')"
		;;
	'partner '*--card*)
		cp "../riverside-card.json" .
		command confer "$@"
		;;
	'partner '*)
		echo yes | script -qec "confer $*" /dev/null
		;;
	*)
		command confer "$@"
		;;
	esac
}

# Reads blocks of commands and runs them, one after the other, as they stand
# but for places and the id.
run_blocks() {
	local block id
	while IFS= read -r -d $'\f' block; do
		block=${block//https:\/\/git.example.org/$BATS_TEST_TMPDIR\/host}
		block=${block//\/media\/stick/$BATS_TEST_TMPDIR\/stick}
		if [[ "$block" == *019de2fb* ]]; then
			id=$(command confer list --json --owner me |
				jq -r '.[0].id')
			block=${block//019de2fb-19/$id}
			block=${block//019de2fb-7c3f/$id}
			block=${block//019de2fb/$id}
		fi
		printf '%s' "$block" >block
		echo "== $block"
		# shellcheck disable=SC1091 # made just now
		. ./block
		blocks=$((blocks + 1))
	done
}

@test "the first hour of the README" {
	awk '/^```sh/ { on = 1; next } /^```/ && on { on = 0; printf "\f" } on' \
		"$here/README.md" | sed -z 's/^sudo[^\f]*\f//' >commands
	blocks=0
	run_blocks <commands >"$out" 2>&1
	[ "$blocks" -eq 8 ]
	[ "$(grep -c '^Good "git" signature' "$out")" -eq 1 ]
	[ "$(basename "$PWD")" = northfield ]
	grep -q 'Ready: [0-9]* checks passed' "$out"
	grep -q 'You now follow Ashby Trust' "$out"
	grep -q 'Ashby Trust: up to date' "$out"
	[ -s forest.svg ]
	grep -q 'The same:' "$out"
	[ "$(command confer list --json | jq length)" -eq 6 ]
}

@test "the examples of confer(1)" {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/p' "$here/man/confer.1" |
		awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0; printf "\f" } on' |
		sed "s/\\\\e/\\\\/g; s/\\\\-/-/g; s/\\\\(aq/'/g" >commands
	blocks=0
	run_blocks <commands >"$out" 2>&1
	[ "$blocks" -eq 11 ]
	grep -q 'You now follow Riverside University' "$out"
	grep -q 'Riverside University: up to date' "$out"
	grep -q 'Published: 1 record' "$out"
	grep -q 'Withdrawn: 1 record' "$out"
	grep -q 'Verified: every commit' "$out"
	[ "$(grep -c '^Good "git" signature' "$out")" -eq 6 ]
	[ "$(command confer list --json --status withdrawn | jq length)" -eq 1 ]
}

# members COMMAND N RESULT: the Nth list of members that the page has for the
# command's JSON, or the one with /WORD/: all of them are in the result but those
# with ?, and no others. RESULT is a jq filter that yields the object.
members() {
	local list keys key
	list=$(awk -v "it=.It Cm $1" '$0 == it { on = 1; next }
		/^\.It Cm / { on = 0 } on' "$here/man/confer.1" | tr '\n' ' ' |
		grep -o '{[^}]*}' | sed -n "$2p" | tr -d '{} ' | tr ',' '\n')
	keys=$(jq -r "$3 | keys[]" <result)
	echo "$1: $keys"
	for key in $keys; do
		grep -qx "$key?\?" <<<"$list" || {
			echo "confer.1 has no $key at $1"
			return 1
		}
	done
	while read -r key; do
		[[ "$key" == *'?' ]] || grep -qx "$key" <<<"$keys" || {
			echo "$1 has no $key in its result"
			return 1
		}
	done <<<"$list"
}

# json COMMAND...: its result.
json() {
	command confer --json "$@" >result
}

@test "the JSON results of confer(1) have their members and no others" {
	: >"$out"
	mkdir -p stick
	json init northfield --name Northfield --sheets stick
	jq 'del(.dir, .sheets)' result >one && mv one result
	members id 1 .
	cd northfield
	json id
	members id 1 .
	json new
	members new 2 '.[0]'
	json new need
	members new 1 .
	json check drafts/need-1.json || [ $? -eq 5 ]
	members check 1 '.[0]'
	members check 2 '.[0].findings[0]'
	cp "$here/schemas/examples/demo/northfield-practice.json" drafts/p.json
	json publish drafts/p.json
	members publish 1 .
	members publish 2 '.records[0]'
	id=$(jq -r '.records[0].id' result)
	json partner add ../host/ashby.git --card ../ashby-card.json
	members 'partner add' 1 .
	json partner list
	members 'partner list' 1 '.[0]'
	command confer -C ../ashby publish
	json sync
	members sync 1 .
	members sync 2 '.partners[0]'
	members sync /spoken/ .commons
	json status
	jq '. as $all | reduce ("trust", "name", "role", "key", "identity",
		"identityDigest", "safetyNumber", "urls", "machine", "keyNumber",
		"waiting") as $id ($all; del(.[$id]))
		| if $all | has("key", "machine") then . else empty end' \
		result >one && mv one result
	members status 1 .
	members status 2 .heartbeat
	members status 3 '.drafts[0]'
	json list
	members list 1 '.[0]'
	members list 2 '.[0].signers[0]'
	json show "$id" --history
	members show 1 .
	members show 2 '.heads[0]'
	members show 3 '.signers[0]'
	members show 4 '.stewards[0]'
	members show /parents/ '.history[0]'
	findings
	json pool --outcome reading_comprehension --publish
	members pool 1 .
	members pool 2 '.inputs[0]'
	json pool --replay "$(jq -r '.published.records[0].id' result)"
	members pool 5 .
	members pool 8 .since
	json pool --outcome reading_comprehension --phase secondary ||
		[ $? -eq 5 ]
	members pool 3 '.excluded[0]'
	json verify ../host/ashby.git
	members verify 1 .
	members verify 2 .trust
	members verify 3 '.signers[0]'
	json key list
	members 'key list' 1 '.[0]'
	json key check --sheet ../stick/recovery-sheet-1-*.txt
	members 'key check' 1 .
	json index --rebuild
	members index 1 .
	json compact
	members compact 1 .
	json withdraw "$id" --reason 'Counted twice.'
	members 'withdraw , cosign' 1 .
	json partner remove ashby-trust
	members 'partner remove' 1 .
	jq -e .name result
}
