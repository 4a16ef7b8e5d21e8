#!/usr/bin/env bats
# compact: what is in use stays, everything else is gone from the disk, and
# stock git agrees.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need
	publish_example northfield practice
	publish_example ashby offer
	confer -q -C ashby sync
	keep_world
}

setup() {
	fresh_world
}

packs() {
	find ashby/.git/objects/pack -name '*.pack' | wc -l
}

loose() {
	find ashby/.git/objects/?? -type f 2>/dev/null | wc -l
}

# Everything that any file of the git folder says, inflated.
inflated() {
	git -C ashby cat-file --batch-all-objects --batch
	find ashby/.git -type f -not -name '*.pack' -print0 | xargs -0 cat
}

# What was there is there, and every command works.
sound() {
	git -C ashby fsck --strict
	exits 0 confer -C ashby status
	exits 0 confer -C ashby --json list
	holds 'length == 3'
	exits 0 confer verify ashby
}

@test "compact: one pack, and all of it" {
	local before
	before=$(git -C ashby for-each-ref; git -C ashby rev-list --all \
		--objects | sort)
	exits 0 confer -C ashby compact
	has "All that is in use is in one pack"
	[ "$(packs)" = 1 ]
	[ "$(loose)" = 0 ]
	[ "$(git -C ashby for-each-ref; git -C ashby rev-list --all \
		--objects | sort)" = "$before" ]
	sound
	# a second time there is nothing to do
	exits 0 confer -C ashby --json compact
	holds '.before == .after and .left == false'
	publish_example northfield finding
	exits 0 confer -C ashby sync
	has "updated: 1 finding"
	publish_example ashby adoption
	git -C ashby fsck --strict
}

@test "compact: what nothing refers to is gone" {
	echo "a text that must go" | git -C ashby hash-object -w --stdin
	git -C ashby gc -q
	echo "another text that must go" | git -C ashby hash-object -w --stdin
	inflated | grep -a "must go"
	exits 0 confer -C ashby compact
	has "Freed: "
	fails grep -a "must go" <(inflated)
	sound
}

@test "compact: what git's own users keep is kept" {
	local text
	git -C ashby config user.name A
	git -C ashby config user.email a@example.org
	git -C ashby worktree add -q ../side -b side main
	echo "on a branch" >side/note
	git -C side add note
	git -C side commit -q -m note
	git -C side tag -a -m annotated v1
	echo "in the index" >side/other
	git -C side add other
	git -C side config core.logAllRefUpdates true
	echo "in a reflog" >side/note
	git -C side commit -q -a -m again
	git -C side reset -q --hard HEAD~1
	echo "in the index" >side/other
	git -C side add other
	echo "in a stash" >side/note
	git -C side stash push -q
	git -C side stash apply -q
	git -C ashby worktree add -q ../commons commons
	git -C ashby gc -q
	exits 0 confer -C ashby compact
	inflated >all
	for text in "on a branch" "in the index" "in a reflog" "in a stash"; do
		grep -a "$text" all
	done
	git -C side fsck --strict
	git -C side reset -q --hard 'HEAD@{1}'
	git -C side show v1
	git -C commons status
	sound
}

@test "compact: a pack that is marked to be kept, an index of packs" {
	git -C ashby repack -q -a -d
	for pack in ashby/.git/objects/pack/*.pack; do
		: >"${pack%.pack}.keep"
	done
	publish_example ashby adoption
	git -C ashby repack -q -d
	git -C ashby multi-pack-index write
	git -C ashby commit-graph write --reachable
	exits 0 confer -C ashby compact
	[ "$(packs)" = 1 ]
	[ ! -e ashby/.git/objects/pack/multi-pack-index ]
	git -C ashby fsck --strict
	exits 0 confer verify ashby
}

@test "compact: nothing goes while another program reads" {
	exec {reader}<ashby/.git/confer/readers
	flock -s "$reader"
	exits 0 confer -C ashby --json compact {reader}<&-
	holds '.left == true'
	[ "$(loose)" != 0 ]
	exits 0 confer -C ashby list {reader}<&-
	exec {reader}<&-
	exits 0 confer -C ashby --json compact
	holds '.left == false'
	[ "$(loose)" = 0 ]
	sound
}

@test "compact: a repository that is damaged stays as it is" {
	local blob file
	blob=$(git -C ashby rev-parse main:README.md)
	file=ashby/.git/objects/${blob:0:2}/${blob:2}
	mv "$file" kept
	unchanged 1 confer -C ashby compact
	has "is damaged: the object $blob is missing"
	has "Nothing was removed"
	mv kept "$file"
	exits 0 confer -C ashby compact
	sound
}

@test "compact: sync does it when there are many packs" {
	local i
	for ((i = 0; i < 50; i++)); do
		echo "$i" | git -C ashby hash-object -w --stdin |
			git -C ashby pack-objects -q .git/objects/pack/pack
	done
	exits 0 confer -C ashby sync
	[ "$(packs)" = 1 ]
	[ "$(loose)" = 0 ]
	sound
}

@test "compact: killed at any moment, nothing is missing" {
	local kills=0 round it
	for ((round = 1; round <= ${ROUNDS:-12}; round++)); do
		publish_example northfield finding '.body.title += $n' \
			--arg n "$round"
		confer -q -C ashby sync
		confer -C ashby compact >/dev/null 2>&1 &
		it=$!
		sleep "0.0$((RANDOM % 60 + 10))"
		kill -KILL "$it" 2>/dev/null && kills=$((kills + 1))
		wait "$it" || :
		exits 0 confer -C ashby --json list
		holds "length == 3 + $round"
		git -C ashby fsck --strict
	done
	echo "# killed $kills of $((round - 1))" >&3
	exits 0 confer -C ashby compact
	[ "$(packs)" = 1 ]
	[ "$(loose)" = 0 ]
	exits 0 confer verify ashby
}

@test "compact: what is due and does not work is said, and nothing else fails" {
	local i
	# as many packs as make it due, and a branch that leads nowhere
	for ((i = 10; i < 60; i++)); do
		echo "pack $i" | git -C ashby hash-object -w --stdin |
			git -C ashby pack-objects -q \
			.git/objects/pack/pack >/dev/null
	done
	echo 1111111111111111111111111111111111111111 \
		>ashby/.git/refs/heads/broken
	exits 0 confer -C ashby --json sync
	[ "$(grep -c 'confer: note: ' <<<"$stderr")" = 1 ]
	has "Nothing is lost; 'confer compact' tries again"
	exits 0 confer -C ashby -q sync
	[ -z "$stderr" ]
	rm ashby/.git/refs/heads/broken
	exits 0 confer -C ashby sync
	[ -z "$stderr" ]
	[ "$(find ashby/.git/objects/pack -name '*.pack' | wc -l)" = 1 ]
}

@test "compact: what a verify or an editor that was killed had is gone" {
	export TMPDIR=$world/tmp
	local dead dir
	mkdir tmp
	true &
	dead=$!
	wait "$dead"
	mkdir "tmp/confer-verify-$dead-a" "tmp/confer-edit-$dead-b" \
		"tmp/confer-edit-$$-c" "tmp/confer-verify-d" "tmp/other-$dead-e"
	for dir in tmp/*; do
		echo text >"$dir/text.txt"
	done
	ln -s "$world/ashby" "tmp/confer-verify-$dead-f"
	exits 0 confer -C ashby compact
	[ "$(ls tmp)" = "confer-edit-$$-c
confer-verify-$dead-f
confer-verify-d
other-$dead-e" ]
	[ -e ashby/.git/HEAD ]
	# the next audit tidies up too
	if fault_tool count /dev/null true 2>/dev/null; then
		try fault_tool kill 3 confer verify hosts/northfield.git
		[ "$status" = 137 ]
		[ "$(find tmp -name 'confer-verify-[0-9]*-??????' | wc -l)" = 1 ]
	fi
	exits 0 confer verify hosts/northfield.git
	[ "$(find tmp -name 'confer-verify-[0-9]*-??????' | wc -l)" = 0 ]
}
