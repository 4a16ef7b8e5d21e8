#!/usr/bin/env bats
# confer key list and key export, and the key of this machine.
load lib

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

@test "key list: one key to publish here, two to recover elsewhere" {
	exits 0 confer -C northfield --json key list
	holds 'length == 3 and ([.[].key] | unique | length) == 3 and
		([.[] | select(.role == "publish")] | length == 1 and
		.[0].here and .[0].key == $key) and
		([.[] | select(.role == "root")] | length == 2 and
		all(.[]; .here | not)) and
		all(.[]; .status == "active" and .identity == 1)' \
		--arg key "$(confer -C northfield --json id | jq -r .key)"
	exits 0 confer -C northfield key list
	has "this machine"
	has "on a sheet"
}

@test "key export: ours and our partners', as stock git reads them" {
	exits 0 confer -C ashby key export
	[ "$(wc -l <<<"$output")" = 2 ]
	[ "$(grep -c "^$(trust_id northfield)@confer.invalid \
namespaces=\"git\" ssh-ed25519 AAAA" <<<"$output")" = 1 ]
	[ "$(grep -c "^$(trust_id ashby)@" <<<"$output")" = 1 ]
	[ -z "$stderr" ]
	# and it is the key that the identity lists
	echo "$output" >signers
	ssh-keygen -l -f <(sed -n 's/.*\(ssh-ed25519 .*\)/\1/p' signers)
	git -C northfield -c gpg.ssh.allowedSignersFile="$world/signers" \
		verify-commit main
}

@test "key: moved to another place" {
	draft northfield practice
	mv home/confer elsewhere
	unchanged 1 confer -C northfield publish drafts/practice.json
	one_message
	has CONFER_HOME
	has "confer key rotate"
	exits 0 confer -C northfield --json id
	holds '.machine == false'
	exits 0 confer -C northfield status
	has "none that may publish is here"
	has "CONFER_HOME"
	has "confer key rotate"
	CONFER_HOME=$world/elsewhere exits 0 confer -C northfield publish \
		drafts/practice.json
}

@test "key: without CONFER_HOME it is where such data belongs" {
	unset CONFER_HOME
	XDG_DATA_HOME=$world/data exits 0 confer init one --name One \
		--sheets sheets/new --no-passphrase
	[ -n "$(find data/confer/keys -name '*.key')" ]
	exits 0 confer init two --name Two --sheets sheets/new --no-passphrase
	[ -n "$(find home/.local/share/confer/keys -name '*.key')" ]
}

@test "key: a file that others can read is not used" {
	local file
	file=$(find "$CONFER_HOME/keys/$(trust_id northfield)" -type f)
	draft northfield practice
	chmod 640 "$file"
	unchanged 5 confer -C northfield publish drafts/practice.json
	one_message
	has "chmod 600"
	bash -c "$(sed -n "s/.*\(chmod 600 '[^']*'\).*/\1/p" <<<"$stderr")"
	exits 0 confer -C northfield publish drafts/practice.json
}

@test "key: a damaged file says so, and what is published stays" {
	local file
	file=$(find "$CONFER_HOME/keys/$(trust_id northfield)" -type f)
	draft northfield practice
	truncate -s 60 "$file"
	unchanged 5 confer -C northfield publish drafts/practice.json
	one_message
	has "damaged"
	# the key of another trust is no help either
	cp "$CONFER_HOME/keys/$(trust_id ashby)"/*.key "$file"
	unchanged 5 confer -C northfield publish drafts/practice.json
	one_message
}

sheet() {
	echo "$world/sheets/${1:-northfield}/recovery-sheet-${2:-1}"-*.txt
}

identity_of() {
	git -C "$world/hosts/$1.git" show "main:keys/000$2.json"
}

@test "id --set: name, addresses, heartbeat; partners are told at their sync" {
	exits 0 confer -C northfield --json id --sheet "$(sheet)" \
		--set name="Northfield Trust" --set heartbeatDays=14 \
		--set urls=https://git.example.org/a.git,https://b.example/a.git
	holds '.identity == 2 and .pushed and (.changes | length) == 4 and
		(has("key") | not) and .sheets == []'
	identity_of northfield 2 >two.json
	jq -e '.name == "Northfield Trust" and .heartbeatDays == 14 and
		(.urls | length) == 2 and .version == 2' two.json
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "updated" and .title ==
		"Northfield Trust" and (.changes | length) == 4 and
		.changes[0] ==
		"Northfield Learning Trust is now called Northfield Trust"'
	# told once; a repository of many identities verifies
	exits 0 confer -C ashby --json sync
	holds '.partners[0].changes == []'
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .identity == 2'
	# it publishes under its new name
	publish_example northfield practice
	exits 0 confer -C ashby sync
	has "Northfield Trust: updated: 1 practice"
	# no address any more
	exits 0 confer -C northfield id --set urls= --sheet "$(sheet)"
	has "names no address any more"
}

@test "id --set: what cannot be" {
	local s
	s=$(sheet)
	unchanged 5 confer -C northfield id --set name="<b>" --sheet "$s"
	one_message
	unchanged 5 confer -C northfield id --set heartbeatDays=367 --sheet "$s"
	unchanged 5 confer -C northfield id --set heartbeatDays=-1 --sheet "$s"
	unchanged 5 confer -C northfield id --set urls=/srv/here --sheet "$s"
	has "https without a user name"
	unchanged 5 confer -C northfield id --set urls=https://a:b@c.org/x \
		--sheet "$s"
	unchanged 2 confer -C northfield id --set role=university --sheet "$s"
	has "cannot be set"
	unchanged 5 confer -C northfield id --sheet "$s" \
		--set name="Northfield Learning Trust"
	has "says so already"
	unchanged 2 confer -C northfield id --set name=x --card
	unchanged 2 confer -C northfield id --sheet "$s"
	has "go with --set"
	# no sheet, another trust's sheet, a sheet that is damaged
	unchanged 2 confer -C northfield id --set name=North
	has "recovery sheet is needed"
	unchanged 5 confer -C northfield id --set name=North \
		--sheet "$(sheet ashby)"
	one_message
	has sheet.other
	unchanged 1 confer -C northfield id --set name=North --sheet nowhere
}

@test "key rotate: a new key here; the old one signs no more" {
	local old new
	old=$(confer -C northfield --json id | jq -r .key)
	practice=$(publish_example northfield practice)
	unchanged 2 confer -C northfield key rotate --sheet "$(sheet)"
	has "--no-passphrase"
	exits 0 confer -C northfield --json key rotate --sheet "$(sheet)" \
		--no-passphrase
	new=$(jq -r .key <<<"$output")
	holds '.identity == 2 and .pushed and .changes ==
		["Northfield Learning Trust has a new key"]'
	[ "$new" != "$old" ]
	exits 0 confer -C northfield --json key list
	holds '[.[] | select(.key == $old)] | .[0].status == "revoked" and
		.[0].reason == "superseded"' --arg old "$old"
	holds '[.[] | select(.key == $new)] | .[0].here' --arg new "$new"
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust has a new key."
	# what the old one signed stays
	exits 0 confer -C ashby --json show "$practice"
	holds '.signers[0].key == $old' --arg old "$old"
	# the new one publishes, the old one is refused by everybody
	publish_example northfield finding
	exits 0 confer -C ashby sync
	git -C northfield log -1 --format=%B main | grep -x "Confer-Identity: 2"
	KEY=$(ssh_file "$CONFER_HOME/keys/$(trust_id northfield)/${old#*key:}.key" \
		"$world/old.key") IDENTITY=2 forge northfield true
	exits 4 confer -C ashby --json sync
	holds '.partners[0].refusal.rule == "commit.key"'
}

@test "key rotate: a passphrase, and the key lost before" {
	echo "a better horse" >pass && chmod 600 pass
	rm "$CONFER_HOME/keys/$(trust_id northfield)"/*.key
	draft northfield practice
	exits 1 confer -C northfield publish drafts/practice.json
	exits 0 confer -C northfield --passphrase-file "$world/pass" key rotate \
		--sheet "$(sheet northfield 2)"
	unchanged 2 confer -C northfield publish drafts/practice.json
	has passphrase
	exits 0 confer -C northfield --passphrase-file "$world/pass" publish \
		drafts/practice.json
	exits 0 confer -C ashby sync
	has "1 practice"
}

@test "key rotate --root: new sheets, the old ones open nothing" {
	unchanged 2 confer -C northfield key rotate --root --sheet "$(sheet)"
	has "--sheets FOLDER"
	unchanged 2 confer -C northfield key rotate --sheets new \
		--sheet "$(sheet)"
	unchanged 5 confer -C northfield key rotate --root --sheet "$(sheet)" \
		--sheets sheets
	has "must not lie"
	unchanged 5 confer -C northfield key rotate --root \
		--sheet "$(sheet ashby)" --sheets "$world/sheets/new"
	exits 0 confer -C northfield --json key rotate --root \
		--sheet "$(sheet)" --sheets "$world/sheets/new"
	holds '(.sheets | length) == 2 and .identity == 2 and .changes ==
		["Northfield Learning Trust has new recovery sheets"]'
	unchanged 5 confer -C northfield key check --sheet "$(sheet)"
	exits 0 confer -C northfield key check --sheet "$(sheet new)"
	exits 0 confer -C northfield key check --sheet "$(sheet new 2)"
	unchanged 5 confer -C northfield id --set name=North --sheet "$(sheet)"
	exits 0 confer -C northfield id --set name=North --sheet "$(sheet new)"
	exits 0 confer -C ashby sync
	has "North has new recovery sheets."
	# once more, into the same folder
	exits 0 confer -C northfield key rotate --root --sheets "$world/sheets/new" \
		--sheet "$(sheet new 2)"
	[ "$(find sheets/new -type f | wc -l)" = 4 ]
}

@test "key check: which sheet it is, and which was not tried yet" {
	exits 0 confer -C northfield key check --sheet "$(sheet)"
	has "Recovery sheet 1 is in order"
	has "Sheet 2 was not tried on this machine yet"
	exits 0 confer -C northfield key check --sheet "$(sheet)"
	has "You tried this one before, today"
	exits 0 confer -C northfield key check --sheet "$(sheet northfield 2)"
	has "Recovery sheet 2 is in order"
	has "Sheet 1 was tried today"
	# new ones have numbers of their own
	mkdir -p sheets/more
	confer -q -C northfield key rotate --root --sheet "$(sheet)" \
		--sheets "$world/sheets/more"
	exits 0 confer -C northfield --json key check \
		--sheet "$(sheet more 2)"
	holds '.sheet == 2 and .others == [{sheet: 1}]'
	unchanged 5 confer -C northfield key check --sheet "$top/README.md"
	one_message
	has "This is not a recovery sheet"
	terminal confer -C northfield key check
	expect "Line 1 of 8: "
	answer "$(sed -n 's/^ *2   *//p' "$(sheet more)")"
	expect "That is line 2 of the sheet; line 1 is wanted now"
	printf '\004' >&"$keyboard"
	fails hang_up
}

@test "key revoke: a sheet that was lost, a key that was lost" {
	local key root
	root=$(confer -C northfield --json key check --sheet "$(sheet)" |
		jq -r .key)
	key=$(confer -C northfield --json id | jq -r .key)
	unchanged 2 confer -C northfield key revoke "$root" --sheet "$(sheet)"
	unchanged 2 confer -C northfield key revoke "$root" --reason burnt \
		--sheet "$(sheet)"
	unchanged 5 confer -C northfield key revoke "$root" --reason lost \
		--sheet "$(sheet)"
	has "the sheet that you are shutting out"
	exits 0 confer -C northfield key revoke "$root" --reason lost \
		--sheet "$(sheet northfield 2)"
	has "no longer uses one of its recovery sheets"
	unchanged 5 confer -C northfield key revoke "$root" --reason lost \
		--sheet "$(sheet northfield 2)"
	has "already"
	unchanged 5 confer -C northfield key revoke "$root" \
		--reason superseded --sheet "$(sheet northfield 2)"
	root=$(confer -C northfield --json key check \
		--sheet "$(sheet northfield 2)" | jq -r .key)
	unchanged 5 confer -C northfield key revoke "$root" --reason lost \
		--sheet "$(sheet northfield 2)"
	has "last recovery sheet"
	unchanged 1 confer -C northfield key revoke --reason lost \
		did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH \
		--sheet "$(sheet northfield 2)"
	# our own: another is made
	exits 0 confer -C northfield --json key revoke "$key" --reason lost \
		--no-passphrase --sheet "$(sheet northfield 2)"
	holds '.key != $key and .identity == 3' --arg key "$key"
	publish_example northfield practice
	# the reason may become worse, and no better
	unchanged 5 confer -C northfield key revoke "$key" \
		--reason superseded --sheet "$(sheet northfield 2)"
	exits 0 confer -C northfield key revoke "$key" \
		--reason stolen --sheet "$(sheet northfield 2)"
	has "A key of Northfield Learning Trust was in the wrong hands"
	has "confer key log $key"
	exits 0 confer -C ashby sync
	has "was in the wrong hands"
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .identity == 4 and .held == []'
}

@test "key add: what is not a key, or is one already" {
	local key root
	key=$(confer -C northfield --json id | jq -r .key)
	root=$(confer -C northfield --json key check --sheet "$(sheet)" |
		jq -r .key)
	unchanged 5 confer -C northfield key add did:key:z6Mk \
		--sheet "$(sheet)"
	has "Copy the whole line"
	unchanged 5 confer -C northfield key add "$key" --sheet "$(sheet)"
	has "already"
	unchanged 5 confer -C northfield key add "$root" --sheet "$(sheet)"
	has "recovery sheet"
}

@test "key add: a slip in a key that was copied lets nobody in" {
	local key number
	exits 0 env CONFER_HOME="$world/home/second" confer --json init second \
		--join hosts/northfield.git --id "$(trust_id northfield)" \
		--no-passphrase
	key=$(jq -r .key <<<"$output")
	number=$(jq -r .keyNumber <<<"$output")
	[[ $number =~ ^[0-9]{6}$ ]]
	exits 0 env CONFER_HOME="$world/home/second" confer -C second id
	has "$number"
	# another key, which is well formed
	unchanged 5 confer -C northfield key add --number "$number" \
		--sheet "$(sheet)" "$(confer -C ashby --json id | jq -r .key)"
	one_message
	has "key.number"
	unchanged 5 confer -C northfield key add "$key" --number 00000 \
		--sheet "$(sheet)"
	# a person is shown the number
	terminal confer -C northfield key add "$key" --sheet "$(sheet)"
	expect "$number"
	expect "Is it the same?"
	answer no
	run hang_up
	[ "$(confer -C northfield --json id | jq .identity)" = 1 ]
	exits 0 confer -C northfield key add "$key" --number "$number" \
		--sheet "$(sheet)"
	has "Let in $key"
	exits 0 confer -C northfield --json key list
	holds 'any(.[]; .key == $key and .status == "active")' --arg key "$key"
}

@test "keys: a new passphrase that is easily found is refused" {
	echo "abc" >pass && chmod 600 pass
	unchanged 5 confer --passphrase-file pass init new --name New \
		--sheets sheets/new
	one_message
	has "key.short"
	has "12 characters or more"
	unchanged 5 confer -C northfield --passphrase-file "$world/pass" \
		key rotate --sheet "$(sheet)"
	has "key.short"
}

@test "keys: partners hear of a theft, whatever was said of the key before" {
	local old
	old=$(confer -C northfield --json id | jq -r .key)
	confer -q -C northfield key rotate --no-passphrase --sheet "$(sheet)"
	exits 0 confer -C ashby sync
	exits 0 confer -C northfield key revoke "$old" --reason compromised \
		--sheet "$(sheet)"
	exits 0 confer -C ashby sync
	has "A key of Northfield Learning Trust was in the wrong hands"
}

@test "key log: entries by number, date and key" {
	local old
	old=$(confer -C northfield --json id | jq -r .key)
	publish_example northfield practice
	confer -q -C northfield key rotate --no-passphrase --sheet "$(sheet)"
	publish_example northfield finding
	exits 0 confer -C northfield --json key log
	holds '[.[].number] == [4, 3, 2, 1] and .[2].key == $old and
		.[2].what == "Publish 1 practice" and
		.[0].here and .[0].commit == $head' --arg old "$old" \
		--arg head "$(head_of northfield)"
	exits 0 confer -C northfield --json key log "$old"
	holds '[.[].number] == [2, 1]'
	exits 0 confer -C northfield key log
	has "Publish 1 practice"
	has "this machine"
	unchanged 1 confer -C northfield key log \
		did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH
	has "key list"
}

@test "keys: a host that cannot be reached is told later" {
	mv hosts/northfield.git away
	exits 1 confer -C northfield --json id --set heartbeatDays=7 \
		--sheet "$(sheet)"
	holds '.identity == 2 and .pushed == false and
		(.pushError | length) > 10'
	mv away hosts/northfield.git
	exits 0 confer -C northfield publish
	exits 0 confer -C ashby --json sync
	holds '.partners[0].changes | length == 1'
	exits 0 confer -C northfield --json id --set heartbeatDays=8 \
		--sheet "$(sheet)" --no-push
	holds '.pushed == false and (has("pushError") | not)'
	exits 0 confer -C northfield --json status
	holds '.unpushed == 1'
}
