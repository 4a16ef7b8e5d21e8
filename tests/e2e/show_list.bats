#!/usr/bin/env bats
# confer list, show, status and index: reading the commons.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby; do
		published_trust "$name"
	done
	follow northfield ashby
	follow ashby northfield
	practice=$(publish_example northfield practice)
	finding=$(publish_example northfield finding)
	need=$(publish_example ashby need)
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional' --args \
		"$(trust_id northfield)" "$(trust_id ashby)")
	export practice finding need project
	confer -q -C ashby sync
	confer -q -C northfield sync
	keep_world
}

setup() {
	fresh_world
}

@test "list: everything, from everybody, the newest first" {
	exits 0 confer -C ashby --json list
	holds 'length == 4 and ([.[].id] | sort) == ([$ARGS.positional[]] |
		sort) and ([.[].modified] | . == (sort | reverse)) and
		all(.[]; (.title | length) > 10 and .status == "active" and
		.conflict == false and (.owner | startswith("zQm")) and
		(.signers | length) == 1 and .signers[0].name == .ownerName)' \
		--args "$practice" "$finding" "$need" "$project"
	exits 0 confer -C ashby list
	[ "$(wc -l <<<"$output")" = 5 ]
	has "Northfield Learning Trust"
}

@test "list: by kind, owner, status and number" {
	cd ashby
	exits 0 confer --json list --kind finding
	holds '[.[].id] == [$id]' --arg id "$finding"
	exits 0 confer --json list --owner me
	holds '[.[].id] == [$id]' --arg id "$need"
	exits 0 confer --json list --owner northfield
	holds 'length == 3'
	exits 0 confer --json list --owner "$(trust_id northfield)"
	holds 'length == 3'
	exits 0 confer --json list --owner northfield --kind need
	holds '. == []'
	exits 0 confer --json list --limit 2
	holds 'length == 2'
	exits 0 confer --json list --status withdrawn
	holds '. == []'
	exits 0 confer --json list --status active
	holds 'length == 4'
}

@test "list: what there is not" {
	cd ashby
	exits 2 confer list --kind essay
	one_message
	exits 1 confer list --owner wessex
	one_message
	exits 2 confer list --status lost
	one_message
	exits 2 confer list --limit many
	one_message
	exits 2 confer list finding
	one_message
}

@test "show: a record, its signers, and where it lies in the commons" {
	exits 0 confer -C ashby --json show "$practice"
	holds '.record.id == $id and .record.kind == "practice" and
		(.heads | length) == 1 and (.conflict | not) and
		.signers == [{trust: $owner, key: $key,
			name: "Northfield Learning Trust"}] and
		.ownerName == "Northfield Learning Trust" and
		(.stewards | length) == 1 and (has("history") | not)' \
		--arg id "$practice" --arg owner "$(trust_id northfield)" \
		--arg key "$(confer -C northfield --json id | jq -r .key)"
	local path=$output
	path=$(jq -r .path <<<"$path")
	[ "$path" = "records/practice/${practice: -2}/${practice: -4:2}/\
$practice.json" ]
	# for one head it is the signed file, byte for byte
	cmp <(git -C ashby show "commons:$path") "northfield/records/practice/\
${practice: -2}/$practice.json"
}

@test "show: for people, every field by its name" {
	exits 0 confer -C ashby show "$practice"
	has "Whole-class fluency routine"
	has "Created by Northfield Learning Trust"
	has "Signed by Northfield Learning Trust, key z6Mk"
	has "Summary:"
	has "CC-BY-4.0"
	exits 0 confer -C ashby show "$project"
	has "Edited by Northfield Learning Trust and Ashby Trust" ||
		has "Edited by Ashby Trust and Northfield Learning Trust"
}

@test "show: the first characters are enough, if they are one record's" {
	exits 0 confer -C ashby --json show "${need:0:20}"
	holds '.record.id == $id' --arg id "$need"
	# made within the same minutes, ids begin alike
	exits 2 confer -C ashby show "${need:0:8}"
	one_message
	has "give more of it"
	exits 2 confer -C ashby show "${need:0:7}"
	one_message
	exits 2 confer -C ashby show ../../x
	one_message
	exits 1 confer -C ashby show 0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab
	one_message
	has "confer sync"
	exits 2 confer -C ashby show
	one_message
}

@test "show: history, with who made which version" {
	cd ashby
	confer -q new --from "$project" -o drafts/plan.json
	jq '.body.title = "Ours"' drafts/plan.json >new
	mv new drafts/plan.json
	confer -q publish drafts/plan.json
	confer -q -C ../northfield sync
	exits 0 confer -C ../northfield --json show "$project" --history
	holds '(.history | length) == 2 and
		([.history[].name] | sort) ==
		["Ashby Trust", "Northfield Learning Trust"] and
		all(.history[]; .version and .modified and .status and
		.parents and (has("held") | not)) and
		([.history[] | select(.name == "Ashby Trust") | .parents[]]
		== [.history[] | select(.name != "Ashby Trust") | .version])'
	exits 0 confer -C ../northfield show "$project" --history
	has "History"
	has "Ashby Trust"
}

@test "status: where we stand, and nothing is fetched" {
	unchanged 0 confer -C ashby --json status
	holds '.name == "Ashby Trust" and .unpushed == 0 and .drafts == [] and
		.commit == $head and .remote == $remote and
		.heartbeat.days == 30 and (.heartbeat.overdue | not) and
		(.heartbeat.due | endswith("Z")) and
		(.partners | length) == 1 and
		.partners[0].name == "northfield" and
		.partners[0].verdict == "updated" and
		.partners[0].held == 0 and .conflicts == [] and
		.held == [] and .commons.records == 4 and
		.commons.conflicts == 0 and .commons.commit == $commons and
		(.commons.spoken | gsub(" "; "")) == $commons[:20]' \
		--arg head "$(git -C ashby rev-parse main)" \
		--arg commons "$(commons_of ashby)" \
		--arg remote "$world/hosts/ashby.git"
	mv hosts away
	unchanged 0 confer -C ashby status
	has "Ashby Trust"
	has "You can read 4 records"
	has "Next:"
}

@test "status: drafts that are not published yet, and what to do next" {
	draft ashby offer
	exits 0 confer -C ashby --json status
	holds '(.drafts | length) == 1 and (.drafts[0].title | length) > 10 and
		.drafts[0].file == $file' \
		--arg file "$world/ashby/drafts/offer.json"
	exits 0 confer -C ashby status
	has "Next: confer check"
	confer -q -C ashby publish drafts/offer.json
	exits 0 confer -C ashby --json status
	holds '.drafts == []'
}

@test "index: can be lost, damaged and made again" {
	local before commons
	before=$(confer -C ashby --json list | jq -S .)
	commons=$(commons_of ashby)
	exits 0 confer -C ashby --json index --rebuild
	holds '.records == 4 and .versions == 4 and .held == 0 and
		.conflicts == 0'
	[ "$(confer -C ashby --json list | jq -S .)" = "$before" ]
	rm ashby/.git/confer/index.db
	[ "$(confer -C ashby --json list | jq -S .)" = "$before" ]
	printf 'not a database, whatever its name says' \
		>ashby/.git/confer/index.db
	[ "$(confer -C ashby --json list | jq -S .)" = "$before" ]
	git -C ashby update-ref -d refs/heads/commons
	exits 0 confer -C ashby status
	[ "$(commons_of ashby)" = "$commons" ]
	exits 2 confer -C ashby index
	one_message
	has "--rebuild"
}

@test "show: a record in conflict says what each trust wrote" {
	local who
	for who in northfield ashby; do
		confer -q -C $who new --from "$project" -o "$world/$who.json"
		jq --arg who $who '.body.question = "What helps \($who)?"' \
			$who.json >edited.json
		mv edited.json $who.json
		confer -q -C $who publish "$world/$who.json"
	done
	exits 3 confer -q -C ashby sync
	exits 0 confer -C ashby --json show "$project"
	holds '.conflict and ([.heads[].body.question] | sort) ==
		["What helps ashby?", "What helps northfield?"]'
	exits 0 confer -C ashby show "$project"
	has "What helps ashby?"
	has "What helps northfield?"
	has "confer resolve $project"
	exits 0 confer -C ashby status
	has "1 of them in conflict"
}

@test "list: --owner takes how a name begins" {
	exits 0 confer -C ashby --json list --owner "NORTHFIELD learn"
	holds 'length > 0 and all(.[]; .ownerName == "Northfield Learning Trust")'
	exits 1 confer -C ashby list --owner "Learning"
	has "there is no partner"
}

@test "list: an empty commons is not a filter that found nothing" {
	bare riverside
	confer -q init fresh --name 'Riverside Academies Trust' \
		--remote "$world/hosts/riverside.git" --sheets sheets/new \
		--no-passphrase
	exits 0 confer -C fresh list
	has "There are no records yet."
	exits 0 confer -C fresh list --kind need
	has "There is no such record here."
}
