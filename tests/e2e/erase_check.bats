#!/usr/bin/env bats
# erase --check: where on this machine a text still is, in whatever form.
load lib

secret='Zebra crossing Ökonjo "K"'

setup_file() {
	begin_world
	published_trust northfield
	publish_example northfield practice '.body.title = $t' --arg t "$secret" \
		>bad
	rm northfield/drafts/*
	keep_world
}

setup() {
	fresh_world
	bad=$(<bad)
}

@test "erase --check: forms of a text, and what is not there" {
	local dir=northfield/.git/confer/refused
	exits 3 confer -C northfield --json erase --check "$secret"
	holds '[.found[] | select(.where == "object")] | length >= 1'
	holds '[.found[] | select(.where == "index")] | length >= 1'
	holds '[.found[] | select(.where == "file") | .path |
		select(test("index.db"))] | length == 1'
	# with the accent as a mark of its own, in other letters, from a file
	printf 'nothing here\nZEBRA CROSSING O\xcc\x88KONJO\n' >texts
	exits 3 confer -C northfield erase -f "$world/texts"
	has "It is still here:"
	has "of the record $bad"
	has "refs/heads/main leads to it"
	exits 3 confer -C northfield --json erase -f - <texts
	# as some editors begin a text; and what is no text
	printf '\xef\xbb\xbfZebra crossing\r\n' >bom
	exits 3 confer -C northfield erase -f "$world/bom"
	printf 'nothing here\0\nZebra crossing\n' >nul
	exits 2 confer -C northfield erase -f "$world/nul"
	has "Save it as plain text"
	# what JSON makes of it
	mkdir -p "$dir"
	echo '{"a": "ZEBRA two \u00d6konjo \ud83e\udd93"}' >"$dir/x.json"
	exits 3 confer -C northfield --json erase --check 'TWO Ökonjo 🦓'
	holds '.found | length == 1'
	# what nothing leads to
	echo "Lonely text" | git -C northfield hash-object -w --stdin
	exits 3 confer -C northfield erase --check "lonely TEXT"
	has "nothing leads to it"
	git -C northfield gc -q
	exits 3 confer -C northfield erase --check "lonely TEXT"
	exits 0 confer -C northfield compact
	exits 0 confer -C northfield erase --check "lonely TEXT"
	has "It is nowhere on this machine."
	exits 0 confer -C northfield --json erase --check "never said so"
	holds '.found == [] and .unread == [] and .objects > 10 and .files > 5'
	# what git left where it was killed, and no list has
	file=$(echo "Walrus text" | git -C northfield hash-object -w --stdin)
	file=northfield/.git/objects/${file:0:2}/${file:2}
	chmod u+w "$file"
	mv "$file" "${file%/*}/tmp_obj_Ab3"
	exits 0 confer -C northfield erase --check "Walrus text"
	has "It was not found, but not everything could be read."
	touch -d '1 hour ago' "${file%/*}/tmp_obj_Ab3"
	exits 0 confer -C northfield compact
	[ ! -e "${file%/*}/tmp_obj_Ab3" ]
	exits 0 confer -C northfield erase --check "Walrus text"
	has "It is nowhere on this machine."
	# a pack without its list cannot be looked into, and that is said
	printf 'PACK' >northfield/.git/objects/pack/pack-x.pack
	exits 0 confer -C northfield --json erase --check "never said so"
	holds '.unread | length == 1'
	rm northfield/.git/objects/pack/pack-x.pack
	# nor what a killed sync left, or another repository
	mkdir -p northfield/.git/confer/quarantine/1-x/objects/pack
	printf 'PACK' >northfield/.git/confer/quarantine/1-x/objects/pack/p.pack
	git init -q northfield/drafts/mine
	echo "Walrus text" | git -C northfield/drafts/mine hash-object -w --stdin
	exits 0 confer -C northfield --json erase --check "Walrus text"
	holds '.unread | length == 2'
	has drafts/mine/.git/objects
	has quarantine/1-x/objects/pack/p.pack
}

@test "erase --check: capitals beyond A to Z" {
	local dir=northfield/.git/confer/refused text
	exits 3 confer -C northfield erase --check "ZEBRA CROSSING ÖKONJO"
	exits 3 confer -C northfield erase --check "zebra crossing ökonjo"
	mkdir -p "$dir"
	echo '{"a": "\u00d6KONJO \u0141\u00f3d\u017a", "b": "Ŷ Łódź",
		"c": "ΟΔΟΣ Ёлка Ṡ"}' >"$dir/x.json"
	for text in 'ökonjo łódź' 'ÖKONJO ŁÓDŹ' 'ŷ ŁÓDŹ' 'οδος' 'ΟΔΟΣ' \
		'ёлка ṡ' 'ЁЛКА Ṡ'; do
		exits 3 confer -C northfield --json erase --check "$text"
	done
	exits 0 confer -C northfield --json erase --check 'ΟΔΌΣ'
}
