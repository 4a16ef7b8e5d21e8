#!/usr/bin/env bats
# Publishing at another host from now on, and what partners and other machines
# make of it.
load lib
load servers

setup_file() {
	begin_world
	servers_begin "$BATS_FILE_TMPDIR/servers"
	serve_repo old.git
	serve_repo new.git
	serve_https
	serve_http
	mkdir -p sheets/northfield
	confer -q init northfield --name "${titles[northfield]}" \
		--sheets sheets/northfield --no-passphrase \
		--remote "$HTTPS/old.git"
	git -C northfield config confer.caFile "$HTTPS_CA"
	publish_example northfield practice
	published_trust ashby
	git -C ashby config confer.caFile "$HTTPS_CA"
	confer -q -C ashby partner add --name northfield \
		--id "$(trust_id northfield)" "$HTTPS/old.git"
	keep_world
	cp -a "$SERVED" "$BATS_FILE_TMPDIR/served"
}

teardown_file() {
	servers_end
}

setup() {
	fresh_world
	rm -rf "$SERVED" && cp -a "$BATS_FILE_TMPDIR/served" "$SERVED"
}

sheet() {
	echo "$world/sheets/northfield/recovery-sheet-1"-*.txt
}

move() {
	confer -C northfield "$@" id --set host="$HTTPS/new.git" \
		--sheet "$(sheet)"
}

@test "host: the new one has all of it, and partners find it by themselves" {
	exits 0 move --json
	holds '.pushed and .identity == 2 and .host.to == $new and
		.host.from == $old and .host.old == [{url: $old, told: true}]' \
		--arg old "$HTTPS/old.git" --arg new "$HTTPS/new.git"
	[ "$(git -C "$SERVED/new.git" rev-parse main)" = \
		"$(git -C northfield rev-parse main)" ]
	publish_example northfield finding
	exits 0 confer -C northfield status
	has "all sent to $HTTPS/new.git"
	# the partner learns it where it has asked until now
	exits 0 confer -C ashby --json sync
	holds '.partners[0].changes == [$found, $asked]' --arg found \
		"Northfield Learning Trust can now be found at $HTTPS/new.git" \
		--arg asked "From now on Northfield Learning Trust is asked at \
$HTTPS/new.git"
	rm -rf "$SERVED/old.git"
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust: updated: 1 finding"
	exits 0 confer --json -C ashby partner list
	holds '.[0].url == $new' --arg new "$HTTPS/new.git"
}

@test "host: the old one is gone" {
	rm -rf "$SERVED/old.git"
	exits 0 move
	has "$HTTPS/old.git could not be told"
	has "confer partner add $HTTPS/new.git"
	exits 1 confer -C ashby sync
	# whose repository it is was certain before
	exits 0 confer -C ashby partner add "$HTTPS/new.git"
	has "You follow Northfield Learning Trust already"
	exits 0 confer -C ashby sync
	exits 5 confer -C ashby partner add "$HTTPS/new.git"
	has "you follow this trust already"
}

@test "host: nothing is changed where the new one will not do" {
	local wrong
	for wrong in "$HTTPS/none.git" https://localhost:1/x.git; do
		unchanged 1 confer -C northfield id --set host="$wrong" \
			--sheet "$(sheet)"
		one_message
		has "nothing was changed: "
	done
	unchanged 4 confer -C northfield id --sheet "$(sheet)" \
		--set host="$world/hosts/ashby.git"
	has "belongs to Ashby Trust"
	unchanged 5 confer -C northfield id --set host="$HTTPS/new.git" \
		--sheet "$(echo "$world"/sheets/ashby/*-1-*)"
	one_message
	unchanged 2 confer -C northfield id --set host="$HTTPS/new.git"
	has "recovery sheet is needed"
	unchanged 5 confer -C northfield id --set host="$HTTPS/old.git"
	has "you publish there already"
	unchanged 2 confer -C northfield id --set host="$HTTPS/new.git" \
		--no-push
	unchanged 5 confer -C northfield id --set host=ftp://example.org/x
	one_message
}

@test "host: a move that was cut off goes on where it is typed again" {
	# no sheet at hand: stopped where its lines are asked for
	terminal "echo \$\$ >pid; exec confer -C northfield id \
		--set host=$HTTPS/new.git"
	expect "ine 1"
	kill -9 "$(<pid)"
	fails hang_up
	exits 0 move --json
	holds '.pushed and .host.from == $old and
		.host.old == [{url: $old, told: true}]' --arg old "$HTTPS/old.git"
	exits 0 confer --json -C northfield id
	holds '.urls == [$new]' --arg new "$HTTPS/new.git"
	unchanged 5 move
	has "you publish there already"
	exits 0 confer -C ashby sync
	has "is asked at $HTTPS/new.git"
}

@test "host: the old one is told where the new one was reached later only" {
	# it can be read, but not written to
	git -C "$SERVED/new.git" config http.receivepack false
	exits 1 move
	has "type the same command again"
	git -C "$SERVED/new.git" config http.receivepack true
	exits 0 confer -C northfield publish
	exits 0 move --json
	holds '.pushed and .host.old == [{url: $old, told: true}]' \
		--arg old "$HTTPS/old.git"
	unchanged 5 move
	exits 0 confer -C ashby sync
	has "is asked at $HTTPS/new.git"
}

@test "host: a folder, which is nobody's business, takes no sheet" {
	bare first
	bare second
	git -C ashby config --unset confer.remote
	exits 0 confer -C ashby id --set host="$world/hosts/first.git"
	has "You publish at $world/hosts/first.git now"
	exits 0 confer --json -C ashby id --set host="$world/hosts/second.git"
	holds '.pushed and .host.old == [] and (.host.identity | not)'
	draft ashby need
	exits 0 confer --json -C ashby publish drafts/need.json
	holds .pushed
	# and back, where the newest entry is missing
	exits 0 confer -C ashby id --set host="$world/hosts/first.git"
	[ "$(head_of first)" = "$(git -C ashby rev-parse main)" ]
}

@test "host: what another machine sent to the old one comes along" {
	git -C northfield config --unset confer.caFile
	bare one
	bare two
	git -C northfield config confer.remote "$world/hosts/one.git"
	confer -q -C northfield publish
	cp -a northfield other
	publish_example other need
	exits 0 confer -C northfield id --set host="$world/hosts/two.git" \
		--set urls= --sheet "$(sheet)"
	[ "$(git -C northfield ls-tree -r --name-only main |
		grep -c '^records/')" = 2 ]
	[ "$(head_of two)" = "$(git -C northfield rev-parse main)" ]
	exits 0 confer -C other id --set host="$world/hosts/two.git"
	exits 0 confer -C other sync
	[ "$(git -C other rev-parse main)" = "$(head_of two)" ]
}

@test "status: the own host lost something, or has what is not ours" {
	local old
	bare one
	confer -q -C ashby id --set host="$world/hosts/one.git"
	old=$(head_of one)
	publish_example ashby need
	git -C hosts/one.git update-ref refs/heads/main "$old"
	draft ashby practice
	unchanged 4 confer -C ashby publish drafts/practice.json
	exits 0 confer -C ashby --json status
	holds '.host.verdict == "behind"'
	exits 0 confer -C ashby status
	has "has lost some of it"
	has "Next: confer publish, without a draft"
	exits 0 confer -C ashby publish
	rm ashby/drafts/*
	exits 0 confer -C ashby --json status
	holds 'has("host") | not'
	tamper one touch x
	exits 4 confer -C ashby sync
	exits 0 confer -C ashby status
	has "is not what you sent"
	has "Next: change the password"
	exits 0 confer -C ashby publish --restore
	exits 0 confer -C ashby status
	has "all sent to"
}

@test "status: the own host has what was never ours" {
	git -C northfield config confer.remote "$world/hosts/ashby.git"
	exits 4 confer -C northfield sync
	exits 0 confer -C northfield status
	has "Next: confer id --set host=URL"
	# an empty repository was wanted, and has a file
	git init -q --bare -b main hosts/files.git
	git -C hosts/files.git update-ref refs/heads/main "$(git \
		-C hosts/files.git -c user.name=x -c user.email=x commit-tree \
		-m Initial "$(git -C hosts/files.git mktree </dev/null)")"
	git -C northfield config confer.remote "$world/hosts/files.git"
	git -C northfield update-ref -d refs/confer/remote
	exits 4 confer -C northfield publish
	exits 0 confer -C northfield status
	has "Next: confer id --set host=URL"
}

@test "status: a partner that was refused is telephoned" {
	bare one
	git -C northfield config confer.remote "$world/hosts/one.git"
	confer -q -C northfield publish
	confer -q -C ashby partner add "$world/hosts/one.git"
	tamper one touch x
	rm -rf "$SERVED/old.git"
	exits 4 confer -C ashby sync
	exits 0 confer -C ashby status
	has "Next: telephone Northfield Learning Trust, at a number"
}

@test "status: another machine has moved to another host" {
	cp -a northfield other
	exits 0 move
	exits 0 confer -C other sync
	exits 0 confer -C other status
	has "Next: confer id --set host=$HTTPS/new.git"
	exits 0 confer -C other id --set host="$HTTPS/new.git"
	exits 0 confer -C other status
	has "all sent to $HTTPS/new.git"
}

@test "login: a person is asked once in a command, and told of a wrong one" {
	terminal confer init new --name New --no-passphrase \
		--sheets sheets/new --remote "$AUTH/new.git"
	expect "User name for $AUTH/new.git: "
	answer ada
	expect "token: "
	answer wrong
	expect "were not accepted"
	expect "User name for"
	answer ada
	expect "token: "
	answer "open sesame"
	hang_up
	[[ $said == *"nothing is published there yet"* ]]
	# asked what is there, and then sent to
	terminal confer -C new publish
	expect "User name for"
	answer ada
	expect "token: "
	answer "open sesame"
	hang_up
	[[ $said == *"Sent to $AUTH/new.git"* ]]
	[[ $said != *"not accepted"* ]]
}
