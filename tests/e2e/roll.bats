#!/usr/bin/env bats
# confer roll: the check knows the trust's own people, and nobody else learns of
# them.
load lib

setup_file() {
	begin_world
	published_trust northfield
	keep_world
}

setup() {
	fresh_world
	cd northfield || return
	cat >"$world/roll.csv" <<-'ROLL'
	Legal Surname,Legal Forename,UPN,DOB,Postcode,Email
	Okonkwo,Ndeye,A123456789012,12/03/2014,BS3 4QT,
	Zielinska,Grace,B801200005001,2013-09-01,BS3 4QU,g.zielinska@north.sch.uk
	ROLL
}

# What stands in the roll and nowhere else, one a line.
secrets() {
	printf '%s\n' okonkwo ngozi zielinska a123456789012 b801200005001 \
		12/03/2014 '12 march 2014' 'bs3 4q' bs34q g.zielinska
}

rolls() {
	echo "$CONFER_HOME/rolls"/*
}

with_name() {
	draft northfield need '.body.summary = "Then Ndeye Okonkwo read."'
}

@test "roll: imported, listed without a name, forgotten" {
	exits 0 confer --json roll import "$world/roll.csv"
	holds '.name == "people" and .people == 2 and .numbers == 2 and
		.births == 2 and .postcodes == 2 and .mailboxes == 1'
	exits 0 confer roll import --name staff-2026 "$world/roll.csv"
	has "lies sealed"
	exits 0 confer --json roll list
	holds 'map(.name) == ["people", "staff-2026"] and
		all(.[]; .people == 2 and .imported)'
	touch "$(rolls)/staff-2026.roll.next"
	exits 0 confer roll forget staff-2026
	exits 0 confer --json roll list
	holds 'map(.name) == ["people"]'
	[ "$(ls "$(rolls)")" = people.roll ]
	exits 1 confer roll forget staff-2026
	one_message
}

@test "roll: what is no roll is refused, and nothing changes" {
	printf 'School Name,Seats\nx,1\n' >"$world/other.csv"
	exits 5 confer roll import "$world/other.csv"
	has "Export it with headings"
	printf 'Forename,Surname\n' >"$world/other.csv"
	exits 5 confer roll import "$world/other.csv"
	has "names nobody"
	printf 'PK\003\004\024\0Forename,Surname\nNdeye,Okonkwo\n' \
		>"$world/other.csv"
	exits 5 confer roll import "$world/other.csv"
	has "other.csv: it is no CSV file"
	exits 1 confer roll import "$world/none.csv"
	exits 2 confer roll import --name '../x' "$world/roll.csv"
	exits 0 confer --json roll list
	holds '. == []'
}

@test "roll: a person of the roll is found, by check and by publish" {
	with_name
	exits 0 confer --json check drafts/need.json
	holds '.[0].verdict == "ready" and
		(.[0].notRun | map(.rule)) == ["T-ROLL"]'
	exits 0 confer check drafts/need.json
	has "There is no roll here"
	confer -q roll import "$world/roll.csv"
	exits 5 confer --json check drafts/need.json
	holds '.[0].verdict == "unsafe" and .[0].findings[0].rule == "T-ROLL"
		and .[0].notRun == []'
	unchanged 5 confer publish --no-push drafts/need.json
	has "T-ROLL"
}

@test "roll: two rolls are one" {
	printf 'Forename,Surname\nAisha,Mbeki\n' >"$world/staff.csv"
	confer -q roll import "$world/roll.csv"
	confer -q roll import --name staff "$world/staff.csv"
	draft northfield need '.body.summary = "Aisha Mbeki, Ndeye Okonkwo."'
	exits 5 confer --json check drafts/need.json
	holds '[.[0].findings[] | select(.rule == "T-ROLL")] | length == 2'
}

@test "roll: sealed by the passphrase; without it the check says so" {
	cd "$world" && rm -rf northfield home/confer
	printf 'correct horse battery\n' >pass && chmod 600 pass
	confer -q --passphrase-file pass init northfield --name North \
		--sheets sheets/new
	cd northfield
	confer -q --passphrase-file ../pass roll import "$world/roll.csv"
	with_name
	exits 0 confer --json check drafts/need.json
	holds '.[0].notRun[0].rule == "T-ROLL" and
		(.[0].notRun[0].reason | contains("passphrase"))'
	exits 5 confer --passphrase-file ../pass check drafts/need.json
	has "a person of your roll"
	exits 5 confer --passphrase-file ../pass publish --no-push \
		drafts/need.json
}

@test "roll: damaged or of another key, it says to import it again" {
	confer -q roll import "$world/roll.csv"
	local file
	file=$(find "$CONFER_HOME/rolls" -name people.roll)
	[ "$(stat -c %a "$file")" = 600 ]
	printf 'x' | dd of="$file" bs=1 seek=200 conv=notrunc status=none
	with_name
	exits 0 confer --json check drafts/need.json
	holds '.[0].notRun[0].reason | contains("Import")'
	exits 5 confer publish --no-push drafts/need.json
	has "Import the file"
	exits 0 confer roll import "$world/roll.csv"
}

@test "roll: a first name that may be somebody else takes a reason" {
	confer -q roll import "$world/roll.csv"
	draft northfield need '.body.summary = "Ndeye could not read at all."'
	exits 3 confer check drafts/need.json
	has "--accept T-ROLL=REASON"
	exits 0 confer check drafts/need.json --accept T-ROLL=not-a-person
	has "Ready: 1 accepted"
	exits 0 confer publish drafts/need.json
}

# Every file of the world but the CSV and the draft that names somebody, every
# object of git unpacked, and everything that commands say.
@test "roll: no byte of it or of the exact numbers reaches repository, host, report or log" {
	confer -q roll import "$world/roll.csv"
	draft northfield finding '.body.attrition = {analysed: 9481307} |
		.body.population = ["year=8"]'
	confer check --fix drafts/finding.json >"$world/said" 2>&1 || :
	mv drafts/finding.proposed.json drafts/finding.json
	confer --json publish drafts/finding.json >>"$world/said" 2>&1
	find "$CONFER_HOME" -name numbers.ledger | grep -q .
	draft northfield practice
	with_name
	{
		confer --json check
		confer check
		confer --json publish drafts/practice.json
		confer publish drafts/need.json
		confer --json roll list
		confer roll list
		confer --json status
		confer status
		confer --json sync
		confer --json verify .
		confer --json list
		confer --json id --card
	} >>"$world/said" 2>&1 || :
	fails confer publish drafts/need.json 2>>"$world/said"
	rm "$world/roll.csv" drafts/need.json
	git cat-file --batch-all-objects --batch >"$world/objects"
	git -C "$world/hosts/northfield.git" cat-file --batch-all-objects \
		--batch >>"$world/objects"
	[ -s "$world/objects" ] && grep -q "T-ROLL" "$world/said"
	grep -q "A brief routine\|routine" "$world/objects"
	grep -q '"analysed": 9481305' "$world/objects"
	fails grep -rilaFf <(secrets) "$world"
	fails grep -rlaE '9,?481,?307' "$world" --exclude-dir=objects
	fails grep -aqE '[^0-9a-f]9481307[^0-9a-f]' "$world/objects"
}

@test "roll: what dies with it in memory leaves no core behind" {
	confer -q roll import "$world/roll.csv"
	draft northfield finding '.body.attrition = {analysed: 4813} |
		.body.population = ["year=8"]'
	confer -q check --fix drafts/finding.json || :
	rm drafts/finding.json
	draft northfield practice
	mkdir "$world/die"
	(
		ulimit -c unlimited 2>/dev/null
		cd "$world/die" && exec timeout 30 confer -C "$world/northfield" \
			check --watch drafts/practice.json
	) >seen &
	local shell=$! pid
	for _ in {1..100}; do
		grep -q Ready seen && break
		sleep 0.1
	done
	grep -q Ready seen
	pid=$(pgrep -P "$shell" -x confer)
	kill -ABRT "$pid"
	wait "$shell" || true
	[ -z "$(ls "$world/die")" ]
}

@test "roll: a new key of this machine seals it, and the exact numbers, again" {
	local sheet file
	sheet=$(echo "$world/sheets/northfield/recovery-sheet-1"-*.txt)
	confer -q roll import "$world/roll.csv"
	draft northfield finding '.body.attrition = {analysed: 4813} |
		.body.population = ["year=8"]'
	confer -q check --fix drafts/finding.json || :
	rm drafts/finding*.json
	with_name
	cp -r "$(rolls)" "$world/old"
	fails confer key rotate --no-passphrase --sheet "$top/README.md"
	[ -z "$(find "$(rolls)" -name "*.next")" ]
	exits 0 confer --json key rotate --no-passphrase --sheet "$sheet"
	holds '.sealedAgain | sort == ["numbers", "people"]'
	exits 5 confer --json check drafts/need.json
	holds '.[0].findings[0].rule == "T-ROLL" and .[0].notRun == []'

	# It was stopped once the new key was in force.
	for file in people.roll numbers.ledger; do
		mv "$(rolls)/$file" "$(rolls)/$file.next"
		cp "$world/old/$file" "$(rolls)"
	done
	exits 5 confer --json check drafts/need.json
	holds '.[0].findings[0].rule == "T-ROLL" and .[0].notRun == []'
	[ "$(ls "$(rolls)")" = "numbers.ledger
people.roll" ]
	exits 0 confer key rotate --no-passphrase --sheet "$sheet"
	has "sealed with the new key now"
	exits 0 confer --json roll list
	holds 'map(.name) == ["people"] and .[0].people == 2'
	fails grep -rilaFf <(secrets) "$CONFER_HOME"

	# The key is lost: it says so first, and what to do.
	rm "$CONFER_HOME/keys/$(confer --json id | jq -r .trust)"/*.key
	exits 0 confer key rotate --no-passphrase --sheet "$sheet"
	has "could not be opened"
	has "Import the rolls again"
	exits 0 confer --json check drafts/need.json
	holds '.[0].notRun[0] | .rule == "T-ROLL" and
		(.reason | contains("Import"))'
}
