#!/usr/bin/env bats
# confer relay: copies of partners' records at other hosts, for when a partner's
# own host does not answer; and what is made of copies that lag or lie.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow ashby northfield riverside
	follow riverside northfield ashby
	keep_world
}

setup() {
	fresh_world
}

# The copy of $2 at the host of $1.
copy_of() {
	git -C "$world/hosts/$1.git" rev-parse --verify -q \
		"refs/heads/via/$(trust_id "$2")"
}

# line NAME FILTER [ARG...]: of the last sync, about one partner.
line() {
	local name=$1 filter=$2
	shift 2
	holds --arg name "$name" "$@" '.partners[] |
		select(.name == $name) | '"$filter"
}

down() {
	mv "$world/hosts/$1.git" "$world/hosts/$1.away"
}

up() {
	mv "$world/hosts/$1.away" "$world/hosts/$1.git"
}

@test "relay: on, kept up to date, off" {
	exits 0 confer -C ashby relay
	has "You do not relay"
	exits 0 confer -C ashby relay on
	has "Everybody who can read your host can see whom you follow"
	has "carries the newest of 2 partners"
	[ "$(copy_of ashby northfield)" = "$(head_of northfield)" ]
	[ "$(copy_of ashby riverside)" = "$(head_of riverside)" ]
	[ "$(git -C ashby config confer.relay)" = true ]
	# what is new there follows with the next sync
	publish_example northfield practice
	exits 0 confer -C ashby --json sync
	holds '.relay == {sent: 1, removed: 0} and .own.verdict == "up-to-date"'
	[ "$(copy_of ashby northfield)" = "$(head_of northfield)" ]
	exits 0 confer -C ashby --json sync
	holds '.relay == null'
	exits 0 confer -C ashby --json relay
	holds '.relay and (.copies | length) == 2 and
		any(.copies[]; .name == "northfield" and .commit == $head and
			.title == "Northfield Learning Trust")' \
		--arg head "$(head_of northfield)"
	exits 0 confer -C ashby --json status
	holds '.relay == true'
	exits 0 confer -C ashby status
	has "your host also carries copies of what your partners published"
	# no longer followed, no longer relayed
	exits 0 confer -C ashby partner remove riverside
	has "no longer carries a copy of 1 trust"
	fails copy_of ashby riverside
	exits 0 confer -C ashby relay off
	has "no longer carries a copy of 1 trust"
	fails copy_of ashby northfield
	# main is nobody's copy
	exits 0 confer verify hosts/ashby.git
	git -C hosts/ashby.git fsck --strict
	unchanged 2 confer -C ashby relay maybe
	git -C ashby config --unset confer.remote
	unchanged 5 confer -C ashby relay on
	has "confer id --set host=URL"
}

@test "relay: a host is down, and nobody misses anything" {
	confer -q -C ashby relay on
	publish_example northfield practice
	confer -q -C ashby sync
	down northfield
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "updated" and .versions == 1 and
		.new == {practice: 1} and
		[.sources[].verdict] == ["unreachable", "taken"] and
		.sources[1].trust == $ashby and
		.sources[1].name == "Ashby Trust"' \
		--arg ashby "$(trust_id ashby)"
	exits 0 confer -C riverside --json list
	holds 'length == 1'
	# it is the same for both, to the last byte
	[ "$(pin_of riverside northfield)" = "$(pin_of ashby northfield)" ]
	[ "$(git -C riverside rev-parse "commons^{tree}")" = \
		"$(git -C ashby rev-parse "commons^{tree}")" ]
	# and then nothing is newer
	exits 1 confer -C riverside --json sync
	line northfield '.verdict == "unreachable" and
		[.sources[].verdict] == ["unreachable", "same"]'
	up northfield
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and (has("sources") | not)'
}

@test "relay: what three trusts read, with one host down and one old copy" {

	follow northfield ashby riverside
	for name in ashby riverside; do
		confer -q -C "$name" relay on
	done
	publish_example northfield practice
	confer -q -C ashby sync
	confer -q -C riverside sync
	published_trust wessex --role university
	follow wessex northfield ashby riverside
	# Ashby alone hears of the finding; Riverside's copy stays old
	publish_example northfield finding
	confer -q -C ashby sync
	down northfield
	exits 0 confer -C wessex sync
	has "Northfield Learning Trust: updated: 1 finding"
	has "Passed over $world/hosts/northfield.git: there is no folder"
	has "It came from the copy at the host of Ashby Trust."
	has "Every signature in it is that of Northfield Learning Trust."
	fails has "Riverside Academies Trust: it is older"
	# Ashby is up to date and says so; the old copy is named
	exits 1 confer -C ashby sync
	has "Northfield Learning Trust: unreachable: there is no folder"
	has "Passed over the copy at the host of Riverside Academies Trust:"
	has "it is older than what you have."
	# Riverside catches up from Ashby, and then relays the new state itself
	exits 0 confer -C riverside sync
	has "Northfield Learning Trust: updated: 1 finding"
	has "Your host carries the newest of 1 partner"
	[ "$(copy_of riverside northfield)" = "$(copy_of ashby northfield)" ]
	exits 1 confer -C wessex sync
	has "The copy at the host of Ashby Trust has nothing newer."
	has "The copy at the host of Riverside Academies Trust has nothing newer."
	exits 0 confer -C wessex status
	has "Northfield Learning Trust"
	up northfield
	for name in wessex ashby riverside northfield; do
		exits 0 confer -C "$name" sync
	done
	same_commons ashby riverside
}

@test "relay: a trust that reaches one host only lives on copies alone" {
	confer -q -C ashby relay on
	publish_example northfield practice
	confer -q -C ashby sync
	published_trust wessex --role university
	down northfield
	down riverside
	# nobody to ask yet
	exits 1 confer -C wessex partner add hosts/northfield.git \
		--id "$(trust_id northfield)"
	has "No partner of yours relays a copy"
	follow wessex ashby
	# whose it is must be known: nobody vouches for a copy
	unchanged 1 confer -C wessex partner add "$world/hosts/northfield.git"
	has "their trust id (--id) or their card (--card) is enough"
	exits 0 confer -C wessex --json partner add --name northfield \
		"$world/hosts/northfield.git" --id "$(trust_id northfield)"
	holds '.via.trust == $ashby and .url == $url and .records == 1' \
		--arg ashby "$(trust_id ashby)" \
		--arg url "$world/hosts/northfield.git"
	confer -C riverside id --card >card.json
	# neither the card nor their identity has an address
	unchanged 2 confer -C wessex partner add --card "$world/card.json"
	has "Ask them for the address"
	exits 0 confer -C wessex partner add --card "$world/card.json" \
		"$world/hosts/riverside.git"
	has "there is no folder $world/hosts/riverside.git"
	has "So what you have is from the copy at the host of Ashby Trust;"
	has "each sync asks $world/hosts/riverside.git first."
	# what Ashby hears, Wessex hears
	up northfield
	publish_example northfield finding
	exits 1 confer -C ashby sync
	down northfield
	exits 1 confer -C wessex sync
	has "Northfield Learning Trust: updated: 1 finding"
	has "Riverside Academies Trust: unreachable"
	# also where only that one is asked for
	up northfield
	publish_example northfield need
	exits 1 confer -C ashby sync
	down northfield
	exits 0 confer -C wessex --json sync northfield
	line northfield '.verdict == "updated" and .new == {need: 1} and
		.sources[1].name == "Ashby Trust"'
}

@test "relay: a copy is not older than the card, and nobody else's" {
	confer -q -C ashby relay on
	publish_example northfield practice
	confer -C northfield id --card >card.json
	published_trust wessex --role university
	follow wessex ashby
	# Ashby has not heard of the practice
	down northfield
	unchanged 1 confer -C wessex partner add --card "$world/card.json" \
		"$world/hosts/northfield.git"
	has "No partner of yours relays a copy that is in order"
	# a copy of another trust under that name
	git -C hosts/ashby.git update-ref \
		"refs/heads/via/$(trust_id northfield)" "$(copy_of ashby riverside)"
	unchanged 1 confer -C wessex partner add \
		"$world/hosts/northfield.git" --id "$(trust_id northfield)"
	has "No partner of yours relays a copy that is in order"
}

@test "relay: a host that lost copies, or has old ones again, gets them anew" {
	confer -q -C ashby relay on
	local old via
	old=$(head_of northfield)
	via=refs/heads/via/$(trust_id northfield)
	publish_example northfield practice
	confer -q -C ashby sync
	git -C hosts/ashby.git update-ref "$via" "$old"
	git -C hosts/ashby.git update-ref -d \
		"refs/heads/via/$(trust_id riverside)"
	exits 0 confer -C ashby --json sync
	holds '.relay == {sent: 2, removed: 0}'
	[ "$(copy_of ashby northfield)" = "$(head_of northfield)" ]
	[ "$(copy_of ashby riverside)" = "$(head_of riverside)" ]
}

@test "relay: off takes them away by whatever name the host goes" {
	confer -q -C ashby relay on
	git -C ashby config confer.remote "file://$world/hosts/ashby.git"
	exits 0 confer -C ashby relay off
	fails copy_of ashby northfield
	fails copy_of ashby riverside
	# and where this machine has forgotten what it put there
	confer -q -C ashby relay on
	rm ashby/.git/confer/relayed.json
	down ashby
	exits 1 confer -C ashby relay off
	has "'confer sync' tries again"
	up ashby
	exits 0 confer -C ashby sync
	fails copy_of ashby northfield
	fails copy_of ashby riverside
	# what only another machine of ours follows stays
	git -C hosts/ashby.git update-ref \
		"refs/heads/via/$(trust_id ashby)" main
	exits 0 confer -C ashby relay off
	copy_of ashby ashby
}

@test "relay: a copy of somebody else is passed over, whoever offers it" {
	confer -q -C ashby relay on
	publish_example northfield practice
	git -C hosts/ashby.git update-ref \
		"refs/heads/via/$(trust_id northfield)" refs/heads/main
	down northfield
	local before
	before=$(git -C riverside rev-parse commons)
	exits 1 confer -C riverside --json sync
	line northfield '.verdict == "unreachable" and .from == .to and
		(.refusal | not) and .sources[1].verdict == "refused" and
		.sources[1].rule == "history.other-trust"'
	[ "$(git -C riverside rev-parse commons)" = "$before" ]
	up northfield
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "updated" and .new == {practice: 1}'
}

@test "relay: a host that is stuck, or is made to show an old state" {
	local old
	confer -q -C ashby relay on
	old=$(head_of northfield)
	publish_example northfield practice
	confer -q -C ashby sync
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "updated" and .commits == 1 and
		[.sources[] | {verdict, trust}] == [{verdict: "behind",
		trust: null}, {verdict: "taken", trust: $id}]' \
		--arg id "$(trust_id ashby)"
	[ "$(pin_of riverside northfield)" = "$(copy_of ashby northfield)" ]
	rm -rf riverside && cp -a "$BATS_FILE_TMPDIR/kept/riverside" riverside
	exits 0 confer -C riverside sync
	has "it does not show all that they have published"
	has "It came from the copy at the host of Ashby Trust."
	# an old copy, or one that cannot be had, is not worth a word
	rm -rf riverside && cp -a "$BATS_FILE_TMPDIR/kept/riverside" riverside
	confer -q -C ashby sync || :
	git -C hosts/northfield.git update-ref refs/heads/main \
		"$(copy_of ashby northfield)"
	confer -q -C riverside sync
	git -C hosts/ashby.git update-ref \
		"refs/heads/via/$(trust_id northfield)" "$old"
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and .sources == null'
	# one that is not theirs is, and changes nothing
	git -C hosts/ashby.git update-ref \
		"refs/heads/via/$(trust_id northfield)" "$(
		git -C hosts/ashby.git -c user.name=X -c user.email=x@y \
			commit-tree -m x -p "$old" "$old^{tree}")"
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and
		[.sources[].verdict] == ["same", "refused"]'
	exits 0 confer -C riverside sync
	has "Northfield Learning Trust: up to date Passed over the copy at"
	[ "$(pin_of riverside northfield)" = "$(head_of northfield)" ]
}

@test "relay: a host that stays stuck lags, and one that goes back is refused" {
	local first second
	confer -q -C ashby relay on
	first=$(head_of northfield)
	publish_example northfield need
	second=$(head_of northfield)
	confer -q -C riverside sync
	publish_example northfield practice
	confer -q -C ashby sync
	git -C hosts/northfield.git update-ref refs/heads/main "$second"
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "updated"'
	# the same again is nothing that anybody did
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and .refusal == null and
		[.sources[].verdict] == ["behind", "same"]'
	exits 0 confer -C riverside sync
	has "Northfield Learning Trust: up to date"
	has "northfield.git: it does not show all that they have published"
	confer -q -C ashby relay off
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and
		[.sources[].verdict] == ["behind"]'
	git -C hosts/northfield.git update-ref refs/heads/main "$first"
	exits 4 confer -C riverside --json sync
	line northfield '.refusal.rule == "history.rollback"'
	git -C hosts/northfield.git update-ref refs/heads/main "$second"
	exits 0 confer -C riverside sync
	git -C hosts/northfield.git update-ref refs/heads/main \
		"$(git -C northfield rev-parse main)"
	exits 0 confer -C riverside --json sync
	line northfield '.verdict == "up-to-date" and .sources == null'
	# what was once there in order is missed from now on
	git -C hosts/northfield.git update-ref refs/heads/main "$second"
	exits 4 confer -C riverside --json sync
	line northfield '.refusal.rule == "history.rollback"'
}
