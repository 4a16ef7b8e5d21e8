#!/usr/bin/env bats
# Killed, or with a full disk, at any call that changes the disk: the next command
# works, and nothing is lost or half there.
# shellcheck disable=SC2030,SC2031
load faulting

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need >/dev/null
	draft ashby practice >/dev/null
	keep_world
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

# Nothing half, whatever it said; and all of it once the host is as it was.
put_right() {
	rm -rf hosts/northfield.git
	mv hosts/away hosts/northfield.git
	synced
}

unmixed() {
	[ "$status" = 0 ] || [ "$status" = 1 ] || return
	put_right
}

@test "sync, while the host's folder is put back, at any call" {
	cp -a hosts/northfield.git hosts/old
	git -C hosts/old update-ref refs/heads/main main~1
	git -C hosts/old prune --expire=now
	keep_again
	export MEANWHILE='cd hosts && mv northfield.git away &&
		cp -a old northfield.git'
	each meanwhile unmixed confer -C ashby sync
}

# Where they were gone before it began, the host is damaged; else it is in work.
emptied() {
	[ "$status" = 0 ] || has "was changed while Confer read it" ||
		has "names a newest entry and does not send it" || return
	put_right
}

@test "sync, while the objects of the host's folder go, at any call" {
	export MEANWHILE='cp -a hosts/northfield.git hosts/away &&
		rm -rf hosts/northfield.git/objects/*/*'
	each meanwhile emptied confer -C ashby sync
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
	keep_again
	each kill added confer -C ashby partner add --name again \
		--id "$(trust_id northfield)" "$world/hosts/northfield.git"
}

begun() {
	local file
	[ -d new/.git ] || exits 0 confer -q init new --name New \
		--sheets "$world/sheets/northfield" --no-passphrase || return
	exits 0 confer -C new status || return
	exits 0 confer verify new || return
	mkdir -p new/drafts && cp "$examples/need.json" new/drafts || return
	exits 0 confer -C new publish drafts/need.json || return
	for file in sheets/*/*; do
		try confer -C new key check --sheet "$world/$file"
		[ "$status" != 0 ] || return 0
	done
	echo "no sheet opens it"
	return 1
}

@test "init, killed at any call" {
	each kill begun confer -q init new --name New \
		--sheets "$world/sheets/new" --no-passphrase
}

@test "init, on a disk that is full from any call on" {
	each full begun confer -q init new --name New \
		--sheets "$world/sheets/new" --no-passphrase
}
