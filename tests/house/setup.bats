#!/usr/bin/env bats
# tests/setup.sh asks for root, apt-get and the network only when something is
# missing, and then says so. The machine here is a folder of commands.

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	mkdir bin
	for tool in bash cat fmt id mktemp rm sed sort env; do
		ln -s "$(command -v $tool)" bin/
	done
	stub dpkg-query 'case "$*" in *libgit2-dev*) exit 1 ;; esac
		printf installed'
	stub apt-get 'echo "$*" >> calls'
	stub id 'echo 0'
}

# stub NAME SCRIPT: a program of this machine.
stub() {
	rm -f "bin/$1"
	printf '#!%s\n%s\n' "$BASH" "$2" > "bin/$1"
	chmod +x "bin/$1"
}

set_up() {
	PATH=$PWD/bin run "$BATS_TEST_DIRNAME/../setup.sh" "$@"
	echo "$output"
}

@test "nothing missing: silent, and no apt-get" {
	stub dpkg-query 'printf installed'
	set_up build test lint
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ ! -e calls ]
}

@test "what is missing is named and installed, and nothing else" {
	set_up build demo
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == *': libgit2-dev' ]]
	[ "$(sed -n '$p' calls)" = "-qq -o Dpkg::Use-Pty=0 -o \
DPkg::Lock::Timeout=300 install -y --no-install-recommends libgit2-dev" ]
}

@test "a command that is there makes its package unnecessary" {
	stub dpkg-query 'case "$*" in *node*) exit 1 ;; esac
		printf installed'
	stub node ''
	set_up test
	[ "$status" -eq 0 ]
	[ ! -e calls ]
	rm bin/node
	set_up test
	[[ "${lines[0]}" == *': nodejs' ]]
}

@test "not root and no sudo: says what to run" {
	stub id 'echo 1000'
	set_up build
	[ "$status" -eq 1 ]
	[[ "$output" == *'apt-get install libgit2-dev'* ]]
	[ ! -e calls ]
}

@test "not root: sudo does it" {
	stub id 'echo 1000'
	stub sudo 'echo sudo >> calls; "$@"'
	set_up build
	[ "$status" -eq 0 ]
	[ "$(sed -n 1p calls)" = sudo ]
}

@test "apt-get fails: its words, and what to do" {
	stub apt-get 'echo "E: no network"; exit 100'
	set_up build
	[ "$status" -ne 0 ]
	[[ "$output" == *'E: no network'*'online?'*libgit2-dev* ]]
}

@test "not Debian: a sentence, or go on by wish" {
	rm bin/apt-get
	set_up build
	[ "$status" -eq 1 ]
	[[ "$output" == *'not a Debian machine'*libgit2-dev* ]]
	CONFER_SETUP=no set_up build
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}
