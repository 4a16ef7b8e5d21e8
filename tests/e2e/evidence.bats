#!/usr/bin/env bats
# confer check --evidence: groups are counted in the list of people behind the
# figures, and nothing of the list goes anywhere.
load lib

setup_file() {
	begin_world
	published_trust northfield
	keep_world
}

setup() {
	fresh_world
	cd northfield || return
	draft northfield finding
	echo 'Surname,School,Year,Sex,Disadvantaged,Result' >"$world/list.csv"
}

# people N SCHOOL YEAR SEX DISADVANTAGED RESULT: N more of them in the list.
people() {
	local i
	for ((i = 0; i < $1; i++)); do
		echo "Quimbleworth,$2,$3,$4,$5,$6"
	done >>"$world/list.csv"
}

# Boys and girls, with and without, in three schools of one size, with three
# results.
fair() {
	local sex with school
	for school in Elmgrove Fernhill Gorsemead; do
		for sex in F m; do
			for with in yes N; do
				people 6 "$school" 'Year 5' $sex $with above
				people 5 "$school" 5 $sex $with at
				people 5 "$school" Y6 $sex $with below
			done
		done
	done
}

# check STATUS [ARG...]: with the list; the rules that found something.
check() {
	exits "$1" confer --json check drafts/finding.json \
		--evidence "$world/list.csv" "${@:2}"
}

finds() {
	holds '[.[0].findings[].rule] | unique == $rules' \
		--argjson rules "$1"
}

@test "evidence: without the list the rules say what to look for, and how to count" {
	exits 0 confer --json check drafts/finding.json
	holds '[.[0].notRun[] | select(.reason | contains("--evidence"))] |
		map(.rule) == ["N-DOM", "N-PRATIO", "N-KANON", "N-LDIV"]'
}

@test "evidence: publish counts in the list, or says once what was not counted" {
	fair
	cp "$world/list.csv" "$world/fair.csv"
	sed -i '/,F,yes,/d' "$world/list.csv"
	people 3 Elmgrove 5 girl 1 above
	people 3 Fernhill 5 girl 1 at
	people 3 Gorsemead 5 girl 1 below
	exits 5 confer publish drafts/finding.json --evidence "$world/list.csv"
	has "ewer than 10 people in your list are"
	has "'confer check' with the same --evidence says what to change"
	exits 2 confer publish --evidence "$world/list.csv"
	exits 0 confer --json publish drafts/finding.json \
		--evidence "$world/fair.csv"
	holds '.records[0] | has("uncounted") | not'
	run grep -rl Quimbleworth .git "$CONFER_HOME"
	[ -z "$output" ]
	draft northfield finding '.body.title = "The same, another year" |
		.body.population = ["year=5", "term=2031-1"]'
	draft northfield need
	exits 0 confer --json publish drafts/finding.json drafts/need.json
	holds '(.records[0].uncounted == ["N-DOM", "N-PRATIO", "N-KANON",
		"N-LDIV"]) and (.records[1] | has("uncounted") | not)'
	draft northfield finding '.body.title = "The same, one year more" |
		.body.population = ["year=5", "term=2032-1"]'
	exits 0 confer publish drafts/finding.json
	has "N-DOM, N-PRATIO, N-KANON and N-LDIV"
	has "confer check FILE --evidence CSV"
	draft northfield need '.body.title = "Another"'
	exits 0 confer publish drafts/need.json
	[[ $output != *evidence* ]]
}

@test "evidence: a list in which every group is large and mixed is fine" {
	fair
	check 0
	holds '.[0].verdict == "ready" and ([.[0].notRun[].rule] |
		any(test("N-(DOM|PRATIO|KANON|LDIV)")) | not)'
}

@test "evidence: fewer than ten who share what is said are found" {
	fair
	sed -i '/,F,yes,/d' "$world/list.csv"
	people 3 Elmgrove 5 girl 1 above
	people 3 Fernhill 5 girl 1 at
	people 3 Gorsemead 5 girl 1 below
	check 5
	finds '["N-KANON"]'
	exits 5 confer check drafts/finding.json --evidence "$world/list.csv"
	has "Fewer than 10 people in your list are"
	has "disadvantaged=yes"
	[[ $output != *" 9 "* ]]
	exits 5 confer check drafts/finding.json \
		--evidence "$world/list.csv" --accept N-KANON=consented
	has "no reason is enough"
}

@test "evidence: a column for each year is counted by its year" {
	fair
	people 3 Elmgrove 3 f yes above
	people 3 Fernhill 3 f no at
	draft northfield finding '.body.population |= map(select(
		startswith("term") | not)) | .body.tables[0].columns |= (
		.[0].where = ["year=5", "year=6"] | .[1].where = ["year=3"])'
	check 5
	finds '["N-DOM", "N-KANON", "N-LDIV"]'
	holds '[.[0].findings[] | select(.rule == "N-KANON").found] |
		all(contains("year=3"))'
}

@test "evidence: two schools that make up nearly all, and one that reads the other" {
	local result
	for result in above at below; do
		people 40 Elmgrove 5 f yes $result
		people 30 Fernhill 5 f yes $result
		people 1 Gorsemead 5 f yes $result
	done
	draft northfield finding '.body.tables = [] |
		.body.population = ["year=5"]'
	check 3
	finds '["N-DOM", "N-PRATIO"]'
	exits 3 confer check drafts/finding.json --evidence "$world/list.csv" \
		--accept N-DOM=public-benefit
	check 0 --accept N-PRATIO=public-benefit
	exits 0 confer --json publish drafts/finding.json
}

@test "evidence: all of a group at one school of several" {
	fair
	sed -i '1s/Result/Points/' "$world/list.csv"
	draft northfield finding '.body.tables = [] | .body.subgroups = [] |
		.body.population = ["year=5"]'
	check 0
	sed -i 's/,\(Fernhill\|Gorsemead\),\(Year 5\|5\),/,Elmgrove,5,/' \
		"$world/list.csv"
	check 3
	finds '["N-DOM"]'
	has "are at one school"
	# A list of one school is behind a finding of that school.
	sed -i 's/,\(Fernhill\|Gorsemead\),/,elmgrove,/' "$world/list.csv"
	check 0
	finds '[]'
}

@test "evidence: what each adds to a figure is added up" {
	draft northfield finding '.body.tables = [] |
		.body.population = ["year=5"]'
	fair
	sed -i 's/Y6/5/' "$world/list.csv"
	sed -i '1s/$/,Sessions/; 2,$s/$/,1/; /Elmgrove/s/1$/90/' \
		"$world/list.csv"
	check 3
	finds '["N-DOM", "N-PRATIO"]'
	sed -i '/Elmgrove/s/90$/1/' "$world/list.csv"
	check 0
}

@test "evidence: a group with one result" {
	fair
	people 20 Elmgrove 5 f yes above
	sed -i '/,F,yes,\(at\|below\)/s/[^,]*$/above/' "$world/list.csv"
	check 0
	finds '["N-LDIV"]'
	has "one result" "$(jq -r '.[0].findings[0].found' <<<"$output")"
	# Of all in the list, too.
	sed -i '2,$s/[^,]*$/above/' "$world/list.csv"
	check 0
	finds '["N-LDIV"]'
}

@test "evidence: one result in small and capital letters is one" {
	local school
	draft northfield finding '.body.tables = [] | .body.subgroups = [] |
		.body.population = ["year=5"]'
	for school in Elmgrove Fernhill Gorsemead; do
		people 20 "$school" 6 f yes Pass
		people 20 "$school" 6 f yes Fail
		people 20 "$school" 5 f yes pass
		people 20 "$school" 5 f yes FAIL
	done
	check 0
	finds '[]'
}

@test "evidence: what the list does not have is said, not passed over" {
	fair
	sed -i '1s/Sex/Gender/; 1s/School/Place/; 1s/Result/Points/' \
		"$world/list.csv"
	check 0
	holds '[.[0].notRun[] | select(.rule | startswith("N-")) |
		.reason] | any(contains("no column '\''sex'\''")) and
		any(contains("no column '\''school'\''")) and
		any(contains("no column '\''result'\''"))'
	sed -i '1s/Gender/Sex/; 2,$s/,[fFmM],/,x,/' "$world/list.csv"
	check 0
	holds '[.[0].notRun[] | select(.rule == "N-KANON") | .reason] |
		any(contains("nobody in the list"))'
	: >"$world/list.csv"
	exits 5 confer check drafts/finding.json --evidence "$world/list.csv"
	has "list of people is empty"
	printf 'PK\003\004\024\0\006\0' >"$world/list.csv"
	exits 5 confer check drafts/finding.json --evidence "$world/list.csv"
	has "save it as CSV (UTF-8)"
	[ -z "$output" ]
	exits 1 confer check drafts/finding.json --evidence "$world/none.csv"
	exits 2 confer check --fix drafts/finding.json --evidence "$world/list.csv"
}

# Every file of the world but the list, every object of git unpacked, and all that
# is said: no word of the list, and no number counted in it.
@test "evidence: no byte of the list reaches repository, report or log" {
	fair
	people 7 Quillhaven 5 f maybe 9481307
	draft northfield finding '.body.tables[0].rows[2].where =
		["disadvantaged=maybe"] | .body.tables[0].rows[2].cells =
		["10", "10", "20"]'
	cp "$world/list.csv" "$BATS_TEST_TMPDIR/list.csv"
	rm "$world/list.csv"
	{
		confer --json check drafts/finding.json \
			--evidence "$BATS_TEST_TMPDIR/list.csv"
		confer check drafts/finding.json \
			--evidence "$BATS_TEST_TMPDIR/list.csv"
		confer check drafts/finding.json --accept N-LDIV=tool-error \
			--evidence "$BATS_TEST_TMPDIR/list.csv"
		draft northfield finding
		confer check drafts/finding.json \
			--evidence "$BATS_TEST_TMPDIR/list.csv"
		confer --json publish drafts/finding.json
		git cat-file --batch-all-objects --batch
	} >"$world/said" 2>&1 || :
	grep -q N-KANON "$world/said"
	for word in Quimbleworth Elmgrove Fernhill Quillhaven 9481307; do
		run grep -rilaF "$word" "$world"
		[ -z "$output" ] || { echo "$word: $output"; return 1; }
	done
}
