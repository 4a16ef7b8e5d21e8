#!/usr/bin/env bats
# What a person at a terminal is asked and shown.
# Each test is a process of its own, and sets `seen` for itself.
# shellcheck disable=SC2030,SC2031
bats_require_minimum_version 1.5.0

setup() {
	exec </dev/null
	cd "$BATS_TEST_TMPDIR" || exit
	export CONFER_HOME=$BATS_TEST_TMPDIR/home TERM=xterm
	unset CONFER_PASSPHRASE_FILE NO_COLOR
	mkdir sheets
	seen=
}

teardown() {
	[ -z "${terminal-}" ] || kill "$terminal" 2>/dev/null || :
}

# Runs a command on a terminal of its own (8 is its screen, 9 its keyboard).
# Its exit status is the last line.
terminal() {
	rm -f keys screen
	mkfifo keys screen
	env --default-signal script -qfec "$1; echo status \$?" /dev/null \
		<keys >screen 3>&- &
	terminal=$!
	exec 9>keys 8<screen
}

# Waits until the terminal shows the text; what came before is in $seen.
expect() {
	local c part=
	while [[ "$part" != *"$1" ]]; do
		if ! IFS= read -r -t 30 -d '' -n 1 -u 8 c; then
			echo "waited for '$1', saw: $part"
			return 1
		fi
		part+=$c
	done
	seen+=$part
}

type_line() {
	printf '%s\n' "$1" >&9
}

@test "init asks for a passphrase twice and shows each sheet once" {
	terminal 'confer init t --name "Ashby Trust"'
	expect 'passphrase'
	expect ': '
	type_line 'abc'
	expect 'too short'
	expect ': '
	type_line 'correct horse'
	expect 'The same again: '
	type_line 'wrong horse'
	expect 'not the same'
	expect ': '
	type_line 'correct horse'
	expect 'The same again: '
	type_line 'correct horse'
	# The first sheet, on a screen of its own.
	expect $'\033[?1049h'
	expect 'sheet 1 of 2'
	expect 'type kept: '
	type_line 'yes'
	expect 'type kept: '
	type_line 'kept'
	expect $'\033[?1049l'
	expect 'sheet 2 of 2'
	expect 'type kept: '
	type_line 'kept'
	expect $'\033[?1049l'
	expect 'confer id --card'
	expect 'status 0'
	[[ "$seen" != *horse* ]]
	[ -d t/.git ]
}

@test "a sheet that a screen has no room for is shown in parts" {
	terminal 'stty rows 24; confer init t --name "Ashby Trust" \
		--no-passphrase'
	expect 'press Enter for the next: '
	[[ "$seen" != *'THE KEY'* ]]
	seen=
	type_line ''
	# The key is whole, and all that is left to read has room.
	expect 'press Enter for the next: '
	[[ "$seen" == *'WHAT TO DO'*'THE KEY'*' 8   '* ]]
	(( $(wc -l <<<"$seen") <= 24 ))
	type_line ''
	expect 'type kept: '
	printf '\004' >&9
	expect 'status '
}

@test "init that is broken off leaves nothing" {
	terminal 'confer init t --name "Ashby Trust" --no-passphrase'
	expect 'type kept: '
	printf '\004' >&9
	expect 'confer:'
	expect 'status '
	expect $'\n'
	[[ "$seen" != *'status 0'* ]]
	[ ! -d t/.git ]
}

@test "control-C at a sheet: it is gone from the screen, and nothing is left" {
	terminal 'trap : INT; confer init t --name "Ashby Trust" \
		--no-passphrase'
	expect 'type kept: '
	printf '\003' >&9
	expect $'\033[?1049l'
	expect 'stopped; nothing was made or sent'
	expect 'status 130'
	[ ! -e t ]
	# the second sheet, and new ones
	(umask 077 && echo 'correct horse' >file)
	confer init t --name "Ashby Trust" --sheets sheets \
		--passphrase-file file
	terminal "confer -C t key rotate --root --no-push \
		--sheet $(echo "$PWD"/sheets/recovery-sheet-1-*)"
	expect ': '
	type_line 'correct horse'
	expect 'type kept: '
	type_line 'kept'
	expect 'sheet 2 of 2'
	expect 'type kept: '
	# a program that shows a secret cannot be stopped and left
	printf '\032' >&9
	sleep 0.2
	type_line 'what?'
	expect 'type kept: '
	kill -TERM "$(pgrep -x confer -t "$(ps -o tty= -p \
		"$(pgrep -P "$terminal")" | tr -d ' ')")"
	expect $'\033[?1049l'
	expect 'nothing was made or sent'
	expect 'status 143'
	[ "$(git -C t rev-list --count main)" = 1 ]
}

@test "control-C at work says what it means" {
	mkfifo slow
	terminal 'trap : INT; confer -C . --passphrase-file slow init t --name "Ashby" \
		--sheets sheets'
	sleep 1
	printf '\003' >&9
	expect 'Stopped. What was finished by then stays'
	expect 'status 130'
	[ -z "$(ls sheets)" ]
}

@test "stopped twice, the shell has its echo each time" {
	(umask 077 && echo 'correct horse' >file)
	confer init t --name "Ashby Trust" --sheets sheets \
		--passphrase-file file
	# a shell that puts nothing right by itself
	cat >twice <<-'SH'
	set -m
	said() { stty -a | grep -qe '-echo ' && printf "$1 silent\n" ||
		printf "$1 heard\n"; }
	confer -C t publish --no-push
	said first
	fg
	said then
	SH
	terminal 'dash twice'
	expect ': '
	printf '\032' >&9
	expect 'first heard'
	sleep 0.3
	type_line 'correct horse'
	sleep 0.1
	printf '\032' >&9
	expect 'then heard'
}

@test "what is typed while a key is being opened is not shown" {
	(umask 077 && echo 'correct horse' >file)
	confer init t --name "Ashby Trust" --sheets sheets \
		--passphrase-file file
	terminal 'confer -C t publish --no-push; stty -a'
	expect ': '
	type_line 'correct horse'
	type_line 'typed ahead'
	expect ' echo '
	[[ "$seen" != *ahead* ]]
}

@test "a passphrase is asked for, and a wrong one is said to be wrong" {
	(umask 077 && echo 'correct horse' >file)
	confer init t --name "Ashby Trust" --sheets sheets \
		--passphrase-file file
	terminal 'confer -C t publish --no-push'
	expect ': '
	type_line 'wrong horse'
	expect 'That is not it.'
	expect ': '
	type_line 'wrong horse'
	expect 'That is not it.'
	expect ': '
	type_line 'wrong horse'
	expect 'the passphrase does not open this key'
	expect 'status '
	expect $'\n'
	[[ "$seen" != *'status 0'* ]]
	[[ "$seen" != *horse* ]]
}

@test "control-C at a passphrase leaves the terminal with its echo" {
	(umask 077 && echo 'correct horse' >file)
	confer init t --name "Ashby Trust" --sheets sheets \
		--passphrase-file file
	terminal 'bash -c "trap : INT; confer -C t publish --no-push; stty -a"'
	expect ': '
	printf '\003' >&9
	expect ' echo '
}

@test "withdraw shows what it is about to take back" {
	confer init t --name "Ashby Trust" --sheets sheets --no-passphrase
	cp "$BATS_TEST_DIRNAME/../../schemas/examples/need.json" t/drafts/
	id=$(confer -C t --json publish --no-push drafts/need.json |
		jq -r '.records[0].id')
	title=$(jq -r .body.title t/drafts/need.json)
	terminal "confer -C t withdraw ${id:0:13} --reason wrong --no-push"
	expect "$title"
	expect 'Withdraw it?'
	type_line 'no'
	expect 'nothing was changed'
	expect 'status '
	[ "$(git -C t rev-list --count main)" = 2 ]
}

@test "a partner is followed only after a yes" {
	confer init a --name "Ashby Trust" --sheets sheets --no-passphrase
	confer init b --name "Heron Trust" --sheets sheets --no-passphrase
	number=$(confer -C a --json id | jq -r .safetyNumber)
	terminal 'confer -C b partner add ../a'
	expect "$number"
	expect '(yes or no) '
	type_line 'perhaps'
	expect '(yes or no) '
	type_line 'no'
	expect 'status '
	expect $'\n'
	[[ "$seen" != *'status 0'* ]]
	[ "$(confer -C b --json partner list | jq length)" -eq 0 ]
	terminal 'confer -C b partner add ../a'
	expect '(yes or no) '
	type_line 'yes'
	expect 'status 0'
	[ "$(confer -C b --json partner list | jq length)" -eq 1 ]
}

@test "colour on a terminal only, and not with NO_COLOR" {
	terminal 'confer help; NO_COLOR=1 confer help list'
	expect 'explains one'
	expect 'Usage:'
	[[ "$seen" == *$'\033[1m'*$'\033[1m'* ]]
	[[ "$seen" != *$'\033[1mUsage'* ]]
	run -0 confer help
	[[ "$output" != *$'\033'* ]]
}
