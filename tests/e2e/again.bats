#!/usr/bin/env bats
# A history whose trees come back: signs of life that change nothing, and a
# record that returns to what it was. A folder is fetched whole all the same.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export CONFER_HOME=$BATS_TEST_TMPDIR/home
	unset CONFER_PASSPHRASE_FILE
	git init -q --bare host.git
	mkdir sheets
	confer init t --name "Ashby Trust" --sheets sheets --no-passphrase \
		--remote "$PWD/host.git" --quiet
	cp "$BATS_TEST_DIRNAME/../../schemas/examples/need.json" draft.json
}

@test "trees that stay the same are fetched" {
	confer -C t publish
	confer -C t publish
	confer -C t publish ../draft.json
	confer -C t publish
	run -0 confer --json verify host.git
	[ "$(jq -r .commits <<<"$output")" -ge 4 ]
	[ "$(jq -r .records <<<"$output")" -eq 1 ]
}

@test "a partner gets them, all at once and bit by bit" {
	confer init p --name "Heron Trust" --sheets sheets --no-passphrase --quiet
	confer -C t publish
	confer -C t id --card >card.json
	confer -C p partner add "$PWD/host.git" --card ../card.json
	for _ in 1 2; do
		confer -C t publish
		confer -C p sync
	done
	confer -C t publish ../draft.json
	confer -C t publish
	confer -C t publish
	confer -C p sync
	run -0 confer --json -C p list
	[ "$(jq length <<<"$output")" -eq 1 ]
}

@test "a tree that comes back is fetched" {
	git init -q -b main plain
	git -C plain config user.name A
	git -C plain config user.email a@confer.invalid
	mkdir -p plain/keys plain/records/need/ab
	echo same >plain/keys/0001.json
	for text in one two one three one; do
		echo "$text" >plain/records/need/ab/x.json
		git -C plain add .
		git -C plain commit -qm "$text"
	done
	remote_tool store=t accept=refs/heads/trial fetch "$PWD/plain"
	git -C plain rev-list --objects main | sort >there
	git -C t rev-list --objects trial | sort >here
	cmp there here
}
