#!/usr/bin/env bats
# confer init --join: a second machine of a trust, and two that publish at once.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	practice=$(publish_example northfield practice)
	echo "$practice" >practice
	keep_world
}

setup() {
	fresh_world
	practice=$(<practice)
}

sheet() {
	echo "$world/sheets/${1:-northfield}/recovery-sheet-${2:-1}"-*.txt
}

# second COMMAND...: confer on the second machine, in its folder.
second() {
	CONFER_HOME=$world/home/second confer -C "$world/second" "$@"
}

join() {
	CONFER_HOME=$world/home/second confer init "$world/second" \
		--join "$world/hosts/northfield.git" --no-passphrase "$@"
}

# A second machine that may publish, and where both are up to date.
joined() {
	local id key
	id=$(trust_id northfield)
	join -q --id "$id"
	key=$(second --json id | jq -r .key)
	confer -q -C northfield key add "$key" --sheet "$(sheet)"
	second -q publish
	confer -q -C northfield publish
}

second_draft() {
	local file=$world/second/drafts/${1##*/}.json
	jq "${2:-.}" "${@:3}" <"$examples/$1.json" >"$file" && echo "$file"
}

@test "join: whose it is must be certain" {
	local id
	id=$(trust_id northfield)
	unchanged 3 join
	one_message
	has "join.unconfirmed"
	has "--id $id"
	has "$(confer -C northfield --json id | jq -r .safetyNumber)"
	unchanged 4 join --id "$(trust_id ashby)"
	has "join.id"
	unchanged 5 join --id nobody
	unchanged 2 join --name Northfield --id "$id"
	unchanged 2 confer init elsewhere --id "$id" --name Elsewhere \
		--sheets sheets/else --no-passphrase
	unchanged 5 confer init northfield --join hosts/northfield.git \
		--id "$id" --no-passphrase
	unchanged 1 confer init elsewhere --join hosts/nobody.git --id "$id" \
		--no-passphrase
	bare empty
	unchanged 1 confer init elsewhere --join hosts/empty.git --id "$id" \
		--no-passphrase
	has "branch main is missing"
	tamper northfield true
	unchanged 4 join --id "$id"
	has "commit.encoding"
	[ ! -e second ]
}

@test "join: it reads at once, and publishes once it is let in" {
	local id key
	id=$(trust_id northfield)
	unchanged 2 env CONFER_HOME="$world/home/second" confer init second \
		--join hosts/northfield.git --id "$id"
	has "passphrase"
	exits 0 join --id "$id"
	key=$(second --json id | jq -r .key)
	has "confer key add $key"
	[ "$key" != "$(confer -C northfield --json id | jq -r .key)" ]
	exits 0 second --json id
	holds '.machine == false and .waiting and .trust == $id' --arg id "$id"
	exits 0 second status
	has "waiting to be let in"
	has "confer key add $key --number"
	exits 0 second --json list
	holds 'length == 1 and .[0].id == $id' --arg id "$practice"
	second_draft need
	unchanged 5 second publish drafts/need.json
	one_message
	has "confer key add $key"
	# on the first machine
	exits 0 confer -C northfield --json key add "$key" \
		--sheet "$(sheet)"
	holds '.identity == 2 and .pushed and .changes ==
		["Northfield Learning Trust has a new key"]'
	exits 0 second sync
	exits 0 second --json status
	holds '.machine and (.waiting | not)'
	exits 0 second publish drafts/need.json
	[ "$(git -C second log -1 --format=%B main |
		grep Identity)" = "Confer-Identity: 2" ]
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust has a new key."
	has "1 need"
	# the first one goes on from there
	publish_example northfield finding
	[ "$(git -C northfield rev-list --count main)" = 5 ]
	exits 0 second publish
	exits 0 confer -C northfield publish
	[ "$(git -C northfield rev-parse main)" = "$(head_of northfield)" ]
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and (.signers | length) == 2 and
		.held == []'
}

@test "join: the first machine is lost, and the sheet lets the second one in" {
	local key lost
	lost=$(confer -C northfield --json id | jq -r .key)
	join -q --id "$(trust_id northfield)"
	rm -rf northfield "$CONFER_HOME/keys/"*
	key=$(second --json id | jq -r .key)
	exits 0 second key add "$key" --sheet "$(sheet northfield 2)"
	exits 0 second key revoke "$lost" --reason lost --sheet "$(sheet)"
	second_draft need
	exits 0 second publish drafts/need.json
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust has a new key."
	has "was lost and is shut out"
	has "1 need"
}

@test "join: the same machine whose folder was lost has its key still" {
	local id
	id=$(trust_id northfield)
	rm -rf northfield
	exits 0 confer --json init northfield --join hosts/northfield.git \
		--id "$id"
	holds '.machine'
	publish_example northfield finding
	exits 0 confer -C ashby sync
	has "1 finding"
}

@test "two machines: what was not sent is made again on top, with its bytes" {
	joined
	local version mine
	second_draft need
	exits 0 second --json publish --no-push drafts/need.json
	version=$(jq -r '.records[0].version' <<<"$output")
	mine=$(second_blob "$(jq -r '.records[0].path' <<<"$output")")
	second -q publish --no-push "$(second_draft adoption)"
	publish_example northfield finding
	exits 0 second --json publish
	holds '.pushed and (.heartbeat | not)'
	confer -q -C northfield publish
	exits 0 second publish
	confer -q -C northfield publish
	exits 0 second --json status
	holds '.unpushed == 0 and .drafts == []'
	exits 0 second --json show "$(jq -r .id second/drafts/need.json)"
	holds '.heads[0].version == $v' --arg v "$version"
	[ "$(second_blob "$(git -C second ls-tree -r --name-only main |
		grep /need/)")" = "$mine" ]
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .held == [] and .records == 4'
	exits 0 confer -C ashby --json sync
	holds '.partners[0].verdict == "updated" and .commons.records == 4'
}

second_blob() {
	git -C second rev-parse "main:$1"
}

@test "two machines: at the same time, and both are done" {
	joined
	local i jobs=()
	for i in 1 2 3 4 5; do
		jq --arg i "$i" '.body.title += $i' "$examples/need.json" \
			>"northfield/drafts/a$i.json"
		jq --arg i "$i" '.body.title += "x" + $i' \
			"$examples/need.json" >"second/drafts/b$i.json"
	done
	for i in 1 2 3 4 5; do
		confer -q -C northfield publish "drafts/a$i.json" &
		jobs+=($!)
		second -q publish "drafts/b$i.json" &
		jobs+=($!)
		wait "${jobs[@]: -2:1}"
		wait "${jobs[@]: -1:1}"
	done
	exits 0 second publish
	exits 0 confer -C northfield publish
	exits 0 second publish
	confer -q -C northfield publish --no-push
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .records == 11 and .held == []'
	exits 0 confer -C ashby --json sync
	holds '.commons.records == 11 and .partners[0].held == []'
}

@test "two machines: the same record changed on both asks, and nothing is lost" {
	joined
	second new --from "$practice" -o drafts/mine.json
	jq '.body.title = "Of the second machine"' second/drafts/mine.json >x
	mv x second/drafts/mine.json
	exits 0 second publish --no-push drafts/mine.json
	second -q publish --no-push "$(second_draft need)"
	confer -C northfield new --from "$practice" -o drafts/ours.json
	jq '.body.title = "Of the first machine"' northfield/drafts/ours.json >x
	mv x northfield/drafts/ours.json
	exits 0 confer -C northfield publish drafts/ours.json
	exits 3 second publish
	has "draft.came-back"
	has "drafts/mine.json"
	has "Northfield Learning Trust says: Of the first machine"
	has "(your draft) says: Of the second machine"
	has "Next: confer resolve"
	jq -e '.body.title == "Of the second machine" and .id == $id' \
		--arg id "$practice" second/drafts/mine.json
	# what did not clash was made again, and is sent next
	exits 0 second --json status
	holds '.unpushed == 1 and (.drafts | length) == 1'
	exits 0 second --json show "$practice"
	holds '.record.body.title == "Of the first machine"'
	exits 0 second publish
	exits 3 second publish drafts/mine.json
	exits 0 second resolve drafts/mine.json --take title=draft
	exits 0 confer -C ashby --json sync
	holds '.commons.records == 2 and .commons.conflicts == 0'
	exits 0 confer -C ashby --json show "$practice"
	holds '.record.body.title == "Of the second machine"'
	exits 0 confer --json verify hosts/northfield.git
	holds '.held == [] and .verdict == "verified"'
}

# on MACHINE FILTER: an edit of the practice that is signed and not sent.
edit_unsent() {
	rm -f "$world/$1"/drafts/edit.*
	"$1" new --from "$practice" -o drafts/edit.json
	jq "$2" "$world/$1/drafts/edit.json" >x
	mv x "$world/$1/drafts/edit.json"
	"$1" -q publish --no-push drafts/edit.json
}

northfield() {
	confer -C "$world/northfield" "$@"
}

@test "two machines: the same record changed in two places comes to both" {
	joined
	edit_unsent second '.body.title = "Of the second machine"'
	edit_unsent second '.body.summary = "Of the second machine, too."'
	edit_unsent northfield '.body.problem = "Of the first machine."'
	exits 0 northfield publish
	rm second/drafts/*
	exits 0 second publish
	has "Meanwhile Northfield Learning Trust changed Problem."
	has "That is part of what you published."
	[ -z "$(ls second/drafts)" ]
	exits 0 second --json status
	holds '.unpushed == 0 and .drafts == []'
	exits 0 confer -C ashby --json sync
	exits 0 confer -C ashby --json show "$practice"
	holds '(.conflict | not) and (.record.body |
		.title == "Of the second machine" and
		.summary == "Of the second machine, too." and
		.problem == "Of the first machine.")'
	exits 0 confer --json verify hosts/northfield.git
	holds '.held == [] and .verdict == "verified"'
}

@test "two machines: a draft that went on, and one that is new, in one go" {
	joined
	edit_unsent second '.body.title = "Of the second machine"'
	jq '.body.summary = "Written since."' second/drafts/edit.json >x
	mv x second/drafts/edit.json
	edit_unsent northfield '.body.problem = "Of the first machine."'
	northfield -q publish
	exits 0 second --json publish drafts/edit.json "$(second_draft need)"
	holds '.pushed and (.records | length) == 3'
	exits 0 second --json show "$practice"
	holds '(.conflict | not) and (.record.body |
		.title == "Of the second machine" and
		.summary == "Written since." and
		.problem == "Of the first machine.")'
	exits 0 second publish drafts/edit.json
	has "nothing has changed since"
}

@test "two machines: a withdrawal that was overtaken is one all the same" {
	joined
	second -q withdraw "$practice" --reason "It ended." --no-push
	edit_unsent northfield '.body.problem = "Of the first machine."'
	northfield -q publish
	exits 0 second publish
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby --json show "$practice"
	holds '.record.status == "withdrawn" and
		.record.withdrawal.reason == "It ended." and
		.record.body.problem == "Of the first machine."'
}

@test "two machines: the draft is gone, and comes back as a file" {
	joined
	second new --from "$practice" -o drafts/mine.json
	jq '.body.title = "Of the second machine"' second/drafts/mine.json >x
	mv x second/drafts/mine.json
	exits 0 second publish --no-push drafts/mine.json
	rm second/drafts/*
	confer -C northfield new --from "$practice" -o drafts/ours.json
	jq '.body.title = "Of the first machine"' northfield/drafts/ours.json >x
	mv x northfield/drafts/ours.json
	exits 0 confer -C northfield publish drafts/ours.json
	exits 3 second publish
	has "drafts/practice-${practice:0:13}.json"
	jq -e '.body.title == "Of the second machine"' \
		"second/drafts/practice-${practice:0:13}.json"
}

@test "two machines: a commit that a host may have taken is never made again" {
	joined
	local old there
	old=$(head_of northfield)
	second -q publish "$(second_draft need)"
	there=$(head_of northfield)
	# the host forgets it, and the other machine publishes in its place
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	publish_example northfield finding
	second_draft adoption
	unchanged 4 second publish drafts/adoption.json
	one_message
	has "history.diverged"
	[ "$(git -C second rev-parse main)" = "$there" ]
}

@test "two machines: a host that lost entries gets nothing new" {
	joined
	local old
	old=$(head_of northfield)
	publish_example northfield finding
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	draft northfield need
	unchanged 4 confer -C northfield publish drafts/need.json
	one_message
	has "lost entries"
	exits 0 confer -C northfield publish
	exits 0 confer -C northfield publish drafts/need.json
	exits 0 second publish
}

@test "two machines: both change the identity at the same time" {
	joined
	second -q id --set heartbeatDays=9 --no-push --sheet "$(sheet)"
	second -q publish --no-push "$(second_draft need)"
	confer -q -C northfield id --set heartbeatDays=8 --sheet "$(sheet)"
	exits 3 second publish
	one_message
	has "identity.meanwhile"
	exits 0 second publish
	exits 0 confer --json verify hosts/northfield.git
	holds '.identity == 3 and .records == 2'
	# one that was faster and one that was not in the way
	second -q id --set heartbeatDays=10 --no-push --sheet "$(sheet)"
	publish_example northfield finding
	exits 0 second publish
	exits 0 confer --json verify hosts/northfield.git
	holds '.identity == 4 and .records == 3'
}

@test "two machines: a new key that was not sent, and a faster machine" {
	joined
	second -q key rotate --no-push --no-passphrase --sheet "$(sheet)"
	second -q publish --no-push "$(second_draft need)"
	publish_example northfield finding
	exits 0 second publish
	exits 0 confer --json verify hosts/northfield.git
	holds '.identity == 3 and .records == 3 and (.signers | length) == 3'
	exits 0 second --json id
	holds '.machine'
}

@test "two machines: a push that broke off, and the other machine publishes" {
	joined
	local version
	second_draft need
	exits 0 second --json publish --no-push drafts/need.json
	version=$(jq -r '.records[0].version' <<<"$output")
	# what a push leaves that was cut off before the host had anything
	git -C second update-ref refs/confer/pushed main
	publish_example northfield finding
	# a sync says what waits, and changes nothing of ours
	exits 0 second --json sync
	holds '.own.verdict == "waiting"'
	exits 0 second sync
	has "another machine of yours has published meanwhile"
	exits 0 second --json publish
	holds '.pushed'
	exits 0 second --json show "$(jq -r .id second/drafts/need.json)"
	holds '.heads[0].version == $v' --arg v "$version"
	exits 0 confer -C northfield sync
	has "Your own host: updated: another machine of yours has published (1 entry)"
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .held == [] and .records == 3'
	exits 0 confer -C ashby --json sync
	holds '.partners[0].verdict == "updated" and .commons.records == 3'
}

@test "two machines: what a partner saw is not made again" {
	joined
	local old
	old=$(head_of northfield)
	second_draft need
	exits 0 second publish drafts/need.json
	confer -q -C ashby sync
	publish_example ashby offer
	second -q partner add --name ashby --id "$(trust_id ashby)" \
		"$world/hosts/ashby.git"
	# the host is put back, and this machine never heard its yes
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	git -C second update-ref refs/confer/remote "$old"
	publish_example northfield finding
	unchanged 4 second publish
	one_message
	has "history.diverged"
}

@test "two machines: sync shows a history that the other one began again" {
	joined
	publish_example northfield need
	second -q publish
	second -q publish --no-push "$(second_draft adoption)"
	confer -q -C northfield key revoke \
		"$(confer -C northfield --json id | jq -r .key)" \
		--reason compromised --yes --base "$(git -C northfield rev-parse \
		main~1)" --sheet "$(sheet)" --no-passphrase
	exits 3 second --json sync
	holds '.own.verdict == "held" and .own.rule == "restart.own"'
	exits 3 second sync
	has "Your own host: held: another machine of yours began the history of your trust again"
	has "confer publish --accept-restart"
	exits 0 second publish --accept-restart
	exits 0 second --json list --kind need
	holds 'length == 0'
	exits 0 second --json list --kind adoption
	holds 'length == 1'
	exits 0 second --json sync
	holds '.own.verdict == "up-to-date"'
}
