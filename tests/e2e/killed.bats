#!/usr/bin/env bats
# Killed at any moment, the next command works, and nothing is lost or half
# there. ROUNDS=500 bats tests/e2e/killed.bats looks longer.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# killed COMMAND...: kills it within its first tenth of a second.
killed() {
	"$@" >out 2>&1 &
	local it=$!
	sleep "0.0$((RANDOM % 90 + 10))"
	kill -KILL "$it" 2>/dev/null && kills=$((kills + 1))
	wait "$it" || true
}

# Every command works, our repository is sound, and git sees no difference.
sound() {
	exits 0 confer -C ashby status
	exits 0 confer verify ashby
	[ -z "$(git -C ashby status --porcelain --untracked-files=no)" ]
}

commons() {
	confer -C ashby --json status | jq -er .commons.commit
}

# What is killed while it writes to its host's folder may leave git's lock there:
# the message says which file that is.
publish_after_kill() {
	run confer -C ashby publish "$1"
	if [ "$status" = 0 ]; then
		return
	fi
	[[ "$output" == *"remove refs/heads/main.lock"*push.locked* ]]
	rm hosts/ashby.git/refs/heads/main.lock
	exits 0 confer -C ashby publish "$1"
}

@test "publish, killed at any moment, publishes a draft once" {
	local kills=0 round file
	for ((round = 1; round <= ${ROUNDS:-12}; round++)); do
		file=$(draft ashby need '.body.title += $n' --arg n "$round")
		killed confer -C ashby publish "$file"
		sound
		publish_after_kill "$file"
		exits 0 confer -C ashby --json list
		[ "$(jq length <<<"$output")" = "$round" ]
	done
	echo "# killed $kills of $((round - 1))" >&3
	git -C ashby fsck --strict
	git -C hosts/ashby.git fsck --strict
	exits 0 confer verify hosts/ashby.git
}

@test "sync, partner add, remove and rebuild leave the old state or the new one" {
	local kills=0 round before
	for ((round = 1; round <= ${ROUNDS:-12}; round++)); do
		publish_example northfield need '.body.title += $n' \
			--arg n "$round"
		case $((round % 4)) in
		0) killed confer -C ashby partner remove northfield ;;
		1 | 2) killed confer -C ashby sync ;;
		3) killed confer -C ashby index --rebuild ;;
		esac
		sound
		killed confer -C ashby partner add --name northfield \
			--id "$(trust_id northfield)" hosts/northfield.git
		sound
		confer -C ashby --json partner list | jq -e 'length == 1' ||
			follow ashby northfield
		exits 0 confer -C ashby sync
		before=$(commons)
		exits 0 confer -C ashby index --rebuild
		[ "$(commons)" = "$before" ]
	done
	echo "# killed $kills of $((2 * (round - 1)))" >&3
	exits 0 confer -C ashby --json list
	[ "$(jq length <<<"$output")" = "$((round - 1))" ]
	git -C ashby fsck --strict
}
