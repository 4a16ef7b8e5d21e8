#!/usr/bin/env bats
# After an erasure: what offers the text again, what else a restart lost, and a
# mark that a thief made.
load erasing

@test "erase: what is offered again brings nothing back" {
	local old
	old=$(head_of northfield)
	cp -a northfield stale
	cp -a hosts/northfield.git backup
	exits 0 erase northfield "$bad"
	exits 0 confer -C ashby sync
	# a host from a backup
	rm -rf hosts/northfield.git && cp -a backup hosts/northfield.git
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.name == "northfield") |
		.refusal.rule == "history.era"'
	gone ashby
	# what it has more since then, as well
	publish_example stale finding
	exits 4 confer -C ashby sync
	gone ashby
	# the owner puts it right, and has not taken it back either
	exits 0 confer -C northfield publish
	gone northfield
	fails git -C hosts/northfield.git merge-base --is-ancestor "$old" main
	exits 0 confer -C ashby sync
	gone ashby
	# the text as a draft of the old record
	draft northfield practice '. + {id: $id}' --arg id "$bad" >/dev/null
	exits 5 confer -C northfield publish drafts/practice.json
	has "erased it, for good"
	exits 5 confer -C northfield withdraw "$bad" --reason "Again."
	exits 5 confer -C northfield new --from "$bad"
}

@test "erase: what is lost beside it waits for a person" {
	local id
	cp -a northfield old
	id=$(publish_example northfield finding)
	confer -q -C ashby sync
	# an erasure that does not know the finding takes it away
	exits 0 confer -C old --json erase --yes --no-push --sheet "$(sheet)" \
		"$bad"
	git -C old push -q -f "$world/hosts/northfield.git" main
	exits 3 confer -C ashby --json sync
	holds '.partners[] | select(.name == "northfield") | .verdict == "held"
		and (.restart | .waits and .reason == "erasure" and
		([.lost[].id] | sort == ([$a, $b] | sort)) and
		.erased == [$b])' --arg a "$id" --arg b "$bad"
	exits 0 confer -C ashby show "$id"
	exits 0 confer -C ashby partner accept northfield
	exits 1 confer -C ashby show "$id"
	gone ashby
}

@test "erase: a thief's mark is taken back like all that a thief signs" {
	local key version
	key=$(confer -C northfield --json id | jq -r .key)
	version=$(confer -C ashby --json show "$bad" |
		jq -r '.heads[0].version')
	servers_begin "$world/servers"
	serve_repo northfield.git
	serve_http
	git -C "$SERVED/northfield.git" config receive.denyNonFastForwards true
	git -C northfield config confer.remote "$HTTP/northfield.git"
	exits 0 confer -C northfield publish
	git -C ashby config confer-partner.northfield.url "$HTTP/northfield.git"
	# a thief gets as far as the mark
	cp -a northfield thief
	exits 1 confer -C thief --json erase --yes --sheet "$(sheet)" "$bad"
	exits 0 confer -C ashby --json sync
	holds '[.new[].change] == ["erased"] and .attention == []'
	# nothing is gone for that
	every_byte ashby/.git >"$BATS_TEST_TMPDIR/bytes"
	grep -aq 'Zebra crossing' "$BATS_TEST_TMPDIR/bytes"
	git -C "$SERVED/northfield.git" config receive.denyNonFastForwards false
	exits 0 confer -C northfield --json key revoke "$key" --base 5 --yes \
		--reason compromised --sheet "$(sheet northfield 2)" \
		--no-passphrase
	holds '.restart.left | length == 1'
	# that a mark goes is not for a machine to decide
	exits 3 confer -C ashby --json sync
	holds '.partners[] | select(.name == "northfield") |
		.restart.waits and .restart.erased == []'
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C ashby --json show "$bad"
	holds '.record.status == "active" and .heads[0].version == $v' \
		--arg v "$version"
}

@test "erase: a relay with an old copy brings nothing back, and then follows" {
	local via
	via=refs/heads/via/$(trust_id northfield)
	confer -q -C ashby relay on
	cp -a hosts/ashby.git "$BATS_TEST_TMPDIR/old"
	exits 0 erase northfield "$bad"
	try confer -q -C riverside sync
	gone riverside
	# only the old copy answers
	mv hosts/northfield.git "$BATS_TEST_TMPDIR/away"
	rm -rf hosts/ashby.git
	mv "$BATS_TEST_TMPDIR/old" hosts/ashby.git
	try confer -C riverside --json sync
	holds --arg n northfield '.partners[] | select(.name == $n) |
		.verdict == "unreachable" and .from == .to'
	gone riverside
	sound riverside
	# the relay hears of it, and the next sync takes the copy along
	mv "$BATS_TEST_TMPDIR/away" hosts/northfield.git
	try confer -q -C ashby sync
	[ "$(git -C hosts/ashby.git rev-parse "$via")" = "$(head_of northfield)" ]
	gone ashby northfield riverside
	exits 0 confer -C riverside sync
	[ "$(git -C ashby rev-parse commons)" = "$(git -C riverside rev-parse \
		commons)" ]
}
