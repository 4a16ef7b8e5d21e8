#!/usr/bin/env bats
# tests/run.sh counts what ran, and a test that failed, crashed, counted
# nothing or did not run is never a pass.

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	run_sh=$BATS_TEST_DIRNAME/../run.sh
	unset XDG_DATA_HOME
}

# program NAME STATUS LINES...: a test that prints the lines.
program() {
	local name=$1 status=$2
	shift 2
	{
		echo '#!/bin/sh'
		printf "echo '%s'\n" "$@"
		echo "exit $status"
	} > "$name"
	chmod +x "$name"
}

total() { echo "${lines[${#lines[@]} - 1]}"; }

@test "adds up TAP and plain counts" {
	program a 0 '1..3' 'ok 1 - x' 'ok 2 - y' 'ok 3 - z # skip no network'
	program b 0 'suite: 4 passed, 0 failed' 'other: 5 passed, 0 failed'
	run "$run_sh" logs ./a ./b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(total)" = '11 passed, 0 failed, 1 skipped' ]
	[[ "$output" == *'no network'* ]]
}

@test "shows the output of what fails, and fails" {
	program a 1 '1..2' 'ok 1 - x' 'not ok 2 - y' '# it was 3'
	program b 0 '1..1' 'ok 1 - x' 'quiet'
	run "$run_sh" logs ./a ./b
	[ "$status" -eq 1 ]
	[ "$(total)" = '2 passed, 1 failed' ]
	[[ "$output" == *'# it was 3'* ]]
	[[ "$output" != *quiet* ]]
}

@test "a crash after the last count is a failure" {
	program a 134 '1..1' 'ok 1 - x'
	run "$run_sh" logs ./a
	[ "$status" -eq 1 ]
	[ "$(total)" = '1 passed, 1 failed' ]
}

@test "a plan that was not finished is a failure" {
	program a 0 '1..3' 'ok 1 - x'
	run "$run_sh" logs ./a
	[ "$status" -eq 1 ]
	[ "$(total)" = '1 passed, 2 failed' ]
}

@test "no count, an empty plan or no program is a failure" {
	program a 0 'all is well'
	program b 0 '1..0'
	run "$run_sh" logs ./a ./b ./missing
	[ "$status" -eq 1 ]
	[ "$(total)" = '0 passed, 3 failed' ]
	run "$run_sh" logs
	[ "$status" -eq 1 ]
}

@test "what cmocka calls skipped is no failure" {
	program a 0 '1..2' 'ok 1 - x' 'not ok 2 # SKIP y'
	run "$run_sh" logs ./a
	[ "$status" -eq 0 ]
	[ "$(total)" = '1 passed, 0 failed, 1 skipped' ]
}

@test "a test that hangs is stopped and has failed" {
	program a 0 '1..1' 'ok 1 - x'
	echo 'exec sleep 60' >> a
	sed -i '/^exit/d' a
	SECONDS_MAX=1 run "$run_sh" logs ./a
	[ "$status" -eq 1 ]
	[[ "$output" == *'stopped after 1 seconds'* ]]
}

@test "a temporary folder for each test, gone afterwards" {
	program a 0 '1..1' 'ok 1 - x'
	# shellcheck disable=SC2016 # for the program to expand
	echo 'mkdir "$TMPDIR/x"; chmod 0 "$TMPDIR/x"; echo "$TMPDIR" > where' \
		>> a
	sed -i '/^exit/d' a
	run "$run_sh" logs ./a
	[ "$status" -eq 0 ]
	[ -s where ] && [ ! -e "$(cat where)" ]
}
