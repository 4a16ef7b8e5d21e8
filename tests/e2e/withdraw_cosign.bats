#!/usr/bin/env bats
# confer withdraw and confer cosign: what stands, said or signed again.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	published_trust wessex --role university
	follow ashby northfield wessex
	follow northfield ashby wessex
	follow wessex northfield ashby
	finding=$(publish_example northfield finding)
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional' --args \
		"$(trust_id northfield)" "$(trust_id ashby)")
	export finding project
	for name in ashby northfield wessex; do
		confer -q -C "$name" sync
	done
	keep_world
}

setup() {
	fresh_world
}

@test "withdraw: the text stays, and says why it is not to be relied on" {
	exits 0 confer -C northfield --json withdraw --yes "$finding" \
		--reason "Two classes were counted twice."
	holds '.pushed and (.records | length) == 1 and
		.records[0].id == $id and .records[0].kind == "finding" and
		(.records[0].version | startswith("zQm"))' --arg id "$finding"
	[ "$(git -C northfield log -1 --format=%s main)" = \
		"Withdraw 1 finding" ]
	exits 0 confer -C wessex --json sync
	holds 'any(.new[]; .id == $id and .change == "withdrawn")' \
		--arg id "$finding"
	exits 0 confer -C wessex --json show "$finding"
	holds '.record.status == "withdrawn" and .record.body.title and
		.record.withdrawal.reason == "Two classes were counted twice."'
	exits 0 confer -C wessex show "$finding"
	has "Withdrawn: Two classes were counted twice."
	exits 0 confer -C wessex --json list --status withdrawn
	holds '[.[].id] == [$id]' --arg id "$finding"
}

@test "withdraw: what takes its place" {
	local other
	other=$(publish_example northfield demo/northfield-finding)
	exits 0 confer -C northfield withdraw --yes "$finding" \
		--reason "Counted again." --replacement "$other"
	exits 0 confer -C northfield show "$finding"
	has "In its place: confer show $other"
	exits 0 confer -C northfield --json show "$finding"
	holds '.record.withdrawal.replacement == $id' --arg id "$other"
}

@test "withdraw: not twice, not another's, not without a reason" {
	unchanged 2 confer -C northfield withdraw "$finding"
	one_message
	unchanged 2 confer -C northfield withdraw "$finding" --reason " "
	one_message
	has "--reason"
	unchanged 5 confer -C ashby withdraw "$finding" --reason "No."
	one_message
	has "owner"
	unchanged 5 confer -C ashby withdraw "$project" --reason "No."
	one_message
	unchanged 1 confer -C northfield withdraw \
		0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab --reason "No."
	one_message
	unchanged 1 confer -C northfield withdraw "$finding" --reason "No." \
		--replacement 0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab
	one_message
	exits 0 confer -C northfield withdraw "$finding" --reason "Wrong."
	unchanged 5 confer -C northfield withdraw "$finding" --reason "Wrong."
	one_message
	has "withdrawn already"
}

@test "withdraw: --no-push waits, and publish sends it" {
	local before
	before=$(head_of northfield)
	exits 0 confer -C northfield --json withdraw --yes "$finding" \
		--reason "Wrong." --no-push
	holds '.pushed == false'
	[ "$(head_of northfield)" = "$before" ]
	exits 0 confer -C northfield publish
	[ "$(head_of northfield)" != "$before" ]
}

@test "withdraw: a draft of it does not bring it back unseen" {
	exits 0 confer -C northfield withdraw --yes "$finding" --reason "Wrong."
	# the draft says what the version before said
	exits 0 confer -C northfield --json publish drafts/finding.json
	holds '.records[0].already'
	exits 0 confer -C northfield --json show "$finding"
	holds '.record.status == "withdrawn"'
}

@test "cosign: two trusts sign the same words" {
	local version
	version=$(confer -C ashby --json show "$project" |
		jq -r '.heads[0].version')
	exits 0 confer -C ashby --json cosign "$project"
	holds '.pushed and .records[0].id == $id and
		.records[0].version == $version' \
		--arg id "$project" --arg version "$version"
	[ "$(git -C ashby log -1 --format=%s main)" = "Sign 1 project" ]
	for name in northfield wessex ashby; do
		exits 0 confer -C "$name" --json sync
	done
	same_commons northfield wessex ashby
	exits 0 confer -C wessex --json show "$project"
	holds '(.signers | length) == 2 and
		([.signers[].name] | sort) ==
		["Ashby Trust", "Northfield Learning Trust"] and
		(.record.proof | length) == 2 and
		([.heads[].version] | unique) == [$version]' \
		--arg version "$version"
	exits 0 confer -C wessex show "$project"
	has "Signed by"
	has "Ashby Trust, key"
	has "Northfield Learning Trust, key"
	exits 0 confer -C wessex --json verify ../hosts/ashby.git
	holds '.verdict == "verified" and .held == [] and .versions == 1'
}

@test "cosign: only stewards, and only once" {
	unchanged 5 confer -C wessex cosign "$project"
	one_message
	has "steward"
	unchanged 5 confer -C northfield cosign "$project"
	one_message
	has "already"
	exits 0 confer -C ashby cosign "$project"
	unchanged 5 confer -C ashby cosign "$project"
	one_message
}

@test "cosign: what was signed can still be edited by both" {
	exits 0 confer -C ashby cosign "$project"
	confer -q -C northfield sync
	cd northfield
	confer -q new --from "$project" -o drafts/plan.json
	jq '.body.title = "After signing"' drafts/plan.json >new
	mv new drafts/plan.json
	exits 0 confer publish drafts/plan.json
	confer -q -C ../ashby sync
	exits 0 confer -C ../ashby --json show "$project"
	holds '.record.body.title == "After signing" and
		(.heads | length) == 1 and (.signers | length) == 1'
	confer -q -C ../ashby new --from "$project" -o ../ashby/drafts/p.json
	exits 0 confer -C ../ashby cosign "$project"
}
