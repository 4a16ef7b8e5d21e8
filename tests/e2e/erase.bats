#!/usr/bin/env bats
# Erasing: what it says first, what goes and what stays, at the owner, at
# partners, at other stewards and at our own other machine; and what is left to
# people.
load erasing

@test "erase: the text leaves owner and partner, and nothing else changes" {
	local name versions
	every_byte northfield/.git >"$BATS_TEST_TMPDIR/bytes"
	grep -aq 'Zebra crossing' "$BATS_TEST_TMPDIR/bytes"
	every_byte ashby/.git >"$BATS_TEST_TMPDIR/bytes"
	grep -aq 'Zebra crossing' "$BATS_TEST_TMPDIR/bytes"
	others "$bad" ashby >before.txt
	versions=$(git -C northfield ls-tree -r main records |
		grep -v "$bad" | sort)
	exits 0 erase northfield "$bad"
	holds '.pushed and .done and .alone and .held == [] and
		.identity == 2 and (.restart | .reason == "erasure" and
		.sequence == 2 and ([.left[].id] == [$bad]) and
		.drafts == []) and (.records | length == 1) and
		(.records[0] | .id == $bad and .owner and .versions == 1)' \
		--arg bad "$bad"
	gone northfield
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "updated" and .new == {} and
		(.restart | .waits == false and .erased == [$bad])' --arg bad "$bad"
	holds '[.new[] | {id, change, title}] == [{id: $bad, change: "erased",
		title: $t}]' --arg bad "$bad" --arg t "$secret"
	gone northfield ashby
	exits 0 confer -C northfield sync
	exits 0 confer -C riverside sync
	same_commons northfield ashby riverside
	gone riverside
	sound northfield ashby riverside
	# the same files for every other record, in every repository
	[ "$(git -C northfield ls-tree -r main records | grep -v "$bad" |
		sort)" = "$versions" ]
	others "$bad" ashby | diff before.txt -
	exits 0 confer -C ashby show "$bad"
	has "Erased: its owner has taken the text back for good."
	exits 0 confer -C ashby --json list
	holds 'map(select(.id == $bad)) | .[0] | .status == "erased" and
		.title == "" and .incomplete == false' --arg bad "$bad"
	# said once
	exits 0 confer -C ashby --json sync
	holds '.new == [] and .attention == []'
	# done before: nothing to do
	unchanged 0 erase northfield "$bad"
	holds '.records[0].already and .done'
	# and life goes on, on both sides
	publish_example northfield finding
	exits 0 confer -C ashby sync
	has "1 finding"
	exits 0 confer --json verify hosts/northfield.git
	holds '.held == [] and .identity == 2'
	# a new partner, and an index made again, see the same
	exits 0 confer -C ashby --json index --rebuild
	exits 0 confer -C ashby --json list
	holds 'map(select(.id == $bad)) | .[0].status == "erased"' --arg bad "$bad"
}

@test "erase: says first what it does, and asks" {
	draft northfield practice '.body.title = "Mine"' >/dev/null
	unchanged 3 confer -C northfield erase "$bad"
	one_message
	has "confer erase -n $bad"
	unchanged 0 confer -C northfield erase -n "$bad"
	has "$secret (practice, yours)"
	has "What will happen:"
	has "after entry 2. All your other records stay as they are"
	has "What cannot be undone:"
	has "What cannot be reached:"
	has "Nothing was changed."
	unchanged 0 confer -C northfield --json erase -n "$bad"
	holds '.restart.again | length == 2'
	# a wrong sheet, or none: not even the mark is set
	unchanged 5 confer -C northfield erase --yes --sheet "$(sheet ashby)" \
		"$bad"
	has "sheet.other"
	one_message
	unchanged 2 confer -C northfield erase --yes "$bad"
	has "recovery sheet is needed"
	unchanged 2 confer -C northfield erase
	unchanged 2 confer -C northfield erase --check x
	unchanged 2 confer -C northfield erase --check Zebra "$bad"
	unchanged 1 confer -C northfield erase --yes 01a2170c-0000-8000-8000
	terminal confer -C northfield erase --sheet "$(sheet)" "$bad"
	expect "What cannot be undone:"
	expect "Erase it? (yes or no)"
	answer no
	fails hang_up
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	exits 0 confer -C northfield show "$bad"
	terminal confer -C northfield erase --sheet "$(sheet)" "$bad"
	expect "(yes or no)"
	answer yes
	expect "Tell your partners:"
	hang_up
	gone northfield
}

@test "erase: only the owner, and she is told what to do instead" {
	unchanged 5 confer -C ashby erase --yes "$bad"
	one_message
	has "erase.owner"
	has "belongs to Northfield Learning Trust. Ask them to"
	unchanged 5 confer -C riverside erase -n "$bad"
	# a steward as well
	unchanged 5 confer -C ashby erase --yes "$shared"
}

@test "erase: a withdrawn record, several at once, an edit of one" {
	local id
	id=$(publish_example northfield finding '.body.title = "Zebra two"')
	exits 0 confer -C northfield withdraw --yes "$bad" --reason "A mistake."
	confer -q -C ashby sync
	exits 0 erase northfield "$bad" "$id" "${bad:0:18}"
	holds '.done == false and (.records | length == 2) and
		.restart.sequence == 2 and (.restart.left | length == 3) and
		([.held[].what] | length == 1)'
	rm northfield/drafts/*
	exits 0 confer -C northfield compact
	exits 0 confer -C ashby sync
	gone northfield ashby
	sound northfield ashby
	exits 0 confer -C ashby --json list
	holds 'map(select(.status == "erased")) | length == 2'
	# a second erasure, from before the first one's entry
	id=$(<before)
	exits 0 erase northfield "$id"
	holds '.restart.sequence == 1 and .identity == 3'
	exits 0 confer -C ashby sync
	sound northfield ashby
	exits 0 confer -C ashby --json list
	holds 'map(select(.status == "erased")) | length == 3'
}

@test "erase: stewards are told, and the same command takes theirs out" {
	local name
	confer -q -C ashby new --from "$shared" -o drafts/edit.json
	jq --arg t "$secret" '.body.title = $t' ashby/drafts/edit.json >x
	mv x ashby/drafts/edit.json
	exits 0 confer -C ashby publish drafts/edit.json
	rm ashby/drafts/*
	for name in northfield riverside; do
		confer -q -C "$name" sync
	done
	exits 0 confer -C northfield erase -n "$shared"
	has "What others wrote in it lies in their own repositories: Ashby Trust"
	exits 0 erase northfield "$shared"
	holds '[.records[0].others[].name] == ["Ashby Trust"] and
		.done == false'
	exits 0 confer -C northfield erase "$shared" --yes
	has "What Ashby Trust wrote in it stays on this machine until they type"
	# the steward: nothing by itself, and the command
	exits 3 confer -C ashby --json sync
	holds '.attention | length == 1 and (.[0] | test("confer erase " + $id)
		and test("Northfield Learning Trust, has erased it"))' \
		--arg id "$shared"
	exits 3 confer -C ashby sync
	exits 0 confer -C ashby --json status
	holds '.erasures | length == 1'
	exits 0 confer -C riverside sync
	# what the steward wrote lies in its own main until then
	every_byte riverside/.git >"$BATS_TEST_TMPDIR/bytes"
	grep -aq 'Zebra crossing' "$BATS_TEST_TMPDIR/bytes"
	exits 0 confer -C ashby erase -n "$shared"
	has "what you wrote in it"
	exits 0 erase ashby "$shared"
	holds '.done and .pushed and .records[0].owner == false'
	exits 0 confer -C ashby sync
	for name in northfield riverside; do
		exits 0 confer -C "$name" --json sync
		holds '.partners[] | select(.name == "ashby") |
			.restart.waits == false'
	done
	confer -q -C northfield partner remove ashby
	# riverside has the practice still, which nobody erased
	exits 0 erase northfield "$bad"
	for name in ashby riverside; do
		exits 0 confer -C "$name" sync
	done
	gone northfield ashby riverside
	same_commons ashby riverside
	sound northfield ashby riverside
	exits 0 confer --json verify hosts/ashby.git
	holds '.records == 0 and .held == [] and .identity == 2'
}

@test "erase: a host that is down, and one that does not let go" {
	local head
	servers_begin "$world/servers"
	serve_repo northfield.git
	serve_http
	git -C "$SERVED/northfield.git" config receive.denyNonFastForwards true
	git -C northfield config confer.remote "$HTTP/northfield.git"
	exits 0 confer -C northfield publish
	confer -q -C ashby partner remove northfield
	exits 0 confer -C ashby partner add --name northfield \
		--id "$(trust_id northfield)" "$HTTP/northfield.git"
	exits 1 erase northfield "$bad"
	holds '.done == false and .pushed == false and
		(.pushError | test("Allow force-push on main once"))'
	# the mark is there, so that nobody reads it, and the old text too
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby show "$bad"
	has "Erased:"
	exits 3 confer -C northfield sync
	has "your host has not taken the new history yet"
	git -C "$SERVED/northfield.git" config receive.denyNonFastForwards false
	exits 0 confer -C northfield --json erase "$bad"
	holds '.pushed and .done and .records[0].already'
	exits 0 confer -C ashby sync
	gone northfield ashby
	# nobody there at all
	head=$(<before)
	servers_end || :
	exits 1 erase northfield "$head"
	holds '.pushed == false and .done == false'
	serve_http
	git -C northfield config confer.remote "$HTTP/northfield.git"
	exits 0 confer -C northfield publish
	exits 0 confer -C northfield --json erase --check "$(jq -r .body.title \
		"$examples/need.json")"
	sound northfield
}

@test "erase: our other machine follows, and what it had not sent stays" {
	join_second
	jq . "$examples/finding.json" >second/drafts/finding.json
	second -q -C second publish --no-push drafts/finding.json
	second -q -C second new --from "$bad" -o drafts/edit.json
	second -q -C second publish --no-push drafts/edit.json
	rm second/drafts/*
	exits 0 erase northfield "$bad"
	exits 3 second -C second publish
	one_message
	has "because a text had to be erased"
	exits 0 second -C second publish --accept-restart
	gone second
	exits 0 second -C second --json list
	holds 'map(select(.kind == "finding")) | length == 1'
	[ -z "$(ls second/drafts)" ]
	git -C second fsck --strict
	exits 0 confer -C northfield publish
	exits 0 confer -C ashby sync
	gone northfield ashby
	exits 0 confer --json verify hosts/northfield.git
	holds '.held == [] and .records == 5'
	# a machine that came later erases what came before it: partners are asked
	exits 0 second -C second erase -n "$(<before)"
	has "asked at their next sync, because this machine's key is younger"
	exits 0 second -C second --json erase --yes --sheet "$(sheet)" \
		"$(<before)"
	holds '.alone == false'
	exits 3 confer -C ashby sync
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C ashby erase --check "$(jq -r .body.title \
		"$examples/need.json")"
}

@test "erase: branches, work trees and drafts that have the text are named" {
	exits 0 confer -C ashby --json status
	git -C ashby worktree add -q ../blogs commons
	git -C ashby branch keep "refs/confer/pins/$(trust_id northfield)"
	git -C ashby config user.name A
	git -C ashby config user.email a@example.org
	exits 0 erase northfield "$bad"
	exits 3 confer -C ashby --json sync
	holds '.attention | length == 2 and (.[0] |
		test("your branch keep") and test("branch -D keep")) and
		(.[1] | test("rm .*worktrees/blogs/ORIG_HEAD"))'
	# the work tree of the commons has let go by itself
	fails grep -r Zebra blogs
	fails grep Zebra <(git -C blogs ls-files -s | cut -d' ' -f2 |
		git -C blogs cat-file --batch)
	exits 3 confer -C ashby --json erase --check "zebra CROSSING Ökonjo"
	holds '.found | length == 1 and (.[0] | .where == "object" and
		.record == $bad and (.held | index("refs/heads/keep")))' --arg bad "$bad"
	git -C ashby branch -q -m keep 'keep;it'
	exits 3 confer -C ashby sync
	has "branch -D 'keep;it'"
	git -C ashby branch -q -D 'keep;it'
	rm ashby/.git/worktrees/blogs/ORIG_HEAD
	exits 0 confer -C ashby sync
	gone ashby
	# a file that somebody changed stays, and is named
	exits 0 confer -C northfield --json status
	id=$(<after)
	confer -q -C ashby sync
	git -C blogs checkout -q -f --detach commons
	file=$(cd northfield && git ls-files "*$id.json")
	echo "a word of mine" >>"northfield/$file"
	exits 0 erase northfield "$id"
	holds '.done == false and ([.held[].place] == [$f])' \
		--arg f "$world/northfield/$file"
	exits 3 confer -C northfield sync
	rm "northfield/$file"
	exits 0 confer -C northfield sync
	# a detached head of somebody's own
	exits 3 confer -C ashby sync
	has "git -C $world/blogs checkout --detach main"
	git -C blogs checkout -q --detach main
	exits 0 confer -C ashby sync
	git -C blogs status
}

@test "erase: an old state that is open here is let go of with git" {
	git -C ashby checkout -q --detach \
		"refs/confer/pins/$(trust_id northfield)"
	exits 0 erase northfield "$bad"
	exits 3 confer -C ashby --json sync
	holds '.attention | any(test("git -C .*/ashby checkout main")) and
		all(test("rm .*HEAD") | not)'
	git -C ashby checkout -q main
	exits 0 confer -C ashby sync
	gone ashby
}

@test "erase: while another program reads, it goes later" {
	exec {reader}<northfield/.git/confer/readers
	flock -s "$reader"
	exits 0 erase northfield "$bad" {reader}<&-
	holds '.done == false and .pushed'
	exits 0 confer -C northfield sync {reader}<&-
	has "another program was reading here"
	exec {reader}<&-
	exits 0 confer -C northfield sync
	gone northfield
	fails test -e northfield/.git/confer/erasing.json
}

@test "erase: not sent, no letter; and a disk that could not be cleared says why" {
	exits 0 confer -C northfield erase --yes --no-push \
		--sheet "$(sheet)" "$bad"
	has "Nothing was sent yet, so that partners do not know"
	[[ $output != *"Tell your partners"* ]]
	# a ref of somebody's own that leads to nothing
	echo 1234567890123456789012345678901234567890 \
		>northfield/.git/refs/heads/broken
	try confer -C northfield publish
	exits 3 confer -C northfield sync
	has "because it could not be removed"
	has "confer compact"
	rm northfield/.git/refs/heads/broken
	exits 0 confer -C northfield sync
	gone northfield
}

@test "erase: drafts below drafts, and whatever they are, are named" {
	mkdir -p northfield/drafts/sub
	jq -n --arg id "$bad" '{id: $id}' >northfield/drafts/sub/plan.json
	printf 'PK\0\0 %s' "$bad" >northfield/drafts/plan.odt
	# however large, and what does not name it is none of this
	truncate -s 5M northfield/drafts/photo.jpg northfield/drafts/scan.pdf
	tr a-f A-F <<<"$bad" >>northfield/drafts/scan.pdf
	exits 0 erase northfield "$bad"
	holds '.done == false and ([.held[].place] | sort) == $ARGS.positional' \
		--args "$world/northfield/drafts/plan.odt" \
		"$world/northfield/drafts/scan.pdf" \
		"$world/northfield/drafts/sub/plan.json"
	rm -r northfield/drafts/*
	exits 0 confer -C northfield sync
	gone northfield
}
