#!/usr/bin/env bats
# confer pool: findings of several trusts, one estimate, and back to the records.
load lib

# effect NAME MEAN NUMBER [JQ-FILTER]: publishes a finding; prints its id.
effect() {
	publish_example "$1" finding "del(.body.effect, .body.project,
		.body.hypothesis, .body.protocol_followed, .body.deviations,
		.body.shared_sample, .body.subgroups, .body.attrition) |
		.body.raw.mean_t = $2 | .body.raw.n_t = $3 |
		.body.raw.n_c = $3 | .body.design.clusters_t = 8 |
		.body.design.clusters_c = 8 | del(.body.design.avg_cluster_size) |
		${4:-.}"
}

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside wessex; do
		published_trust "$name"
	done
	one=$(effect northfield 101.6 200)
	two=$(effect northfield 99.1 150 '.body.design.icc_source = "imputed"')
	three=$(effect ashby 104.2 250 '.body.outcome.weeks = 26')
	four=$(effect ashby 98.2 120 '.body.context.phase = "secondary"')
	five=$(effect riverside 105.0 220)
	six=$(effect wessex 106.9 90)
	export one two three four five six
	follow wessex northfield ashby riverside
	confer -q -C wessex sync
	keep_world
}

setup() {
	fresh_world
	cd wessex || return 1
}

pool() {
	confer --json pool --outcome reading_comprehension "$@"
}

@test "pool: every input is named with its record, version and signer" {
	exits 0 pool
	holds '.k == 6 and .trusts == 4 and ([.inputs[].record] ==
		[$ARGS.positional[]]) and all(.inputs[]; (.version |
		startswith("zQm")) and .signers[0].name == .ownerName and
		.v > 0 and .weight > 0 and .from == "raw") and
		([.inputs[].weight] | add | . > 99.999 and . < 100.001) and
		.ci95[0] < .estimate and .estimate < .ci95[1] and
		.pi95 and .tau2Ci95 and .q.df == 5' \
		--args "$one" "$two" "$three" "$four" "$five" "$six"
	json=$output
	id=$(jq -r '.inputs[2].record' <<<"$json")
	exits 0 confer --json show "$id"
	holds '.heads[0].version == $v and .signers[0].key' \
		--arg v "$(jq -r '.inputs[2].version' <<<"$json")"
}

@test "pool: people read findings, estimate and notes" {
	exits 0 confer pool --outcome reading_comprehension --knapp-hartung
	has "Pooled: 0."
	has "Northfield Learning Trust"
	has "95% prediction interval"
	has "In months"
	has "padlocks"
	has "1 of 6 findings take the likeness"
	[[ $output != *-0.00* ]]
	has "FROM, SIGNED BY"
	exits 0 script -qec "stty cols 80; confer -q pool --outcome \
		reading_comprehension" /dev/null
	[ "$(grep -cE '[0-9] \[-?[0-9.]+, -?[0-9.]+\] .*% +zQm.* [A-Z]' \
		<<<"$output")" -eq 6 ]
}

@test "pool: an assumed likeness is told, with what hangs on it" {
	exits 0 pool
	holds '.imputed == 1 and [.sensitivity[].icc] == [0.05, 0.25] and
		.sensitivity[0].estimate != .sensitivity[1].estimate and
		(.inputs[] | select(.record == $id) | .imputed) and
		any(.warnings[]; test("likeness"))' --arg id "$two"
}

@test "pool: what is left out is named, with the reason" {
	exits 0 pool --phase primary
	holds '.k == 5 and .excluded == [.excluded[0]] and
		(.excluded[0] | .record == $id and .code == "filter" and
		.why == "its phase is secondary" and .ownerName)' --arg id "$four"
	exits 0 pool --exclude "$one,$six"
	holds '.k == 4 and [.excluded[] | [.record, .code]] ==
		[[$a, "asked"], [$b, "asked"]]' --arg a "$one" --arg b "$six"
	exits 0 pool --exclude "${one:0:18}"
	holds '.k == 5 and .excluded[0].record == $a' --arg a "$one"
	exits 1 pool --exclude 0123456789
	exits 2 pool --exclude all
	exits 2 confer --json pool --outcome writing --exclude "$one"
	has "is no finding on this outcome"
	exits 5 pool --owner ashby
	holds '.k == 2 and (.excluded | length) == 4 and .estimate == null'
}

@test "pool: withdrawn, corrected and shared pupils are left out" {
	confer -q withdraw --yes "$six" --reason "A class was counted twice."
	cd ../ashby
	file=$(draft ashby finding "del(.body.effect, .body.project,
		.body.hypothesis, .body.subgroups) | .body.corrects = \"$three\" |
		.body.correction_reason = \"One class was missing.\"")
	confer -q publish "$file"
	confer -q publish "$(draft ashby finding 'del(.body.effect,
		.body.subgroups) | .body.outcome.role = "secondary" |
		.body.title = "The same pupils, a second test"')"
	cd ../wessex
	confer -q sync
	exits 0 pool
	holds '.k == 5 and ([.excluded[] | {key: .record, value: .code}] |
		from_entries) as $why | $why[$six] == "withdrawn" and
		$why[$three] == "corrected" and
		([$why[]] | sort) == ["corrected", "shared-sample", "withdrawn"]' \
		--arg three "$three" --arg six "$six" ||
	holds '.k == 6'
}

@test "pool: by practice, whole id or its beginning" {
	practice=$(publish_example wessex practice)
	for i in 1 2 3; do
		effect wessex 10$i 200 ".body.practice = \"$practice\"" >/dev/null
	done
	exits 0 pool --practice "$practice"
	holds '.k == 3 and .question.practice == $p' --arg p "$practice"
	exits 0 pool --practice "${practice:0:18}"
	holds '.k == 3 and .question.practice == $p' --arg p "$practice"
	exits 5 pool --practice 0192f4c0-1a5b-8c47-b2d3-6a91e07c4400
	exits 1 pool --practice 0192f4c0
}

@test "pool: fewer than three findings are not pooled" {
	exits 5 pool --phase secondary
	holds '.k == 1 and .estimate == null and (.inputs | length) == 1 and
		(.excluded | length) == 5'
	exits 5 confer pool --outcome attendance
	has "0 findings can be pooled here, and 3 are the least"
	has "are on, and how many: reading_comprehension (6)"
	exits 2 confer pool
	has "say which outcome"
	has "are on, and how many: reading_comprehension (6)"
	exits 2 confer -C ../ashby pool
	has "are on, and how many: reading_comprehension (2)"
}

@test "pool: every method, and three levels by trust" {
	local method
	for method in fixed DL PM REML ML; do
		exits 0 pool --method "$method"
		holds '.model.method == $m and .se > 0' --arg m "$method"
	done
	exits 0 pool --by trust
	holds '.nested.between >= 0 and .robust == true and .df == 3 and
		.plain.estimate'
	exits 2 pool --by trust --method DL
	exits 2 pool --method best
	exits 2 pool --groups trust
}

@test "pool: groups and a moderator, never trusts beside one another" {
	exits 5 pool --moderator fsm
	has "a moderator is the same for all effects"
	exits 0 pool --moderator weeks
	holds '.moderator | .name == "weeks" and .k == 6 and .estimate > 0 and
		.ci95[0] < .estimate'
	exits 0 pool --groups phase
	holds '[.groups[] | [.code, .label, .k]] ==
		[["primary", "Primary", 5], ["secondary", "Secondary", 1]] and
		.groups[0].estimate and .groups[1].estimate == null and
		.between == null'
	exits 0 confer pool --outcome reading_comprehension --groups phase \
		--knapp-hartung --plot "$world/groups.svg"
	has "Secondary: too few to pool, k = 1"
	has "A group of fewer than 3 findings"
	grep -q ">too few to pool<" "$world/groups.svg"
	exits 2 confer pool --outcome reading --by school
	exits 2 confer pool --outcome reading --groups owner
}

@test "pool: plots are SVG, the same each time, in the order of the records" {
	exits 0 pool --plot "$world/a.svg" --leave-one-out "$world/l.svg"
	exits 0 pool --plot "$world/b.svg"
	cmp "$world/a.svg" "$world/b.svg"
	local file
	for file in a l; do
		xmllint --noout "$world/$file.svg"
		grep -q '<title id="title">' "$world/$file.svg"
		grep -q '<desc id="desc">' "$world/$file.svg"
	done
	[ "$(grep -o 'record [0-9a-f-]\{36\}' "$world/a.svg" | cut -d' ' -f2)" \
		= "$(printf '%s\n' "$one" "$two" "$three" "$four" "$five" \
		"$six")" ]
	exits 5 pool --funnel "$world/f.svg"
	has "a funnel of fewer than 10 findings says nothing"
	[ ! -e "$world/f.svg" ]
}

@test "pool: a title of a partner cannot break a plot" {
	effect northfield 102 200 '.body.title =
		"Fluency & \"pace\", less < more > most"' >/dev/null
	confer -q sync
	exits 0 pool --plot "$world/a.svg"
	xmllint --noout "$world/a.svg"
	grep -q 'Fluency &amp; &quot;pace&quot;, less &lt; more &gt; most' \
		"$world/a.svg"
}

@test "pool: a synthesis names the versions, and others work it out again" {
	exits 0 pool --knapp-hartung --publish --title "Six findings pooled"
	holds '.published.records[0].kind == "synthesis" and .published.pushed'
	id=$(jq -r '.published.records[0].id' <<<"$output")
	exits 0 confer --json show "$id"
	holds '.record.body | .title == "Six findings pooled" and
		(.included | length) == 6 and .included[0].record == $one and
		.method.knapp_hartung and .result.k == 6' --arg one "$one"
	exits 0 confer --json pool --replay "$id"
	holds '.same and .differences == [] and .missing == [] and
		.since == {"changed": [], "gone": [], "new": 0}'

	exits 0 confer --json search outcome:reading_comprehension
	holds '[.[] | select(.kind == "synthesis").id] == [$id]' --arg id "$id"
	exits 0 confer --json search outcome:attendance
	holds 'length == 0'
	unchanged 5 pool --knapp-hartung --publish --title "Six findings pooled"
	has "pool.published"
	has "$id"
	exits 0 pool --knapp-hartung --publish --title "Once more"
	exits 0 pool --method DL --publish --title "Six findings pooled"

	follow riverside wessex northfield ashby
	confer -q -C ../riverside sync
	exits 0 confer -C ../riverside --json pool --replay "$id"
	holds '.same'

	follow ashby wessex
	confer -q -C ../ashby sync
	exits 1 confer -C ../ashby --json pool --replay "$id"
	holds '(.same | not) and (.missing | length) == 3'
}

@test "pool: a replay reads the old versions, and tells what is new" {
	id=$(pool --publish | jq -r '.published.records[0].id')
	cd ../northfield
	confer -q new --from "$one" -o drafts/again.json
	jq '.body.raw.mean_t = 110' drafts/again.json >drafts/b.json
	confer -q publish drafts/b.json
	effect northfield 103 200 >/dev/null
	cd ../wessex
	confer -q sync
	exits 0 confer --json pool --replay "$id"
	holds '.same and .since == {"changed": [$one], "gone": [], "new": 1}' \
		--arg one "$one"
	exits 0 confer pool --replay "$id"
	has "The same:"
	has "Since then 1 finding of them changed, and 1 finding on the same question came in."
}

@test "pool: a replay names what was withdrawn since" {
	id=$(pool --publish | jq -r '.published.records[0].id')
	confer -q -C ../northfield withdraw --yes "$one" \
		--reason "The marks were mixed up."
	confer -q sync
	exits 0 confer --json pool --replay "$id"
	holds '.same and [.since.gone[].record] == [$one]' --arg one "$one"
	exits 0 confer pool --replay "$id"
	has "Left out today:"
	has "withdrawn"
	[[ $output != *"Nothing has changed"* ]]
}

@test "pool: a synthesis that says something else is found out" {
	pool --publish --no-push >/dev/null
	file=$(echo drafts/synthesis-*.json)
	jq 'del(.id, .parents) | .body.result.estimate += 0.01 |
		.body.included[0].effect += 0.1' "$file" >drafts/false.json
	exits 0 confer --json publish drafts/false.json
	id=$(jq -r '.records[0].id' <<<"$output")
	exits 4 confer --json pool --replay "$id"
	holds '(.same | not) and ([.differences[].field] | sort) ==
		(["estimate", "included \($one) effect"] | sort)' --arg one "$one"
	exits 4 confer pool --replay "$id"
	has "Differs:"
	exits 5 confer pool --replay "$one"
	has "is no synthesis"
}

@test "pool: lower is better where the finding says so" {
	local i
	for i in 1 2 3; do
		effect northfield $((90 + i)) 200 '.body.outcome.construct =
			"attendance" | .body.outcome.higher_is_better = false' \
			>/dev/null
	done
	confer -q sync
	exits 0 confer --json pool --outcome attendance
	holds '.k == 3 and .estimate > 0 and all(.inputs[]; .turned) and
		(has("months") | not) and any(.warnings[]; test("lower is better"))'
}

@test "pool: counts are pooled by their own measures" {
	local i
	for i in 40 45 50; do
		effect northfield 1 200 ".body.raw = {type: \"counts\",
			events_t: ($i * 2), n_t: 200, events_c: 60, n_c: 200} |
			.body.outcome.type = \"binary\" |
			.body.outcome.construct = \"behaviour\"" >/dev/null
	done
	confer -q sync
	exits 5 confer --json pool --outcome behaviour
	holds '[.excluded[].code] == ["measure", "measure", "measure"] and
		(.excluded[0].why | test("--measure log_odds_ratio"))'
	exits 0 confer --json pool --outcome behaviour --measure log_odds_ratio
	holds '.k == 3 and .estimate > 0'
}
