#!/usr/bin/env bash
# The story of four partners, told on this machine with real git servers: see
# README.md. Each step is shown, run, and checked; the first that is not as told
# ends the story with a message. What it made stays in ./demo to play with.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
# shellcheck source=tests/e2e/servers.bash
. tests/e2e/servers.bash

demo=$top/demo
rm -rf "$demo"
mkdir -p "$demo/home" "$demo/cards"
cd "$demo"
trap 'servers_end || true' EXIT

# Nothing of this machine's own settings takes part.
export HOME=$demo/home CONFER_HOME=$demo/home/confer
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset CONFER_PASSPHRASE_FILE SSH_AUTH_SOCK GIT_DIR GIT_WORK_TREE

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$'\e[1m' plain=$'\e[0m'
fi

chapter() {
	printf '\n%s== %s%s\n\n' "$bold" "$1" "$plain"
}

tell() {
	printf '%s\n' "$*" | fold -s -w 76
}

# run COMMAND...: shows it, runs it, shows what it says. It must succeed.
run() {
	local word line='$'
	for word in "$@"; do
		[ "$word" = "${word//[[:space:]]/}" ] || word="\"$word\""
		line+=" ${word#"$demo/"}"
	done
	printf '%s%s%s\n' "$bold" "$line" "$plain"
	"$@" 2>&1 | sed 's/^/    /'
}

# quiet COMMAND...: runs it; what it says is shown only where it fails.
quiet() {
	"$@" >"$demo/last.log" 2>&1 || {
		cat "$demo/last.log"
		fail "'$*' ended with exit status $?"
	}
}

fail() {
	printf '\nThe story went wrong: %s\n' "$*" >&2
	exit 1
}

# expect WANT GOT WHAT
expect() {
	[ "$1" = "$2" ] || fail "$3: wanted '$1', got '$2'"
}

member() {
	local trust=$1 filter=$2
	shift 2
	confer -C "$trust" "$@" --json 2>/dev/null | jq -r "$filter"
}

commons() {
	git -C "$1" rev-parse refs/heads/commons
}

declare -A title=(
	[northfield]='Northfield Learning Trust'
	[ashby]='Ashby Trust'
	[riverside]='Riverside Academies Trust'
	[wessex]='Wessex University'
)
all='northfield ashby riverside wessex'
examples=$top/schemas/examples/demo

chapter 'Four partners, each with a repository of its own'
tell "Three school trusts and a university begin. Nobody runs a centre: each has\
 its own key, its own recovery sheets, and its own place on a git host. Two are\
 on a web server, one is reached by ssh, one is a folder."
echo
servers_begin "$demo/servers"
for t in $all; do
	serve_repo "$t.git"
done
serve_http
serve_ssh
declare -A url=(
	[northfield]=$HTTP/northfield.git
	[ashby]=$HTTP/ashby.git
	[riverside]=$SSH/riverside.git
	[wessex]=$SERVED/wessex.git
)
for t in $all; do
	role=trust
	[ "$t" != wessex ] || role=university
	set -- confer init "$t" --name "${title[$t]}" --role "$role" \
		--remote "${url[$t]}" --sheets "$demo/sheets/$t" --no-passphrase
	if [ "$t" = northfield ]; then
		run "$@"
	else
		quiet "$@"
	fi
	git -C "$t" config confer.sshKey "$SSH_KEY"
	git -C "$t" config confer.knownHosts "$SSH_KNOWN_HOSTS"
	quiet confer -C "$t" publish
	mkdir -p "$t/drafts"
done
tell "The other three did the same."

chapter 'They follow each other, after a telephone call'
tell "Each hands the others a card, and reads out the safety number:"
echo
for t in $all; do
	confer -C "$t" id --card >"cards/$t.json"
	printf '    %-28s %s\n' "${title[$t]}" \
		"$(member "$t" .safetyNumber id)"
done
echo
for t in $all; do
	for other in $all; do
		[ "$t" != "$other" ] || continue
		expect "$(member "$other" .safetyNumber id)" \
			"$(jq -r .safetyNumber "cards/$other.json")" \
			"the safety number on the card of $other"
		set -- confer -C "$t" partner add "${url[$other]}" \
			--card "$demo/cards/$other.json" --name "$other"
		if [ "$t/$other" = northfield/ashby ]; then
			run "$@"
		else
			quiet "$@"
		fi
	done
done
tell "Everybody follows the other three now."

chapter 'They publish what they found and tried'
draft() {
	cp "$examples/$1-$2.json" "$1/drafts/$2.json"
}
for kind in practice finding offer; do
	draft northfield "$kind"
done
jq --arg n "$(jq -r .trust cards/northfield.json)" \
	--arg a "$(jq -r .trust cards/ashby.json)" '.stewards = [$n, $a]' \
	"$examples/northfield-project.json" >northfield/drafts/project.json
run confer -C northfield check
run confer -C northfield publish drafts/practice.json drafts/finding.json \
	drafts/offer.json drafts/project.json
draft ashby need
draft ashby practice
draft ashby finding
draft riverside finding
draft riverside finding-short
quiet confer -C ashby publish drafts/need.json drafts/practice.json \
	drafts/finding.json
quiet confer -C riverside publish drafts/finding.json \
	drafts/finding-short.json
tell "Ashby published a need, a practice and a finding; Riverside two findings."

chapter 'Everybody syncs, and has the same'
run confer -C ashby sync
for t in northfield riverside wessex; do
	quiet confer -C "$t" sync
done
want=$(commons northfield)
for t in $all; do
	printf '    %-28s %s\n' "${title[$t]}" \
		"$(member "$t" .commons.spoken status)"
	expect "$want" "$(commons "$t")" "the commons of $t"
	expect 9 "$(member "$t" .commons.records status)" "records of $t"
done
echo
tell "Read out on the telephone, the four codes show that all four see the same\
 nine records, bit for bit."

chapter 'Ashby takes up the practice, and edits the joint project'
practice=$(member ashby '.[0].id' list --kind practice --owner northfield)
jq --arg id "$practice" '.body.practice = $id' \
	"$examples/ashby-adoption.json" >ashby/drafts/adoption.json
quiet confer -C ashby publish drafts/adoption.json
project=$(member ashby '.[0].id' list --kind project)
run confer -C ashby new --from "${project:0:18}" -o drafts/joint.json
jq '.body.summary = "Ashby brings six more classes in the autumn."' \
	ashby/drafts/joint.json >joint.tmp && mv joint.tmp ashby/drafts/joint.json
run confer -C ashby publish drafts/joint.json
run confer -C northfield sync
expect 'Ashby brings six more classes in the autumn.' \
	"$(member northfield .record.body.summary show "$project")" \
	"the project as Northfield sees it"
expect 'Ashby Trust' "$(member northfield '.signers[0].name' show "$project")" \
	"who signed the project"
tell "Northfield reads Ashby's sentence, signed by Ashby."

chapter "Somebody tampers with Riverside's repository on the server"
tell "With the host's password, but without Riverside's key, somebody changes a\
 finding and commits it with ordinary git:"
echo
for t in $all; do
	confer -C "$t" sync >/dev/null 2>&1 || true
done
before=$(commons northfield)
thief=(git -c user.name='Riverside Academies Trust'
	-c user.email=riverside@example.org)
quiet git clone -q "$SERVED/riverside.git" "$demo/thief"
record=$(cd thief && git ls-files records/finding | head -n 1)
sed -i 's/"conclusion": ".*"/"conclusion": "It worked everywhere."/' \
	"thief/$record"
quiet "${thief[@]}" -C thief commit -q -a -m 'Publish 1 finding'
quiet git -C thief push -q origin main
rm -rf thief
echo "    $record"
echo
set +e
confer -C northfield sync >sync.log 2>&1
status=$?
set -e
sed 's/^/    /' sync.log
expect 4 "$status" "the exit status of the sync"
expect refused "$(confer -C ashby sync --json 2>/dev/null |
	jq -r '.partners[] | select(.name == "riverside").verdict')" \
	"the verdict of Ashby"
expect "$before" "$(commons northfield)" "the commons after the refusal"
tell "Northfield keeps the last good state, and so does everybody else."

chapter 'Wessex collects the findings, with who signed them'
run confer -C wessex list --kind finding
expect 4 "$(member wessex length list --kind finding)" "findings at Wessex"
finding=$(member wessex '.[0].id' list --kind finding --owner ashby)
expect 'Ashby Trust' "$(member wessex '.signers[0].name' show "$finding")" \
	"who signed the finding"

chapter 'Stock git agrees'
run confer -C wessex verify "${url[northfield]}"
confer -C northfield key export >signers
git -C northfield -c gpg.ssh.allowedSignersFile="$demo/signers" log \
	--show-signature --format='%G? %s' main >log.txt 2>&1
grep -E '^(Good|G )' log.txt | sed 's/^/    /' | cut -c 1-76
expect "$(git -C northfield rev-list --count main)" \
	"$(grep -c '^G ' log.txt)" "commits with a good signature"
for t in $all; do
	quiet git -C "$t" fsck --strict --no-dangling
	expect '' "$(git -C "$t" status --porcelain)" "git status of $t"
done
tell "Every commit is good for 'git log --show-signature', and 'git fsck --strict'\
 finds nothing wrong."

cat >servers/start <<END
#!/bin/sh
# Starts the servers of the demo again; Ctrl-C stops them.
$(server_path lighttpd) -f '$SERVERS/lighttpd-$HTTP_PORT.conf' -D &
$(server_path sshd) -D -e -f '$SERVERS/sshd.conf' &
trap 'kill %1 %2' INT TERM
wait
END
chmod +x servers/start
rm -f last.log sync.log log.txt
chapter 'The end'
tell "All of it is in $demo: a folder for each of the four, and their hosts in\
 servers/repos. To play on, start the servers in another window:"
cat <<END

    $demo/servers/start

and here:

    export CONFER_HOME=$CONFER_HOME PATH=$(dirname "$(command -v confer)"):\$PATH
    cd $demo/ashby
    confer status
END
