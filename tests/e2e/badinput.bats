#!/usr/bin/env bats
# What goes wrong on a machine, a disk or a network: one clear message with what
# to do, the right exit status, and nothing changed.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need
	keep_world
}

setup() {
	fresh_world
}

teardown() {
	mountpoint -q "$world/disk" && umount "$world/disk"
	chmod -R u+w "$world" 2>/dev/null
	true
}

# small_disk KIB: Ashby on a disk of its own, at disk/ashby.
small_disk() {
	mkdir -p disk
	mount -t tmpfs -o "size=$1k" tmpfs disk 2>/dev/null ||
		skip "only root can make a small disk"
	cp -a ashby disk/ashby
}

fill_disk() {
	dd if=/dev/zero of=disk/fill bs=1k 2>/dev/null || :
}

# refused_draft TEXT RULE WORDS: neither check nor publish takes it.
refused_draft() {
	printf '%s' "$1" >ashby/drafts/bad.json
	unchanged 5 confer -C ashby publish drafts/bad.json
	one_message
	has "drafts/bad.json"
	has "(rule $2)"
	has "$3"
	unchanged 5 confer -C ashby --json check drafts/bad.json
	holds --arg rule "$2" '.[0] | .verdict == "unsafe" and
		.findings[0].rule == $rule or .verdict == "unchecked" and
		.notRun[0].rule == $rule'
}

@test "bad input: drafts that are none" {
	refused_draft 'not json' json.syntax "line 1, column 1"
	refused_draft '' json.syntax "it is empty. 'confer new' makes a draft"
	refused_draft '{"kind": "need", "kind": "offer"}' json.duplicate \
		'"kind" stands twice'
	refused_draft '{"kind": "need", "body": {}, "extra": 1}' schema.draft \
		"extra"
	refused_draft "$(jq '.body.titel = "x"' "$examples/need.json")" \
		schema.body "this field is not known here: 'titel'"
	refused_draft "$(jq '.id = "0190"' "$examples/need.json")" \
		schema.draft "must be the whole id of a record"
	refused_draft "$(jq '.kind = "ned"' "$examples/need.json")" \
		schema.draft "must be one of: practice"
	refused_draft "$(head -c 300000 /dev/zero | tr '\0' ' ')" json.size \
		"make several records of it"
	unchanged 1 confer -C ashby publish drafts/nowhere.json
	has "drafts/nowhere.json"
}

# other_file BYTES RULE WORDS: what other programs write.
other_file() {
	# shellcheck disable=SC2059 # the bytes in \NNN form
	printf "$1" >ashby/drafts/other.json
	unchanged 5 confer -C ashby publish drafts/other.json
	one_message
	has "drafts/other.json"
	has "(rule $2)"
	has "$3"
}

@test "bad input: what other programs write" {
	other_file 'PK\003\004\024' json.syntax "a document of a word processor"
	other_file '\320\317\021\340\241' json.encoding "(.doc)"
	other_file '{\\rtf1\\ansi' json.syntax "(.rtf)"
	other_file '%%PDF-1.7' json.syntax "it is a PDF"
	other_file '\377\376{\000' json.encoding "choose UTF-8 as its encoding"
	other_file '{\000\n\000' json.encoding "choose UTF-8 as its encoding"
	other_file '\357\273\277{}' json.encoding "UTF-8 without BOM"
	other_file '{\n“kind”: 1}' json.syntax \
		"line 2, column 1: this quotation mark is a curly"
	other_file '{"kind": "need",\n}' json.syntax \
		"line 2, column 1: there is a comma before this '}'"
	other_file '{"kind": "caf\351"}' json.encoding "line 1, column 14"
}

@test "bad input: a word that is not in a long list" {
	draft ashby need '.body.areas = ["reading"]'
	unchanged 5 confer -C ashby check drafts/need.json
	has "must be one of the 37 words that its guide lists"
	has "the nearest are: english_reading"
	fails grep -q operations <<<"$output"
	draft ashby need '.body.areas = ["zzz"]'
	exits 5 confer -C ashby check drafts/need.json
	has "such as: english_reading, english_writing, oracy"
	draft ashby need '.body.areas = ["Maths"]'
	exits 5 confer -C ashby check drafts/need.json
	has "the nearest"
	has "mathematics"
}

@test "bad input: an id that belongs to another trust's record" {
	local id
	id=$(confer -C ashby --json sync | jq -r '.new[0].id')
	draft ashby need '.id = $id' --arg id "$id"
	unchanged 5 confer -C ashby publish drafts/need.json
	has "not yours to edit"
}

@test "bad input: a host that does not answer" {
	unchanged 1 confer -C ashby partner add http://localhost:1/x.git
	has "Check the address and the network"
	git -C ashby config confer-partner.northfield.url \
		http://localhost:1/x.git
	exits 1 confer -C ashby --json sync
	holds '.partners[0].verdict == "unreachable"'
}

@test "bad input: a partner that is somebody else" {
	unchanged 4 confer -C ashby partner add --name other \
		--id "$(trust_id ashby)" "$world/hosts/northfield.git"
	has "belongs to another trust"
	unchanged 5 confer -C ashby partner add --name other --id zQmNobody \
		"$world/hosts/northfield.git"
	has "is not a trust id"
}

@test "bad input: a full disk" {
	small_disk 2048
	cp "$examples/practice.json" disk/ashby/drafts/
	fill_disk
	local command
	for command in "publish drafts/practice.json" sync "new need" \
		"index --rebuild"; do
		# shellcheck disable=SC2086 # its words
		unchanged 1 confer -C disk/ashby $command
		has "make room and try again" || has "Make room and try again"
		has "disk is full"
	done
	exits 0 confer -C disk/ashby status
	exits 0 confer -C disk/ashby list
	rm disk/fill
	exits 0 confer -C disk/ashby publish drafts/practice.json
	exits 0 confer -C disk/ashby --json sync
	holds '.commons.records == 2'
	exits 0 confer verify disk/ashby
	git -C disk/ashby fsck --strict
}

@test "bad input: a disk that fills at any point of the work" {
	local room
	small_disk 4096
	for room in 4 12 20 28 44 60 92 124; do
		rm -f disk/fill
		publish_example northfield practice '.body.title += $n' \
			--arg n "$room"
		cp "$examples/practice.json" "disk/ashby/drafts/$room.json"
		fill_disk
		truncate -s "-${room}k" disk/fill
		try confer -C disk/ashby sync
		[ "$status" = 0 ] || has "disk is full"
		try confer -C disk/ashby publish "drafts/$room.json"
		[ "$status" = 0 ] || has "disk is full"
		rm disk/fill
		exits 0 confer -C disk/ashby publish "drafts/$room.json"
		exits 0 confer -C disk/ashby sync
		exits 0 confer verify disk/ashby
	done
	# each draft is one record, and each of Northfield's has arrived
	exits 0 confer -C disk/ashby --json list
	holds 'length == 17'
	git -C disk/ashby fsck --strict
}

@test "bad input: a repository that can only be read" {
	small_disk 2048
	cp "$examples/practice.json" disk/ashby/drafts/
	mount -o remount,ro disk
	local command
	for command in "publish drafts/practice.json" sync "new need" \
		"partner remove northfield"; do
		# shellcheck disable=SC2086 # its words
		unchanged 1 confer -C disk/ashby $command
		one_message
		has "can only be read; make it writable and try again"
	done
	exits 0 confer -C disk/ashby status
	exits 0 confer -C disk/ashby list
	exits 5 confer -C disk/ashby check drafts/nowhere.json
}

@test "bad input: a repository of another user" {
	[ "$(id -u)" = 0 ] || skip "only root can become somebody else"
	setpriv --reuid 4242 --clear-groups test -x "$world" ||
		skip "nobody else comes near this folder"
	unchanged 1 setpriv --reuid 4242 --clear-groups \
		confer -C "$world/ashby" sync
	has "belongs to another user of this computer"
}

@test "bad input: two syncs at once both succeed" {
	local one
	confer -C ashby sync >one.log 2>&1 &
	one=$!
	exits 0 confer -C ashby sync
	wait "$one"
	exits 0 confer -C ashby --json sync
	holds '.commons.records == 1'
	exits 0 confer verify ashby
}

@test "bad input: somebody else is writing here" {
	exec {held}>>ashby/.git/confer/lock
	flock "$held"
	exits 1 confer -C ashby sync {held}>&-
	has "is working here"
	has "Wait until it has finished"
	exec {held}>&-
	exits 0 confer -C ashby sync
}

@test "bad input: a passphrase that is wrong" {
	install -m 600 /dev/null pass
	echo "correct horse" >pass
	exits 0 confer --passphrase-file pass init sealed --name Sealed \
		--sheets sheets/new
	cp "$examples/need.json" sealed/drafts/
	cp -p pass wrong
	echo "battery staple" >wrong
	unchanged 5 confer -C sealed --passphrase-file ../wrong \
		publish drafts/need.json
	one_message
	has "the passphrase does not open this key. Nothing was changed"
	unchanged 1 confer -C sealed --passphrase-file ../nowhere \
		publish drafts/need.json
	has nowhere
	chmod 644 wrong
	unchanged 5 confer -C sealed --passphrase-file ../wrong \
		publish drafts/need.json
	# who types may mistype
	terminal confer -C sealed publish drafts/need.json
	expect "Passphrase of this machine's key:"
	answer "correct horze"
	expect "That is not it. Passphrase of this machine's key:"
	answer "correct horse"
	hang_up
	cp "$examples/offer.json" sealed/drafts/
	terminal confer -C sealed publish drafts/offer.json
	expect "key:"
	answer wrong
	expect "That is not it. Passphrase of this machine's key:"
	answer wrong
	expect "That is not it. Passphrase of this machine's key:"
	answer wrong
	expect "the passphrase does not open this key"
	status=0
	hang_up || status=$?
	[ "$status" = 5 ]
}

@test "bad input: no home, or one that is no place" {
	unchanged 2 env -u HOME -u CONFER_HOME confer -C ashby publish
	one_message
	has "Set CONFER_HOME to a folder that only you can read"
	unchanged 2 env CONFER_HOME=keys confer -C ashby publish
	has "CONFER_HOME must be a whole path"
	# what needs no key needs no home
	exits 0 env -u HOME -u CONFER_HOME confer -C ashby sync
	exits 0 env -u HOME -u CONFER_HOME confer -C ashby list
}
