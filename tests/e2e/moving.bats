#!/usr/bin/env bats
# Drafts of records that others change meanwhile: the merge decides what becomes
# of them, not the clock.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow northfield ashby
	follow ashby northfield
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional | .body.title = "Before"' \
		--args "$(trust_id northfield)" "$(trust_id ashby)")
	export project
	confer -q -C ashby sync
	# a draft from what stands now, and an edit of somebody else's
	confer -q -C ashby new --from "$project" -o "$world/ashby/drafts/p.json"
	edit northfield '.body.title = "North" | .body.ends = "2027-01"'
	confer -q -C ashby sync
	keep_world
}

setup() {
	fresh_world
	cd ashby
}

# change FILTER: of the draft.
change() {
	jq "$@" <drafts/p.json >new && mv new drafts/p.json
}

@test "an edit elsewhere in the record is published with both" {
	change '.body.question = "Does it?"'
	exits 0 confer --json publish drafts/p.json
	holds '.records[0].merged[0] | [.by[0].name] ==
		["Northfield Learning Trust"] and
		([.fields[].path]) == ["/ends", "/title"]'
	exits 0 confer --json show "$project"
	holds '.record.body.title == "North" and
		.record.body.ends == "2027-01" and
		.record.body.question == "Does it?" and
		(.heads | length) == 1 and (.conflict | not)'
	confer -q -C ../northfield sync
	exits 0 confer -C ../northfield --json show "$project"
	holds '.record.body.question == "Does it?" and
		.record.body.title == "North"'
	confer -q sync
	same_commons northfield ashby
}

@test "who publishes is told what others changed meanwhile" {
	change '.body.question = "Does it?"'
	exits 0 confer publish drafts/p.json
	has "Meanwhile Northfield Learning Trust changed Ends and Title."
	has "That is part of what you published."
}

@test "the draft then has both, so that the next edit takes nothing back" {
	change '.body.question = "Does it?"'
	confer -q publish drafts/p.json
	jq -e '.body.title == "North" and .body.question == "Does it?"' \
		drafts/p.json
	exits 0 confer publish drafts/p.json
	has "nothing has changed since"
	change '.body.question = "Does it help?"'
	exits 0 confer publish drafts/p.json
	exits 0 confer --json show "$project"
	holds '.record.body.title == "North" and
		.record.body.question == "Does it help?"'
}

@test "a draft that was published before takes nothing back either" {
	# northfield's own draft of what it published; then ashby goes on
	change '.body.question = "Does it?"'
	confer -q publish drafts/p.json
	edit ashby '.body.summary = "Short."'
	cp drafts/p.json old.json
	exits 0 confer publish drafts/p.json
	jq '.body.stage = "reported"' old.json >drafts/p.json
	exits 0 confer publish drafts/p.json
	exits 0 confer --json show "$project"
	holds '.record.body.summary == "Short." and
		.record.body.stage == "reported"'
}

@test "the same change twice is one" {
	change '.body.title = "North" | .body.ends = "2027-01"'
	exits 0 confer publish drafts/p.json
	exits 0 confer --json show "$project"
	holds '.record.body.title == "North" and (.conflict | not)'
}

@test "a contradiction publishes nothing and leaves the draft" {
	change '.body.title = "Ash" | .body.question = "Does it?"'
	unchanged 3 confer publish drafts/p.json
	has "Northfield Learning Trust says North"
	has "Ashby Trust (your draft) says Ash"
	has "before, both had Before"
	has "confer resolve drafts/p.json"
	has "draft.conflict"
	unchanged 3 confer --json publish drafts/p.json
	holds '.records == [] and (.pushed | not) and
		(.conflicts | length) == 1 and (.conflicts[0] |
		.id == $id and .file == "drafts/p.json" and
		[.fields[].path] == ["/title"] and
		.merged[0].by[0].name == "Northfield Learning Trust")' \
		--arg id "$project"
}

@test "resolve settles a draft: the own side, or the other" {
	change '.body.title = "Ash" | .body.question = "Does it?"'
	cp drafts/p.json kept.json
	unchanged 0 confer resolve drafts/p.json --take title=draft --dry-run
	has "This would be published: Ash"
	exits 0 confer --json resolve drafts/p.json --take title=draft
	holds '.decided == [{path: "/title", value: "Ash"}] and .pushed'
	exits 0 confer --json show "$project"
	holds '.record.body.title == "Ash" and (.conflict | not) and
		.record.body.question == "Does it?" and
		.record.body.ends == "2027-01"'
	exits 5 confer resolve drafts/p.json --take title=draft
	has "nothing contradicts this draft"
	cp kept.json drafts/p.json
	edit northfield '.body.title = "North two"' || true
	confer -q sync || true
	unchanged 2 confer resolve drafts/p.json --take question=draft
}

@test "several drafts: one that contradicts stops all of them" {
	change '.body.title = "Ash"'
	draft ashby need
	unchanged 3 confer publish drafts/need.json drafts/p.json
	has "Ashby Trust (your draft) says Ash"
}

@test "a draft of what is in conflict decides what it changes" {
	edit northfield '.body.summary = "Short."'
	edit ashby '.body.summary = "Brief."'
	confer -q sync || [ $? = 3 ]
	exits 3 confer --json conflicts
	holds '[.[0].fields[].path] == ["/summary"]'
	rm -f drafts/p.json drafts/p.guide.md
	confer -q new --from "$project" -o drafts/p.json
	change '.body.question = "Does it?"'
	exits 0 confer publish drafts/p.json
	exits 3 confer --json conflicts
	change '.body.summary = "Short."'
	exits 0 confer publish drafts/p.json
	exits 0 confer conflicts
	exits 0 confer --json show "$project"
	holds '.record.body.summary == "Short."'
}

@test "a draft that names nothing it builds on" {
	change 'del(.parents) | .body.question = "Does it?"'
	exits 3 confer publish drafts/p.json
	has "draft.conflict"
}
