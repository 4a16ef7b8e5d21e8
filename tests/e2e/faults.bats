#!/usr/bin/env bats
# Killed before any one call that changes the disk, or with a disk that is full
# from there on: the next command works, and nothing is lost or half there. A
# sample of them each time; FAULTS=all tries every one.
# shellcheck disable=SC2030,SC2031
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need >/dev/null
	draft ashby practice >/dev/null
	keep_world
}

setup() {
	fresh_world
	fault_tool count /dev/null true 2>/dev/null ||
		skip "this kernel has no seccomp notifications"
}

# Every command works, our repository is sound, and git sees no difference.
sound() {
	exits 0 confer -C ashby status || return
	exits 0 confer verify ashby || return
	[ -z "$(git -C ashby status --porcelain --untracked-files=no)" ] ||
		return
	git -C ashby fsck --strict --no-dangling
}

# each MODE CHECK COMMAND...: COMMAND stopped at one call after the other, in a
# fresh world; then CHECK and what every state must be. $status is its own.
each() {
	local mode=$1 check=$2 n step total tried=0 bad=''
	shift 2
	exits 0 fault_tool count "$BATS_TEST_TMPDIR/count" "$@"
	total=$(<"$BATS_TEST_TMPDIR/count")
	step=$((total / ${SAMPLES:-9} + 1))
	[ "${FAULTS-}" != all ] || step=1
	for ((n = 1 + RANDOM % step; n <= total; n += step)); do
		fresh_world
		try fault_tool "$mode" "$n" "$@"
		echo "stopped at call $n of $total: exit status $status"
		# what a program that was stopped at the host leaves there
		rm -f hosts/*/refs/heads/*.lock
		tried=$((tried + 1))
		"$check" || bad+=" $n"
	done
	echo "# $mode: $tried of $total calls${bad:+, not sound after$bad}" >&3
	[ -z "$bad" ]
}

published_once() {
	sound || return
	exits 0 confer -C ashby publish drafts/practice.json || return
	exits 0 confer -C ashby --json list || return
	holds 'length == 1' || return
	exits 0 confer verify hosts/ashby.git
}

@test "publish, killed at any call" {
	each kill published_once confer -C ashby publish drafts/practice.json
}

@test "publish, on a disk that is full from any call on" {
	each full published_once confer -C ashby publish drafts/practice.json
}

synced() {
	sound || return
	exits 0 confer -C ashby sync || return
	exits 0 confer -C ashby --json list || return
	holds 'length == 1' || return
	[ -z "$(ls ashby/.git/confer/quarantine)" ]
}

@test "sync, killed at any call" {
	each kill synced confer -C ashby sync
}

@test "sync, on a disk that is full from any call on" {
	each full synced confer -C ashby sync
}

# One line about it, no more; the next sync takes it all.
one_line() {
	[ "$status" = 0 ] || [ "$status" = 1 ] || [ "$status" = 137 ] || return
	synced
}

@test "sync, the process that makes the call killed" {
	each child one_line confer -C ashby sync
}

added() {
	sound || return
	exits 0 confer -C ashby --json partner list || return
	holds 'map(select(.name == "again")) | length == 1' ||
		exits 0 confer -C ashby partner add --name again \
			--id "$(trust_id northfield)" "$world/hosts/northfield.git" ||
		return
	exits 0 confer -C ashby sync
}

@test "partner add, killed at any call" {
	confer -q -C ashby partner remove northfield
	rm -rf "$BATS_FILE_TMPDIR/kept" && keep_world && cd "$world"
	each kill added confer -C ashby partner add --name again \
		--id "$(trust_id northfield)" "$world/hosts/northfield.git"
}

begun() {
	[ -d new/.git ] || exits 0 confer -q init new --name New \
		--sheets "$world/sheets/new2" --no-passphrase || return
	exits 0 confer -C new status || return
	exits 0 confer verify new
}

@test "init, killed at any call" {
	each kill begun confer -q init new --name New \
		--sheets "$world/sheets/new" --no-passphrase
}

@test "init, on a disk that is full from any call on" {
	each full begun confer -q init new --name New \
		--sheets "$world/sheets/new" --no-passphrase
}

# What the erasures below begin with: a published text, and a partner who has it.
with_text() {
	if [ -e ashby/drafts/practice.json ]; then
		confer -q -C ashby publish drafts/practice.json
		rm ashby/drafts/*
		follow northfield ashby
	fi
	text=$(jq -r .body.title "$examples/practice.json")
	id=$(confer -C ashby --json list --owner me | jq -r '.[0].id')
}

sheet() {
	echo "$world/sheets/ashby/recovery-sheet-1"-*.txt
}

# The same command goes on, and in the end the text is nowhere.
erased() {
	sound || return
	exits 0 confer -C ashby --json erase --yes --sheet "$(sheet)" "$id" ||
		return
	holds .done || return
	exits 0 confer -C ashby erase --check "$text" || return
	exits 0 confer -C ashby sync || return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 1'
}

@test "erase, killed at any call" {
	with_text
	rm -rf "$BATS_FILE_TMPDIR/kept" && keep_world && cd "$world"
	SAMPLES=${SAMPLES:-7} each kill erased confer -C ashby erase --yes \
		--sheet "$(sheet)" "$id"
}

followed() {
	exits 0 confer -C northfield status || return
	exits 0 confer -C northfield sync || return
	exits 0 confer -C northfield erase --check "$text" || return
	git -C northfield fsck --strict --no-dangling || return
	fails test -e northfield/.git/confer/erasing.json
}

@test "sync that follows an erasure, killed at any call" {
	with_text
	confer -q -C ashby erase --yes --sheet "$(sheet)" "$id"
	rm -rf "$BATS_FILE_TMPDIR/kept" && keep_world && cd "$world"
	SAMPLES=${SAMPLES:-7} each kill followed confer -C northfield sync
}
