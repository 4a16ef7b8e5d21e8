#!/usr/bin/env bats
# confer resolve: somebody settles what trusts changed in different ways, and
# nobody is asked again.
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
	sync_all northfield ashby northfield
	edit northfield '.body.title = "North" | .body.ends = "2027-01" |
		.body.context.region = "north_east"'
	edit ashby '.body.title = "Ash" | .body.stage = "analysing" |
		.body.context.region = "south_west"'
	sync_all northfield ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# The paths that are open for NAME.
open_for() {
	confer -C "$1" --json conflicts 2>/dev/null |
		jq -c '[.[].fields[].path]'
}

@test "resolve: takes a trust's value, and the decision travels" {
	exits 0 confer -C ashby --json resolve "$project" \
		--take title=northfield --take 'Context: Region=me'
	holds '.pushed and .open == [] and
		([.decided[].path] | sort) == ["/context/region", "/title"] and
		.records[0].id == $id' --arg id "$project"
	path=$(jq -r '.records[0].path' <<<"$output")
	git -C ashby show "main:$path" >version.json
	jq -e '.settled == ["/context/region", "/title"] and
		(.parents | length) == 2 and .body.title == "North" and
		.body.context.region == "south_west" and
		.body.ends == "2027-01"' version.json
	sync_all northfield ashby northfield
	for name in northfield ashby; do
		exits 0 confer -C $name conflicts
		exits 0 confer -C $name --json show "$project"
		holds '.record.body.title == "North" and (.conflict | not) and
			(.heads | length) == 1'
	done
	same_commons northfield ashby
	exits 5 confer -C northfield resolve "$project" --take title=me
	one_message
	has "there is no conflict"
}

@test "resolve: another value, and what was there before" {
	exits 0 confer -C northfield resolve "$project" \
		--set 'title="Together"' --take context.region=before
	has "Settled and published"
	has "Title: Together"
	exits 0 confer -C northfield --json show "$project"
	holds '.record.body.title == "Together" and (.conflict | not) and
		.record.body.context.region == $was' \
		--arg was "$(jq -r .body.context.region \
			"$examples/project.json")"
}

@test "resolve: part of it; the rest stays open and is said" {
	exits 0 confer -C northfield resolve "$project" --take title=ashby
	has "Still open"
	has "Context: Region:"
	sync_all northfield ashby northfield
	[ "$(open_for ashby)" = '["/context/region"]' ]
	# an open conflict is in nobody's way
	edit ashby '.body.question = "Does it?"'
	sync_all northfield ashby northfield
	[ "$(open_for northfield)" = '["/context/region"]' ]
	exits 0 confer -C northfield --json show "$project"
	holds '.record.body.question == "Does it?" and
		.record.body.title == "Ash"'
}

@test "resolve --dry-run: shows the version, writes nothing" {
	unchanged 0 confer -C ashby resolve "$project" --take title=me -n
	has "This would be published: Ash"
	has "Still open"
	has "Nothing was written."
	unchanged 0 confer -C ashby --json resolve "$project" --dry-run \
		--take title=me
	holds '.record.body.title == "Ash" and .record.settled == ["/title"]
		and (.record.parents | length) == 2 and
		(.record | has("proof") or has("salt") | not) and
		[.open[].path] == ["/context/region"]'
}

@test "resolve: what cannot be done says why, and changes nothing" {
	cd ashby
	unchanged 3 confer resolve "$project"
	one_message
	has "--take FIELD=TRUST"
	unchanged 2 confer resolve "$project" --take title=nobody
	one_message
	has "Northfield Learning Trust"
	unchanged 2 confer resolve "$project" --take question=me
	one_message
	has "is not in conflict"
	unchanged 2 confer resolve "$project" --take title
	one_message
	has "FIELD=TRUST"
	unchanged 2 confer resolve "$project" --set title=Together
	one_message
	has "is not JSON"
	unchanged 2 confer resolve "$project" --take title=me \
		--set 'title="x"'
	one_message
	has "twice"
	unchanged 5 confer resolve "$project" --set 'title=7'
	one_message
	unchanged 2 confer resolve
	one_message
	unchanged 2 confer resolve "$project" --edit --take title=me
	one_message
	unchanged 1 confer resolve 0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab \
		--take title=me
	one_message
}

@test "resolve: only stewards" {
	published_trust wessex --role university
	follow wessex northfield ashby
	unchanged 5 confer -C wessex resolve "$project" --take title=before
	one_message
	has "not yours to settle"
}

@test "resolve: two people, the same decision" {
	for name in northfield ashby; do
		confer -q -C $name resolve "$project" --take title=northfield \
			--take context.region=before
	done
	sync_all northfield ashby northfield
	for name in northfield ashby; do
		exits 0 confer -C $name conflicts
		exits 0 confer -C $name --json show "$project"
		holds '.record.body.title == "North" and (.conflict | not)'
	done
	same_commons northfield ashby
}

@test "resolve: two people, different decisions at the same time" {
	confer -q -C northfield resolve "$project" --take title=ashby \
		--take context.region=before
	confer -q -C ashby resolve "$project" --set 'title="Third"' \
		--take context.region=before
	sync_all northfield ashby northfield
	for name in northfield ashby; do
		exits 3 confer -C $name --json conflicts
		# exactly the two decisions; what they decided about is gone
		holds '[.[0].fields[] | [.path, [.sides[].value]]] ==
			[["/title", ["Ash", "Third"]]] and
			.[0].fields[0].before == "Before"'
	done
	exits 3 confer -C northfield conflicts
	has "Northfield Learning Trust says Ash"
	has "Ashby Trust says Third"
	exits 0 confer -C northfield resolve "$project" --take title=ashby
	sync_all northfield ashby northfield
	exits 0 confer -C ashby conflicts
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Third"'
	same_commons northfield ashby
}

@test "resolve: back and forth, and nothing older comes back" {
	for turn in 1 2 3; do
		confer -q -C northfield resolve "$project" \
			--take title=northfield --take context.region=me ||
			[ $turn != 1 ]
		sync_all northfield ashby northfield
		edit northfield '.body.title = "North again"'
		edit ashby '.body.title = "Ash again"'
		sync_all northfield ashby northfield
		[ "$(open_for ashby)" = '["/title"]' ]
		confer -q -C ashby resolve "$project" --take title=ashby
		sync_all northfield ashby northfield
		[ "$(open_for northfield)" = '[]' ]
		exits 0 confer -C northfield --json show "$project"
		holds '.record.body.title == "Ash again" and
			.record.body.context.region == "north_east"'
		edit ashby '.body.title = "Before"'
		sync_all northfield ashby northfield
	done
	same_commons northfield ashby
}

@test "resolve --edit: every field in an editor" {
	cat >editor <<-'END'
	#!/bin/sh
	sed -i 's/"title": "Before"/"title": "Edited"/' "$1"
	END
	chmod +x editor
	EDITOR=$world/editor exits 0 confer -C ashby resolve "$project" --edit
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Edited" and (.conflict | not)'
	[ "$(open_for ashby)" = '[]' ]
}

@test "resolve --edit: who changes nothing decides nothing" {
	EDITOR=true unchanged 1 confer -C ashby resolve "$project" --edit
	has "you changed nothing"
	[ "$(open_for ashby)" = '["/context/region","/title"]' ]
	EDITOR=false unchanged 1 confer -C ashby resolve "$project" --edit
	has "ended with a failure"
	EDITOR=$world/none unchanged 1 confer -C ashby resolve "$project" --edit
	has "is not there"
	unset EDITOR VISUAL
	unchanged 2 confer -C ashby resolve "$project" --edit
	one_message
	has "Set EDITOR"
}

@test "resolve --edit: what was typed stays, where it cannot be published" {
	cat >editor <<-'END'
	#!/bin/sh
	echo '{"kind' >"$1"
	exit ${STATUS:-0}
	END
	chmod +x editor
	EDITOR=$world/editor exits 5 confer -C ashby resolve "$project" --edit
	STATUS=1 EDITOR=$world/editor exits 1 confer -C ashby resolve \
		"$project" --edit
	has "ended with a failure"
	has "What was typed is in drafts/project-"
	[ "$(cat ashby/drafts/project-*.json | sort -u)" = '{"kind' ]
}

@test "resolve: who is overtaken while deciding is told, and overwrites nothing" {
	local main
	terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer 1
	expect "2 of 2"
	expect "Which? "
	# in another window
	exits 0 confer -C ashby resolve "$project" --take title=northfield \
		--take context.region=northfield
	main=$(git -C ashby rev-parse main)
	answer 1
	expect "Publish that? (yes or no)"
	answer yes
	expect "was settled while you decided"
	hang_up || [ $? = 3 ]
	[ "$(git -C ashby rev-parse main)" = "$main" ]
}

# Long enough for an editor: a field that two trusts wrote anew.
contest_summary() {
	edit northfield '.body.summary = "We read.\n\nEvery week we meet."'
	sync_all ashby
	edit northfield '.body.summary = "We read.\n\nEvery month we meet."'
	edit ashby '.body.summary = "We read.\n\nEvery day we meet."'
	sync_all northfield ashby northfield
}

@test "resolve: who gives up in the editor is asked again" {
	contest_summary
	exits 0 confer -C ashby resolve "$project" --take title=me \
		--take context.region=me
	EDITOR=false terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer e
	expect "Press Enter"
	answer ''
	expect "Nothing is chosen yet"
	expect "Which? "
	answer q
	hang_up || [ $? = 1 ]
	EDITOR=true terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer e
	expect "Press Enter"
	answer ''
	expect "you changed nothing"
	expect "Which? "
	answer q
	hang_up || [ $? = 1 ]
}

@test "resolve: what the check does not let through is kept as a draft" {
	local draft
	contest_summary
	exits 0 confer -C ashby resolve "$project" --take title=me \
		--take context.region=me
	unchanged 3 confer -C ashby resolve "$project" \
		--set 'summary="Jayden K. reads."'
	one_message
	has "confer resolve $project --edit"
	cat >editor <<-'END'
	#!/bin/sh
	printf 'We read with Jayden K.\n\nWe meet.\n' >"$1"
	END
	chmod +x editor
	rm -f ashby/drafts/*
	EDITOR=$world/editor terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer e
	expect "Press Enter"
	answer ''
	expect "Publish that? (yes or no)"
	answer yes
	expect "is kept as a"
	hang_up || [ $? = 3 ]
	draft=ashby/drafts/project-1.json
	exits 3 confer check $draft
	has "T-NAME"
	sed -i 's/ with Jayden K\././' $draft
	exits 0 confer -C ashby publish drafts/project-1.json
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.summary == "We read.\n\nWe meet." and
		(.conflict | not)'
}

@test "resolve: asked on a terminal, field by field" {
	terminal confer -C ashby resolve "$project"
	expect "1 of 2"
	expect "Which? "
	answer 9
	expect "Type one of the numbers"
	expect "Which? "
	answer s
	expect "2 of 2"
	expect "Title:"
	expect "Which? "
	answer e
	expect "Title: "
	answer "Typed here"
	expect "Publish that? (yes or no)"
	answer yes
	expect "Settled and published"
	hang_up
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.title == "Typed here" and
		[.fields[].path] == ["/context/region"]'
}

@test "resolve: whoever stops has written nothing" {
	local before got
	before=$(git -C ashby rev-parse main)
	terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer b
	expect "2 of 2"
	expect "Which? "
	answer q
	expect "nothing was published"
	got=0
	hang_up || got=$?
	[ $got = 1 ]
	terminal confer -C ashby resolve "$project"
	expect "Which? "
	answer 1
	expect "Which? "
	answer 2
	expect "Publish that? (yes or no)"
	answer no
	got=0
	hang_up || got=$?
	[ $got = 1 ]
	[ "$(git -C ashby rev-parse main)" = "$before" ]
}
