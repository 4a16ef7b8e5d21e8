#!/usr/bin/env bats
# What people read of a record that several trusts edit: conflicts, history, who
# wrote what, and where something is missing.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	published_trust wessex --role university
	follow northfield ashby wessex
	follow ashby northfield wessex
	follow wessex northfield ashby
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional | .body.title = "Fluency"' \
		--args "$(trust_id northfield)" "$(trust_id ashby)")
	export project
	sync_all northfield ashby wessex
	keep_world
}

setup() {
	fresh_world
}

@test "conflicts: one sentence each, with what was there before" {
	edit northfield '.body.protocol.sample.pupils = 240'
	edit ashby '.body.protocol.sample.pupils = 236'
	sync_all northfield ashby wessex
	exits 3 confer -C ashby conflicts
	has "Plan: Planned numbers: Pupils planned: "
	has "Northfield Learning Trust says 240"
	has "Ashby Trust says 236"
	has "; before, both had $(jq .body.protocol.sample.pupils \
		"$examples/project.json")."
	has "To settle it: confer resolve $project"
	[ "$(tail -1 <<<"$output")" = \
		"1 conflict in 1 record; 1 of them yours to settle." ]
	fails grep -Eiwq 'ours|theirs' <<<"$output"
}

@test "conflicts: who only reads is not asked" {
	edit northfield '.body.title = "N"'
	edit ashby '.body.title = "A"'
	sync_all northfield ashby wessex
	exits 0 confer -C wessex conflicts
	has 'Title: Northfield Learning Trust says N, Ashby Trust says A' ||
		has 'Title: Ashby Trust says A, Northfield Learning Trust says N'
	has "Its stewards settle that"
	[ "$(tail -1 <<<"$output")" = \
		"1 conflict in 1 record; 0 of them yours to settle." ]
	exits 0 confer -C wessex sync
	exits 3 confer -C northfield sync
	has "trusts changed 1 field in different ways"
	exits 0 confer -C wessex status
	has "for others to settle"
	exits 0 confer -C northfield status
	has "yours to settle"
	has "Next: confer resolve $project"
	exits 0 confer -C wessex list
	has "(conflict) "
}

@test "conflicts: as JSON, with every side and its signers" {
	edit northfield '.body.title = "N"'
	edit ashby '.body.title = "A"'
	sync_all northfield ashby wessex
	exits 3 confer -C northfield --json conflicts "$project"
	holds 'length == 1 and .[0].id == $id and .[0].kind == "project" and
		.[0].ours and (.[0].heads | length) == 2 and
		.[0].incomplete == [] and
		(.[0].fields | length) == 1 and (.[0].fields[0] |
		.path == "/title" and .kind == "edit/edit" and
		.before == "Fluency" and .shown == "Fluency" and
		[.sides[] | [.value, .by[0].name]] == [
			["A", "Ashby Trust"],
			["N", "Northfield Learning Trust"]] and
		all(.sides[].by[]; .trust and .version and .modified))' \
		--arg id "$project"
	exits 0 confer -C northfield --json show "$project"
	holds '.conflict and .record.body.title == "Fluency" and
		.fields[0].path == "/title"'
}

@test "conflicts: the same value is one side with two names" {
	edit northfield '.body.title = "Same"'
	edit ashby '.body.title = "Same"'
	sync_all northfield ashby wessex
	exits 0 confer -C ashby conflicts
	has "There are no conflicts."
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Same" and (.conflict | not)'
}

@test "conflicts: removed here, changed there" {
	edit northfield 'del(.body.milestones[0])'
	edit ashby '.body.milestones[0].what = "Sooner"'
	sync_all northfield ashby wessex
	exits 3 confer -C ashby conflicts
	has "Removed by Northfield Learning Trust." ||
		has "removed by Northfield Learning Trust"
	has "Sooner"
	exits 3 confer -C ashby --json conflicts
	holds '.[0].fields[0] | .kind == "delete/edit" and
		(.path | startswith("/milestones/[")) and
		any(.sides[]; .absent and .by[0].name ==
		"Northfield Learning Trust")'
}

@test "conflicts: longer texts, word by word" {
	edit northfield '.body.notes = "The partners meet in the library on the
		first Monday of each month and read."'
	sync_all northfield ashby wessex
	edit northfield '.body.notes |= sub("Monday"; "Tuesday")'
	edit ashby '.body.notes |= sub("library"; "hall")'
	sync_all northfield ashby wessex
	exits 3 confer -C ashby conflicts
	has "[-library-] {+hall+}"
	has "[-Monday-] {+Tuesday+}"
	has "[-these words-] were taken out and {+these+} were put in"
}

@test "conflicts: a letter that was typed in two ways is one" {
	edit northfield '.body.title = "Caf\u00e9"'
	edit ashby '.body.title = "Cafe\u0301"'
	sync_all northfield ashby wessex
	exits 0 confer -C ashby conflicts
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Caf\u00e9" and (.conflict | not)'
	same_commons northfield ashby wessex
	# what is decided has that spelling too
	edit northfield '.body.title = "N"'
	edit ashby '.body.title = "A"'
	sync_all northfield ashby wessex
	exits 0 confer -C ashby --json resolve "$project" \
		--set 'title="Cafe\u0301"'
	holds '.decided == [{path: "/title", value: "Caf\u00e9"}]'
}

@test "conflicts: of nothing" {
	exits 0 confer -C ashby conflicts
	has "There are no conflicts."
	exits 0 confer -C ashby --json conflicts
	holds '. == []'
	exits 0 confer -C ashby conflicts "$project"
	has "There is no conflict in it."
	exits 1 confer -C ashby conflicts 0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab
	one_message
}

@test "show --history: a drawing of who changed what" {
	edit northfield '.body.title = "N"'
	edit ashby '.body.title = "A" | .body.ends = "2027-01"'
	sync_all northfield ashby wessex
	confer -q -C ashby resolve "$project" --take Title=northfield
	exits 0 confer -C ashby show "$project" --history
	has "Ashby Trust decided Title"
	has "Ashby Trust changed Ends and Title"
	has "Northfield Learning Trust changed Title"
	has "Northfield Learning Trust first version"
	has "├─╮"
	has "├─╯"
	exits 0 confer -C ashby --json show "$project" --history
	holds '(.history | length) == 4 and all(.history[]; .counts) and
		([.history[] | select(.onto | length == 2)] | length) == 1 and
		([.history[] | select(any(.fields[]; .decided))] | length) == 1'
	exits 0 confer -C ashby --json show "$project"
	holds 'has("history") | not'
}

@test "show --blame: the last writer of each field" {
	edit ashby '.body.title = "A"'
	sync_all northfield ashby wessex
	exits 0 confer -C northfield --json show "$project" --blame
	holds 'any(.blame[]; .path == "/title" and
			[.by[].name] == ["Ashby Trust"]) and
		any(.blame[]; .path == "/question" and
			[.by[].name] == ["Northfield Learning Trust"])'
	exits 0 confer -C northfield show "$project" --blame
	[[ $output == *"Title "*"Ashby Trust"* ]]
	edit northfield '.body.title = "N"'
	edit ashby '.body.title = "B"'
	sync_all northfield ashby wessex
	exits 0 confer -C northfield show "$project" --blame
	has "(contested)"
}

@test "a withdrawal against an edit: withdrawn, and the edit is kept" {
	edit ashby '.body.title = "Edited"'
	confer -q -C northfield withdraw --yes "$project" --reason "It ended."
	exits 0 confer -C northfield sync
	has "You withdrew"
	has "Ashby Trust has edited it meanwhile"
	sync_all northfield ashby wessex
	for name in northfield ashby wessex; do
		exits 0 confer -C $name --json show "$project"
		holds '.record.status == "withdrawn" and (.conflict | not) and
			.record.body.title == "Edited" and
			[.unseen[].name] == ["Ashby Trust"]'
	done
	same_commons northfield ashby wessex
	exits 0 confer -C northfield show "$project"
	has "Withdrawn: It ended."
	has "Edited meanwhile: Ashby Trust published a change"
}

@test "the owner takes a steward off who is editing" {
	local draft=$world/ashby/drafts/plan.json
	edit ashby '.body.ends = "2027-02"'
	confer -q -C ashby new --from "$project" -o "$draft"
	jq '.body.title = "Late"' "$draft" >new && mv new "$draft"
	edit northfield '.stewards = $ARGS.positional' \
		--args "$(trust_id northfield)"
	exits 0 confer -C ashby sync
	has "its owner has taken you off its stewards"
	unchanged 5 confer -C ashby publish "$draft"
	one_message
	has "no longer yours to edit"
	has "your draft is as it was"
	sync_all northfield ashby wessex
	same_commons northfield ashby wessex
	exits 0 confer -C wessex --json show "$project" --history
	holds '.record.body.title == "Fluency" and (.conflict | not) and
		([.history[] | select(.counts | not) | .name] ==
		["Ashby Trust"])'
	exits 0 confer -C wessex show "$project" --history
	has "Left out: a version of Ashby Trust"
	# nothing is gone: its own repository has it
	git -C hosts/ashby.git grep -q 2027-02 main
}

@test "what does not count is not told as new" {
	edit northfield '.stewards = $ARGS.positional' \
		--args "$(trust_id northfield)"
	edit ashby '.body.title = "Nobody reads this"'
	exits 0 confer -C northfield --json sync
	holds '.new == [] and (.attention | length) == 1'
	exits 0 confer -C wessex sync
	has "'Fluency': what Ashby Trust wrote there does not count"
	fails has "Nobody reads this"
}

@test "a record whose owner is not followed" {
	published_trust riverside
	follow riverside ashby
	edit ashby '.body.title = "A"'
	exits 0 confer -C riverside --json sync
	holds '.new == []'
	edit ashby '.body.title = "A2"'
	exits 0 confer -C riverside sync
	has "'A2' waits for its owner, whom you do not follow"
	has "Ask Ashby Trust"
	edit ashby '.body.title = "A"'
	confer -q -C riverside sync
	exits 0 confer -C riverside --json list
	holds '. == []'
	exits 0 confer -C riverside status
	has "Waits for an owner whom you do not follow"
	has "A: Ashby Trust has a version"
	exits 0 confer -C riverside --json status
	holds '[.ownerless[] | {id, kind, title, from}] == [{id: $id, kind:
		"project", title: "A", from: ["Ashby Trust"]}]' \
		--arg id "$project"
	exits 1 confer -C riverside show "$project"
	one_message
	has "waits for its owner: add that partner to see it"
	exits 1 confer -C riverside conflicts "$project"
	one_message
	follow riverside northfield
	exits 0 confer -C riverside --json show "$project"
	holds '.record.body.title == "A"'
	exits 0 confer -C riverside --json status
	holds '.ownerless == []'
}

@test "a steward who is not followed: what is here may not be all" {
	published_trust riverside
	follow riverside northfield
	edit ashby '.body.title = "A"'
	sync_all northfield ashby wessex
	edit northfield '.body.ends = "2027-03"'
	exits 0 confer -C riverside sync
	has "is incomplete"
	exits 0 confer -C riverside --json list
	holds 'length == 1 and .[0].incomplete'
	exits 0 confer -C riverside list
	has "(incomplete) "
	exits 0 confer -C riverside --json show "$project"
	holds '.record.body.title == "A" and (.incomplete | length) == 1 and
		.incomplete[0].why == "not followed"'
	exits 0 confer -C riverside show "$project"
	has "Incomplete: part of what this builds on is not here"
	exits 0 confer -C riverside status
	has "Not all of it is here"
	# a steward is asked before it writes on such ground
	confer -q -C northfield partner remove ashby
	confer -q -C northfield new --from "$project" -o "$world/n.json"
	jq '.body.title = "N"' n.json >new && mv new n.json
	unchanged 3 confer -C northfield publish "$world/n.json"
	one_message
	has draft.incomplete
	has --incomplete
	exits 0 confer -C northfield publish --incomplete "$world/n.json"
	follow riverside ashby
	exits 0 confer -C riverside --json show "$project"
	holds '.incomplete == []'
}

@test "whoever copies a record's id, or names another as its owner, gets nothing" {
	local path file
	path=$(git -C northfield ls-tree -r --name-only main records | head -1)
	file=northfield/$path
	copy() {
		mkdir -p "${path%/*}"
		jq -S --arg me "$1" '.body.title = "Stolen" | .owner = $me |
			.stewards = [$me] | .parents = []' "$world/$file" \
			>"$path"
	}
	claim() {
		mkdir -p "${path%/*}"
		jq -S '.body.title = "Claimed"' "$world/$file" >"$path"
	}
	forge wessex copy "$(trust_id wessex)"
	exits 0 confer -C northfield sync
	has "held"
	exits 0 confer -C northfield --json show "$project"
	holds '.record.body.title == "Fluency" and (.conflict | not)'
	forge wessex claim
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Fluency" and (.conflict | not)'
}
