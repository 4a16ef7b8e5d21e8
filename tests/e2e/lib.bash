# What the stories need: a world of trusts, each with a bare repository at a
# "host", in a folder of its own; people who read JSON, and people who tamper.
#
# setup_file of a story builds the world once and calls keep_world; setup calls
# fresh_world, which puts it back as it was kept, at the same place.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
examples=$top/schemas/examples

declare -gA titles=(
	[northfield]='Northfield Learning Trust'
	[ashby]='Ashby Trust'
	[riverside]='Riverside Academies Trust'
	[wessex]='Wessex University'
)

# --- the world --------------------------------------------------------------

# Nothing of the machine or of the person who runs the tests counts.
begin_world() {
	export world=${1:-$BATS_FILE_TMPDIR/world}
	export HOME=$world/home CONFER_HOME=$world/home/confer
	export TZ=UTC LC_ALL=C.UTF-8 TERM=dumb NO_COLOR=1
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset XDG_DATA_HOME XDG_CONFIG_HOME CONFER_PASSPHRASE_FILE
	unset SSH_AUTH_SOCK GIT_DIR GIT_WORK_TREE COLUMNS
	umask 022
	mkdir -p "$HOME" "$world/hosts" "$world/sheets/new"
	cd "$world" || return 1
}

keep_world() {
	cd / && cp -a "$world" "$BATS_FILE_TMPDIR/kept"
}

# Nobody sits at a terminal, unless a test says so.
fresh_world() {
	exec </dev/null
	cd / && rm -rf "$world" && cp -a "$BATS_FILE_TMPDIR/kept" "$world" &&
		cd "$world" || return 1
}

bare() {
	git init -q --bare -b main "$world/hosts/$1.git"
}

# new_trust NAME [OPTION...]: with an empty repository at its host.
new_trust() {
	local name=$1
	shift
	bare "$name"
	mkdir -p "$world/sheets/$name"
	confer -q init "$world/$name" --name "${titles[$name]}" \
		--remote "$world/hosts/$name.git" \
		--sheets "$world/sheets/$name" --no-passphrase "$@"
}

# published_trust NAME: one whose host has its first commit.
published_trust() {
	new_trust "$@" && confer -q -C "$world/$1" publish
}

trust_id() {
	confer -C "$world/$1" --json id | jq -r .trust
}

# follow NAME PARTNER...: by file, with their trust ids.
follow() {
	local name=$1 partner
	shift
	for partner in "$@"; do
		confer -q -C "$world/$name" partner add --name "$partner" \
			--id "$(trust_id "$partner")" \
			"$world/hosts/$partner.git" || return
	done
}

# draft NAME EXAMPLE [JQ-FILTER [ARG...]]: an example as a draft; prints the
# file.
draft() {
	local name=$1 example=$2 filter=${3:-.} file
	file=$world/$name/drafts/${example##*/}.json
	mkdir -p "${file%/*}"
	jq "$filter" "${@:4}" <"$examples/$example.json" >"$file" &&
		echo "$file"
}

# publish_example NAME EXAMPLE [JQ-FILTER [ARG...]]: prints the new id.
publish_example() {
	local file
	file=$(draft "$@") && confer -C "$world/$1" --json publish "$file" |
		jq -er '.records[0].id'
}

# edit NAME FILTER [ARG...]: NAME publishes another version of $project.
# shellcheck disable=SC2154 # each story's own
edit() {
	rm -f "$world/edit.json" "$world/edit.guide.md"
	confer -q -C "$world/$1" new --from "$project" -o "$world/edit.json" &&
		jq "${@:2}" <"$world/edit.json" >"$world/edited" &&
		mv "$world/edited" "$world/edit.json" &&
		confer -q -C "$world/$1" publish "$world/edit.json"
}

# sync_all NAME...: each, in that order; conflicts are no failure.
sync_all() {
	local name
	for name; do
		confer -q -C "$name" sync >/dev/null || [ $? = 3 ]
	done
}

# --- what came out ----------------------------------------------------------

# try COMMAND...: $status, $output (standard output) and $stderr.
try() {
	run --separate-stderr "$@"
}

# exits STATUS COMMAND...
exits() {
	local want=$1
	shift
	try "$@"
	[ "$status" = "$want" ] && return
	echo "exit status $status instead of $want: $*"
	echo "$output"
	echo "$stderr"
	return 1
}

# fails COMMAND...: a "!" in front of it would not fail the test.
fails() {
	if "$@"; then
		echo "it did not fail: $*"
		return 1
	fi
}

# holds FILTER [ARG...]: the JSON on standard output is as jq says.
holds() {
	jq -e "$@" <<<"$output" >/dev/null && return
	echo "not so: $1"
	echo "$output"
	return 1
}

# has TEXT: standard output or standard error, unfolded, says so.
has() {
	local said
	said=$(tr -s ' \n' '  ' <<<"$output $stderr")
	[[ $said == *"$1"* ]] && return
	echo "it does not say: $1"
	echo "$output"
	echo "$stderr"
	return 1
}

# One clear message: on standard error alone, in a sentence, once.
one_message() {
	[ -z "$output" ] && [ "$(grep -c '^confer: ' <<<"$stderr")" = 1 ] &&
		return
	echo "not one message"
	echo "$output"
	echo "$stderr"
	return 1
}

# Everything that a command which fails must leave as it was: files with their
# modes and contents, and so refs, settings, drafts, keys and hosts too. The
# lock only keeps who held it last, and the note how a host answered last.
listing() {
	local notes=(-path '*/.git/confer/lock' -o
		-path '*/.git/confer/last-sync.json')
	find "$world" \( "${notes[@]}" \) -prune -o \
		-printf '%p %y %m %l\n' | sort
	find "$world" \( "${notes[@]}" \) -prune -o \
		-type f -print0 | sort -z | xargs -0 sha256sum
}

# unchanged STATUS COMMAND...: it fails so, and has changed nothing.
unchanged() {
	local before
	before=$(listing)
	exits "$@" || return
	[ "$(listing)" = "$before" ] && return
	echo "it has changed something:"
	diff <(echo "$before") <(listing)
	return 1
}

commons_of() {
	git -C "$world/$1" rev-parse --verify -q refs/heads/commons
}

same_commons() {
	local first name
	first=$(commons_of "$1") || return
	for name in "$@"; do
		[ "$(commons_of "$name")" = "$first" ] && continue
		echo "$name has another commons than $1"
		return 1
	done
}

head_of() {
	git -C "$world/hosts/$1.git" rev-parse --verify -q main
}

pin_of() {
	git -C "$world/$1" rev-parse --verify -q \
		"refs/confer/pins/$(trust_id "$2")"
}

# --- people who tamper ------------------------------------------------------

# A clone of a trust's host, made with stock git.
clone_of() {
	rm -rf "$world/clone"
	git clone -q -b main "$world/hosts/$1.git" "$world/clone"
	git -C "$world/clone" config user.name Somebody
	git -C "$world/clone" config user.email somebody@example.org
}

# tamper NAME COMMAND...: somebody who can write to the host, and has no key,
# runs the command in a clone, commits with stock git, and pushes.
tamper() {
	local name=$1
	shift
	clone_of "$name" && (
		cd "$world/clone" && "$@" && git add -A &&
			git commit -q --allow-empty -m "Publish 1 practice" &&
			git push -q -f origin HEAD:main
	)
}

hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# The length and the bytes of an ssh string, in hex.
ssh_string() {
	printf '%08x%s' "$((${#1} / 2))" "$1"
}

# public_of SEED: the public half, in hex.
public_of() {
	local der=302e020100300506032b657004220420$1
	# shellcheck disable=SC2001,SC2059 # the bytes in \x form
	printf "$(sed 's/../\\x&/g' <<<"$der")" |
		openssl pkey -inform DER -pubout -outform DER | tail -c 32 | hex
}

# ssh_key NAME: the key of the trust's machine as ssh-keygen reads it; prints
# the file.
ssh_key() {
	local name=$1 id file
	id=$(trust_id "$name")
	file=$(confer -C "$world/$name" --json id | jq -r .key)
	ssh_file "$CONFER_HOME/keys/$id/${file#did:key:}.key" "$world/$1.key"
}

# ssh_file KEY-FILE OUT: an unsealed key of ours as ssh-keygen reads it.
ssh_file() {
	local file=$2 blob seed public secret n
	seed=$(jq -r .seed "$1" | base64 -d | hex)
	public=$(public_of "$seed")
	blob=$(ssh_string "$(printf ssh-ed25519 | hex)")$(ssh_string "$public")
	secret=1234567812345678$(ssh_string "$(printf ssh-ed25519 | hex)")
	secret+=$(ssh_string "$public")$(ssh_string "$seed$public")
	secret+=$(ssh_string '')
	for ((n = 1; ${#secret} % 16; n++)); do
		secret+=$(printf '%02x' "$n")
	done
	secret=$(printf 'openssh-key-v1\0' | hex)$(ssh_string 6e6f6e65)$(
		ssh_string 6e6f6e65)$(ssh_string '')00000001$(
		ssh_string "$blob")$(ssh_string "$secret")
	install -m 600 /dev/null "$file" && {
		echo '-----BEGIN OPENSSH PRIVATE KEY-----'
		# shellcheck disable=SC2001,SC2059 # the bytes in \x form
		printf "$(sed 's/../\\x&/g' <<<"$secret")" | base64 -w 70
		echo '-----END OPENSSH PRIVATE KEY-----'
	} >"$file"
	echo "$file"
}

# forge NAME COMMAND...: somebody who has the trust's key runs the command in a
# clone and pushes a commit as Confer makes them, with stock git. In the
# environment, to lie: KEY, TRUST, IDENTITY, SEQUENCE, WHEN, AUTHOR.
forge() {
	local name=$1 id key sequence when
	shift
	id=$(trust_id "$name")
	key=${KEY:-$(ssh_key "$name")}
	when=${WHEN:-$(date +%s)}
	clone_of "$name" && (
		cd "$world/clone" && "$@" && git add -A || exit
		sequence=$(git log -1 --format=%B |
			sed -n 's/^Confer-Sequence: //p')
		export GIT_AUTHOR_DATE="$when +0000"
		export GIT_COMMITTER_DATE="$when +0000"
		git -c user.name="${AUTHOR:-${titles[$name]}}" \
			-c user.email="$id@confer.invalid" \
			-c gpg.format=ssh -c user.signingkey="$key" \
			commit -q -S --allow-empty -F - <<-END &&
			Publish 1 practice

			Confer-Trust: ${TRUST:-$id}
			Confer-Identity: ${IDENTITY:-1}
			Confer-Sequence: ${SEQUENCE:-$((sequence + 1))}
			END
			git push -q -f origin HEAD:main
	)
}

# --- people at a terminal ---------------------------------------------------

# terminal COMMAND: on a terminal of its own. Then expect and answer take turns,
# and hang_up waits for the end and gives the exit status.
terminal() {
	said='' unread=''
	mkfifo "$world/keyboard" "$world/screen"
	script -qec "$*" /dev/null <"$world/keyboard" >"$world/screen" 3>&- &
	terminal_pid=$!
	exec {keyboard}>"$world/keyboard" {screen}<"$world/screen"
}

# expect TEXT: reads until the program has said it.
expect() {
	local piece tries
	for ((tries = 0; tries < 400; tries++)); do
		if [[ $unread == *"$1"* ]]; then
			unread=${unread#*"$1"}
			return 0
		fi
		IFS= read -r -d '' -t 0.05 -u "$screen" piece || :
		said+=${piece//$'\r'/}
		unread+=${piece//$'\r'/}
	done
	echo "it never said: $1"
	echo "$said"
	return 1
}

answer() {
	printf '%s\n' "$1" >&"$keyboard"
}

hang_up() {
	local rest
	rest=$(cat <&"$screen" | tr -d '\r')
	said+=$rest
	exec {screen}<&- {keyboard}>&-
	rm -f "$world/keyboard" "$world/screen"
	wait "$terminal_pid"
}
