#!/usr/bin/env bats
# Fetching over http and https, also from servers that do not behave.
bats_require_minimum_version 1.5.0
load remote

setup_file() {
	begin
	mkdir -p "$SERVERS/cgi"
	# somewhere else, which asks for a password and writes down what it got
	cat >"$SERVERS/cgi/catch" <<-EOF
	#!/bin/sh
	env >>"$SERVERS/caught"
	printf 'Status: 401\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
	EOF
	# serves a repository, but for the end of its packs
	cat >"$SERVERS/cgi/half" <<-EOF
	#!/bin/sh
	case \$REQUEST_METHOD in
	GET) exec "$(git --exec-path)/git-http-backend" ;;
	*) "$(git --exec-path)/git-http-backend" | head -c 20000 ;;
	esac
	EOF
	# and then never goes on
	sed 's/head -c 20000/(head -c 20000; sleep 20)/' \
		"$SERVERS/cgi/half" >"$SERVERS/cgi/stuck"
	chmod +x "$SERVERS"/cgi/*
	serve_http
	# a server that sends on to the first one, or to itself
	cat >"$SERVERS/more.conf" <<-EOF
	url.redirect = (
		"^/near/(.*)" => "/git/\$1",
		"^/far/(.*)" => "http://127.0.0.1:$HTTP_PORT/cgi/catch/\$1",
		"^/port/(.*)" => "http://localhost:$HTTP_PORT/cgi/catch/\$1")
	EOF
	server_up lighttpd_conf "$(server_path lighttpd)" -D \
		-f "$SERVERS/lighttpd-PORT.conf"
	export REDIRECTS=http://localhost:$PORT
	rm "$SERVERS/more.conf"
	serve_https
}

@test "http: everything, then what is new, then nothing" {
	fetch accept=refs/confer/pin fetch "$HTTP/one.git"
	[ "$status" -eq 0 ]
	first=$(head_of one.git)
	[[ $output == "head $first pack "* ]]
	git -C ours fsck --strict
	[ "$(git -C ours rev-list --count refs/confer/pin)" = "$(git -C \
		"$SERVED/one.git" rev-list --count main)" ]

	fetch have="$first" fetch "$HTTP/one.git"
	[ "$output" = "head $first nothing 0" ]

	git clone -q --bare "$SERVED/one.git" "$SERVED/two.git"
	second=$(grow two.git 2 second)
	fetch have="$first" accept=refs/confer/pin fetch "$HTTP/two.git"
	[ "$output" = "head $second pack 12" ]
	git -C ours fsck --strict
}

@test "http: the host is told of this partner's pin and of no other" {
	serve_repo secret.git
	secret=$(grow secret.git 1 secret)
	fetch accept=refs/confer/pins/a fetch "$HTTP/secret.git"
	git clone -q --bare "$SERVED/one.git" "$SERVED/three.git"
	first=$(head_of three.git)
	fetch accept=refs/confer/pins/b fetch "$HTTP/three.git"
	git -C ours update-ref refs/heads/main "$secret"
	grow three.git 1 third
	: >"$SERVERS/packets.log"
	fetch have="$first" fetch "$HTTP/three.git"
	[[ $output == *" pack 6" ]]
	grep -q "have $first" "$SERVERS/packets.log"
	run ! grep -q "$secret" "$SERVERS/packets.log"
	# and may not build on what it guesses that we have
	grep -q "want .*ofs-delta" "$SERVERS/packets.log"
	run ! grep -q "want .*thin-pack" "$SERVERS/packets.log"
}

@test "http: what we hold of others is sent all the same" {
	fetch accept=refs/confer/pins/a fetch "$HTTP/one.git"
	objects=${output##* }
	# the same again, as another partner would have it
	fetch fetch "$HTTP/one.git"
	[ "$output" = "head $(head_of one.git) pack $objects" ]
}

@test "http: a branch that went back, and one that is gone" {
	git clone -q --bare "$SERVED/one.git" "$SERVED/back.git"
	new=$(head_of back.git)
	fetch accept=refs/confer/pin fetch "$HTTP/back.git"
	git -C "$SERVED/back.git" update-ref refs/heads/main main~2
	fetch have="$new" fetch "$HTTP/back.git"
	[ "$output" = "head $(head_of back.git) nothing 0" ]
	git -C "$SERVED/back.git" update-ref -d refs/heads/main
	fetch have="$new" fetch "$HTTP/back.git"
	[ "$output" = "no head" ]
}

@test "http: many partners at a time" {
	urls=()
	while [ ${#urls[@]} -lt 20 ]; do
		urls+=("$HTTP/one.git")
	done
	fetch jobs=8 fetch "${urls[@]}" "$HTTP/none.git"
	[ "$(grep -c "^head $(head_of one.git) pack" <<<"$output")" = 20 ]
	[ "$(grep -c '^error' <<<"$output")" = 1 ]
}

@test "http: no such repository" {
	fetch fetch "$HTTP/none.git"
	fails 4 remote.missing "localhost:$HTTP_PORT has no repository at"
}

@test "http: a repository that is cut off midway" {
	fetch fetch "${HTTP%/git}/cgi/half/one.git"
	fails 4 remote.broken "broke off"
}

@test "http: a server that is killed midway" {
	serve_http
	(
		sleep 1
		kill -KILL "$SERVER_PID"
	) &
	fetch fetch "${HTTP%/git}/cgi/stuck/one.git"
	fails 4 remote.broken "broke off"
}

@test "http: a server that stops midway meets the deadline" {
	before=$SECONDS
	fetch seconds=2 fetch "${HTTP%/git}/cgi/stuck/one.git"
	fails 4 remote.timeout "was not done within 2 seconds"
	[ $((SECONDS - before)) -lt 5 ]
}

@test "https: with its authority, and with none or another" {
	fetch ca="$HTTPS_CA" fetch "$HTTPS/one.git"
	[[ $output == "head $(head_of one.git) pack "* ]]
	fetch fetch "$HTTPS/one.git"
	fails 4 remote.certificate "not correctly signed by the trusted CA"
	make_authority "$PWD/other"
	fetch ca="$PWD/other.pem" fetch "$HTTPS/one.git"
	fails 4 remote.certificate "not correctly signed by the trusted CA"
}

@test "https: a certificate for another name" {
	fetch ca="$HTTPS_CA" fetch "https://127.0.0.1:$HTTPS_PORT/git/one.git"
	fails 4 remote.certificate "127.0.0.1:$HTTPS_PORT cannot be trusted"
}

@test "https: a file of authorities that is none, or not there" {
	echo 'not a certificate' >bad.pem
	fetch ca=bad.pem fetch "$HTTPS/one.git"
	fails 1 "" "there is no certificate in $PWD/bad.pem"
	fetch ca=none.pem fetch "$HTTPS/one.git"
	fails 1 "" "cannot read $PWD/none.pem"
}

@test "https: to a server that speaks http only" {
	fetch fetch "https://localhost:$HTTP_PORT/git/one.git"
	fails 4 remote.secure "no secure connection"
}

@test "a redirect on the same host is fine, to another it is not followed" {
	fetch fetch "$REDIRECTS/near/one.git"
	[[ $output == "head $(head_of one.git) pack "* ]]
	rm -f "$SERVERS/caught"
	fetch login=ada:secret fetch "$REDIRECTS/far/one.git"
	fails 4 remote.redirect "sends us on to another place"
	[ ! -e "$SERVERS/caught" ]
}

@test "a redirect to another port gets no login" {
	rm -f "$SERVERS/caught"
	fetch login=ada:secret fetch "$REDIRECTS/port/one.git"
	fails 4 remote.redirect "asks for a login"
	run ! grep -q '^HTTP_AUTHORIZATION' "$SERVERS/caught"
}

@test "a proxy that is not there is named; this machine needs none" {
	fetch proxy=http://127.0.0.1:9 fetch "$HTTP/one.git"
	[ "$status" -eq 0 ]
	getent hosts ip6-localhost >/dev/null || skip "no other name for here"
	fetch proxy=http://127.0.0.1:9 fetch \
		"https://ip6-localhost:$HTTPS_PORT/git/one.git"
	fails 4 remote.connect "127.0.0.1"
}

@test "an interrupted fetch leaves no process behind" {
	remote_tool scratch="$PWD" fetch "${HTTP%/git}/cgi/stuck/one.git" &
	pid=$!
	sleep 1
	# other processes end while grep reads: its exit status says nothing
	child=$(grep -ls "^PPid:.$pid\$" /proc/[0-9]*/status || true)
	child=${child#/proc/}
	child=${child%/status}
	[ -n "$child" ]
	kill -KILL "$pid"
	wait "$pid" || true
	sleep 0.2
	# gone, or waiting for an init that does not collect the dead
	[ ! -e "/proc/$child" ] || grep -q '^State:.Z' "/proc/$child/status"
}
