#!/usr/bin/env bats
# The servers of the stories: each is the one that its story asked for.
bats_require_minimum_version 1.5.0
load ../e2e/servers

teardown() {
	servers_end
}

@test "servers: a port that somebody else's server answers at is not ours" {
	servers_begin "$BATS_TEST_TMPDIR"
	RANDOM=7
	serve_http
	local first=$HTTP_PORT
	# the same choice again, by a server that is slow to see that it is taken
	RANDOM=7
	server_up lighttpd_conf bash -c \
		"sleep 0.3; exec '$(server_path lighttpd)' -D -f '$SERVERS/lighttpd-PORT.conf'"
	[ "$PORT" != "$first" ]
	server_listens "$SERVER_PID" "$PORT"
	run ! server_listens "$SERVER_PID" "$first"
}
