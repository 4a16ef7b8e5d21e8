#!/usr/bin/env bats
# Hosts that misbehave: each costs one line and bounded time, the other partners
# go on, and nothing of it is left. (Slow ones are in unit/test_hosts.c, where the
# deadline is short.)
load lib

ways=(redirect garbage refs count bomb other endless)

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
	rm -f port
	node "$top/tests/e2e/hostile_host.mjs" "$world/port" 3>&- &
	host=$!
	until [ -s port ]; do
		kill -0 "$host"
		sleep 0.05
	done
}

teardown() {
	kill -KILL "$host" 2>/dev/null || true
}

@test "hostile hosts: one line each, and the good one is taken" {
	local way before
	publish_example northfield need >/dev/null
	for way in "${ways[@]}"; do
		git -C ashby config "confer-partner.$way.url" \
			"http://127.0.0.1:$(<port)/$way/x.git"
		git -C ashby config "confer-partner.$way.trust" \
			"$(node "$top/tests/e2e/hostile_host.mjs" id "$way")"
	done
	before=$SECONDS
	try confer -C ashby --json sync
	[ "$status" = 4 ] || [ "$status" = 1 ]
	[ $((SECONDS - before)) -lt 200 ]
	holds '.partners | length == 8'
	holds '.partners[] | select(.name == "northfield") |
		.verdict == "updated"'
	for way in "${ways[@]}"; do
		holds --arg way "$way" '.partners[] | select(.name == $way) |
			((.verdict == "refused" and .refusal.rule != "") or
			(.verdict == "unreachable" and (.error | length) > 20))'
	done
	[ -z "$(ls ashby/.git/confer/quarantine)" ]
	[ "$(git -C ashby for-each-ref refs/confer/pins | wc -l)" = 2 ]
	git -C ashby fsck --strict
	exits 0 confer -C ashby --json list
	holds 'length == 1'
	# what people read; the two that take time are known now
	git -C ashby config --remove-section confer-partner.endless
	git -C ashby config --remove-section confer-partner.bomb
	try confer -C ashby sync
	for way in "${ways[@]}"; do
		[ "$(grep -c "^$way: " <<<"$output$stderr")" -le 1 ]
	done
}
