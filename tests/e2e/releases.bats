#!/usr/bin/env bats
# confer check: what a draft gives away together with what was published before.
load lib

setup_file() {
	begin_world
	new_trust northfield
	keep_world
}

setup() {
	fresh_world
}

# counted N TRAIT...: a finding whose number of pupils in the results is N.
counted() {
	local n=$1
	shift
	draft northfield finding '.body.attrition = {analysed: $n} |
		.body.population = $ARGS.positional |
		del(.body.tables, .body.subgroups)' \
		--argjson n "$n" --args "$@"
}

published() {
	counted "$@"
	confer -q -C northfield publish --no-push \
		drafts/finding.json
}

checked() {
	counted "$@"
	try confer -C northfield --json check \
		drafts/finding.json
}

rules() {
	jq -r '.[0].findings[].rule' <<<"$output"
}

@test "releases: part of what was published, less a few, is held back" {
	published 600 year=8 term=2026-1
	checked 595 sex=f year=8 term=2026-1
	[ "$status" = 5 ]
	[ "$(rules)" = X-SUBSET ]
	exits 5 confer -C northfield publish --no-push \
		drafts/finding.json
	has X-SUBSET
	checked 300 sex=f year=8 term=2026-1
	[ "$status" = 0 ]
	[ -z "$(rules)" ]
}

@test "releases: drafts that go together are compared with each other" {
	counted 600 year=8 term=2026-1
	mv northfield/drafts/finding.json northfield/drafts/all.json
	counted 595 sex=f year=8 term=2026-1
	try confer -C northfield --json check drafts/all.json drafts/finding.json
	[ "$status" = 5 ]
	holds '.[0].findings == [] and (.[1].findings | map(.rule) ==
		["X-SUBSET"]) and (.[1].findings[0].found |
		contains("the draft all.json"))'
	exits 5 confer -C northfield publish --no-push drafts/all.json \
		drafts/finding.json
	has X-SUBSET
	exits 0 confer -C northfield --json list
	holds 'length == 0'
	confer -q -C northfield publish --no-push drafts/all.json
	exits 5 confer -C northfield publish --no-push drafts/finding.json
	has X-SUBSET
}

@test "releases: of two drafts that differ a little one is published first" {
	counted 600 year=8
	mv northfield/drafts/finding.json northfield/drafts/all.json
	counted 605 year=8
	exits 3 confer -C northfield check
	has "stands in the draft all.json, and"
	has "publish all.json first, and give the reason here after that"
	exits 1 confer -C northfield check drafts/finding.json \
		--accept X-REVISE=public-benefit
	has "publish that one first"
	exits 3 confer -C northfield publish --no-push drafts/all.json \
		drafts/finding.json
	confer -q -C northfield publish --no-push drafts/all.json
	exits 0 confer -C northfield check drafts/finding.json \
		--accept X-REVISE=public-benefit
	exits 0 confer -C northfield publish --no-push drafts/finding.json
	draft northfield finding '.body.summary = "Then Pupil K7 stopped."'
	cp northfield/drafts/finding.json northfield/drafts/next.json
	exits 3 confer -C northfield check drafts/next.json \
		drafts/finding.json
	has "publish next.json first, and give the reason here after that"
}

@test "releases: a number that changed a little needs a reason" {
	published 600 year=8 term=2026-1
	checked 605 year=8 term=2026-1
	[ "$status" = 3 ]
	[ "$(rules)" = X-REVISE ]
	checked 605 year=8 term=2026-2
	[ "$status" = 0 ]
	[ "$(rules)" = X-SERIES ]
}

@test "releases: rounded numbers that leave about five together are told" {
	published 600 year=8
	published 300 sex=f year=8
	published 140 fsm=1 sex=m year=8
	# 600, 300, 140 and 155 were each up to two more or fewer.
	checked 155 fsm=0 sex=m year=8
	[ "$status" = 0 ]
	[ "$(rules)" = X-RANK ]
	holds '.[0].findings[0] | .severity == "advice" and (.found |
		contains("about 5 people") and contains("0 to 13") and
		test("record [0-9a-f]{8}.*record [0-9a-f]{8}"))'
	checked 120 fsm=0 sex=m year=8
	[ "$status" = 0 ]
	[ -z "$(rules)" ]
}

@test "releases: rounded numbers that leave no doubt of a small group" {
	published 200 fsm=0 fsm=1 sex=f sex=m
	published 100 fsm=0 fsm=1 sex=f
	published 90 fsm=1 sex=m
	published 70 fsm=0 sex=f
	# Boys without are 4 to 16 by the first three, 0 to 4 by the others.
	checked 70 fsm=0 sex=f sex=m
	[ "$status" = 5 ]
	[ "$(rules)" = X-RANK ]
	exits 5 confer -C northfield publish --no-push drafts/finding.json
	has "gives a group of fewer than 10 people"
	checked 80 fsm=0 sex=f sex=m
	[ "$status" = 0 ]
}

@test "releases: sums over trusts, rounded or not, leave three of them" {
	published 400 trust=a trust=b trust=c trust=d
	checked 500 trust=a trust=b trust=c trust=d trust=e
	[ "$status" = 5 ]
	[ "$(rules | sort -u)" = X-RANK ]
	checked 700 trust=a trust=b trust=c trust=d trust=e trust=f trust=g
	[ "$status" = 0 ]
	# abcd + defg - abcefg is d, twice.
	published 420 trust=d trust=e trust=f trust=g
	checked 700 trust=a trust=b trust=c trust=e trust=f trust=g
	[ "$status" = 5 ]
	[ "$(rules | sort -u)" = X-RANK ]
}

@test "releases: without traits, or outside a repository, it says so" {
	counted 600 year=8
	try confer --json check northfield/drafts/finding.json
	holds '[.[0].notRun[].rule] | contains(["X-RANK", "T-ROLL"])'
	draft northfield finding 'del(.body.population)'
	exits 0 confer -C northfield check \
		drafts/finding.json
	has "does not say which people"
}

# fixed N TRAIT...: as counted, with the copy that --fix proposes in its place.
fixed() {
	counted "$@"
	try confer -C northfield check --fix drafts/finding.json
	mv northfield/drafts/finding.proposed.json northfield/drafts/finding.json
}

@test "releases: exact numbers that this machine saw count as well" {
	fixed 58 year=8 term=2026-1
	confer -q -C northfield publish --no-push drafts/finding.json
	fixed 52 sex=f year=8 term=2026-1
	[ "$(jq .body.attrition.analysed northfield/drafts/finding.json)" = 50 ]
	try confer -C northfield --json check drafts/finding.json
	[ "$(rules)" = X-SUBSET ]
	exits 5 confer -C northfield publish --no-push drafts/finding.json
	# What is shown, 60 and 50, is ten apart.
	rm -r "$CONFER_HOME/rolls"
	try confer -C northfield --json check drafts/finding.json
	[ -z "$(rules)" ]
	holds '.[0].notRun | any(.rule == "N-ORDER" and
		(.reason | contains("no exact numbers")))'
}

@test "releases: the exact numbers of several records leave five together" {
	local n
	for n in "598 year=8" "301 sex=f year=8" "139 fsm=1 sex=m year=8"; do
		# shellcheck disable=SC2086	# a number and its traits
		fixed $n
		confer -q -C northfield publish --no-push drafts/finding.json
	done
	fixed 153 fsm=0 sex=m year=8
	[ "$(jq .body.attrition.analysed northfield/drafts/finding.json)" = 155 ]
	exits 5 confer -C northfield check drafts/finding.json
	has X-RANK
	fixed 143 fsm=0 sex=m year=8
	exits 0 confer -C northfield check drafts/finding.json
}

@test "releases: exact numbers go with the finding that is erased" {
	fixed 58 year=8 term=2026-1
	local file id size
	file=$(find "$CONFER_HOME/rolls" -name numbers.ledger)
	size=$(stat -c %s "$file")
	exits 0 confer -C northfield --json publish drafts/finding.json
	id=$(jq -r '.records[0].id' <<<"$output")
	rm northfield/drafts/finding.json
	exits 0 confer -C northfield --json erase --yes \
		--sheet "$(echo "$world"/sheets/northfield/recovery-sheet-1-*.txt)" "$id"
	[ "$(stat -c %s "$file")" -lt "$size" ]
}

@test "releases: a small number that was rounded is told, sealed or damaged" {
	fixed 58 year=8
	counted 8 sex=f year=8
	try confer -C northfield check --fix drafts/finding.json
	checked 10 sex=f year=8
	[ "$(rules)" = N-ORDER ]
	local file
	file=$(find "$CONFER_HOME/rolls" -name numbers.ledger)
	[ "$(stat -c %a "$file")" = 600 ]
	printf 'x' | dd of="$file" bs=1 seek=60 conv=notrunc status=none
	checked 10 sex=f year=8
	[ -z "$(rules)" ]
	holds '.[0].notRun | any(.rule == "N-ORDER" and
		(.reason | contains("is damaged")))'
	exits 0 confer -C northfield publish --no-push drafts/finding.json
}
