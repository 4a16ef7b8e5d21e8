#!/usr/bin/env bats
# The command line before any command runs: help, wrong words, missing words.
# Nothing here needs a repository, a home or a terminal.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	unset CONFER_HOME CONFER_PASSPHRASE_FILE XDG_DATA_HOME
}

# usage_error PART COMMAND...: exit status 2, a sentence with PART on stderr
# and nothing on stdout; with --json the same as an object on stdout.
usage_error() {
	local part=$1
	shift
	status=0
	"$@" >out 2>err || status=$?
	cat out err
	[ "$status" -eq 2 ]
	[ ! -s out ]
	[[ "$(cat err)" == "confer: "*"$part"* ]]
	status=0
	"$@" --json >out 2>err || status=$?
	[ "$status" -eq 2 ]
	[ ! -s err ]
	[ "$(jq -r .error.code out)" = usage ]
	[[ "$(jq -r .error.message out)" == *"$part"* ]]
}

@test "confer alone and confer help show the commands in groups" {
	run -0 confer
	alone=$output
	run -0 confer help
	[ "$output" = "$alone" ]
	for word in init publish 'partner add' sync show verify 'key export'; do
		[[ "$output" == *"  $word "* ]]
	done
	[ "${#lines[@]}" -lt 60 ]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ]
	done
}

@test "help is on stdout, for every command, by both ways, without a home" {
	confer help --options | sed 's/ -.*//' | sort -u | grep -v '^confer$' \
		>commands
	[ "$(wc -l <commands)" -ge 18 ]
	while read -r command; do
		# shellcheck disable=SC2086 # the words of a command
		env -u HOME confer help $command >one 2>err
		# shellcheck disable=SC2086
		env -u HOME confer $command --help >two 2>>err
		cmp one two
		[ ! -s err ]
		grep -q "^Usage: confer $command" one
		grep -q -- '--passphrase-file FILE' one
		[ "$(wc -L <one)" -le 80 ]
	done <commands
}

@test "every option is in the help of its command" {
	confer help --options | grep ' -' >pairs
	[ "$(wc -l <pairs)" -ge 25 ]
	while read -r pair; do
		command=${pair% -*}
		[ "$command" = confer ] && command=list
		# shellcheck disable=SC2086 # the words of a command
		confer help $command | grep -qE -- "(^|[ ,])${pair##* }([ ,]|$)"
	done <pairs
}

# in_manual COMMAND: what the manual says of it, from its own line to that of
# the next command or section.
in_manual() {
	awk -v head="     confer $1 " '
		/^     confer / || /^ ? ? ?[^ ]/ { on = index($0 " ", head) == 1 }
		on' manual
}

@test "every command and option is in its place in the manual" {
	mandoc -T utf8 -O width=300 "$BATS_TEST_DIRNAME/../../man/confer.1" |
		sed $'s/.\b//g' >manual
	confer help --options >pairs
	while read -r pair; do
		option=${pair##* }
		case $pair in
		'confer -'*) text=$(sed '/^COMMANDS/,$d' manual) ;;
		*' -'*) text=$(in_manual "${pair% -*}") ;;
		*) text=$(in_manual "$pair") option=confer ;;
		esac
		grep -qE -- "(^|[^[:alnum:]-])$option([^[:alnum:]-]|\$)" \
			<<<"$text" || {
			echo "confer.1 does not speak of: $pair"
			return 1
		}
	done <pairs
	[ -z "$(in_manual frobnicate)" ]
}

@test "a family of commands alone lists them" {
	run -0 confer help partner
	[[ "$output" == *'partner add '*'partner list '*'partner remove '* ]]
	run -0 confer partner --help
	[[ "$output" == *'partner remove '* ]]
	usage_error 'add one of: add, list, accept, remove' confer partner
	usage_error "Did you mean 'confer partner list'?" confer partner lsit
	usage_error "'confer key' comes one of: list, " confer key frobnicate
}

@test "--version" {
	run -0 confer --version
	[[ "$output" =~ ^confer\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	run -0 env -u HOME confer list --version
	[[ "$output" == confer\ * ]]
}

@test "an unknown command names the nearest" {
	usage_error "Did you mean 'confer publish'?" confer pubish
	usage_error "Did you mean 'confer verify'?" confer --quiet verfiy
	usage_error "'confer help' lists the commands" confer frobnicate
	usage_error "Did you mean 'confer sync'?" confer help snyc
	usage_error "there is no 'list all'" confer help list all
}

@test "an unknown option names the nearest" {
	usage_error 'Did you mean --kind?' confer list --kidn finding
	usage_error 'Did you mean --version?' confer --verison
	usage_error 'no option -z here' confer status -z
	usage_error 'no option --card here' confer status --card
}

@test "missing and superfluous words" {
	usage_error "needs ID; write: confer show ID [--blame] [--history]" confer show
	usage_error "needs NAME" confer partner remove
	usage_error "with 'b'" confer show a b
	usage_error "with 'x'" confer status x
	usage_error "--name NAME is missing" confer init
	usage_error "--reason TEXT is missing" confer withdraw 0190b1e2
	usage_error "--rebuild is missing; write: confer index --rebuild" confer index
}

@test "values of options" {
	usage_error '--name needs a value' confer init --name
	usage_error '--role cannot be' confer init --name N --role trst
	usage_error 'from 1 to 64' confer sync -j 0
	usage_error 'from 1 to 64' confer sync --jobs=many
	usage_error '--kind is given twice' confer list --kind=a --kind b
	usage_error 'empty value' confer list --owner=
	usage_error '--json takes no value' confer status --json=yes
}

@test "what cannot be told apart from an option stands behind --" {
	run -1 confer show -- --history
	[[ "$output" != *'needs ID'* ]]
}

@test "outside a repository the folder that was made last is named" {
	mkdir -p "$BATS_TEST_TMPDIR/a b/sheets" "$BATS_TEST_TMPDIR/elsewhere"
	cd "$BATS_TEST_TMPDIR/a b"
	export CONFER_HOME=$BATS_TEST_TMPDIR/keys
	confer -q init t --name T --no-passphrase --sheets sheets
	cd ../elsewhere
	run -1 --separate-stderr confer status
	[[ $stderr == *"Yours may be this one: cd '$BATS_TEST_TMPDIR/a b/t'"* ]]
	rm -rf "../a b/t"
	run -1 --separate-stderr confer status
	[[ $stderr != *"Yours may be"* ]]
}

@test "outside a repository a command says to run init" {
	run -1 env -u HOME confer status
	[[ "$output" == *'confer init'* ]]
	run -1 --separate-stderr confer --json status
	[ -z "$stderr" ]
	[ "$(jq -r .error.code <<<"$output")" = not-found ]
	run -1 confer -C nowhere status
	[[ "$output" == *nowhere* ]]
}

@test "the kinds are listed without a repository" {
	run -0 confer new
	[[ "$output" == *finding*practice* || "$output" == *practice*finding* ]]
	run -0 --separate-stderr confer --json new
	jq -e 'map(.kind) | index("finding")' <<<"$output"
	usage_error "Did you mean 'finding'?" confer new findng
}

@test "a reader that goes away is no failure" {
	for _ in 1 2 3; do
		confer help --options | head -n 1 >out
		[ "${PIPESTATUS[0]}" -eq 0 ]
	done
	# The pipe is closed before anything is written to it.
	{ sleep 0.2; confer help; echo $? >status; } | :
	while [ ! -s status ]; do sleep 0.1; done
	[ "$(cat status)" -eq 0 ]
}

@test "output that cannot be written is an error" {
	[ -w /dev/full ] || skip "no /dev/full here"
	run -1 sh -c 'confer help >/dev/full'
	[[ "$output" == *'cannot write the result: the disk is full'* ]]
	run -1 sh -c 'confer --version >&-'
	[[ "$output" == *'cannot write the result'* ]]
	run -2 sh -c 'confer frobnicate 2>&-'
	[ -z "$output" ]
}
