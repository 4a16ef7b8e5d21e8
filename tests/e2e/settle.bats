#!/usr/bin/env bats
# Conflicts that are not about one value: the order of a list, a record that does
# not fit together, an entry that somebody removed. What people read, how they
# settle it, and that nobody is asked again.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow northfield ashby
	follow ashby northfield
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional | .body.title = "Before" |
		.body.plan = [["a", "Train"], ["b", "Draw lots"],
			["c", "Teach"], ["d", "Report"]] |
		.body.plan |= map({key: .[0], title: .[1],
			text: "What is done then."}) |
		.body.tags = [range(18) | "w\(. + 10)"]' \
		--args "$(trust_id northfield)" "$(trust_id ashby)")
	export project
	sync_all northfield ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# plan NAME ORDER: the plan in another order.
plan() {
	edit "$1" '.body.plan |= (INDEX(.key) as $by |
		($order | explode | map([.] | implode | $by[.])))' \
		--arg order "$2"
}

contest_order() {
	plan northfield cabd
	plan ashby abdc
	sync_all northfield ashby northfield
}

# Nobody has anything to decide, and everybody has the same.
settled() {
	local name
	sync_all northfield ashby northfield
	for name in northfield ashby; do
		exits 0 confer -C $name conflicts
		has "There are no conflicts."
		exits 0 confer -C $name --json show "$project"
		holds ".conflict | not"
	done
	same_commons northfield ashby
}

@test "order: by the names of the entries, and in a sentence" {
	contest_order
	exits 3 confer -C ashby conflicts
	has "Steps, in which order: "
	output=${output//[“”]/}
	has "Northfield Learning Trust says Teach, Train, Draw lots, Report"
	has "Ashby Trust says Train, Draw lots, Report, Teach"
	has "before, both had Train, Draw lots, Teach, Report."
	exits 3 confer -C ashby --json conflicts
	holds '.[0].fields | length == 1 and (.[0] | .path == "/plan" and
		.kind == "order" and .before == ["\"a\"", "\"b\"", "\"c\"",
		"\"d\""] and (.sides | length) == 2)'
	# until then everybody sees the order from before
	exits 0 confer -C northfield --json show "$project"
	holds '[.record.body.plan[].key] == ["a", "b", "c", "d"]'
}

@test "order: settled by a trust's order, and an entry edited meanwhile stays" {
	contest_order
	unchanged 0 confer -C ashby --json resolve "$project" \
		--take plan=northfield --dry-run
	holds '[.record.body.plan[].key] == ["c", "a", "b", "d"] and
		.record.settled == ["/plan"]'
	edit northfield '.body.plan[0].title = "Train everybody"'
	exits 0 confer -C ashby resolve "$project" --take plan=northfield
	settled
	exits 0 confer -C northfield --json show "$project"
	holds '[.record.body.plan[] | .title] ==
		["Teach", "Train everybody", "Draw lots", "Report"]'
	exits 5 confer -C northfield resolve "$project" --take plan=me
	has "there is no conflict"
	exits 0 confer -C ashby show "$project" --history
	has "Ashby Trust decided Steps"
	exits 0 confer -C ashby show "$project" --blame
	has "Steps (a): Short name"
}

@test "order: asked on a terminal" {
	contest_order
	terminal confer -C ashby resolve "$project"
	expect "Steps, in which order:"
	expect "as it was before"
	expect "Which? "
	answer b
	expect "Publish that? (yes or no)"
	answer yes
	expect "Settled and published"
	hang_up
	settled
	exits 0 confer -C ashby --json show "$project"
	holds '[.record.body.plan[].key] == ["a", "b", "c", "d"]'
}

contest_whole() {
	edit northfield '.body.tags += ["north", "nord"]'
	edit ashby '.body.tags += ["ash", "frene"] | .body.question = "Does it?"'
	sync_all northfield ashby northfield
}

@test "a record that does not fit together: said as one, the owner's shown" {
	contest_whole
	exits 3 confer -C ashby conflicts
	has "The record as a whole: what Ashby Trust and Northfield Learning Trust wrote" ||
		has "The record as a whole: what Northfield Learning Trust and Ashby Trust wrote"
	has "is right by itself and does not fit together."
	has "Until it is settled, the owner's version is shown."
	exits 3 confer -C ashby --json conflicts
	holds '.[0].fields | length == 1 and (.[0] | .path == "" and
		.kind == "schema" and .keyword == "maxItems" and
		.pointer == "/tags")'
	exits 0 confer -C ashby --json show "$project"
	holds '.conflict and (.record.body.tags | index("north")) and
		(.record.body.tags | index("ash") | not)'
}

@test "a record that does not fit together: settled by one side" {
	contest_whole
	unchanged 0 confer -C northfield resolve "$project" --take /=ashby -n
	has "Nothing was written."
	exits 0 confer -C northfield resolve "$project" --take /=ashby
	settled
	exits 0 confer -C ashby --json show "$project"
	holds '.record.body.question == "Does it?" and
		(.record.body.tags | index("ash"))'
	exits 0 confer -C ashby show "$project" --history
	has "decided The record"
}

@test "a record that does not fit together: an edit that makes it fit" {
	contest_whole
	edit ashby '.body.tags = ["north", "ash"] | .body.question = "Does it?"'
	settled
	exits 0 confer -C northfield --json show "$project"
	holds '.record.body.tags == ["ash", "north"] and
		.record.body.question == "Does it?"'
}

@test "a record that does not fit together: asked on a terminal" {
	contest_whole
	terminal confer -C northfield resolve "$project"
	expect "The record as a whole:"
	expect "Which? "
	answer 1
	expect "Publish that? (yes or no)"
	answer yes
	expect "Settled and published"
	hang_up
	settled
}

@test "an entry that was removed here and changed there" {
	edit northfield 'del(.body.plan[1])'
	edit ashby '.body.plan[1].text = "By lot, in each school."'
	sync_all northfield ashby northfield
	exits 3 confer -C northfield conflicts
	has "Steps (b): removed by Northfield Learning Trust; Ashby Trust says" ||
		has "Removed by Northfield Learning Trust."
	exits 0 confer -C northfield resolve "$project" --take 'plan.[b]=me'
	settled
	exits 0 confer -C ashby --json show "$project"
	holds '[.record.body.plan[].key] == ["a", "c", "d"]'
}
