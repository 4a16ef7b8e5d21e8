#!/usr/bin/env bats
# confer new, confer publish: from a draft to a signed record at the host.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow northfield ashby
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
}

@test "new: the kinds there are" {
	exits 0 confer --json new
	holds '[.[].kind] == ["practice", "finding", "project", "adoption",
		"need", "offer", "synthesis", "support"] and
		all(.[]; .title and .description)'
	exits 2 confer -C northfield new essay
	has "The kinds are practice, finding"
}

@test "new: a draft for every kind, and a guide to each field" {
	local kind
	cd northfield
	for kind in $(confer --json new | jq -r '.[].kind'); do
		exits 0 confer --json new "$kind"
		holds '.kind == $kind and .file == $file and (has("id") | not)
			' --arg kind "$kind" \
			--arg file "$world/northfield/drafts/$kind-1.json"
		jq -e --arg kind "$kind" '.kind == $kind and
			(.body | has("title"))' "drafts/$kind-1.json"
		# nobody has filled it in
		exits 5 confer check "drafts/$kind-1.json"
		local field
		for field in $(jq -r '.required[]' "$top/schemas/$kind.json")
		do
			grep -qF "$field" "drafts/$kind-1.guide.md"
		done
	done
	exits 0 confer --json new practice
	holds '.file | endswith("/practice-2.json")'
}

@test "new: never over another file" {
	cd northfield
	echo mine >mine.json
	unchanged 5 confer new practice -o mine.json
	one_message
}

@test "publish: every kind, from draft to host" {
	local example id
	for example in practice finding project adoption need offer; do
		draft northfield "$example"
	done
	cd northfield
	exits 0 confer --json publish drafts/*.json
	holds '.pushed and .remote == $remote and .commit == $commit and
		(.heartbeat | not) and (.records | length) == 6 and
		all(.records[]; (.already | not) and
		(.version | startswith("zQm")) and (.title | length) > 10 and
		.path == "records/\(.kind)/\(.id[-2:])/\(.id).json")' \
		--arg remote "$world/hosts/northfield.git" \
		--arg commit "$(git rev-parse main)"
	[ "$(head_of northfield)" = "$(git rev-parse main)" ]
	# the work tree has them too, and the drafts know their ids
	for example in drafts/*.json; do
		id=$(jq -r .id "$example")
		jq -e --slurpfile draft "$example" '.id == $draft[0].id and
			.kind == $draft[0].kind and .status == "active" and
			.licence == "CC-BY-4.0" and .parents == [] and
			.owner == $me and .stewards == [$me] and
			(.salt | length) == 22 and (.proof | length) == 1' \
			--arg me "$(trust_id northfield)" \
			"records/$(jq -r .kind "$example")/${id: -2}/$id.json"
		jq -e '.parents | length == 1' "$example"
	done
	[ -z "$(git status --short)" ]
	# one commit, which says what it brings
	[ "$(git rev-list --count main)" = 2 ]
	[ "$(git log -1 --format=%s main)" = "Publish 1 adoption, 1 finding, \
1 need, 1 offer, 1 practice and 1 project" ]
}

@test "publish: what people read says what happened" {
	draft northfield finding
	exits 0 confer -C northfield publish drafts/finding.json
	[ -z "$output" ]
	has "Published: 1 record"
	has "Sent to $world/hosts/northfield.git"
	exits 0 confer -q -C northfield publish drafts/finding.json
	[ -z "$output$stderr" ]
}

@test "publish: all drafts or none" {
	draft northfield practice
	draft northfield finding 'del(.body.title)'
	cd northfield
	unchanged 5 confer publish drafts/practice.json drafts/finding.json
	one_message
	has finding.json
	has title
	has "Nothing was published"
}

@test "publish: a draft published twice is one record" {
	local id head
	id=$(publish_example northfield practice)
	head=$(head_of northfield)
	exits 0 confer -C northfield --json publish drafts/practice.json
	holds '(.records | length) == 1 and .records[0].already and
		.records[0].id == $id and .commit == $head' \
		--arg id "$id" --arg head "$head"
	[ "$(head_of northfield)" = "$head" ]
	exits 0 confer -C northfield --json list
	holds 'length == 1'
}

@test "publish: one file by two names is still one record" {
	draft northfield practice
	cd northfield
	ln -s practice.json drafts/again.json
	unchanged 2 confer publish drafts/practice.json drafts/practice.json
	one_message
	unchanged 2 confer publish drafts/practice.json ./drafts/practice.json
	one_message
	unchanged 2 confer publish drafts/practice.json drafts/again.json
	one_message
	exits 0 confer publish drafts/again.json
	exits 0 confer --json publish drafts/practice.json
	holds '.records[0].already'
	[ -L drafts/again.json ]
}

@test "publish: what a draft is to others on this machine, it stays" {
	local file
	file=$(draft northfield practice)
	chmod 600 "$file"
	exits 0 confer -C northfield publish "$file"
	jq -e .id "$file"
	[ "$(stat -c %a "$file")" = 600 ]
}

@test "publish: a changed draft is the next version" {
	local id first
	id=$(publish_example northfield practice)
	first=$(confer -C northfield --json show "$id" |
		jq -r '.heads[0].version')
	cd northfield
	jq '.body.title = "Shorter"' drafts/practice.json >new
	mv new drafts/practice.json
	exits 0 confer --json publish drafts/practice.json
	holds '.records[0].id == $id and .records[0].version != $first' \
		--arg id "$id" --arg first "$first"
	exits 0 confer --json show "$id" --history
	holds '.record.body.title == "Shorter" and
		.record.parents == [$first] and (.history | length) == 2' \
		--arg first "$first"
	# and back again is a third one
	jq '.body.title = "Longer"' drafts/practice.json >new
	mv new drafts/practice.json
	exits 0 confer --json publish drafts/practice.json
	exits 0 confer --json show "$id" --history
	holds '(.history | length) == 3 and .record.body.title == "Longer"'
}

@test "publish: from any folder, and drafts from anywhere" {
	draft northfield practice
	jq . "$examples/finding.json" >loose.json
	cd northfield/drafts
	exits 0 confer --json publish practice.json ../../loose.json
	holds '(.records | length) == 2'
	cd "$world"
	jq -e .id loose.json
	exits 0 confer --json -C northfield/drafts publish ../../loose.json
	holds '.records[0].already'
}

@test "publish: --no-push waits here until it is sent" {
	local before
	before=$(head_of northfield)
	draft northfield practice
	exits 0 confer -C northfield --json publish --no-push \
		drafts/practice.json
	holds '.pushed == false'
	[ "$(head_of northfield)" = "$before" ]
	exits 0 confer -C northfield --json status
	holds '.unpushed == 1 and .drafts == []'
	exits 0 confer -C northfield --json publish
	holds '.pushed and (.heartbeat | not)'
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	exits 0 confer -C northfield --json status
	holds '.unpushed == 0'
}

@test "publish: a host that cannot be reached loses nothing" {
	draft northfield practice
	mv hosts/northfield.git hosts/away
	exits 1 confer -C northfield --json publish drafts/practice.json
	holds '.pushed == false and (.pushError | length) > 20 and
		(.records | length) == 1'
	has "published here, but not sent yet"
	has "'confer publish' sends it later"
	mv hosts/away hosts/northfield.git
	exits 0 confer -C northfield publish
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
}

@test "publish: without drafts it is a sign of life" {
	local tree
	tree=$(git -C northfield ls-tree main)
	exits 0 confer -C northfield --json publish
	holds '.heartbeat and .pushed and .records == []'
	# but for what was seen of partners
	[ "$(git -C northfield ls-tree main | grep -v partners)" = "$tree" ]
	[ "$(git -C northfield rev-list --count main)" = 2 ]
	exits 0 confer -C ashby --json sync
	holds '.partners[0].verdict == "updated" and
		.partners[0].commits == 1 and .partners[0].versions == 0'
}

@test "publish: without a remote it stays here, and says so" {
	git -C northfield config --unset confer.remote
	draft northfield practice
	exits 0 confer -C northfield publish drafts/practice.json
	has "no remote is set"
	exits 0 confer -C northfield status
	has "no remote is set"
}

@test "publish: a steward edits the project of another trust" {
	local id
	id=$(publish_example northfield demo/northfield-project \
		'.stewards = $ARGS.positional' --args \
		"$(trust_id northfield)" "$(trust_id ashby)")
	confer -q -C ashby sync
	cd ashby
	exits 0 confer --json new --from "${id:0:13}" -o drafts/plan.json
	holds '.id == $id and .kind == "project"' --arg id "$id"
	# what it says now, nothing new
	exits 0 confer --json publish drafts/plan.json
	jq '.body.title = "A better question"' drafts/plan.json >new
	mv new drafts/plan.json
	exits 0 confer --json publish drafts/plan.json
	confer -q -C ../northfield sync
	exits 0 confer -C ../northfield --json show "$id"
	holds '.record.body.title == "A better question" and
		.record.owner == $owner and (.heads | length) == 1 and
		.heads[0].trust == $editor and (.conflict | not)' \
		--arg owner "$(trust_id northfield)" \
		--arg editor "$(trust_id ashby)"
	confer -q sync
	same_commons northfield ashby
}

@test "publish: an edit that contradicts another asks a person" {
	local id
	id=$(publish_example northfield demo/northfield-project \
		'.stewards = $ARGS.positional' --args \
		"$(trust_id northfield)" "$(trust_id ashby)")
	confer -q -C ashby sync
	cd ashby
	confer -q new --from "$id" -o drafts/plan.json
	jq '.body.title = "Too late"' drafts/plan.json >new
	mv new drafts/plan.json
	jq '.body.title = "First"' \
		../northfield/drafts/northfield-project.json >new
	mv new ../northfield/drafts/northfield-project.json
	confer -q -C ../northfield publish drafts/northfield-project.json
	confer -q sync
	unchanged 3 confer publish drafts/plan.json
	has "Northfield Learning Trust"
	has "confer resolve drafts/plan.json"
	has draft.conflict
}

@test "publish: who is no steward cannot edit" {
	local id
	id=$(publish_example northfield practice)
	confer -q -C ashby sync
	unchanged 5 confer -C ashby new --from "$id"
	one_message
	has "adoption"
	cp northfield/drafts/practice.json ashby/drafts/theirs.json
	unchanged 5 confer -C ashby publish drafts/theirs.json
	one_message
}

@test "publish: an id that another trust made is not ours" {
	local id
	id=$(publish_example northfield practice)
	draft ashby need '.id = $id' --arg id "$id"
	unchanged 1 confer -C ashby publish drafts/need.json
	one_message
	has "$id"
}

@test "publish: another machine of ours that was faster comes first" {
	forge northfield true
	draft northfield practice
	exits 0 confer -C northfield publish drafts/practice.json
	[ "$(git -C northfield rev-list --count main)" = 3 ]
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
}

@test "publish: a host that was tampered with gets nothing" {
	tamper northfield true
	local there
	there=$(head_of northfield)
	draft northfield practice
	unchanged 4 confer -C northfield publish drafts/practice.json
	one_message
	has "is not what you published"
	has "Nothing was sent"
	has "confer publish --restore"
	[ "$(head_of northfield)" = "$there" ]
	# what it says to do, works, and asks a person first
	terminal confer -C northfield publish --restore
	expect "Put your own back?"
	answer no
	run hang_up
	[ "$(head_of northfield)" = "$there" ]
	unchanged 2 confer -C northfield publish --restore --no-push
	exits 0 confer -C northfield publish --restore
	has "Sent to"
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	[ "$(git -C northfield rev-list --count main)" = 1 ]
	exits 0 confer -C northfield publish drafts/practice.json
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
}

@test "publish: what was never ours is not overwritten" {
	local there
	there=$(head_of ashby)
	git -C northfield config confer.remote "$world/hosts/ashby.git"
	unchanged 4 confer -C northfield publish --restore
	has "history.other-trust"
	[ "$(head_of ashby)" = "$there" ]
	# nor a repository of somebody else at an address that is new
	new_trust riverside
	git clone -q hosts/riverside.git other 2>/dev/null
	git -C other -c user.name=a -c user.email=a@b commit -q \
		--allow-empty -m "a project of somebody else"
	git -C other push -q origin HEAD:main
	there=$(head_of riverside)
	exits 4 confer -C riverside publish --restore
	has "holds something that is not yours"
	[ "$(head_of riverside)" = "$there" ]
}

@test "publish: a host restored from an old backup gets all of it again" {
	local old
	old=$(head_of northfield)
	publish_example northfield practice
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	exits 0 confer -C northfield publish
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	confer -C ashby --json sync | jq -e '.partners[0].verdict == "updated"'
}

@test "publish and check: many drafts do not flood the screen" {
	local i
	cd northfield
	mkdir many
	for i in {1..30}; do
		jq --arg i "$i" '.body.title += $i' "$examples/need.json" \
			>"many/$i.json"
	done
	exits 0 confer check many/*.json
	has "30 of 30 drafts ready."
	(( $(wc -l <<<"$output") < 10 ))
	exits 0 confer publish many/*.json
	has "and 10 more; 'confer list' shows them"
	exits 0 confer --json list --kind need
	holds '[.[] | select(.title | test("[0-9]$"))] | length >= 30'
}

@test "new: what is to be typed next can be typed as it is shown" {
	cd northfield
	exits 0 confer new need -o "our head's need.json"
	has "confer check 'our head'\\''s need.json'"
	has "our head's need.guide.md"
}

@test "new: the guide tells how each field is written, and whose ids share" {
	cd northfield
	confer new practice
	output=$(<drafts/practice-1.guide.md)
	has '`procedure` (list of groups, needed)'
	has ' - **What is done** `procedure[].text` (text, needed'
	has '`active_ingredients[].core` (`true` or `false`)'
	has "\`\"$(confer --json id | jq -r .trust)\"\`: your own trust"
	jq -e '.body.procedure == [{key: "a1", text: ""}]' \
		drafts/practice-1.json
	confer new project
	jq -e --arg me "$(confer --json id | jq -r .trust)" \
		'.stewards == [$me]' drafts/project-1.json
}

@test "status: a published draft is none, until somebody writes in it" {
	local file
	file=$(draft northfield need)
	confer -q -C northfield publish "$file"
	drafts_are() {
		exits 0 confer -C northfield --json status
		holds --argjson n "$1" '.drafts | length == $n'
	}
	drafts_are 0
	# the same bytes in a file of another time
	cp "$file" copy && mv copy "$file"
	drafts_are 0
	# as many bytes in the same file, and its time put back
	touch -r "$file" before
	sed -i 's/thread/threat/' "$file"
	touch -r before "$file"
	drafts_are 1
	sed -i 's/threat/thread/' "$file"
	drafts_are 0
	confer -q -C northfield index --rebuild
	drafts_are 0
}
