#!/usr/bin/env bats
# What goes where: results on stdout, talk on stderr, JSON for programs, and
# nothing that a record says can drive a terminal.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export CONFER_HOME=$BATS_TEST_TMPDIR/home
	unset CONFER_PASSPHRASE_FILE
	mkdir sheets
	confer init t --name "Ashby Trust" --sheets sheets --no-passphrase \
		--quiet
	cd t || exit
	mkdir -p drafts
	cp "$BATS_TEST_DIRNAME/../../schemas/examples/need.json" drafts/
}

@test "talk is on stderr, and away with --quiet" {
	run -0 --separate-stderr confer publish drafts/need.json
	[ -z "$output" ]
	[[ "$stderr" == *'Published: 1 record'* ]]
	run -0 confer publish --quiet drafts/need.json
	[ -z "$output" ]
}

@test "a report is on stdout, also with --quiet" {
	confer publish -q drafts/need.json
	for command in id status list check verify 'key list' 'key export' \
		sync 'partner list' new; do
		# shellcheck disable=SC2086 # the words of a command
		run -0 --separate-stderr confer -q $command
		[ -n "$output" ]
		[ -z "$stderr" ]
	done
}

@test "with --json every result is one value, members in order" {
	run -0 --separate-stderr confer --json publish drafts/need.json
	id=$(jq -r '.records[0].id' <<<"$output")
	[ -z "$stderr" ]
	for command in id status list check verify 'key list' 'key export' \
		sync 'partner list' new 'index --rebuild' "show $id" \
		"show $id --history" 'id --card'; do
		# shellcheck disable=SC2086 # the words of a command
		run -0 --separate-stderr confer $command --json
		[ -z "$stderr" ]
		[ "$(jq -S . <<<"$output")" = "$output" ]
	done
}

@test "an error beside a result leaves the result whole" {
	jq '.body.title = ""' drafts/need.json >drafts/bad.json
	run -5 --separate-stderr confer --json check
	[[ "$stderr" == confer:* ]]
	jq -e 'map(.verdict) | sort == ["ready", "unsafe"]' <<<"$output"
	run -5 --separate-stderr confer check
	[[ "$stderr" == confer:* ]]
	[[ "$output" == *'Not safe to publish: 1 problem'* ]]
	[[ "$output" == *' 1  Title (title)'* ]]
	[[ "$output" == *'Ready: '* ]]
	# Into one file: the report first, then the error.
	run -5 confer check
	[[ "${lines[${#lines[@]} - 1]}" == confer:* ]]
}

@test "a record is shown by the titles of its fields" {
	id=$(confer --json publish drafts/need.json | jq -r '.records[0].id')
	run -0 confer show "$id"
	[[ "$output" == *'Created by   Ashby Trust'* ]]
	[[ "$output" == *'Signed by    Ashby Trust, key z6Mk'* ]]
	[[ "$output" == *$'\nProblem:\n  '* ]]
	[[ "$output" != *problem_tags* ]]
	label=$(jq -r '.["$defs"].phase["x-labels"].secondary' \
		"$BATS_TEST_DIRNAME/../../schemas/common.json")
	[[ "$output" == *"Phases: "*"$label"* ]]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ] || [[ "$line" == *://* ]]
	done
	run -0 confer show "${id:0:18}"
}

# Nothing of the kind is published or let into the commons; a draft that somebody
# sent may say it all the same.
@test "what a draft says cannot drive a terminal" {
	override=$'\u202e' isolate=$'\u2066'
	jq --arg t "${override}Title${isolate}" '.body.title = $t' \
		drafts/need.json >drafts/odd.json
	for command in "check drafts/odd.json" "publish drafts/odd.json" \
		status; do
		for json in '' --json; do
			# shellcheck disable=SC2086 # the words of a command
			run confer $json $command
			[[ "$output" != *"$override"* ]]
			[[ "$output" != *"$isolate"* ]]
		done
	done
	run -5 --separate-stderr confer --json check drafts/odd.json
	[[ "$output" == *T-HIDDEN* ]]
	jq -e '.[0] | has("title") | not' <<<"$output"
	run -5 confer publish drafts/odd.json
	[[ "$output" == *T-HIDDEN* ]]
}
