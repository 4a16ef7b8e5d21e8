#!/usr/bin/env bash
# The story of four partners, told on this machine with real git servers: see
# README.md. Each step is shown, run, and checked; the first that is not as told
# ends the story with a message. What it made stays in ./demo, or in the folder
# that is named, to play with; the next run makes that folder anew.
set -Eeuo pipefail
demo=$(realpath -m "${1:-$(dirname "$0")/../demo}")
cd "$(dirname "$0")/.."
top=$PWD
# shellcheck source=tests/e2e/servers.bash
. tests/e2e/servers.bash

if [ -e "$demo" ] && [ ! -e "$demo/made-by-the-demo" ]; then
	echo "$demo is not a folder that the demo made. Name another." >&2
	exit 2
fi
rm -rf "$demo"
mkdir -p "$demo/home" "$demo/cards"
touch "$demo/made-by-the-demo"
cd "$demo"
trap 'servers_end || true' EXIT
trap 'exit 1' TERM
trap 'fail "this did not work: $BASH_COMMAND"' ERR

# Nothing of this machine's own settings takes part, and nobody is asked.
exec </dev/null
export HOME=$demo/home CONFER_HOME=$demo/home/confer LC_ALL=C.UTF-8
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
	printf '%s\n' "$*" | fold -s -w 76 | sed 's/ *$//'
}

# show WORD...: a command as one would type it.
show() {
	local word line='$'
	for word in "$@"; do
		[[ $word != *[[:space:]*]* ]] || word="'$word'"
		line+=" ${word#"$demo/"}"
	done
	printf '%s%s%s\n' "$bold" "$line" "$plain"
}

# run COMMAND...: shows it, runs it, shows what it says. It must succeed.
run() {
	run_to 0 "$@"
}

# run_to STATUS COMMAND...: the same, and it must end with this exit status.
run_to() {
	local want=$1 status=0
	shift
	show "$@"
	"$@" >"$demo/last.log" 2>&1 || status=$?
	sed 's/^/    /' "$demo/last.log"
	expect "$want" "$status" "the exit status of '$*'"
}

# quiet COMMAND...: runs it; what it says is shown only where it fails.
quiet() {
	local status=0
	"$@" >"$demo/last.log" 2>&1 || status=$?
	[ "$status" = 0 ] || cat "$demo/last.log"
	expect 0 "$status" "the exit status of '$*'"
}

fail() {
	trap - ERR
	printf '\nThe story went wrong: %s\n' "$*" >&2
	# where it is noticed inside $(...), the story must end too
	[ "$BASHPID" = "$$" ] || kill -TERM "$$"
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
	mkdir -p "$demo/sheets/$t"
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
# about TRUST FINDING: a draft of it that names Northfield's practice.
about() {
	jq --arg id "$practice" '.body.practice = $id' \
		"$examples/$1-$2.json" >"$1/drafts/$2.json"
}
draft northfield practice
draft northfield offer
jq --arg n "$(jq -r .trust cards/northfield.json)" \
	--arg a "$(jq -r .trust cards/ashby.json)" '.stewards = [$n, $a]' \
	"$examples/northfield-project.json" >northfield/drafts/project.json
run confer -C northfield check
run confer -C northfield publish drafts/practice.json drafts/offer.json \
	drafts/project.json
practice=$(member northfield '.[0].id' list --kind practice)
about northfield finding
run confer -C northfield publish drafts/finding.json
draft ashby need
draft ashby practice
about ashby finding
about riverside finding
about riverside finding-short
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
about ashby adoption
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

chapter 'Wessex pools the findings, and goes from a number to its signature'
for t in riverside wessex; do
	quiet confer -C "$t" sync
done
run confer -C wessex search 'read accurately but lose the meaning'
echo
run confer -C wessex pool --outcome reading_fluency --knapp-hartung \
	--plot ../forest.svg --publish
tell "The plot is in $demo/forest.svg. Northfield works the estimate\
 out again, from the versions that it names:"
echo
for t in northfield ashby riverside; do
	quiet confer -C "$t" sync
done
synthesis=$(member northfield '.[0].id' list --kind synthesis)
run confer -C northfield pool --replay "${synthesis:0:18}"
id=$(member wessex '.[0].id' list --kind finding --owner northfield)
# Ids are as short as tells them apart.
grep -q ">${id:0:13}[-0-9a-f]*<" forest.svg || fail 'the plot names no finding'
tell "In table and plot stands the record of each finding. Who signed it,\
 Confer says, and stock git sees for itself, with the keys as it wants them:"
echo
show confer -C wessex show "${id:0:18}" '|' head -n 9
confer -C wessex show "$id" | sed -n '1,9s/^/    /p'
show confer -C wessex key export '>' signers
confer -C wessex key export >signers
run git -C wessex -c gpg.ssh.allowedSignersFile="$demo/signers" log \
	--glob=refs/confer/pins --show-signature -- "*${id:0:18}*"
expect "G $(jq -r .trust cards/northfield.json)@confer.invalid" \
	"$(git -C wessex -c gpg.ssh.allowedSignersFile="$demo/signers" log \
	--glob=refs/confer/pins --format='%G? %GS' -- "*${id:0:18}*")" \
	"who signed the finding, as git says"

chapter "Somebody tampers with Riverside's repository on the server"
tell "With the host's password, but without Riverside's key, somebody changes a\
 finding and commits it with ordinary git:"
echo
for t in $all; do
	quiet confer -C "$t" sync
done
before=$(commons northfield)
thief=(git -c user.name='Riverside Academies Trust'
	-c user.email=riverside@example.org)
quiet git clone -q "$SERVED/riverside.git" "$demo/thief"
record=$(cd thief && git ls-files records/finding | head -n 1)
id=$(jq -r .id "thief/$record")
true_words=$(member wessex .record.body.conclusion show "$id")
quiet sed -i 's/"conclusion": ".*"/"conclusion": "It worked everywhere."/' \
	"thief/$record"
expect 'It worked everywhere.' "$(jq -r .body.conclusion "thief/$record")" \
	"what the thief writes"
run "${thief[@]}" -C thief commit -q -a -m 'Publish 1 finding'
run git -C thief push -q origin main
rm -rf thief
tell "The next sync of the others notices, and ends with exit status 4:"
echo
run_to 4 confer -C northfield sync
for t in northfield ashby wessex; do
	status=0
	confer -C "$t" --json sync >sync.json 2>sync.log || status=$?
	expect 4 "$status" "the exit status of the sync of $t"
	expect 'refused commit.encoding' "$(jq -r '.partners[] |
		select(.name == "riverside") |
		"\(.verdict) \(.refusal.rule)"' sync.json)" "what $t says"
	expect 'up-to-date up-to-date' "$(jq -r '[.partners[] |
		select(.name != "riverside").verdict] | join(" ")' sync.json)" \
		"the others, as $t sees them"
	expect "$before" "$(commons "$t")" "the commons of $t, refused"
	expect "$true_words" "$(member "$t" .record.body.conclusion \
		show "$id")" "the finding as $t reads it"
done
tell "Northfield, Ashby and Wessex keep the last good state: they read what\
 Riverside signed, and have the same commons as before."

chapter 'Wessex collects the findings, with who signed them'
run confer -C wessex list --kind finding
echo
signed='.[] | "\(.signers[0].name) signed: \(.title)"'
show confer -C wessex --json list --kind finding '|' jq -r "$signed"
confer -C wessex --json list --kind finding | jq -r "$signed" | sed 's/^/    /'
expect '4 true' "$(member wessex '"\(length) \(all(.[];
	[.signers[].trust] == [.owner]))"' list --kind finding)" \
	"findings at Wessex, each signed by its owner"
run confer -C wessex verify "${url[northfield]}"

chapter 'Stock git agrees'
tell "Every commit is signed as git itself signs with ssh keys:"
echo
run git -C northfield -c gpg.ssh.allowedSignersFile="$demo/signers" log \
	--show-signature --format='%s' main
for t in $all; do
	expect G "$(git -C "$t" -c gpg.ssh.allowedSignersFile="$demo/signers" \
		log --format=%G? main | sort -u)" \
		"what git says of the signatures of $t"
	quiet git -C "$t" fsck --strict --no-dangling
	quiet git -C "$SERVED/$t.git" fsck --strict --no-dangling
	expect '' "$(git -C "$t" status --porcelain)" "git status of $t"
done
run git -C northfield fsck --strict --no-dangling
tell "So it is for all four: good signatures, and nothing that 'git fsck\
 --strict' finds wrong."

cat >servers/start <<END
#!/bin/sh
# Starts the servers of the demo again; Ctrl-C stops them.
trap 'kill \$web \$ssh' EXIT
trap 'exit 0' INT TERM
$(server_path lighttpd) -f '$SERVERS/lighttpd-$HTTP_PORT.conf' -D &
web=\$!
$(server_path sshd) -D -e -f '$SERVERS/sshd.conf' &
ssh=\$!
wait
END
chmod +x servers/start
rm -f last.log sync.log sync.json
chapter 'The end'
tell "All of it is in $demo: a folder for each of the four, and their hosts in\
 servers/repos. To play on, start the servers in another window:"
cat <<END

    $demo/servers/start

and here:

    export CONFER_HOME=$CONFER_HOME PATH=$(dirname "$(command -v confer)"):\$PATH
    cd $demo/ashby
    confer status

Riverside's host is still as the thief left it: 'confer sync' refuses it, and
'confer publish' in $demo/riverside says how to put it right.
END
