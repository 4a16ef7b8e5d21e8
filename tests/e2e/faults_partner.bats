#!/usr/bin/env bats
# What comes from a partner: a large update, a history begun again that a person
# accepts, and a partner's repository that is looked over; killed, or with a full
# disk, at any call that changes the disk.
# shellcheck disable=SC2030,SC2031
load faulting
load servers

setup_file() {
	local key need
	begin_world
	servers_begin "$BATS_FILE_TMPDIR/servers"
	export SERVED=$world/hosts
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	serve_http
	need=$(publish_example northfield need)
	confer -q -C ashby sync
	keep_world && cd "$world"
	# a history that is begun again, and waits for a person
	key=$(confer -C northfield --json id | jq -r .key)
	publish_example northfield practice >/dev/null
	confer -q -C ashby sync
	confer -q -C northfield key revoke "$key" --reason compromised --base 2 \
		--yes --no-passphrase \
		--sheet "$world"/sheets/northfield/recovery-sheet-1-*.txt
	confer -q -C ashby sync || [ $? = 3 ]
	cp -a "$world" "$BATS_FILE_TMPDIR/restarted"
	# two identities of one number
	fresh_world
	cp -a northfield thief
	confer -q -C thief key rotate --no-passphrase \
		--sheet "$world"/sheets/northfield/recovery-sheet-2-*.txt
	confer -q -C ashby sync
	git -C hosts/northfield.git update-ref refs/heads/main \
		"$(git -C northfield rev-parse main)"
	confer -q -C northfield key rotate --no-passphrase \
		--sheet "$world"/sheets/northfield/recovery-sheet-1-*.txt
	confer -q -C ashby sync || [ $? = 4 ]
	confer -C northfield --json id | jq -r .identityDigest >digest
	cp -a "$world" "$BATS_FILE_TMPDIR/forked"
	# more than 1,000 objects at once
	fresh_world
	versions_tool northfield "$(trust_id northfield)" "$key" \
		"${titles[northfield]}" \
		"$(git -C northfield ls-tree -r --name-only main | grep "$need")" 300
	confer -q -C northfield publish
	rm -rf "$BATS_FILE_TMPDIR/kept"
	keep_world
}

teardown_file() {
	servers_end
}

large_taken() {
	sound || return
	exits 0 confer -C ashby sync || return
	[ -z "$(ls -A ashby/.git/confer/quarantine)" ] || return
	[ "$(pin_of ashby northfield)" = "$(head_of northfield)" ] || return
	exits 0 confer -C ashby --json list || return
	holds 'length == 1 and (.[0].title | contains("the 299. time"))' ||
		return
	exits 0 confer -C ashby doctor
}

@test "sync of a large update, killed at any call" {
	each kill large_taken confer -C ashby sync
}

@test "sync of a large update, on a disk that is full from any call on" {
	each full large_taken confer -C ashby sync
}

# One line about the disk, and nothing stays.
looked_over() {
	[ "$status" = 0 ] || [ "$status" = 1 ] || return
	[ "$status" = 0 ] || one_message || return
	[ -z "$(ls "$TMPDIR")" ] || return
	exits 0 confer --json verify "$HTTP/northfield.git" || return
	holds '.verdict == "verified" and .commits == 302'
}

@test "verify of an address, on a disk that is full from any call on" {
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	each full looked_over confer verify "$HTTP/northfield.git"
}

accepted() {
	sound || return
	exits 0 confer -C ashby partner accept northfield ||
		has "nothing of Northfield Learning Trust waits" || return
	exits 0 confer -C ashby sync || return
	exits 0 confer -C ashby --json list || return
	holds '[.[].kind] == ["need"]' || return
	[ "$(pin_of ashby northfield)" = "$(head_of northfield)" ]
}

# world NAME: another one that setup_file made.
world() {
	mv "$BATS_FILE_TMPDIR/kept" "$BATS_FILE_TMPDIR/kept.first"
	cp -a "$BATS_FILE_TMPDIR/$1" "$BATS_FILE_TMPDIR/kept"
	fresh_world
}

@test "partner accept after a restart, killed at any call" {
	world restarted
	each kill accepted confer -C ashby partner accept northfield
}

@test "partner accept after a restart, on a disk that is full from any call on" {
	world restarted
	each full accepted confer -C ashby partner accept northfield
}

one_taken() {
	sound || return
	exits 0 confer -C ashby partner accept northfield \
		--identity "$(<digest)" ||
		has "nothing of Northfield Learning Trust waits" || return
	exits 0 confer -C ashby sync || return
	[ "$(pin_of ashby northfield)" = "$(head_of northfield)" ]
}

@test "partner accept of one of two identities, killed at any call" {
	world forked
	each kill one_taken confer -C ashby partner accept northfield \
		--identity "$(<digest)"
}
