#!/usr/bin/env bats
# Hosts that are servers: a history that is begun again must take the place of the
# old one there, copies come and go, pushes break off, and a host may change
# between the question and the answer.
load lib
load servers

setup_file() {
	begin_world
	servers_begin "$BATS_FILE_TMPDIR/servers"
	export SERVED=$world/hosts
	mkdir "$SERVERS/cgi"
	# runs what is called `meanwhile`, once, before it sends anything
	cat >"$SERVERS/cgi/moving" <<-EOF
	#!/bin/sh
	case \$PATH_INFO in
	*/git-upload-pack)
		[ ! -x "$SERVERS/meanwhile" ] || {
			mv "$SERVERS/meanwhile" "$SERVERS/done"
			"$SERVERS/done"
		}
	esac
	exec "$(git --exec-path)/git-http-backend"
	EOF
	chmod +x "$SERVERS/cgi/moving"
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
		git -C "hosts/$name.git" config http.receivepack true
	done
	follow ashby northfield
	serve_http
	serve_ssh
	export MOVING=${HTTP%/git}/cgi/moving
	confer -C northfield --json id | jq -r .key >key
	head_of northfield >base
	publish_example northfield need >good
	confer -q -C ashby sync
	keep_world
}

teardown_file() {
	servers_end
}

setup() {
	fresh_world
	rm -f "$SERVERS/meanwhile" "$SERVERS/done"
	key=$(<key) base=$(<base)
}

# by_ssh NAME: its host is reached by ssh from now on.
by_ssh() {
	ssh_works || skip "$(id -un) may not log in by ssh"
	git -C "$1" config confer.remote "$SSH/$1.git"
	git -C "$1" config confer.sshKey "$SSH_KEY"
	git -C "$1" config confer.knownHosts "$SSH_KNOWN_HOSTS"
}

by_http() {
	git -C "$1" config confer.remote "$HTTP/$1.git"
}

begin_again() {
	confer -C northfield key revoke "$key" --reason compromised \
		--base "$base" --yes --no-passphrase \
		--sheet "$world"/sheets/northfield/recovery-sheet-1-*.txt
}

# A host that takes no force-push says so, once; then it is allowed, and the new
# history takes the place of the old one.
refused_once() {
	git -C hosts/northfield.git config receive.denyNonFastForwards true
	exits 1 begin_again
	has "Allow force-push on main once"
	has "confer publish"
	exits 1 confer -C northfield publish
	has "Allow force-push on main once"
	# nothing moved there, and nobody was shown anything
	[ "$(git -C hosts/northfield.git rev-parse main~1)" = "$base" ]
	exits 0 confer -C ashby sync
	git -C hosts/northfield.git config receive.denyNonFastForwards false
	exits 0 confer -C northfield publish
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	exits 0 confer verify hosts/northfield.git
	exits 3 confer -C ashby sync
	has "began its history again"
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C ashby sync
	# and from now on no force is needed
	git -C hosts/northfield.git config receive.denyNonFastForwards true
	exits 0 confer -C northfield publish "$(draft northfield offer)"
}

@test "served: a restart over http, where the host first says no" {
	by_http northfield
	refused_once
}

@test "served: a restart over ssh, where the host first says no" {
	by_ssh northfield
	refused_once
}

# A partner's copies at Ashby's host come, are forced, and go.
relays() {
	local via
	via=refs/heads/via/$(trust_id northfield)
	exits 0 confer -C ashby relay on
	[ "$(git -C hosts/ashby.git rev-parse "$via")" = \
		"$(head_of northfield)" ]
	begin_again
	exits 3 confer -C ashby --json sync
	holds 'has("relay") | not'
	git -C hosts/ashby.git config receive.denyNonFastForwards true
	exits 0 confer -C ashby --json partner accept northfield
	holds '.relay.error | contains("via/*")'
	exits 1 confer -C ashby sync
	has "Copies at your host: not renewed"
	has "confer relay off"
	git -C hosts/ashby.git config receive.denyNonFastForwards false
	exits 0 confer -C ashby sync
	has "Your host carries the newest of 1 partner for others."
	[ "$(git -C hosts/ashby.git rev-parse "$via")" = \
		"$(head_of northfield)" ]
	git -C hosts/ashby.git config receive.denyDeletes true
	exits 1 confer -C ashby relay off
	has "via/*"
	git -C hosts/ashby.git config receive.denyDeletes false
	exits 0 confer -C ashby sync
	has "Your host no longer carries a copy of 1 trust."
	fails git -C hosts/ashby.git rev-parse -q --verify "$via"
	[ "$(head_of ashby)" = "$(git -C ashby rev-parse main)" ]
	git -C hosts/ashby.git fsck --strict
}

@test "served: copies over http come, are forced, and go" {
	by_http ashby
	relays
}

@test "served: copies over ssh come, are forced, and go" {
	by_ssh ashby
	relays
}

@test "served: a copy is found over http" {
	by_http ashby
	confer -q -C ashby relay on
	publish_example northfield practice
	confer -q -C ashby sync
	confer -q -C riverside partner add --name ashby "$HTTP/ashby.git" \
		--id "$(trust_id ashby)"
	mv hosts/northfield.git hosts/away
	exits 0 confer -C riverside --json partner add --name northfield \
		"$HTTP/northfield.git" --id "$(trust_id northfield)"
	holds '.via.name == "Ashby Trust" and .records == 2'
	exits 1 confer -C riverside --json sync northfield
	holds '.partners[0] | .verdict == "unreachable" and
		.sources[1].verdict == "same"'
}

@test "served: a push that the host broke off, and another machine goes on" {
	local mine
	by_http northfield
	mine=$(publish_example northfield finding '.body.title = "First"')
	CONFER_HOME=$world/home/second confer -q init second \
		--join "$HTTP/northfield.git" --id "$(trust_id northfield)" \
		--no-passphrase
	confer -q -C northfield key add --sheet \
		"$world"/sheets/northfield/recovery-sheet-1-*.txt \
		"$(CONFER_HOME=$world/home/second confer -C second --json id |
			jq -r .key)"
	CONFER_HOME=$world/home/second confer -q -C second publish
	# its end of the connection dies before anything has moved
	local hook=hosts/northfield.git/hooks/pre-receive
	# shellcheck disable=SC2016 # the hook's own parent
	printf '#!/bin/sh\nkill -KILL $PPID\n' >"$hook"
	chmod +x "$hook"
	exits 1 confer -C northfield publish "$(draft northfield offer)"
	[ "$(git -C northfield rev-parse refs/confer/pushed)" = \
		"$(git -C northfield rev-parse main)" ]
	rm "$hook"
	cp "$examples/adoption.json" second/drafts/
	CONFER_HOME=$world/home/second confer -q -C second publish \
		drafts/adoption.json
	exits 0 confer -C northfield publish
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .records == 4 and .held == []'
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby --json list
	holds 'length == 4 and any(.[]; .id == $id)' --arg id "$mine"
}

@test "served: a partner that has moved is found where its identity says" {
	by_ssh ashby
	confer -q -C northfield id --set urls="$SSH/northfield.git" --sheet \
		"$world"/sheets/northfield/recovery-sheet-1-*.txt
	exits 0 confer -C ashby sync
	has "can now be found at $SSH/northfield.git"
	git -C ashby config confer-partner.northfield.url \
		"$world/hosts/gone.git"
	publish_example northfield practice
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "updated" and
		[.sources[].verdict] == ["unreachable", "taken"] and
		.sources[1].url == $url and (.sources[1] | has("trust") | not)' \
		--arg url "$SSH/northfield.git"
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust: up to date"
	has "Passed over $world/hosts/gone.git: there is no folder"
	has "which they name as theirs too, did answer."
	has "from now on: confer partner add $SSH/northfield.git"
	# the old host is still there and lags: the new one is asked
	git clone -q --mirror hosts/northfield.git hosts/gone.git
	git -C hosts/gone.git update-ref refs/heads/main main~1
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "up-to-date" and
		[.sources[].verdict] == ["behind", "same"]'
	# where none is in order, the partner is refused
	git -C hosts/northfield.git update-ref refs/heads/main main~1
	exits 4 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "refused" and
		[.sources[].verdict] == ["behind", "behind"]'
}

# --- a host that changes between two requests -----------------------------------

# meanwhile COMMAND...: while somebody fetches, after the host has said what it
# has.
meanwhile() {
	printf '#!/bin/sh\ncd %q && %s\n' "$world/hosts" "$*" \
		>"$SERVERS/meanwhile"
	chmod +x "$SERVERS/meanwhile"
}

# Nothing of what was half fetched is there, whatever the sync said.
never_mixed() {
	local pin commons
	pin=$(pin_of ashby northfield) commons=$(commons_of ashby)
	exits "$1" confer -C ashby --json sync
	[ -e "$SERVERS/done" ] || {
		echo "nothing was fetched"
		return 1
	}
	rm "$SERVERS/done"
	[ "$1" = 0 ] || {
		[ "$(pin_of ashby northfield)" = "$pin" ]
		[ "$(commons_of ashby)" = "$commons" ]
	}
	[ -z "$(ls -A ashby/.git/confer/quarantine)" ]
	git -C ashby fsck --strict --no-dangling
}

moving_host() {
	git -C ashby config confer-partner.northfield.url \
		"$MOVING/northfield.git"
	cp -a hosts/northfield.git hosts/old.git
	publish_example northfield practice
}

@test "served: the host is put back while it is fetched from" {
	moving_host
	meanwhile "mv northfield.git new.git && mv old.git northfield.git"
	never_mixed 1
	holds '.partners[0].verdict == "unreachable"'
	exits 0 confer -C ashby sync
	rm -rf hosts/northfield.git
	mv hosts/new.git hosts/northfield.git
	exits 0 confer -C ashby sync
	has "1 practice"
	exits 0 confer -C ashby doctor
}

@test "served: the host goes on while it is fetched from" {
	moving_host
	git clone -q --mirror hosts/northfield.git hosts/ahead.git
	git -C northfield config confer.remote "$world/hosts/ahead.git"
	confer -q -C northfield publish "$(draft northfield offer)"
	meanwhile "mv northfield.git new.git && mv ahead.git northfield.git"
	never_mixed 0
	# what it said it had, and no more
	holds '.partners[0].new == {practice: 1}'
	exits 0 confer -C ashby --json sync
	holds '.partners[0].new == {offer: 1}'
}

@test "served: another trust is at the address while it is fetched from" {
	moving_host
	meanwhile "mv northfield.git new.git && cp -a riverside.git northfield.git"
	never_mixed 1
	exits 4 confer -C ashby --json sync
	holds '.partners[0].refusal.rule == "history.other-trust"'
	rm -rf hosts/northfield.git
	mv hosts/new.git hosts/northfield.git
	exits 0 confer -C ashby sync
	has "1 practice"
	exits 0 confer -C ashby doctor
}

@test "served: the repository goes away while it is fetched from" {
	moving_host
	meanwhile "mv northfield.git new.git"
	never_mixed 1
	mv hosts/new.git hosts/northfield.git
	exits 0 confer -C ashby sync
	has "1 practice"
	exits 0 confer -C ashby doctor
}
