#!/usr/bin/env bats
# erase, what follows it, and compact: killed, or with a full disk, at any call
# that changes the disk. The same command goes on, and in the end the text is
# nowhere, and all else is there.
# shellcheck disable=SC2030,SC2031
load faulting

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need >/dev/null
	publish_example ashby practice >id
	rm ashby/drafts/*
	follow northfield ashby
	confer -q -C ashby sync
	keep_world
}

text=$(jq -r .body.title "$examples/practice.json")

erase() {
	confer -C ashby --json erase --yes --sheet "$(sheet)" "$(<id)"
}

# Its end, from wherever it stopped.
erased() {
	sound || return
	exits 0 erase || return
	holds .done || return
	exits 0 confer -C ashby erase --check "$text" || return
	exits 0 confer -C ashby sync || return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 1'
}

@test "erase, killed at any call" {
	each kill erased confer -C ashby erase --yes --sheet "$(sheet)" \
		"$(<id)"
}

@test "erase, on a disk that is full from any call on" {
	each full erased confer -C ashby erase --yes --sheet "$(sheet)" \
		"$(<id)"
}

followed() {
	exits 0 confer -C northfield status || return
	exits 0 confer -C northfield sync || return
	exits 0 confer -C northfield erase --check "$text" || return
	sound northfield || return
	fails test -e northfield/.git/confer/erasing.json
}

@test "sync that follows an erasure, killed at any call" {
	erase
	keep_again
	each kill followed confer -C northfield sync
}

@test "sync that follows an erasure, on a disk that is full from any call on" {
	erase
	keep_again
	each full followed confer -C northfield sync
}

compacted() {
	sound || return
	[ "$(git -C ashby for-each-ref)" = "$refs" ] || return
	exits 0 confer -C ashby compact || return
	sound || return
	exits 0 confer -C ashby --json list || return
	holds 'length == 3' || return
	[ "$(find ashby/.git/objects -type f | wc -l)" = 2 ] || return
	exits 0 confer -C ashby erase --check "Waste of space"
}

# Packs and loose objects, some of them in use by nobody.
with_waste() {
	confer -q -C ashby compact
	publish_example northfield offer
	confer -q -C ashby sync
	echo "Waste of space" | git -C ashby hash-object -w --stdin
	refs=$(git -C ashby for-each-ref)
	keep_again
}

@test "compact, killed at any call" {
	local refs
	with_waste
	each kill compacted confer -C ashby compact
}

@test "compact, on a disk that is full from any call on" {
	local refs
	with_waste
	each full compacted confer -C ashby compact
}
