#!/usr/bin/env bats
# confer match: offers for our needs, and needs for our offers.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	later='.body.review_by = "2999-01-01" | del(.body.matches) |
		.body.capacity.until = "2999-07" |
		.body.capacity.from = "2020-01"'
	need=$(publish_example riverside need 'del(.body.matches) |
		.body.review_by = "2999-01-01" | del(.body.constraints)')
	offer=$(publish_example northfield offer "$later |
		del(.body.evidence, .body.related) |
		.body.phases = [\"primary\", \"secondary\"]")
	full=$(publish_example ashby offer "$later |
		del(.body.evidence, .body.related) |
		.body.title = \"Coaching for subject texts\" |
		.body.phases = [\"secondary\"] | .body.capacity.days_left = 0")
	export need offer full
	follow riverside northfield ashby
	follow northfield riverside
	confer -q -C riverside sync
	confer -q -C northfield sync
	keep_world
}

setup() {
	fresh_world
	cd riverside || return 1
}

@test "match: an offer for a need, with every part of how it fits" {
	exits 0 confer --json match
	holds 'length == 1 and .[0].id == $need and .[0].kind == "need" and
		(.[0].proposals | length) == 1' --arg need "$need"
	holds '.[0].proposals[0] | .id == $offer and
		.signers[0].name == "Northfield Learning Trust" and
		([.fit.parts[].part] == ["problem", "field", "setting", "room",
		"way"]) and (.fit.sum - ([.fit.parts[] | .weight * .value] |
		add) | fabs) < 0.000001 and .contact.mailbox' \
		--arg offer "$offer"
	exits 0 confer match
	has "Your need: Year 8 pupils"
	has "How it fits: problem words 0.15 of 0.45, area and phase 0.10 of"
	has "signed by Northfield Learning Trust"
	has "Write to research@example.org"
}

@test "match: a need for an offer" {
	cd ../northfield
	exits 0 confer --json match
	holds 'length == 1 and .[0].kind == "offer" and
		.[0].proposals[0].id == $need' --arg need "$need"
	exits 0 confer match "$offer"
	has "Your offer: Lead practitioner"
	exits 1 confer match "$need"
	has "is no need or offer of yours"
}

@test "match: what is full, declined or not wanted is left out" {
	git config confer.notMatched northfield
	exits 0 confer --json match
	holds '.[0].proposals == []'
	exits 0 confer match
	has "No offer fits yet"
	git config confer.notMatched nobody
	exits 5 confer match
	has "confer.notMatched names 'nobody'"
	# Only the beginning of more names than one.
	confer -q partner remove northfield
	confer -q partner add --name ashby2 --id "$(trust_id northfield)" \
		"$world/hosts/northfield.git"
	git config confer.notMatched ash
	exits 2 confer match
	has "confer.notMatched: 'ash' may be ashby or ashby2; say which"
	git config confer.notMatched Northfield
	exits 0 confer --json match
	holds '.[0].proposals == []'
	git config --unset confer.notMatched
	confer -q new --from "$need" -o drafts/n.json
	jq '.body.matches = [{record: $offer, state: "declined"}]' \
		--arg offer "$offer" drafts/n.json >../n.json
	cp ../n.json drafts/n.json
	confer -q publish drafts/n.json
	exits 0 confer --json match
	holds '.[0].proposals == []'
}

@test "match: trusts and schools are not ranked" {
	local order
	for order in trust given effect fsm school; do
		exits 2 confer --json match --sort "$order"
		holds '.error.rule == "order.ranking"'
	done
	exits 0 confer --json match --sort fit
	holds '[paths | map(tostring) | join("/")] |
		all(test("rank|place|percentile"; "i") | not)'
}

@test "match: what is past its day takes no part" {
	publish_example ashby need 'del(.body.matches) |
		.body.review_by = "2020-01-01" | del(.body.constraints)' >&2
	follow ashby northfield
	confer -q -C ../ashby sync
	exits 0 confer -C ../ashby --json match
	holds 'all(.[]; .kind == "offer")'
}

@test "match: what fits equally well stands in no order of trusts" {
	local trust i mine later='.body.review_by = "2999-01-01" |
		.body.capacity.until = "2999-07" | .body.capacity.from = "2020-01" |
		del(.body.evidence, .body.related, .body.matches) |
		.body.title = "Offer \($i) of \($trust)" | .body.phases = ["primary"]'
	# Three of each trust, alike but for their titles, one trust in the middle
	# of the other.
	for trust in northfield ashby; do
		mkdir -p "../$trust/drafts"
		for i in 1 2 3; do
			jq --arg i "$i" --arg trust "$trust" "$later" \
				"$examples/offer.json" >"../$trust/drafts/equal$i.json"
		done
	done
	confer -q -C ../northfield publish ../northfield/drafts/equal[12].json
	confer -q -C ../ashby publish ../ashby/drafts/equal[123].json
	confer -q -C ../northfield publish ../northfield/drafts/equal3.json
	for i in 1 2 3; do
		mine=$(publish_example riverside need 'del(.body.matches,
			.body.constraints) | .body.review_by = "2999-01-01" |
			.body.phases = ["primary"]')
		confer -q sync
		exits 0 confer --json match --limit 100 "$mine"
		output=$(jq '[.[0].proposals[] | select(.title |
			startswith("Offer "))]' <<<"$output")
		holds 'length == 6 and ([.[].fit.sum] | unique | length) == 1 and
			([.[].owner] | unique | length) == 2'
		# as confer(1) has it
		jq -r '.[].id' <<<"$output" >"$world/shown"
		while read -r id; do
			echo "$(printf '%s %s' "$mine" "$id" | sha256sum) $id"
		done <"$world/shown" | LC_ALL=C sort | sed 's/.* //' \
			>"$world/drawn"
		cmp "$world/drawn" "$world/shown"
	done
}
