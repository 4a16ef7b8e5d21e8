#!/usr/bin/env bats
# confer reciprocity: what was given and received, and nobody ranked.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow northfield ashby riverside
	follow ashby northfield
	follow riverside northfield
	confer -q -C ashby sync
	confer -q -C riverside sync
	one=$(support northfield ashby 3.5)
	two=$(support riverside northfield 1)
	export one two
	confer -q -C ashby sync
	confer -q -C ashby cosign "$one"
	confer -q -C northfield sync
	keep_world
}

setup() {
	fresh_world
	cd northfield || return 1
}

# support GIVER RECEIVER DAYS: the giver writes and signs; prints the id.
support() {
	local file=$world/$1/drafts/support.json
	mkdir -p "${file%/*}"
	jq '.body.giver = $g | .body.receiver = $r | .body.days = $d |
		.stewards = ([$g, $r] | sort) | .body.related = [] |
		del(.body.offer, .body.need, .body.related)' \
		--arg g "$(trust_id "$1")" --arg r "$(trust_id "$2")" \
		--argjson d "$3" <"$examples/support.json" >"$file" &&
		confer -C "$world/$1" --json publish "$file" |
		jq -er '.records[0].id' && rm "$file"
}

@test "reciprocity: what both signed counts, and what waits is named" {
	exits 0 confer --json reciprocity
	holds '.given == 3.5 and .received == 0 and .to == 1 and .from == 0 and
		.partners[0].name == "Ashby Trust" and
		.themes[0].area == "english_reading" and
		.unsigned == [{id: $two, ours: false,
		title: .unsigned[0].title}]' --arg two "$two"
	exits 0 confer reciprocity
	has "You gave 3.5 days to 1 trust, and received 0 days from no trusts."
	has "English: reading: 3.5 days given, 0 days received"
	has "confer cosign ${two:0:18}"
	confer -q cosign "$two"
	exits 0 confer --json reciprocity
	holds '.given == 3.5 and .received == 1 and .from == 1 and
		.unsigned == []'
}

@test "reciprocity: of all only what enough trusts are behind" {
	exits 0 confer --json reciprocity
	holds '.network == {flows: [], unmet: [], waiting: 0}'
	exits 0 confer reciprocity
	has "only where at least three trusts are behind it"
}

@test "reciprocity: nobody is ranked" {
	local order
	for order in given received days trust effect fsm; do
		unchanged 2 confer --json reciprocity --sort "$order"
		holds '.error.rule == "order.ranking"'
	done
}

@test "reciprocity: a change after both had signed has to be signed again" {
	confer -q new --from "$one" -o drafts/s.json
	jq '.body.days = 30' drafts/s.json >../s.json
	cp ../s.json drafts/s.json
	confer -q publish drafts/s.json
	exits 0 confer --json reciprocity
	holds '.given == 0 and (.unsigned | length) == 2'
}
