#!/usr/bin/env bats
# Nearly the same record again: adopt it instead?
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	practice=$(publish_example ashby practice 'del(.body.answers)')
	export practice
	follow northfield ashby
	confer -q -C northfield sync
	keep_world
}

setup() {
	fresh_world
	cd northfield || return 1
}

@test "new: somebody published something close" {
	exits 0 confer new practice --title \
		"Whole class fluency routine (I, we, you) 20 minutes, 3 times a week"
	has "Ashby Trust published something close:"
	has "Adopt it instead? confer new adoption --practice $practice"
	exits 0 confer new adoption --practice "$practice" -o drafts/a.json
	jq -e --arg p "$practice" '.body.practice == $p and
		(.body.practice_version | startswith("zQm"))' drafts/a.json
	# as a text processor writes it
	exits 0 confer --json new practice --title \
		$'Whole-class \u201cfluency routine (I, we, you), 20 minutes, 3 times a week'
	holds '.similar | length == 1'
	exits 0 confer --json new practice --title "Walking to school, daily"
	holds '.similar == []'
	jq -e '.body.title == "Walking to school, daily"' \
		"$(jq -r .file <<<"$output")"
}

@test "check, publish: a draft that is close says so, by title or by problem" {
	draft northfield practice 'del(.body.answers) |
		.body.title = "Echo, then alone"' >file
	exits 0 confer --json check "$(<file)"
	holds '.[0].similar | length == 1 and .[0].id == $p and
		.[0].alike == 1 and (.[0].ours | not) and
		.[0].signers[0].name == "Ashby Trust"' --arg p "$practice"
	exits 0 confer check "$(<file)"
	has "Ashby Trust published something close:"
	has "confer new adoption --practice $practice"
	exits 0 confer publish "$(<file)"
	has "Ashby Trust published something close:"
	# Of its own record, and of one that is published, nothing is said.
	exits 0 confer --json check "$(<file)"
	holds '.[0] | has("similar") | not'
}

@test "check: another area, or other words, are something else" {
	draft northfield practice 'del(.body.answers) |
		.body.areas = ["mathematics"]' >file
	exits 0 confer --json check "$(<file)"
	holds '.[0] | has("similar") | not'
	draft northfield practice 'del(.body.answers) |
		.body.title = "Echo, then alone" |
		.body.problem = "Pupils forget what they learnt."' >file
	exits 0 confer --json check "$(<file)"
	holds '.[0] | has("similar") | not'
}

@test "new: --title and --practice begin something new" {
	exits 2 confer new --title x
	has "name its kind"
	exits 2 confer new practice --from "$practice" --title x
	exits 2 confer new need --practice "$practice"
	has "goes with an adoption or a finding"
	exits 1 confer new adoption --practice 00000000
}
