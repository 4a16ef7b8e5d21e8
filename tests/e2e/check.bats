#!/usr/bin/env bats
# confer check: what a draft lacks, before anything is signed.
load lib

setup_file() {
	begin_world
	published_trust northfield
	keep_world
}

setup() {
	fresh_world
}

@test "check: a good draft is ready, and nothing changes" {
	draft northfield practice
	cd northfield
	unchanged 0 confer --json check drafts/practice.json
	holds 'length == 1 and .[0].verdict == "ready" and
		.[0].kind == "practice" and (.[0].title | length) > 10 and
		.[0].file == "drafts/practice.json" and .[0].findings == [] and
		.[0].passed > 0 and (.[0].notRun | map(.rule)) == ["T-ROLL"]'
	unchanged 0 confer check drafts/practice.json
	has "Ready"
	has "Next: confer publish drafts/practice.json"
}

@test "check: every example is ready, outside a repository as well" {
	cd /
	local files=("$examples"/*.json "$examples"/demo/*.json)
	exits 0 confer --json check "${files[@]}"
	holds 'length == $n and all(.[]; .verdict == "ready")' \
		--argjson n "${#files[@]}"
}

@test "check: a finding says what, where, why and what to do" {
	draft northfield finding '.body.design.type = "guess" |
		del(.body.title)'
	cd northfield
	exits 5 confer --json check drafts/finding.json
	holds '.[0].verdict == "unsafe" and (.[0].findings | length) >= 2 and
		all(.[0].findings[]; .rule and .severity == "never" and
		(.why | length) > 5 and (.remedy | length) > 5) and
		any(.[0].findings[]; .path == "/body/design/type") and
		any(.[0].findings[]; .path | startswith("/body"))'
	exits 5 confer check drafts/finding.json
	has "Not safe to publish"
	has "(design.type)"
	has "Do:"
}

@test "check: without names, all drafts" {
	draft northfield practice
	draft northfield finding 'del(.body)'
	exits 5 confer -C northfield --json check
	holds 'length == 2 and ([.[].verdict] | sort) == ["ready", "unsafe"]'
	exits 5 confer -C northfield check
	has "1 of 2 drafts ready"
}

@test "check: what is published is not looked at again unless it is named" {
	draft northfield practice
	draft northfield need
	cd northfield
	confer -q publish drafts/need.json
	exits 0 confer --json check
	holds 'length == 1 and (.[0].file | endswith("/practice.json"))'
	exits 0 confer --json check drafts/need.json
	holds 'length == 1'
	confer -q publish drafts/practice.json
	exits 0 confer --json check
	holds '. == []'
	exits 0 confer check
	has "Every draft here is published"
}

@test "check: no drafts, no folder of drafts, no repository" {
	exits 1 confer -C northfield check
	has "confer new"
	rmdir northfield/drafts
	exits 1 confer -C northfield check
	has "confer new"
	cd /
	exits 2 confer check
	one_message
}

@test "check: what cannot be read was not checked" {
	mkdir -p northfield/drafts
	cd northfield
	echo '{"kind": "practice",' >drafts/half.json
	exits 5 confer --json check drafts/half.json
	holds '.[0].verdict == "unchecked" and .[0].findings == [] and
		(.[0].notRun | length) == 1 and .[0].notRun[0].rule and
		.[0].notRun[0].reason'
	exits 5 confer check drafts/half.json
	has "Could not check"
	exits 5 confer --json check drafts/none.json
	holds '.[0].verdict == "unchecked"'
	exits 5 confer --json check drafts
	holds '.[0].verdict == "unchecked"'
}

@test "check: no text of a draft can play with the terminal" {
	draft northfield practice '.body["\u001b[2J\u0007x"] = 1 |
		.kind = "practice"'
	exits 5 confer -C northfield check
	[[ $output != *$'\e'* && $output != *$'\a'* ]]
}

@test "check: a draft as it was begun says what to fill in, each once" {
	cd northfield
	confer new practice
	run -5 confer check drafts/practice-1.json
	has "'Title' must not be empty"
	has "In entry 1 of 'Steps', 'What is done' must not be empty"
	(( $(grep -c 'Do: ' <<<"$output") == 1 ))
	run -5 confer check practice-1
	has 'Did you mean drafts/practice-1.json?'
	run -5 confer check drafts/practice-1.guide.md
	has 'is the guide'
}

@test "check: who breaks a field's limit is told of that limit alone" {
	cd northfield
	confer new practice
	jq '.body |= (.title = "Paired reading" | .problem = "p" * 9000 |
		.procedure[0].text = "Read.")' drafts/practice-1.json >long.json
	run -5 confer check long.json
	has "at most 2000 characters; it has 9000"
	(( $(grep -c 'at most' <<<"$output") == 1 ))
}

@test "check: each fault says what to do about it" {
	draft northfield need 'del(.body.problem) | .body.colour = "red" |
		.body.title = ("long " * 60)'
	exits 5 confer -C northfield check "$world/northfield/drafts/need.json"
	has "Fill it in; the guide beside the draft says what belongs there."
	has "Take it out, or give it the name that the guide"
	has "Shorten it."
	echo '{' >"$world/half.json"
	exits 5 confer -C northfield check "$world/half.json"
	has "Could not check: nothing was checked"
	draft northfield need '.body.title = "With Mrs Patel" |
		.body.summary = "The only Traveller girl was one of them."'
	exits 3 confer -C northfield check "$world/northfield/drafts/need.json"
	has "and so for each rule that stands in [ ] above"
}
