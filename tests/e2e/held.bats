#!/usr/bin/env bats
# What a partner publishes with a program that does not check: each reason to hold
# a version back, and what the partner's user is told.
load lib

# Rule, kind, what breaks it; and the words of those filters.
figures=$top/tests/vectors/check/figures

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# One line each: rule, kind, what to change in a sound record. The texts are the
# examples that the rules give themselves.
text_cases() {
	confer --json rules | jq -r '.[] | select((.local | not) and
		.severity != "advice" and (.rule | startswith("T-"))) |
		"\(.rule)\tneed\t.body.summary = \(.example | tojson)"'
}

other_cases() {
	cat <<-'END'
	T-NAME	need	.body.title = "Reading with Mrs Whitfield"
	schema.body	need	.body.title = 5
	schema.record	need	.licence = 5
	schema.order	finding	.body.population = ["year=8", "sex=f"]
	schema.newer	need	.schema = 99
	record.stewards	need	.stewards = ["zQmYtUc4iTCbbfVSDNKvtQqrfyezPPnFvE33wFmutw9PBBk"]
	END
}

# bad_version KEY-OWNER FILTER FILE: the next version of a record in a clone,
# changed and signed by that trust's key.
bad_version() {
	local owner=$1 did
	did=$(confer -C "$world/$owner" --json id | jq -r .key)
	jq "$(cat "$figures.jq") $2" "$3" | sign_tool "$(trust_id "$owner")" "$did" "$3" \
		>"$3.new" && mv "$3.new" "$3"
}

# all_of FILE: in a clone, every record of the cases is made bad.
all_of() {
	local rule kind filter id
	while IFS=$'\t' read -r rule kind filter id; do
		bad_version northfield "$filter" \
			"records/$kind/${id: -2}/$id.json" || return
	done <"$1"
}

# published CASES: a sound record for each; prints the cases with their ids.
published() {
	local n=0 rule kind filter files
	while IFS=$'\t' read -r rule kind filter; do
		n=$((n + 1))
		cp "$examples/$kind.json" "northfield/drafts/$n.json"
	done <"$1"
	mapfile -t files < <(seq -f 'drafts/%g.json' "$n")
	confer -q -C northfield publish "${files[@]}"
	n=0
	while IFS=$'\t' read -r rule kind filter; do
		n=$((n + 1))
		printf '%s\t%s\t%s\t%s\n' "$rule" "$kind" "$filter" \
			"$(jq -r .id "northfield/drafts/$n.json")"
	done <"$1"
}

@test "held: each rule on its own, with a sentence for the partner" {
	{ text_cases; cat "$figures.tsv"; other_cases; } >cases
	[ "$(wc -l <cases)" -gt 60 ]
	published cases >made
	exits 0 confer -C ashby --json sync
	forge northfield all_of "$world/made"
	exits 0 confer -C ashby --json sync
	echo "$output" >held
	jq -r '.partners[0].held[] | "\(.id) \(.rule)"' <<<"$output" |
		sort >got
	awk -F '\t' '{ print $4, $1 }' made | sort >want
	diff want got
	holds '.partners[0] | .verdict == "held" and
		(.held | all(.why | length > 15))'
	# What stood before stands, and the trust itself can see it all.
	exits 0 confer -C ashby --json list
	holds "length == $(wc -l <cases)"
	exits 0 confer -C ashby --json verify ../hosts/northfield.git
	holds ".held | length == $(wc -l <cases)"
	# Nothing of what is held is told.
	{
		confer -C ashby --json status
		confer -C ashby status
		confer -C ashby sync
		cat held
	} >said
	grep -q "Held back until it is mended" said
	fails grep -E 'A123456789012|943 476 5870|Whitfield|j.carter' said
}

@test "held: a table that totals give away, in words to send on" {
	grep ^N-SOLVE "$figures.tsv" >cases
	published cases >made
	exits 0 confer -C ashby -q sync
	forge northfield all_of "$world/made"
	exits 0 confer -C ashby sync
	has "1 record waits for them to mend"
	has "To send on: your record"
	has "several totals together give this cell away"
	has "'confer check' on your computer says what to change"
	exits 0 confer -C ashby status
	has "several totals together give this cell away"
	has "N-SOLVE"
}

@test "held: signed by somebody else, by nobody, at another place, in two ways" {
	printf 'x\tneed\t.\n%.0s' {1..5} >cases
	published cases >made
	exits 0 confer -C ashby -q sync
	mapfile -t ids < <(cut -f 4 made)
	at() {
		echo "records/need/${ids[$1]: -2}/${ids[$1]}.json"
	}
	spoil() {
		bad_version ashby '.' "$(at 0)"
		jq 'del(.proof)' "$(at 1)" >x && mv x "$(at 1)"
		bad_version northfield '.id = "'"${ids[0]}"'"' "$(at 2)"
		sed -i 's/^  "kind": "need",/&\n&/' "$(at 3)"
		NEXT=no bad_version northfield \
			'.parents = [] | .body.title = "Another"' "$(at 4)"
	}
	forge northfield spoil
	exits 0 confer -C ashby --json sync
	for n in 0 1 2 3 4; do
		holds '.partners[0].held | any(.id == $id)' --arg id "${ids[$n]}"
	done
	holds '.partners[0].held | map(.rule) | sort == ["json.duplicate",
		"proof.missing", "record.parents", "record.path",
		"record.shape"]'
}
