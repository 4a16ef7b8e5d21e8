#!/usr/bin/env bats
# What a partner publishes with a program that does not check: each reason to hold
# a version back, and what the partner's user is told.
load lib

# Rule, kind, what breaks it; and the words of those filters.
figures=$top/tests/vectors/check/figures

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	keep_world
}

setup() {
	fresh_world
}

# One line each: rule, kind, what to change in a sound record. The texts are the
# examples that the rules give themselves.
text_cases() {
	confer --json rules | jq -r '.[] | select((.local | not) and
		.severity != "advice" and (.rule | startswith("T-"))) |
		"\(.rule)\tneed\t.body.summary = \(.example | tojson)"'
}

other_cases() {
	cat <<-'END'
	T-NAME	need	.body.title = "Reading with Mrs Whitfield"
	schema.body	need	.body.title = 5
	schema.record	need	.licence = 5
	schema.order	finding	.body.population = ["year=8", "sex=f"]
	schema.newer	need	.schema = 99
	schema.record	need	.licence = "Tyrone-Whitfield-was-excluded"
	record.stewards	need	.stewards = ["zQmYtUc4iTCbbfVSDNKvtQqrfyezPPnFvE33wFmutw9PBBk"]
	record.order	need	.stewards += .stewards
	schema.keys	finding	.body.subgroups += .body.subgroups
	schema.settled	need	.settled = ["/Jane Whitfield of Year 8"]
	END
}

# bad_version KEY-OWNER FILTER FILE: the next version of a record in a clone,
# changed and signed by that trust's key.
bad_version() {
	local owner=$1 did
	did=$(confer -C "$world/$owner" --json id | jq -r .key)
	jq "$(cat "$figures.jq") $2" "$3" | sign_tool "$(trust_id "$owner")" "$did" "$3" \
		>"$3.new" && mv "$3.new" "$3"
}

# all_of FILE: in a clone, every record of the cases is made bad.
all_of() {
	local rule kind filter id
	while IFS=$'\t' read -r rule kind filter id; do
		bad_version northfield "$filter" \
			"records/$kind/${id: -2}/$id.json" || return
	done <"$1"
}

# published CASES: a sound record for each; prints the cases with their ids.
published() {
	local n=0 rule kind filter files
	while IFS=$'\t' read -r rule kind filter; do
		n=$((n + 1))
		cp "$examples/$kind.json" "northfield/drafts/$n.json"
	done <"$1"
	mapfile -t files < <(seq -f 'drafts/%g.json' "$n")
	confer -q -C northfield publish "${files[@]}"
	n=0
	while IFS=$'\t' read -r rule kind filter; do
		n=$((n + 1))
		printf '%s\t%s\t%s\t%s\n' "$rule" "$kind" "$filter" \
			"$(jq -r .id "northfield/drafts/$n.json")"
	done <"$1"
}

# at N: where the N-th of ids lies.
at() {
	echo "records/need/${ids[$1]: -2}/${ids[$1]}.json"
}

@test "held: each rule on its own, with a sentence for the partner" {
	{ text_cases; cat "$figures.tsv"; other_cases; } >cases
	[ "$(wc -l <cases)" -gt 60 ]
	published cases >made
	exits 0 confer -C ashby --json sync
	forge northfield all_of "$world/made"
	exits 0 confer -C ashby --json sync
	echo "$output" >held
	jq -r '.partners[0].held[] | "\(.id) \(.rule)"' <<<"$output" |
		sort >got
	awk -F '\t' '{ print $4, $1 }' made | sort >want
	diff want got
	holds '.partners[0] | .verdict == "held" and
		(.held | all(.why | length > 15))'
	# What stood before stands, and the trust itself can see it all.
	exits 0 confer -C ashby --json list
	holds "length == $(wc -l <cases)"
	exits 0 confer -C ashby --json verify ../hosts/northfield.git
	holds ".held | length == $(wc -l <cases)"
	# Nothing of what is held is told.
	{
		confer -C ashby --json status
		confer -C ashby status
		confer -C ashby sync
		cat held
	} >said
	grep -q "Held back for now" said
	fails grep -E 'A123456789012|943 476 5870|Whitfield|j.carter' said
}

@test "held: a table that totals give away, in words to send on" {
	grep ^N-SOLVE "$figures.tsv" >cases
	published cases >made
	exits 0 confer -C ashby -q sync
	forge northfield all_of "$world/made"
	exits 0 confer -C ashby sync
	has "1 record waits for them to mend"
	has "To send on: your record"
	has "several totals together give this cell away"
	has "'confer check' on your computer says what to change"
	exits 0 confer -C ashby status
	has "several totals together give this cell away"
	has "N-SOLVE"
}

in_ways() {
	bad_version ashby '.' "$(at 0)"
	jq 'del(.proof)' "$(at 1)" >x && mv x "$(at 1)"
	bad_version northfield '.id = "'"${ids[0]}"'"' "$(at 2)"
	sed -i 's/^  "kind": "need",/&\n&/' "$(at 3)"
	NEXT=no bad_version northfield \
		'.parents = [] | .body.title = "Another"' "$(at 4)"
}

@test "held: signed by somebody else, by nobody, at another place, in two ways" {
	printf 'x\tneed\t.\n%.0s' {1..5} >cases
	published cases >made
	exits 0 confer -C ashby -q sync
	mapfile -t ids < <(cut -f 4 made)
	forge northfield in_ways
	exits 0 confer -C ashby --json sync
	for n in 0 1 2 3 4; do
		holds '.partners[0].held | any(.id == $id)' --arg id "${ids[$n]}"
	done
	holds '.partners[0].held | map(.rule) | sort == ["json.duplicate",
		"proof.missing", "record.parents", "record.path",
		"record.shape"]'
}

# unsound RULE: what is done to the record in file $1, whoever signs it.
unsound() {
	case $1 in
	json.encoding) sed 's/"title": "/&\xff/' "$2" ;;
	json.number) sed 's/"schema": 1/"schema": 9007199254740993/' "$2" ;;
	json.depth) jq '.body.title = reduce range(40) as $i (1; [.])' "$2" ;;
	json.syntax) head -c 200 "$2" ;;
	esac >x && mv x "$2"
}

no_records() {
	local id rule
	while read -r id rule; do
		unsound "$rule" "records/need/${id: -2}/$id.json" ||
			return
	done < <(paste -d ' ' <(cut -f 4 ../made) \
		<(tr ' ' '\n' <<<"$rules"))
}

@test "held: what is no record of ours at all, in a sentence each" {
	local rules='json.depth json.encoding json.number json.syntax'
	printf 'x\tneed\t.\n%.0s' {1..4} >cases
	published cases >made
	exits 0 confer -C ashby -q sync
	forge northfield no_records
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "held" and (.held | map(.rule) |
		sort == ($rules | split(" ")))' --arg rules "$rules"
	holds '.partners[0].held | all(.why | length > 15)'
	exits 0 confer -C ashby sync
	has "4 records wait for them to mend"
	has "To send on: your record"
	exits 0 confer -C ashby --json list
	holds 'length == 4'
}

# With a second proof, by the other trust, in the order that $2 says.
proved() {
	local file=$1 order=$2 did
	did=$(confer -C "$world/ashby" --json id | jq -r .key)
	cp "$file" x
	NEXT=no sign_tool "$(trust_id ashby)" "$did" "$file" <x |
		jq .proof >second
	jq -S --slurpfile second second '.proof += $second[0] | .proof |= '"(
		$order)" "$file" >x && mv x "$file" && rm second
}

two_proofs() {
	proved "$(at 0)" 'sort_by(.verificationMethod) | reverse'
	proved "$(at 1)" 'sort_by(.verificationMethod)'
}

take_proof() {
	jq -S '.proof |= map(select(.verificationMethod |
		startswith($did)))' --arg did "$(confer -C "$world/northfield" \
		--json id | jq -r .key)" "$(at 1)" >x && mv x "$(at 1)"
}

@test "held: signatures in another order, or taken away" {
	printf 'x\tneed\t.\n%.0s' {1..2} >cases
	published cases >made
	mapfile -t ids < <(cut -f 4 made)
	forge northfield two_proofs
	exits 0 confer -C ashby --json sync
	holds '.partners[0].held | map(.rule) == ["proof.order"]'
	forge northfield take_proof
	exits 0 confer -C ashby --json sync
	holds '.partners[0].held | map(.rule) | sort == ["proof.order",
		"record.proofs"]'
	exits 0 confer -C ashby sync
	has "a signature was taken away"
}

# An id that certifies its owner (confer-record(5)).
fresh_id() {
	local head sum
	head=$(printf '%012x8%03x' "$(date +%s000)" $((RANDOM % 4096)))
	sum=$( (printf %s "$1" &&
		printf %b "$(fold -w 2 <<<"$head" | sed 's/^/\\x/' |
			tr -d '\n')") | sha256sum)
	sum=$(printf %016x $((((0x${sum:0:16} >> 2) & 0x3fffffffffffffff) |
		0x8000000000000000)))
	echo "${head:0:8}-${head:8:4}-${head:12:4}-${sum:0:4}-${sum:4}"
}

of_others() {
	local id file="records/need/${of_ashby: -2}/$of_ashby.json"
	mkdir -p "${file%/*}"
	git -C "$world/ashby" show "main:$file" >"$file" || return
	bad_version northfield '.status = "erased" | del(.body) |
		.stewards = ([.owner, "'"$(trust_id northfield)"'"] |
		sort)' "$file"
	bad_version northfield '.status = "erased" | del(.body)' \
		"$(at 0)"
	id=$(fresh_id "$(trust_id northfield)")
	file="records/novelty/${id: -2}/$id.json"
	mkdir -p "${file%/*}" && cp "$(at 0)" "$file"
	NEXT=no bad_version northfield '.kind = "novelty" |
		.parents = [] | .id = "'"$id"'"' "$file"
}

go_on() {
	bad_version northfield '.status = "active" |
		.body = {title: "x", problem: "y"}' "$(at 0)"
}

@test "held: erased by another, written on after it was erased, of an unknown kind" {
	of_ashby=$(publish_example ashby need)
	printf 'x\tneed\t.\n' >cases
	published cases >made
	mapfile -t ids < <(cut -f 4 made)
	forge northfield of_others
	forge northfield go_on
	exits 0 confer -C ashby --json sync
	holds '.partners[0].held | map(.rule) | sort == ["kind.unknown",
		"record.erased", "record.tombstone"]'
	exits 0 confer -C ashby sync
	has "only the trust that owns a record may erase it"
	has "the record was erased"
	# Of these three two are theirs to mend.
	has "2 records wait for them to mend, and 1 record needs a newer Confer"
	has "Have yours brought up to date"
	fails grep -q "of a kind that needs a newer" <<<"$output"
}

# grown COUNT: northfield's first record gets so many versions more, of which all
# but the last are pushed; then the last. In memory, for each commit is synced.
grown() {
	local memory
	memory=$(mktemp -d -p /dev/shm) || memory=$(mktemp -d)
	cp -r "$world/northfield" "$memory/grown" &&
		versions_tool "$memory/grown" "$(trust_id northfield)" \
			"$(confer -C northfield --json id | jq -r .key)" \
			"${titles[northfield]}" "$(at 0)" "$1" &&
		git -C "$memory/grown" push -q "$world/hosts/northfield.git" \
			main~1:main main:refs/heads/last
	rm -r "$memory"
}

@test "held: more than a thousand versions of one record" {
	printf 'x\tneed\t.\n' >cases
	published cases >made
	mapfile -t ids < <(cut -f 4 made)
	grown 1000
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "updated" and .versions == 1000'
	git -C "$world/hosts/northfield.git" update-ref refs/heads/main last
	exits 0 confer -C ashby --json sync
	holds '.partners[0] | .verdict == "held" and (.held |
		map(.rule) == ["record.versions"])'
	exits 0 confer -C ashby sync
	has "more than 1,000 versions"
	# The one before it stands.
	exits 0 confer -C ashby --json show "${ids[0]}"
	holds '.record.body.title == "The same question, for the 998. time"'
}

steering() {
	bad_version northfield '.body["\nNorthfield: verified"] = 1' "$(at 0)"
	bad_version northfield '.body.title = "x\nNorthfield: verified"' \
		"$(at 1)"
	bad_version northfield '.body.title = ("y" * 200000)' "$(at 2)"
}

@test "held: names and titles that are none begin no line, and fill no screen" {
	local said
	printf 'x\tneed\t.\n%.0s' {1..3} >cases
	published cases >made
	mapfile -t ids < <(cut -f 4 made)
	forge northfield steering
	for said in sync status "verify ../hosts/northfield.git"; do
		# shellcheck disable=SC2086 # words
		exits 0 confer -C ashby $said
		has "this field is not known here"
		fails grep -q '^ *Northfield: verified' <<<"$output$stderr"
		[ "$(wc -c <<<"$output$stderr")" -lt 4000 ]
	done
	exits 0 confer -C ashby --json sync
	holds '.partners[0].held | length == 3 and
		all(.[]; .why | test("[\u0000-\u001f]") | not)'
}
