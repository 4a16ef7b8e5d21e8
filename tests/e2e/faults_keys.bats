#!/usr/bin/env bats
# Commands for keys, killed, or with a full disk, at any call that changes the
# disk: the trust has the old keys or the new ones, and goes on.
# shellcheck disable=SC2030,SC2031
load faulting

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example ashby need >/dev/null
	draft ashby practice >/dev/null
	confer -C ashby --json id | jq -r .key >key
	printf 'Forename,Surname\nWilhelmina,Quackenbush\n' >roll.csv
	confer -q -C ashby roll import "$world/roll.csv"
	jq '.body.attrition = {analysed: 4813} |
		.body.population = ["year=8"]' "$examples/finding.json" \
		>ashby/drafts/finding.json
	confer -q -C ashby check --fix drafts/finding.json || :
	rm ashby/drafts/finding*.json
	jq '.body.summary = "Then Wilhelmina Quackenbush read."' \
		"$examples/need.json" >ashby/drafts/named.json
	CONFER_HOME=$world/home/second confer -q init second --no-passphrase \
		--join hosts/ashby.git --id "$(trust_id ashby)"
	CONFER_HOME=$world/home/second confer -C second --json id |
		jq -r .key >second_key
	keep_world
}

rotate() {
	confer -C ashby --json key rotate --no-passphrase --sheet "$(sheet)"
}

# What was sealed with the old key is readable.
opens() {
	exits 5 confer -C ashby --json check drafts/named.json || return
	holds '.[0].findings[0].rule == "T-ROLL" and .[0].notRun == []'
}

# It publishes, whichever key that is, and has one more after that.
rotated() {
	sound || return
	opens || return
	exits 0 confer -C ashby publish drafts/practice.json || return
	exits 0 rotate || return
	holds '.sealedAgain | sort == ["numbers", "people"]' || return
	opens || return
	[ -z "$(find "$CONFER_HOME/rolls" -name '*.next')" ] || return
	exits 0 confer -C ashby --json key list || return
	holds '[.[] | select(.here and .status != "revoked")] | length == 1' ||
		return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 2'
}

@test "key rotate, killed at any call" {
	each kill rotated confer -C ashby key rotate --no-passphrase \
		--sheet "$(sheet)"
}

@test "key rotate, on a disk that is full from any call on" {
	each full rotated confer -C ashby key rotate --no-passphrase \
		--sheet "$(sheet)"
}

# Some sheet opens what is in force.
sheet_there() {
	local file
	for file in sheets/*/*; do
		try confer -C ashby key rotate --no-passphrase \
			--sheet "$world/$file"
		[ "$status" != 0 ] || return 0
	done
	echo "no sheet opens it"
	return 1
}

resheeted() {
	sound || return
	exits 0 confer -C ashby publish drafts/practice.json || return
	sheet_there || return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 2'
}

@test "key rotate --root, killed at any call" {
	each kill resheeted confer -C ashby key rotate --root \
		--sheet "$(sheet)" --sheets "$world/sheets/new"
}

@test "key rotate --root, on a disk that is full from any call on" {
	each full resheeted confer -C ashby key rotate --root \
		--sheet "$(sheet)" --sheets "$world/sheets/new"
}

# The second machine is let in once, and publishes.
let_in() {
	sound || return
	exits 0 confer -C ashby key add "$(<second_key)" --sheet "$(sheet)" ||
		has "already" || return
	exits 0 confer -C ashby publish drafts/practice.json || return
	exits 0 confer -C ashby --json key list || return
	holds --arg key "$(<second_key)" '[.[] | select(.key == $key and
		.status != "revoked")] | length == 1' || return
	exits 0 env CONFER_HOME="$world/home/second" confer -C second publish ||
		return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 2 and .identity == 2'
}

@test "key add, killed at any call" {
	each kill let_in confer -C ashby key add "$(<second_key)" \
		--sheet "$(sheet)"
}

@test "key add, on a disk that is full from any call on" {
	each full let_in confer -C ashby key add "$(<second_key)" \
		--sheet "$(sheet)"
}

begin_again() {
	confer -C ashby key revoke "$(<key)" --reason compromised --base 1 --yes \
		--no-passphrase --sheet "$(sheet)"
}

# Again, unless it is done; what it left out stays out, and a new draft goes.
begun_again() {
	sound || return
	try begin_again
	[ "$status" = 0 ] || [ "$status" = 5 ] || exits 0 begin_again || return
	exits 0 confer -C ashby publish drafts/practice.json || return
	exits 0 confer --json verify hosts/ashby.git || return
	holds '.held == [] and .records == 1 and .identity > 1' || return
	sound
}

@test "key revoke --base, killed at any call" {
	each kill begun_again confer -C ashby key revoke "$(<key)" --base 1 --yes \
		--reason compromised --no-passphrase --sheet "$(sheet)"
}

@test "key revoke --base, on a disk that is full from any call on" {
	each full begun_again confer -C ashby key revoke "$(<key)" --base 1 --yes \
		--reason compromised --no-passphrase --sheet "$(sheet)"
}
