#!/usr/bin/env bats
# confer partner: whom we follow, once it is certain who it is.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	publish_example northfield practice
	keep_world
}

setup() {
	fresh_world
	id=$(trust_id northfield)
	at=$world/hosts/northfield.git
	cd ashby
}

@test "partner add: a name that cannot be is told before anybody telephones" {
	exits 5 confer partner add --name Northfield "$at"
	one_message
	has "small letters"
}

@test "partner add: with the trust id" {
	exits 0 confer --json partner add "$at" --id "$id"
	holds '.name == "northfield-learning-trust" and .trust == $id and
		.title == "Northfield Learning Trust" and .role == "trust" and
		.url == $at and .commit == $head and .commits == 2 and
		.versions == 1 and .held == [] and
		(.safetyNumber | length) == 35' --arg id "$id" --arg at "$at" \
		--arg head "$(head_of northfield)"
	[ "$(pin_of ashby northfield)" = "$(head_of northfield)" ]
	exits 0 confer --json list
	holds 'length == 1'
	exits 0 confer --json partner list
	holds 'length == 1 and .[0].name == "northfield-learning-trust" and
		.[0].trust == $id and .[0].url == $at and .[0].commit == $head
		and (.[0].synced | endswith("Z"))' --arg id "$id" \
		--arg at "$at" --arg head "$(head_of northfield)"
}

@test "partner add: what people read counts what came" {
	exits 0 confer partner add "$at" --id "$id" --name north
	has "You now follow Northfield Learning Trust, here called 'north'"
	has "1 record in 1 version"
	exits 0 confer partner list
	has north
	has "Northfield Learning Trust"
}

@test "partner add: with the card, and the address on it or another" {
	confer -C ../northfield id --card >card.json
	exits 2 confer partner add --card card.json
	one_message
	has "address"
	exits 0 confer partner add "$at" --card card.json
	exits 0 confer partner remove northfield-learning-trust
	jq --arg at "https://127.0.0.1:1/x.git" '.urls = [$at]' card.json >new
	exits 1 confer partner add --card new
	one_message
}

@test "partner add: a person compares the safety number" {
	local number
	number=$(confer -C ../northfield --json id | jq -r .safetyNumber)
	terminal confer partner add "$at"
	expect "says that it belongs to"
	expect "Northfield Learning Trust"
	expect "$number"
	expect "Is it the same? (yes or no)"
	answer yes
	hang_up
	[[ $said == *"You now follow Northfield Learning Trust"* ]]
	exits 0 confer --json partner list
	holds 'length == 1'
}

@test "partner add: a person who hears another number says no" {
	terminal confer partner add "$at"
	expect "Is it the same?"
	answer no
	fails hang_up
	[[ $said == *"nothing was added"* ]]
	exits 0 confer --json partner list
	holds '. == []'
}

@test "partner add: who is followed already is not asked for again" {
	confer -q partner add "$at" --id "$id"
	terminal confer partner add "$at"
	fails hang_up
	[[ $said == *"you follow this trust already, as 'northfield"* ]]
	[[ $said != *"Is it the same?"* ]]
}

@test "partner add: a name with accents gets a readable short name" {
	bare accents
	confer -q init ../accents --name 'Äshby "Élan" Müller ß Trust' \
		--remote "$world/hosts/accents.git" --sheets ../sheets/new \
		--no-passphrase
	confer -q -C ../accents publish
	confer -q partner add "$world/hosts/accents.git" \
		--id "$(confer -C ../accents --json id | jq -r .trust)"
	exits 0 confer --json partner list
	holds '.[0].name == "ashby-elan-muller-s-trust"'
}

@test "partner add: nobody to ask, nobody added" {
	unchanged 3 confer partner add "$at"
	one_message
	has "$(confer -C ../northfield --json id | jq -r .safetyNumber)"
	has "--id $id"
	has partner.unconfirmed
	exits 3 confer --json partner add "$at"
	holds '.error.code == "decide" and .error.rule == "partner.unconfirmed"
		and (.error.message | length) > 20'
}

@test "partner add: another trust than the one that was named" {
	unchanged 4 confer partner add "$at" --id "$(trust_id riverside)"
	one_message
	has "belongs to another trust"
	has partner.id
	confer -C ../riverside id --card >../card.json
	unchanged 4 confer partner add "$at" --card ../card.json
	one_message
	confer -C ../northfield id --card >../card.json
	unchanged 4 confer partner add "$at" --card ../card.json \
		--id "$(trust_id riverside)"
	unchanged 5 confer partner add ../hosts/ashby.git \
		--id "$(trust_id ashby)"
	one_message
	has "your own"
}

@test "partner add: an id that is none, a card that is none" {
	unchanged 5 confer partner add "$at" --id zQmnot
	one_message
	has "confer id"
	echo '{"kind": "card"}' >../card.json
	unchanged 5 confer partner add "$at" --card ../card.json
	one_message
	has "card"
	unchanged 1 confer partner add "$at" --card ../none.json
	one_message
	unchanged 2 confer partner add
	one_message
}

@test "partner add: a host that shows less than the card says" {
	confer -C ../northfield id --card >../card.json
	git -C "$at" update-ref refs/heads/main main~1
	unchanged 4 confer partner add "$at" --card ../card.json
	one_message
	has history.rollback
}

@test "partner add: a host that shows another history than the card" {
	# somebody has their key, and replaced what they published
	forge northfield true
	local card
	card=$(confer -C ../northfield id --card)
	jq --arg head "$(printf '%040d' 7)" '.head = $head' <<<"$card" \
		>../card.json
	unchanged 4 confer partner add "$at" --card ../card.json
	one_message
	has history.diverged
	# the true card is of a commit that is there, and older
	echo "$card" >../card.json
	exits 0 confer partner add "$at" --card ../card.json
}

@test "partner add: the same trust, the same name, only once" {
	exits 0 confer partner add "$at" --id "$id" --name north
	unchanged 5 confer partner add "$at" --id "$id" --name other
	one_message
	has "'north'"
	unchanged 5 confer partner add ../hosts/riverside.git --name north \
		--id "$(trust_id riverside)"
	one_message
	local name
	for name in 'a b' North ../x '' -x "$(printf '%041d' 0)" 'a.b'; do
		unchanged 5 confer partner add ../hosts/riverside.git \
			--name="$name" --id "$(trust_id riverside)" ||
			unchanged 2 confer partner add \
				../hosts/riverside.git --name="$name" \
				--id "$(trust_id riverside)"
		one_message
	done
}

@test "partner add: two trusts of one name are told apart" {
	bare twin
	confer -q init ../twin --name "Northfield Learning Trust" \
		--remote "$world/hosts/twin.git" --sheets ../sheets/new \
		--no-passphrase
	confer -q -C ../twin publish
	exits 0 confer --json partner add "$at" --id "$id"
	exits 0 confer --json partner add ../hosts/twin.git \
		--id "$(trust_id twin)"
	holds '.name == "northfield-learning-trust-2"'
}

@test "partner add: places where no trust is" {
	unchanged 1 confer partner add ../hosts/nowhere.git --id "$id"
	one_message
	bare empty
	unchanged 1 confer partner add ../hosts/empty.git --id "$id"
	one_message
	git init -q -b main ../plain
	git -C ../plain -c user.name=A -c user.email=a@b commit -q \
		--allow-empty -m "hello"
	unchanged 4 confer partner add ../plain --id "$id"
	one_message
	has "not one of Confer's"
	unchanged 5 confer partner add "ext::sh -c true" --id "$id"
	one_message
	unchanged 5 confer partner add http://example.org/x --id "$id"
	one_message
}

@test "partner add: what does not verify is not followed" {
	tamper northfield cp "$examples/practice.json" extra.json
	unchanged 4 confer partner add "$at" --id "$id"
	one_message
	has "is refused"
}

@test "partner remove: what only they published is gone, and can come back" {
	exits 0 confer -q partner add "$at" --id "$id" --name north
	local commons
	commons=$(commons_of ashby)
	exits 0 confer --json partner remove north
	holds '.name == "north" and .trust == $id and
		.title == "Northfield Learning Trust"' --arg id "$id"
	exits 0 confer --json list
	holds '. == []'
	fails pin_of ashby northfield
	[ -z "$(git config --get-regexp '^confer-partner')" ]
	unchanged 1 confer partner remove north
	one_message
	has "confer partner list"
	exits 0 confer -q partner add "$at" --id "$id" --name north
	[ "$(commons_of ashby)" = "$commons" ]
}

@test "a partner is named by how its name begins" {
	confer -q partner add "$at" --id "$id"
	confer -q partner add "$world/hosts/riverside.git" \
		--id "$(trust_id riverside)" --name northern
	unchanged 1 confer sync Learning
	one_message
	has "there is no partner 'Learning'"
	unchanged 2 confer sync north
	one_message
	has "say which"
	exits 0 confer --json sync Northfield
	holds '[.partners[].name] == ["northfield-learning-trust"]'
	exits 1 confer partner accept Riverside
	has "nothing of Riverside Academies Trust waits"
	exits 0 confer --json partner remove northfield
	holds '.name == "northfield-learning-trust"'
}

@test "partner add: a name that looks like another one's" {
	local id safety
	confer -q partner add "$at" --id "$(trust_id northfield)"
	safety=$(confer --json partner list | jq -r '.[0].safetyNumber')
	# the first letter is not Latin, and there is a space more
	# shellcheck disable=SC2034 # lib.bash reads it
	titles[twin]=$'\u039dorthfield  Learning Trust'
	# shellcheck disable=SC2034 # the same
	titles[self]='ASHBY TRUST'
	published_trust twin
	published_trust self
	id=$(trust_id twin)
	unchanged 3 confer partner add "$world/hosts/twin.git"
	has "Take care: this is not 'Northfield Learning Trust'"
	has "The names look alike, and they are two trusts"
	exits 0 confer --json partner add "$world/hosts/twin.git" --id "$id"
	holds '.alike == [{trust: $it, name: "northfield-learning-trust",
		title: "Northfield Learning Trust", safetyNumber: $safety}]' \
		--arg it "$(trust_id northfield)" --arg safety "$safety"
	exits 0 confer partner add "$world/hosts/self.git" \
		--id "$(trust_id self)"
	has "Take care:"
	has "your own trust"
	exits 0 confer --json partner add "$world/hosts/riverside.git" \
		--id "$(trust_id riverside)"
	holds 'has("alike") | not'
}

@test "sync: who takes a name that looks like another one's is told of" {
	local sheet
	exits 0 confer partner add "$at" --id "$(trust_id northfield)"
	exits 0 confer partner add "$world/hosts/riverside.git" \
		--id "$(trust_id riverside)"
	sheet=$(find "$world/sheets/riverside" -type f | head -n 1)
	exits 0 confer -C "$world/riverside" id --sheet "$sheet" \
		--set name=$'N\u043erthfield Learning Trust'
	exits 0 confer sync
	has "Riverside Academies Trust is now called"
	has "Take care: this is not 'Northfield Learning Trust'"
	has "whom you follow as 'northfield-learning-trust'"
	has "they are two trusts"
	exits 0 confer -C "$world/riverside" id --sheet "$sheet" \
		--set name='Ashby  Trust'
	exits 0 confer sync
	has "Take care: this is not 'Ashby Trust', which is your own trust"
	exits 0 confer -C "$world/riverside" id --sheet "$sheet" \
		--set heartbeatDays=20
	exits 0 confer --json sync
	holds '[.partners[] | .changes[] | select(test("Take care"))] == []'
}
