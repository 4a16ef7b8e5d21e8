#!/usr/bin/env bats
# Attacks that need a whole host, or a person who reads what is shown. (The
# numbers are those of tests/attacks.md; most attacks are built byte by byte, in
# tests/unit/test_attack_*.c.)
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby; do
		published_trust "$name"
	done
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# Nothing that could steer a terminal is in what was said.
plain_text() {
	fails grep -q '[[:cntrl:]]' <<<"$output$stderr"
	# and nobody else's words begin a line
	fails grep -q '^ *Northfield: verified' <<<"$output$stderr"
	fails grep -qP '\x{202e}|\x{200b}|\x{2066}' <<<"$output$stderr"
}

@test "42: replacements, grafts and a shallow file at the host do nothing" {
	publish_example northfield need
	local host=hosts/northfield.git head first
	head=$(head_of northfield)
	first=$(git -C "$host" rev-parse main~1)
	git -C "$host" update-ref "refs/replace/$head" "$first"
	git -C "$host" update-ref "refs/replace/$first" "$head"
	echo "$first" >"$host/shallow"
	mkdir -p "$host/info"
	echo "$head" >"$host/info/grafts"
	exits 0 confer -C ashby --json sync
	holds '.partners[0].verdict == "updated"'
	[ "$(pin_of ashby northfield)" = "$head" ]
	[ -z "$(git -C ashby for-each-ref refs/replace)" ]
	exits 0 confer --json verify "$host"
	holds '.commits == 2 and .head == $head' --arg head "$head"
}

@test "63: what else lies at the host does nothing" {
	publish_example northfield need
	local host=$world/hosts/northfield.git
	mkdir -p "$host/hooks"
	printf '#!/bin/sh\ntouch %s/owned\n' "$world" |
		tee "$host/hooks/post-checkout" >"$host/hooks/pre-auto-gc"
	chmod +x "$host"/hooks/*
	git -C "$host" config core.fsmonitor "touch $world/owned"
	git -C "$host" config core.sshCommand "touch $world/owned"
	git -C "$host" config url."ext::touch $world/owned".insteadOf "$world"
	git config -f "$HOME/.gitconfig" \
		url."ext::touch $world/owned".insteadOf "$world"
	exits 0 env -u GIT_CONFIG_GLOBAL confer -C ashby sync
	exits 0 env -u GIT_CONFIG_GLOBAL confer verify "$host"
	[ ! -e owned ]
}

@test "65: names of files cannot steer the terminal" {
	local name head
	head=$(head_of northfield)
	for name in $'\e[2J\e[31mall is well.json' $'\xe2\x80\xaenosj.json' \
		$'a\nNorthfield: verified' $'\x9b31m' $'\xff\xfe'; do
		forge northfield cp "$examples/need.json" "$name"
		exits 4 confer -C ashby sync
		plain_text
		exits 0 confer -C ashby status
		plain_text
		exits 4 confer verify hosts/northfield.git
		plain_text
		git -C hosts/northfield.git update-ref refs/heads/main "$head"
	done
}

@test "24: identities that are gone here let nothing in" {
	publish_example northfield need
	local blob
	blob=$(git -C ashby rev-parse \
		"refs/confer/pins/$(trust_id northfield):keys/0001.json")
	find ashby/.git/objects -name "${blob:2}" -delete
	if git -C ashby cat-file -e "$blob" 2>/dev/null; then
		skip "it lies in a pack here"
	fi
	try confer -C ashby --json sync
	[ "$status" != 0 ]
	[ "$(pin_of ashby northfield)" != "$(head_of northfield)" ]
}

@test "47: two syncs at once" {
	publish_example northfield need
	publish_example northfield practice
	confer -q -C ashby sync >one 2>&1 &
	local other=$!
	exits 0 confer -C ashby sync
	wait "$other"
	[ "$(pin_of ashby northfield)" = "$(head_of northfield)" ]
	exits 0 confer -C ashby --json list
	holds 'length == 2'
	git -C ashby fsck --strict --no-dangling
}

@test "83: whom a partner follows is not followed" {
	published_trust riverside
	follow northfield riverside
	publish_example riverside need
	confer -q -C northfield sync
	exits 0 confer -C northfield publish
	exits 0 confer -C ashby --json sync
	exits 0 confer -C ashby --json partner list
	holds 'length == 1'
	exits 0 confer -C ashby --json list
	holds 'length == 0'
}
