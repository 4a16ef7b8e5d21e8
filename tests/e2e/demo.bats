#!/usr/bin/env bats
# The demo: its story ends well, one that goes wrong says so, and what it leaves
# can be played with.
load lib

setup_file() {
	demo=$BATS_FILE_TMPDIR/demo
	export demo
	"$top/tests/demo.sh" "$demo" >"$BATS_FILE_TMPDIR/told" 2>&1 ||
		touch "$BATS_FILE_TMPDIR/wrong"
}

setup() {
	exec </dev/null
	export CONFER_HOME=$demo/home/confer GIT_CONFIG_GLOBAL=/dev/null
	export GIT_CONFIG_NOSYSTEM=1
	cd "$demo"
}

teardown() {
	if [ -n "${servers:-}" ]; then
		kill "$servers"
		wait "$servers" || :
		fails pgrep -f "$demo/servers"
	fi
}

# As the demo says.
start_servers() {
	"$demo/servers/start" >/dev/null 2>&1 3>&- &
	servers=$!
	local i
	for ((i = 0; i < 100; i++)); do
		confer -C ashby sync wessex northfield && return
		sleep 0.1
	done
	return 1
}

@test "demo: the story is told to its end, and names the folder" {
	cat "$BATS_FILE_TMPDIR/told"
	[ ! -e "$BATS_FILE_TMPDIR/wrong" ]
	tail -n 20 "$BATS_FILE_TMPDIR/told" | grep -F "$demo"
	fails grep 'went wrong' "$BATS_FILE_TMPDIR/told"
}

@test "demo: it leaves four trusts that agree, and no server" {
	local name
	for name in northfield ashby riverside wessex; do
		exits 0 confer -C "$name" --json status
		holds '.commons.records == 11 and .commons.conflicts == 0'
		[ "$(git -C "$name" rev-parse commons)" = \
			"$(git -C ashby rev-parse commons)" ]
	done
	exits 1 confer -C ashby sync northfield
}

@test "demo: its servers start again, and the story goes on" {
	start_servers
	exits 4 confer -C ashby sync
	has "Riverside Academies Trust: refused"
	exits 4 confer -C riverside publish
	has "is not what you published"
	has "confer publish --restore"
	exits 0 confer -C riverside publish --restore
	exits 0 confer -C riverside publish
	exits 0 confer -C ashby sync
}

@test "demo: when something is not as told, it says so and fails" {
	local confer
	confer=$(command -v confer)
	mkdir "$BATS_TEST_TMPDIR/bin"
	# a confer that takes everything from everybody
	cat >"$BATS_TEST_TMPDIR/bin/confer" <<-EOF
	#!/bin/sh
	"$confer" "\$@" || [ \$? = 4 ]
	EOF
	chmod +x "$BATS_TEST_TMPDIR/bin/confer"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH exits 1 "$top/tests/demo.sh" \
		"$BATS_TEST_TMPDIR/demo"
	has "The story went wrong"
	has "exit status"
}

@test "demo: it removes no folder that it did not make" {
	mkdir "$BATS_TEST_TMPDIR/mine"
	touch "$BATS_TEST_TMPDIR/mine/letter"
	exits 2 "$top/tests/demo.sh" "$BATS_TEST_TMPDIR/mine"
	[ -e "$BATS_TEST_TMPDIR/mine/letter" ]
}
