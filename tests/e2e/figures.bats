#!/usr/bin/env bats
# confer check and check --fix: figures and tables.
load lib

setup_file() {
	begin_world
	new_trust northfield
	keep_world
}

setup() {
	fresh_world
}

# A table of boys, girls and all; rows as JSON arrays of cells.
table() {
	draft northfield finding '.body.tables[0].rows = [
		{key: "y5", title: "Year 5", cells: $a},
		{key: "y6", title: "Year 6", cells: $b},
		{key: "y7", title: "Year 7", cells: $c},
		{key: "all", title: "All", cells: $d}] |
		.body.tables[0].note = "Pupils with both tests."' \
		--argjson a "$1" --argjson b "$2" --argjson c "$3" \
		--argjson d "$4"
}

@test "figures: a small number says why and what to write" {
	table '["25","7","32"]' '["33","41","74"]' '["52","38","90"]' \
		'["110","86","196"]'
	cd northfield
	exits 5 confer check drafts/finding.json
	has "Not safe to publish"
	has "Fewer than 10 pupils are counted here (row 'Year 5', column 'Girls')"
	has "which child this is"
	has "write \"c\" here and in a second cell"
	has "[N-COUNT]"
	exits 5 confer --json check drafts/finding.json
	holds 'any(.[0].findings[]; .rule == "N-COUNT" and .severity == "never"
		and .path == "/body/tables/0/rows/0/cells/1")'
}

@test "figures: --fix rounds, holds back with a second cell, beside the draft" {
	table '["25","7","32"]' '["33","41","74"]' '["52","38","90"]' \
		'["110","86","196"]'
	cd northfield
	cp drafts/finding.json before.json
	exits 0 confer --json check --fix drafts/finding.json
	holds '.[0].verdict == "ready" and (.[0].changes | length) > 3 and
		any(.[0].changes[]; .rule == "N-COUNT" and
		.after == "\"c\"") and all(.[0].changes[];
		.before | test("7") | not)'
	cmp drafts/finding.json before.json
	exits 0 confer check drafts/finding.proposed.json
	jq -e '[.body.tables[0].rows[].cells[] | select(. == "c")] |
		length >= 4' drafts/finding.proposed.json
	jq -e '.body.tables[0].rows[3].cells[2] == "195"' \
		drafts/finding.proposed.json
}

@test "figures: one cell held back in a total is told what goes along" {
	table '["25","c","35"]' '["35","40","75"]' '["50","40","90"]' \
		'["110","90","200"]'
	cd northfield
	exits 5 confer check drafts/finding.json
	has "the only one held back in a total"
	has "Write \"c\" in"
	has "[N-SUPP1]"
}

@test "figures: what totals give away is not published" {
	table '["25","c","35"]' '["35","40","75"]' '["50","40","90"]' \
		'["110","90","200"]'
	cd northfield
	unchanged 5 confer publish --no-push drafts/finding.json
	has "N-SUPP1"
}

@test "figures: what is advised for a number is what --fix writes" {
	table '["23","24","47"]' '["52","53","105"]' '["61","72","133"]' \
		'["136","149","285"]'
	cd northfield
	exits 3 confer --json check drafts/finding.json
	jq -r '.[0].findings[] | select(.rule == "N-ROUND") | .path + " " +
		(.remedy | capture("Write (?<n>[0-9]+)").n)' <<<"$output" |
		sort >advised
	exits 3 confer check drafts/finding.json
	has "confer check --fix drafts/finding.json"
	exits 0 confer --json check --fix drafts/finding.json
	jq -r '.[0].changes[] | select(.rule == "N-ROUND") | .path + " " +
		(.after | fromjson)' <<<"$output" | sort >fixed
	[ "$(wc -l <advised)" -ge 9 ]
	diff advised <(join -o 2.1,2.2 advised fixed)
}

@test "figures: a percentage that rounding would turn into another is left out" {
	draft northfield finding '.body.attrition = {assigned: 20,
		analysed: 15, percent: 32.5}'
	cd northfield
	exits 3 confer --json check drafts/finding.json
	holds 'any(.[0].findings[]; .rule == "N-PCT" and
		(.remedy | startswith("Leave it out")))'
	draft northfield finding '.body.attrition = {assigned: 200,
		analysed: 185, percent: 7.6}'
	exits 3 confer --json check drafts/finding.json
	holds 'any(.[0].findings[]; .rule == "N-PCT" and
		(.remedy | test("rounded numbers: [0-9]+")))'
}
