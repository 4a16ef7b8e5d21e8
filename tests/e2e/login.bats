#!/usr/bin/env bats
# Logins for https: from git credential, from a person.
bats_require_minimum_version 1.5.0
load remote

setup_file() {
	begin
	serve_http
	serve_https
}

@test "login: none is known and nobody is there to ask" {
	fetch fetch "$AUTH/one.git"
	fails 4 remote.login "wants a user name and a password or token"
	# not even a program that would ask with a window
	export GIT_ASKPASS=/bin/echo SSH_ASKPASS=/bin/echo
	fetch fetch "$AUTH/one.git"
	fails 4 remote.login "none is known here"
}

@test "login: git credential knows it" {
	git config --global credential.helper store
	echo "http://ada:open%20sesame@localhost:$HTTP_PORT" >.git-credentials
	fetch fetch "$AUTH/one.git"
	[[ $output == "head $(head_of one.git) pack "* ]]
	# another host's is not tried
	echo "http://ada:open%20sesame@localhost:1" >.git-credentials
	fetch fetch "$AUTH/one.git"
	fails 4 remote.login "none is known here"
}

@test "login: https, with the user in the URL" {
	git config --global credential.helper store
	echo "https://eve:wrong@localhost:$HTTPS_PORT" >.git-credentials
	echo "https://ada:open%20sesame@localhost:$HTTPS_PORT" \
		>>.git-credentials
	fetch ca="$HTTPS_CA" fetch "${HTTPS_AUTH/localhost/ada@localhost}/one.git"
	[[ $output == "head $(head_of one.git) pack "* ]]
	[ "$(wc -l <.git-credentials)" = 2 ]
}

@test "login: a person is asked, and git credential keeps it" {
	git config --global credential.helper store
	fetch "login=ada:open sesame" fetch "$AUTH/one.git"
	[ "${lines[0]}" = "asked for $AUTH/one.git" ]
	[[ ${lines[1]} == "head "* ]]
	grep -q "ada:open%20sesame@localhost" .git-credentials
	fetch fetch "$AUTH/one.git"
	[[ $output == "head "* ]]
}

@test "login: a wrong one is forgotten, and a person is asked" {
	git config --global credential.helper store
	echo "http://ada:wrong@localhost:$HTTP_PORT" >.git-credentials
	fetch login=ada:worse "login=ada:open sesame" fetch "$AUTH/one.git"
	[ "${lines[0]}" = "asked for $AUTH/one.git" ]
	[ "${lines[1]}" = "asked for $AUTH/one.git" ]
	[[ ${lines[2]} == "head "* ]]
	grep -q "ada:open%20sesame@" .git-credentials
	run ! grep -q wrong .git-credentials
}

@test "login: three wrong ones are enough" {
	fetch login=a:1 login=b:2 login=c:3 login=d:4 fetch "$AUTH/one.git"
	[ "$(grep -c '^asked' <<<"$output")" = 3 ]
	[[ ${lines[3]} == *"[remote.login]"*"did not accept"* ]]
}

@test "login: one answer serves every repository of the host" {
	fetch jobs=1 "login=ada:open sesame" fetch "$AUTH/one.git" \
		"$AUTH/one.git" "$AUTH/none.git"
	[ "$(grep -c '^asked' <<<"$output")" = 1 ]
	[ "$(grep -c '^head' <<<"$output")" = 2 ]
	[[ $output == *"[remote.missing]"* ]]
}

@test "login: a helper that hangs or lies does no harm" {
	git config --global credential.helper \
		'!f() { echo username=ada; printf "password=a\tb\n"; }; f'
	fetch fetch "$AUTH/one.git"
	fails 4 remote.login ""
	git config --global credential.helper '!f() { yes; }; f'
	fetch fetch "$AUTH/one.git"
	fails 4 remote.login "none is known here"
}

@test "login: the configuration of the folder we stand in has no say" {
	git init -q evil
	git -C evil config credential.helper "!touch $PWD/ran"
	cd evil
	run remote_tool scratch="$HOME" fetch "$AUTH/one.git"
	[[ $output == *"[remote.login]"* ]]
	[ ! -e "$HOME/ran" ]
}
