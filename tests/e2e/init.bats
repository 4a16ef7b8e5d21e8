#!/usr/bin/env bats
# confer init and confer id: a new trust, all of it or nothing.
load lib

setup_file() {
	begin_world
	published_trust northfield
	keep_world
}

setup() {
	fresh_world
}

@test "init: the result says whose repository it is, and id the same" {
	exits 0 confer --json init new --name "Riverside Academies Trust" \
		--sheets sheets/new --no-passphrase
	holds '.name == "Riverside Academies Trust" and .role == "trust" and
		(.trust | test("^zQm[1-9A-HJ-NP-Za-km-z]{44}$")) and
		(.key | test("^did:key:z6Mk")) and .identity == 1 and
		(.safetyNumber | test("^([0-9]{5} ){5}[0-9]{5}$")) and
		.urls == [] and .machine and .dir == $dir and
		(.sheets | length) == 2' --arg dir "$world/new"
	local made=$output
	exits 0 confer -C new --json id
	holds --argjson made "$made" '. == ($made | del(.dir, .sheets))'
}

@test "init: a university, an address that partners may read" {
	exits 0 confer --json init new --name "Wessex University" \
		--role university --sheets sheets/new --no-passphrase \
		--remote https://git.example.org/wessex.git
	holds '.role == "university" and
		.urls == ["https://git.example.org/wessex.git"]'
	jq -e '.role == "university" and (.rootKeys | length) == 2 and
		(.proof | length) == 2' new/keys/0001.json
}

@test "init: an address on this machine is nobody's business" {
	jq -e '.urls == []' northfield/keys/0001.json
	[ "$(git -C northfield config confer.remote)" = \
		"$world/hosts/northfield.git" ]
	[ -z "$(git -C northfield grep -F "$world" main)" ]
}

@test "init: here, without a folder, beside files that are there" {
	mkdir here
	echo mine >here/notes.txt
	cd here
	exits 0 confer init --name Here --sheets ../sheets/new --no-passphrase
	exits 0 confer --json id
	holds '.name == "Here"'
	[ "$(cat notes.txt)" = mine ]
	[ "$(git status --short)" = '?? notes.txt' ]
}

@test "init: there is a place for drafts, and git does not see it" {
	[ -d northfield/drafts ]
	echo secret >northfield/drafts/x.json
	[ -z "$(git -C northfield status --short)" ]
}

@test "init: the secret key lies in CONFER_HOME for this user alone" {
	local id key
	id=$(trust_id northfield)
	key=$(find "$CONFER_HOME" -type f ! -name folder)
	[[ $key == "$CONFER_HOME/keys/$id"/z6Mk*.key ]]
	[ "$(stat -c %a "$key" "$(dirname "$key")")" = $'600\n700' ]
	# not in the repository, in no form
	local seed
	seed=$(jq -r .seed "$key")
	[ ${#seed} = 44 ]
	fails grep -rF "$seed" northfield hosts
}

@test "init: two sheets for this user alone, and nowhere a copy" {
	local sheet row
	[ "$(find sheets -type f | wc -l)" = 2 ]
	for sheet in sheets/northfield/*; do
		[ "$(stat -c %a "$sheet")" = 600 ]
		grep -q "$(trust_id northfield)" "$sheet"
		[ "$(grep -c '^  *[1-8]   ... ... ...$' "$sheet")" = 8 ]
		row=$(sed -n 's/^  *4   //p' "$sheet")
		fails grep -rF -e "$row" -e "${row// /}" northfield hosts home
	done
	# each has another key, and both are in the identity
	[ "$(sed -n 's/^Key: *//p' sheets/northfield/* | sort)" = \
		"$(jq -r '.rootKeys[]' northfield/keys/0001.json | sort)" ]
}

@test "init: a passphrase seals the key" {
	install -m 600 /dev/null pass
	echo "correct horse" >pass
	bare new
	exits 0 confer --passphrase-file pass init new --name New \
		--sheets sheets/new --remote "$world/hosts/new.git"
	local id
	id=$(trust_id new)
	[ "$(stat -c %a "$CONFER_HOME/keys/$id"/*)" = 600 ]
	fails grep -F seed "$CONFER_HOME/keys/$id"/*
	# what is signed can be sent without it; then it is needed
	exits 0 confer -C new publish
	unchanged 2 confer -C new publish
	has "the passphrase of this machine's key is needed"
	exits 0 confer -C new --passphrase-file ../pass publish
	# the environment names the file as well
	CONFER_PASSPHRASE_FILE=$world/pass exits 0 confer -C new publish
	# reading and syncing need none
	exits 0 confer -C new status
	exits 0 confer -C new sync
}

@test "init: sheets and passphrase at a terminal" {
	terminal confer init new --name "'New Trust'"
	expect "Choose a passphrase for this machine's key:"
	answer "correct horse"
	expect "The same again:"
	answer "correct hoarse"
	expect "The two are not the same"
	expect "Choose a passphrase for this machine's key:"
	answer "correct horse"
	expect "The same again:"
	answer "correct horse"
	expect "Recovery sheet 1 of 2"
	expect "then type kept:"
	answer kept
	expect "Recovery sheet 2 of 2"
	expect "then type kept:"
	answer kept
	hang_up
	[[ $said != *"correct ho"* ]]
	[ -d new/.git ]
	[ -z "$(ls sheets/new)" ]
}

@test "init: a person who keeps no sheet gets no trust" {
	local before
	before=$(listing)
	terminal confer init new --name New --no-passphrase
	expect "then type kept:"
	answer no
	expect "then type kept:"
	answer what
	expect "then type kept:"
	answer
	fails hang_up
	[[ $said == *"nothing was made"* ]]
	diff <(listing) <(echo "$before")
}

@test "init: without a terminal the sheets need a folder" {
	unchanged 2 confer init new --name New --no-passphrase
	one_message
	has "--sheets"
}

@test "init: a stick that is not there is no place for sheets" {
	unchanged 5 confer init new --name New --no-passphrase \
		--sheets "$world/my stick"
	one_message
	has "put the stick in"
	has "mkdir -p '$world/my stick'"
}

@test "init: the host is tried" {
	bare new
	exits 0 confer init new --name New --no-passphrase --sheets sheets/new \
		--remote hosts/new.git
	has "nothing is published there yet, as it should be"
	# nothing has been sent to it yet
	fails git -C hosts/new.git rev-parse -q --verify main
	exits 0 confer -q -C new publish
	unchanged 5 confer init other --name Other --no-passphrase \
		--sheets sheets/new --remote hosts/new.git
	one_message
	has "belongs to New already"
	has "confer init --join"
	unchanged 1 confer init other --name Other --no-passphrase \
		--sheets sheets/new --remote hosts/mew.git
	one_message
	has "nothing was made: there is no folder"
	# a host that begins a repository with a file
	bare files
	git -C hosts/files.git update-ref refs/heads/main "$(git \
		-C hosts/files.git -c user.name=x -c user.email=x commit-tree \
		-m Initial "$(git -C hosts/files.git mktree </dev/null)")"
	unchanged 4 confer init other --name Other --no-passphrase \
		--sheets sheets/new --remote hosts/files.git
	one_message
	has "is not empty"
	# on another branch it is in nobody's way
	git -C hosts/files.git branch -m main master
	exits 0 confer init other --name Other --no-passphrase \
		--sheets sheets/new --remote hosts/files.git
	draft other need
	exits 0 confer -C other publish drafts/need.json
}

@test "init: without a network, too" {
	exits 0 confer --json init new --name New --no-passphrase \
		--sheets sheets/new --remote https://localhost:1/new.git
	holds '.host.verdict == "unreachable" and
		(.host.detail | test("cannot be reached"))'
	terminal confer init other --name Other --no-passphrase \
		--sheets sheets/new --remote https://localhost:1/new.git
	expect "Your host could not be tried"
	expect "(yes or no)"
	answer no
	fails hang_up
	[ ! -e other ]
}

@test "init: sheets never lie in what is shared" {
	unchanged 5 confer init new --name New --no-passphrase \
		--sheets new/sheets
	one_message
	has "--sheets"
	mkdir -p real && ln -s real linked
	unchanged 5 confer init linked --name New --no-passphrase \
		--sheets real/sheets
}

@test "init: a folder that is a trust already stays as it is" {
	unchanged 5 confer init northfield --name Other --no-passphrase \
		--sheets sheets/other
	one_message
}

@test "init: names, roles and addresses that cannot be" {
	local name
	for name in '<b>' $'a\nb' ' x' 'Trust.' "$(printf '%0101d' 0)" $'\xff'
	do
		unchanged 5 confer init new --name "$name" --no-passphrase \
			--sheets sheets/new
		one_message
	done
	unchanged 2 confer init new --no-passphrase --sheets sheets/new
	has "--name"
	unchanged 2 confer init new --name New --role school --no-passphrase \
		--sheets sheets/new
	has "trust, university or organisation"
	unchanged 5 confer init new --name New --no-passphrase \
		--sheets sheets/new --remote https://me:secret@example.org/x
	one_message
	has "password"
	unchanged 5 confer init new --name New --no-passphrase \
		--sheets sheets/new --remote ftp://example.org/x
	one_message
}

@test "init: the first commit is a whole repository for others" {
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .sequence == 1 and
		.commits == 1 and .records == 0'
	[ "$(git -C northfield ls-tree -r --name-only main)" = \
		$'README.md\nkeys/0001.json' ]
}

@test "id: the safety number belongs to the trust id, on every machine" {
	published_trust ashby
	exits 3 confer -C ashby partner add ../hosts/northfield.git
	local number
	number=$(confer -C northfield --json id | jq -r .safetyNumber)
	has "$number"
	exits 0 confer -C northfield id
	has "$number"
	has "$(trust_id northfield)"
}

@test "id: the card holds what a partner needs, and the place in history" {
	publish_example northfield practice
	exits 0 confer -C northfield id --card
	holds '.kind == "card" and .name == "Northfield Learning Trust" and
		.trust == $id and .head == $head and .sequence == 2 and
		.identity == 1' --arg id "$(trust_id northfield)" \
		--arg head "$(git -C northfield rev-parse main)"
}
