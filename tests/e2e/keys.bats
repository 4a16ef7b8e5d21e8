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
	exits 0 confer -C northfield --json id
	holds '.machine == false'
	exits 0 confer -C northfield status
	has "it can read, but not publish"
	CONFER_HOME=$world/elsewhere exits 0 confer -C northfield publish \
		drafts/practice.json
}

@test "key: without CONFER_HOME it is where such data belongs" {
	unset CONFER_HOME
	XDG_DATA_HOME=$world/data exits 0 confer init one --name One \
		--sheets sheets/one --no-passphrase
	[ -n "$(find data/confer/keys -name '*.key')" ]
	exits 0 confer init two --name Two --sheets sheets/two --no-passphrase
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
