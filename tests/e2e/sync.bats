#!/usr/bin/env bats
# confer sync: what partners published, and what is not taken from them.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow ashby northfield riverside
	keep_world
}

setup() {
	fresh_world
}

verdict_of() {
	jq -r --arg name "$1" '.partners[] | select(.name == $name) | .verdict' \
		<<<"$output"
}

# refuses STATUS PARTNER RULE: a sync of Ashby refuses the partner by this rule,
# with commit or path as $2 of want; the pin stays, and the others go on.
refused_by() {
	local rule=$1 pin
	pin=$(pin_of ashby northfield)
	publish_example riverside need
	exits 4 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = refused ]
	holds '.partners[] | select(.name == "northfield") | .refusal |
		.rule == $rule and (.detail | length) > 20 and
		(.advice | length) > 20 and (.report | length) > 5' \
		--arg rule "$rule"
	local report
	report=$(jq -r '.partners[] | select(.refusal) | .refusal.report' \
		<<<"$output")
	jq -e --arg rule "$rule" --arg id "$(trust_id northfield)" \
		'.refusal.rule == $rule and .trust == $id and .url' "$report"
	[ "$(pin_of ashby northfield)" = "$pin" ]
	# the others go on
	[ "$(verdict_of riverside)" = updated ]
	exits 0 confer -C ashby --json list --kind need
	holds 'length == 1'
	# and so does what was good of the one that was refused
	exits 0 confer -C ashby --json list --owner northfield
	holds "length == $good"
	# status remembers it, a second sync says the same
	exits 0 confer -C ashby --json status
	holds '.partners[] | select(.name == "northfield") |
		.verdict == "refused" and (.message | length) > 10'
	exits 4 confer -C ashby sync
	has "Northfield Learning Trust: refused"
	[ "$(pin_of ashby northfield)" = "$pin" ]
	git -C ashby fsck --strict --no-dangling
}

# What Ashby has of Northfield before something happens to it.
given_a_practice() {
	practice=$(publish_example northfield practice)
	record=records/practice/${practice: -2}/$practice.json
	confer -q -C ashby sync
	good=1
}

@test "sync: a line for each partner, and what is new" {
	publish_example northfield practice
	publish_example northfield finding
	exits 0 confer -C ashby --json sync
	holds '(.partners | length) == 2 and
		(.partners[] | select(.name == "northfield") |
			.verdict == "updated" and .trust == $id and
			.title == "Northfield Learning Trust" and
			.from != .to and .to == $head and .commits == 2 and
			.versions == 2 and .new == {practice: 1, finding: 1}
			and .held == [] and (has("refusal") | not)) and
		(.partners[] | select(.name == "riverside") |
			.verdict == "up-to-date" and .from == .to and
			.commits == 0) and
		(.new | length) == 2 and all(.new[]; .change == "new" and
			.trust == $id and (.title | length) > 10) and
		.attention == [] and .commons.records == 2 and
		.commons.conflicts == 0 and .commons.commit == $commons and
		.commons.tree == $tree and
		(.commons.spoken | gsub(" "; "")) == $commons[:20]' \
		--arg id "$(trust_id northfield)" \
		--arg head "$(head_of northfield)" \
		--arg commons "$(commons_of ashby)" \
		--arg tree "$(git -C ashby rev-parse 'commons^{tree}')"
	exits 0 confer -C ashby --json sync
	holds 'all(.partners[]; .verdict == "up-to-date") and .new == []'
}

@test "sync: what people read" {
	publish_example northfield practice
	publish_example northfield finding
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust: updated: 1 practice and 1 finding" ||
		has "Northfield Learning Trust: updated: 1 finding and 1 practice"
	has "Riverside Academies Trust: up to date"
	has "New for you"
	local spoken
	spoken=$(confer -C ashby --json status | jq -r .commons.spoken)
	has "$spoken"
	[ -z "$stderr" ]
}

@test "sync: the same heads are the same commons, whoever asked first" {
	follow northfield ashby riverside
	follow riverside northfield ashby
	publish_example northfield practice
	publish_example riverside finding
	confer -q -C riverside sync
	publish_example ashby need
	for name in riverside northfield ashby; do
		exits 0 confer -C "$name" sync
	done
	same_commons northfield ashby riverside
	# of a partner alone, only that one is asked
	publish_example northfield offer
	publish_example riverside demo/riverside-finding
	exits 0 confer -C ashby --json sync northfield
	holds '[.partners[].name] == ["northfield"]'
	exits 0 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = up-to-date ]
	[ "$(verdict_of riverside)" = updated ]
}

@test "sync: without partners, and with those there are not" {
	exits 0 confer -C riverside sync
	has "You follow nobody yet"
	unchanged 1 confer -C ashby sync wessex
	one_message
	has "confer partner list"
	unchanged 2 confer -C ashby sync -j 0
	unchanged 2 confer -C ashby sync -j many
	exits 0 confer -C ashby --json sync -j 1 northfield northfield
	holds '.partners | length == 1'
}

@test "sync: one that cannot be reached does not stop the others" {
	publish_example riverside need
	mv hosts/northfield.git hosts/away
	exits 1 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = unreachable ]
	[ "$(verdict_of riverside)" = updated ]
	holds '.partners[] | select(.name == "northfield") |
		(.error | length) > 20'
	exits 1 confer -C ashby sync
	has "Northfield Learning Trust: unreachable"
	mv hosts/away hosts/northfield.git
	exits 0 confer -C ashby sync
}

@test "sync: silent for longer than they said is stale, and no failure" {
	WHEN=1600000000 forge northfield true
	exits 0 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = stale ]
	holds '.partners[] | select(.name == "northfield") |
		.signed == "2020-09-13T12:26:40Z"'
	exits 0 confer -C ashby sync
	has "they have signed nothing since 13 September 2020"
	exits 0 confer -q -C northfield publish
	exits 0 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = updated ]
}

@test "sync: needs no key and no passphrase" {
	publish_example northfield practice
	rm -r "$CONFER_HOME"
	exits 0 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = updated ]
}

@test "sync: two editions of one project are a decision for its stewards" {
	follow northfield ashby riverside
	follow riverside northfield ashby
	local id name
	id=$(publish_example northfield project \
		'.stewards = $ARGS.positional' --args \
		"$(trust_id northfield)" "$(trust_id ashby)")
	confer -q -C ashby sync
	for name in northfield ashby; do
		confer -q -C "$name" new --from "$id" -o plan.json
		jq --arg t "$name says" '.body.title = $t' "$name/plan.json" \
			>new
		mv new "$name/plan.json"
		confer -q -C "$name" publish plan.json
	done
	exits 3 confer -C ashby --json sync
	holds '.commons.conflicts == 1 and (.attention | length) == 1'
	exits 3 confer -C northfield sync
	has "Needs you"
	has "confer resolve"
	# whoever may not edit it has nothing to decide
	exits 0 confer -C riverside --json sync
	holds '.commons.conflicts == 1 and .attention == []'
	same_commons ashby northfield riverside
	exits 0 confer -C ashby --json show "$id"
	holds '.conflict and (.heads | length) == 2'
	exits 0 confer -C ashby show "$id"
	has "In conflict"
	# one of them settles it, and nobody is asked again
	confer -q -C ashby new --from "$id" -o settle.json
	jq '.body.title = "Settled"' ashby/settle.json >new
	mv new ashby/settle.json
	exits 0 confer -C ashby publish settle.json
	exits 0 confer -C northfield --json sync
	holds '.commons.conflicts == 0'
	exits 0 confer -C northfield --json show "$id"
	holds '(.conflict | not) and .record.body.title == "Settled"'
	exits 0 confer -C riverside sync
	exits 0 confer -C ashby sync
	same_commons ashby northfield riverside
}

# --- what is refused --------------------------------------------------------

@test "refused: a record altered and committed without the key" {
	given_a_practice
	tamper northfield sed -i 's/correctly/wrongly/' "$record"
	refused_by commit.encoding
}

@test "refused: the last commit made again without the key" {
	given_a_practice
	clone_of northfield
	(
		cd clone
		sed -i 's/correctly/wrongly/' "$record"
		git commit -q -a --amend --no-edit
		git push -q -f origin HEAD:main
	)
	refused_by history.diverged
}

@test "refused: a record altered under the old signature" {
	given_a_practice
	publish_example northfield finding
	# the commit as it was signed, with another tree
	clone_of northfield
	sed -i 's/correctly/wrongly/' "clone/$record"
	git -C clone add -A
	local tree commit
	tree=$(git -C clone write-tree)
	commit=$(git -C clone cat-file commit HEAD | sed "1s/.*/tree $tree/" |
		git -C clone hash-object -t commit -w --stdin)
	git -C clone push -q -f origin "$commit:main"
	refused_by commit.signature
}

@test "refused: another key" {
	given_a_practice
	ssh-keygen -q -t ed25519 -N '' -f other
	KEY=$world/other forge northfield sed -i 's/correctly/wrongly/' \
		"$record"
	refused_by commit.key
	KEY=$(ssh_key riverside) forge northfield true
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) | .refusal.rule == "commit.key"'
}

@test "refused: a host restored from an old backup" {
	given_a_practice
	git -C hosts/northfield.git update-ref refs/heads/main main~1
	refused_by history.rollback
	# what they do about it is enough
	exits 0 confer -q -C northfield publish
	exits 0 confer -C ashby sync
}

@test "refused: a history that was replaced with the key" {
	given_a_practice
	git -C hosts/northfield.git update-ref refs/heads/main main~1
	forge northfield true
	refused_by history.diverged
}

@test "refused: another trust at the address" {
	given_a_practice
	rm -r hosts/northfield.git
	new_trust wessex --role university
	confer -q -C wessex publish
	mv hosts/wessex.git hosts/northfield.git
	refused_by history.other-trust
}

@test "refused: a file that does not belong there" {
	given_a_practice
	forge northfield cp "$examples/practice.json" notes.json
	refused_by tree.unexpected
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) | .refusal.path == "notes.json"
		and .refusal.commit == $head' --arg head "$(head_of northfield)"
}

@test "refused: a record taken away" {
	given_a_practice
	forge northfield rm "$record"
	refused_by tree.deleted
}

@test "refused: a link, a program, a folder of another repository" {
	given_a_practice
	local head
	head=$(head_of northfield)
	forge northfield ln -sf ../../../keys/0001.json "$record"
	refused_by tree.mode
	git -C hosts/northfield.git update-ref refs/heads/main "$head"
	forge northfield chmod +x "$record"
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) | .refusal.rule == "tree.mode"'
	git -C hosts/northfield.git update-ref refs/heads/main "$head"
	forge northfield git clone -q . records/practice/aa
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) | .refusal.rule == "tree.mode"'
}

@test "refused: the identity of the trust changed by hand" {
	given_a_practice
	forge northfield sed -i 's/Northfield/Southfield/' keys/0001.json
	refused_by identity.changed
}

@test "refused: another readme" {
	given_a_practice
	forge northfield cp "$examples/practice.json" README.md
	refused_by tree.readme
}

@test "refused: a commit that says it has another place" {
	given_a_practice
	local head
	head=$(head_of northfield)
	SEQUENCE=9 forge northfield true
	refused_by commit.sequence
	git -C hosts/northfield.git update-ref refs/heads/main "$head"
	TRUST=$(trust_id riverside) forge northfield true
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) | .refusal.rule == "commit.trust"'
	git -C hosts/northfield.git update-ref refs/heads/main "$head"
	IDENTITY=2 forge northfield true
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) |
		.refusal.rule == "commit.identity"'
	git -C hosts/northfield.git update-ref refs/heads/main "$head"
	AUTHOR=Somebody forge northfield true
	exits 4 confer -C ashby --json sync
	holds '.partners[] | select(.refusal) |
		.refusal.rule == "commit.author"'
}

@test "refused: a merge" {
	given_a_practice
	clone_of northfield
	local first id merge
	id=$(trust_id northfield)
	first=$(git -C clone rev-parse HEAD~1)
	merge=$(git -C clone cat-file commit HEAD |
		sed "s/^parent .*/&\nparent $first/" |
		git -C clone hash-object -t commit -w --stdin)
	git -C clone push -q -f origin "$merge:main"
	exits 4 confer -C ashby sync
	exits 4 confer verify hosts/northfield.git
}

@test "gone: the branch was deleted, and what we have stays" {
	given_a_practice
	local pin
	pin=$(pin_of ashby northfield)
	git -C hosts/northfield.git update-ref -d refs/heads/main
	publish_example riverside need
	exits 1 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = unreachable ]
	[ "$(verdict_of riverside)" = updated ]
	[ "$(pin_of ashby northfield)" = "$pin" ]
	exits 0 confer -C ashby --json list --owner northfield
	holds 'length == 1'
	exits 1 confer -C ashby sync
	has "the branch main is gone"
}

# --- what is held -----------------------------------------------------------

# A version that the trust signed, in a file that is not in order.
held_by() {
	local rule=$1
	exits 0 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = held ]
	holds '.partners[] | select(.name == "northfield") | .held |
		length == 1 and .[0].rule == $rule and .[0].id == $id and
		(.[0].why | length) > 10 and .[0].path' \
		--arg rule "$rule" --arg id "$practice"
	# what stood before still stands
	exits 0 confer -C ashby --json show "$practice" --history
	holds '(.record.body.problem | contains("correctly")) and
		(.history | length) == 2 and
		([.history[] | select(.held)] | length) == 1'
	exits 0 confer -C ashby --json status
	holds '(.held | length) == 1 and .held[0].rule == $rule' \
		--arg rule "$rule"
	exits 0 confer -C ashby status
	has "Held back for now"
	exits 0 confer -C ashby --json verify ../hosts/northfield.git
	holds '.verdict == "verified" and (.held | length) == 1 and
		.held[0].rule == $rule' --arg rule "$rule"
	# and later commits of theirs come in
	publish_example northfield need ||
		forge northfield true
	exits 0 confer -C ashby sync
}

@test "held: a record altered by somebody who has the key of the commits" {
	given_a_practice
	forge northfield sed -i 's/correctly/wrongly/' "$record"
	held_by proof.signature
}

@test "held: a record that is not in its one form" {
	given_a_practice
	forge northfield sed -i 's/^  "body"/   "body"/' "$record"
	held_by json.not-canonical
}

@test "held: half a record" {
	given_a_practice
	forge northfield truncate -s 300 "$record"
	held_by json.syntax
}

@test "sync: a partner's folder that cannot be read is one line" {
	local ref=hosts/northfield.git/refs/heads/main
	publish_example riverside need
	rm "$ref" && mkdir "$ref"
	exits 1 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = unreachable ]
	[ "$(verdict_of riverside)" = updated ]
	rmdir "$ref" && ln -s /etc/passwd "$ref"
	exits 1 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = unreachable ]
	[ "$(verdict_of riverside)" = up-to-date ]
	# nor does one of our own keep what partners sent
	rm "$ref" && cp "$BATS_FILE_TMPDIR/kept/$ref" "$ref"
	publish_example northfield need
	rm hosts/ashby.git/refs/heads/main
	mkdir hosts/ashby.git/refs/heads/main
	exits 1 confer -C ashby --json sync
	[ "$(verdict_of northfield)" = updated ]
	holds '.own.verdict == "unreachable" and
		.own.rule == "remote.unreadable"'
	draft ashby practice
	exits 1 confer -C ashby publish drafts/practice.json
	has "published here, but not sent yet"
}
