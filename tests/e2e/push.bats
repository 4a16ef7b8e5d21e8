#!/usr/bin/env bats
# Pushing over http, https and ssh.
bats_require_minimum_version 1.5.0
load remote

setup_file() {
	begin
	serve_http
	serve_https
	serve_ssh
}

ours_has() {
	git -C ours fetch -q "$SERVED/one.git" main
	git -C ours update-ref refs/heads/main FETCH_HEAD
	git -C ours reset -q --hard
}

commit() {
	git -C ours -c user.name=a -c user.email=a@b commit -q --allow-empty \
		-m "$1"
	git -C ours rev-parse main
}

pushes_to() {
	local url=$1 name=$2
	shift 2
	serve_repo "$name"
	ours_has
	fetch "$@" push "$url/$name" "$(git -C ours rev-parse main)"
	[ "${lines[-1]}" = pushed ]
	new=$(commit more)
	fetch "$@" push "$url/$name" "$new"
	[ "${lines[-1]}" = pushed ]
	[ "$(head_of "$name")" = "$new" ]
	git -C "$SERVED/$name" fsck --strict
	fetch "$@" push "$url/$name" "$new"
	[ "${lines[-1]}" = pushed ]
	# somebody else was faster
	theirs=$(grow "$name" 1 theirs)
	new=$(commit again)
	fetch "$@" push "$url/$name" "$new"
	[ "$status" -eq 1 ]
	[[ ${lines[-1]} == "error 3 [push.moved] "*"somebody published there"* ]]
	[ "$(head_of "$name")" = "$theirs" ]
}

@test "push: http" {
	pushes_to "$HTTP" p1.git
}

@test "push: https" {
	pushes_to "$HTTPS" p2.git ca="$HTTPS_CA"
}

@test "push: ssh" {
	ssh_works || skip "$(id -un) may not log in by ssh"
	pushes_to "$SSH" p3.git key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS"
}

@test "push: with a password" {
	pushes_to "$AUTH" p4.git "login=ada:open sesame"
}

@test "push: the host refuses, and its words are passed on" {
	serve_repo p5.git
	ours_has
	cat >"$SERVED/p5.git/hooks/pre-receive" <<-'EOF'
	#!/bin/sh
	printf 'Only on \033[31mTuesdays\n' >&2
	exit 1
	EOF
	chmod +x "$SERVED/p5.git/hooks/pre-receive"
	fetch push "$HTTP/p5.git" "$(git -C ours rev-parse main)"
	fails 4 push.rejected "did not take it, and said: pre-receive hook declined"
	[[ $output == *"Tuesdays"* ]]
	[[ $output != *$'\033'* ]]
	run ! git -C "$SERVED/p5.git" rev-parse -q --verify main
}

@test "push: its branch is being written just now" {
	serve_repo p6.git
	ours_has
	touch "$SERVED/p6.git/refs/heads/main.lock"
	fetch push "$HTTP/p6.git" "$(git -C ours rev-parse main)"
	fails 3 push.moved ""
}

@test "push: a repository with files of its own" {
	git init -q --initial-branch=main "$SERVED/desk"
	ours_has
	git -C "$SERVED/desk" fetch -q ../one.git main:other
	git -C "$SERVED/desk" reset -q --hard other~1
	git -C "$SERVED/desk" config http.receivepack true
	fetch push "$HTTP/desk/.git" "$(git -C ours rev-parse main)"
	fails 4 push.rejected "git init --bare"
}

@test "push: not allowed, or not there" {
	serve_repo p7.git
	ours_has
	git -C "$SERVED/p7.git" config http.receivepack false
	fetch push "$HTTP/p7.git" "$(git -C ours rev-parse main)"
	fails 4 remote.denied "does not let you in"
	fetch push "$HTTP/none.git" "$(git -C ours rev-parse main)"
	fails 4 remote.missing ""
}
