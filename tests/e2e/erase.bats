#!/usr/bin/env bats
# Erasing: what it says first, what goes and what stays, at the owner, at
# partners, at other stewards and at our own other machine; what offers the text
# again; and what is left to people.
load lib
load servers

# In the title and in the body of what is erased; with an accent, and with what
# JSON escapes.
secret='Zebra crossing Ökonjo "K"'

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow northfield ashby riverside
	follow ashby northfield riverside
	follow riverside northfield ashby
	publish_example northfield need >before
	publish_example northfield practice '.body.title = $t |
		.body.problem = "Here is " + $t' --arg t "$secret" >bad
	publish_example northfield offer >after
	publish_example northfield project '.body.title = "Fluency" |
		.stewards = $ARGS.positional' --args "$(trust_id northfield)" \
		"$(trust_id ashby)" >shared
	rm northfield/drafts/*
	for name in northfield ashby riverside; do
		confer -q -C "$name" sync
	done
	keep_world
}

setup() {
	fresh_world
	bad=$(<bad) shared=$(<shared)
}

teardown() {
	servers_end || :
}

sheet() {
	echo "$world/sheets/${1:-northfield}/recovery-sheet-${2:-1}"-*.txt
}

# erase NAME [OPTION...]: without being asked.
erase() {
	confer -C "$1" --json erase --yes --sheet "$(sheet "$1")" "${@:2}"
}

# second COMMAND...: confer as the second machine has it.
second() {
	CONFER_HOME=$world/home/second confer "$@"
}

join_second() {
	second init -q "$world/second" --join "$world/hosts/northfield.git" \
		--id "$(trust_id northfield)" --no-passphrase
	confer -q -C northfield key add --sheet "$(sheet)" \
		"$(second -C second --json id | jq -r .key)"
	second -q -C second publish
}

# every_byte FOLDER: of each file all bytes, and every zlib stream that begins
# anywhere in it; and every object as git puts it together.
every_byte() {
	find "$1" -type f -print0 | perl -0 -MCompress::Raw::Zlib -ne '
		chomp;
		open my $f, "<:raw", $_ or die $_;
		my $all = do { local $/; <$f> } // "";
		print $all, "\n";
		while ($all =~ /\x78[\x01\x5e\x9c\xda]/g) {
			my $rest = substr $all, $-[0];
			my ($z) = Compress::Raw::Zlib::Inflate->new;
			$z->inflate($rest, my $out);
			print $out // "", "\n";
		}'
	git -C "$1" cat-file --batch-all-objects --batch
}

# gone NAME...: nothing of the text is in the .git of any of them.
gone() {
	local name
	for name in "$@"; do
		every_byte "$world/$name/.git" >"$BATS_TEST_TMPDIR/bytes"
		fails grep -aiE 'Zebra|konjo' "$BATS_TEST_TMPDIR/bytes" ||
			return
	done
}

# sound NAME...
sound() {
	local name
	for name in "$@"; do
		git -C "$name" fsck --strict || return
		exits 0 confer verify "$name" || return
		exits 0 confer -C "$name" status || return
	done
}

# Every file of the commons but those of the record $1, and its identities.
others() {
	git -C "$2" ls-tree -r commons | grep -v "$1\|trusts/"
}

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
	exits 0 confer -C northfield withdraw "$bad" --reason "A mistake."
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
	holds '[.records[0].others[].name] == ["Ashby Trust"]'
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
	git -C ashby worktree add -q ../reading commons
	git -C ashby branch keep "refs/confer/pins/$(trust_id northfield)"
	git -C ashby config user.name A
	git -C ashby config user.email a@example.org
	exits 0 erase northfield "$bad"
	exits 3 confer -C ashby --json sync
	holds '.attention | length == 2 and (.[0] |
		test("your branch keep") and test("branch -D keep")) and
		(.[1] | test("worktrees/reading/ORIG_HEAD"))'
	# the work tree of the commons has let go by itself
	fails grep -r Zebra reading
	fails grep Zebra <(git -C reading ls-files -s | cut -d' ' -f2 |
		git -C reading cat-file --batch)
	exits 3 confer -C ashby --json erase --check "zebra CROSSING Ökonjo"
	holds '.found | length == 1 and (.[0] | .where == "object" and
		.record == $bad and (.held | index("refs/heads/keep")))' --arg bad "$bad"
	git -C ashby branch -q -D keep
	rm ashby/.git/worktrees/reading/ORIG_HEAD
	exits 0 confer -C ashby sync
	gone ashby
	# a file that somebody changed stays, and is named
	exits 0 confer -C northfield --json status
	id=$(<after)
	confer -q -C ashby sync
	git -C reading checkout -q -f --detach commons
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
	has "worktrees/reading"
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
	exits 0 confer -C northfield --json key revoke "$key" --base 5 \
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
