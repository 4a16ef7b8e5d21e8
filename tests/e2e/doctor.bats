#!/usr/bin/env bats
# doctor: each thing broken on purpose, and what becomes of it.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	publish_example northfield need >/dev/null
	publish_example ashby practice >/dev/null
	confer -q -C ashby sync
	keep_world
}

setup() {
	fresh_world
}

# finds STATE CHECK [WORD]: there is a finding like that.
finds() {
	holds --arg state "$1" --arg check "$2" --arg word "${3-}" \
		'any(.findings[]; .state == $state and .check == $check and
		(.what | contains($word)))'
}

# mends CHECK [WORD]: a dry run says so and changes nothing; then it is mended,
# and after that there is nothing left to mend.
mends() {
	unchanged 3 confer -C ashby --json doctor -n
	finds mendable "$@"
	holds '.dryRun and .mended == 0 and .wrong == 0'
	exits 0 confer -C ashby --json doctor
	finds mended "$@"
	holds '.mended >= 1 and .wrong == 0'
	exits 0 confer -C ashby --json doctor
	holds '.mended == 0 and .wrong == 0'
	exits 0 confer -C ashby status
}

@test "doctor: nothing is wrong" {
	unchanged 0 confer -C ashby --json doctor
	holds '.wrong == 0 and .mended == 0 and (.dryRun | not)'
	for check in libraries keys leftovers settings records index; do
		finds good "$check"
	done
	finds good records northfield
	exits 0 confer -C ashby doctor
	has 'Landlock'
	has 'good: The index says what the signed records say.'
}

@test "doctor: where there is no repository" {
	mkdir elsewhere
	exits 0 confer -C elsewhere --json doctor
	finds note repository
	CONFER_HOME=$world/nothing exits 0 confer -C elsewhere --json doctor
	finds note keys
}

@test "doctor: a key store that others can read" {
	chmod 755 "$CONFER_HOME"
	mends keys "$CONFER_HOME"
	[ "$(stat -c %a "$CONFER_HOME")" = 700 ]
	chmod 644 "$CONFER_HOME"/keys/*/*.key
	mends keys .key
	exits 0 confer -C ashby doctor
}

@test "doctor: a key that is a link" {
	local key
	key=$(find "$CONFER_HOME/keys" -name '*.key' -print -quit)
	mv "$key" "$world/away"
	ln -s "$world/away" "$key"
	unchanged 3 confer -C ashby --json doctor
	finds wrong keys 'neither a file nor a folder'
}

@test "doctor: locks, unfinished objects and quarantines of dead processes" {
	: >ashby/.git/refs/heads/main.lock
	: >ashby/.git/config.lock
	: >ashby/.git/objects/tmp_object_git2_abc
	mkdir -p ashby/.git/confer/quarantine/2147483646-abcdef
	mends leftovers 4
	[ ! -e ashby/.git/refs/heads/main.lock ]
	[ -z "$(ls ashby/.git/confer/quarantine)" ]
}

@test "doctor: another confer is at work" {
	exec {lock}<>ashby/.git/confer/lock
	flock "$lock"
	exits 0 confer -C ashby --json doctor
	finds note leftovers
	exec {lock}>&-
}

@test "doctor: an index that is damaged, behind, or short of a version" {
	local commons
	commons=$(commons_of ashby)
	printf 'not a database, but a text that is longer than a header' \
		>ashby/.git/confer/index.db
	mends index
	dd if=/dev/urandom of=ashby/.git/confer/index.db bs=4096 seek=2 \
		count=3 conv=notrunc status=none
	mends index
	rm ashby/.git/confer/index.db
	mends index
	[ "$(commons_of ashby)" = "$commons" ]
	exits 0 confer -C ashby --json list
	holds 'length == 2'
}

@test "doctor: a partner that was added by half" {
	git -C ashby config confer-partner.half.url https://example.org/x.git
	mends settings half
	fails git -C ashby config confer-partner.half.url
}

@test "doctor: settings that lead nowhere" {
	git -C ashby config confer.caFile /no/such/file
	git -C ashby config confer.remote gopher://example.org/x
	unchanged 3 confer -C ashby --json doctor
	finds wrong settings confer.caFile
	finds wrong settings 'your own host'
	git -C ashby config confer-partner.northfield.trust zQmNonsense
	exits 3 confer -C ashby --json doctor -n
	finds wrong settings northfield
}

@test "doctor: ssh without a known host" {
	[ ! -e /etc/ssh/ssh_known_hosts ] || skip "this machine has some"
	git -C ashby config confer.remote ssh://git@example.org/ashby.git
	exits 3 confer -C ashby --json doctor
	finds wrong settings known
	mkdir -p "$HOME/.ssh"
	: >"$HOME/.ssh/known_hosts"
	exits 0 confer -C ashby --json doctor
}

@test "doctor: an object that is gone, and one that was changed" {
	local id file
	id=$(git -C ashby rev-parse "refs/confer/pins/$(trust_id northfield)^{tree}")
	file=ashby/.git/objects/${id:0:2}/${id:2}
	mv "$file" away
	exits 3 confer -C ashby --json doctor
	finds wrong records northfield
	mv away "$file"
	exits 0 confer -C ashby --json doctor
	id=$(git -C ashby ls-tree -r main | awk '/records/ {print $3}')
	file=ashby/.git/objects/${id:0:2}/${id:2}
	chmod u+w "$file"
	cp "ashby/.git/objects/$(git -C ashby rev-parse main:README.md |
		sed 's,^..,&/,')" "$file"
	exits 3 confer -C ashby --json doctor
	finds wrong records 'your own trust'
}

@test "doctor: a pin without a partner" {
	local id
	id=$(trust_id northfield)
	git -C ashby config --remove-section confer-partner.northfield
	exits 0 confer -C ashby --json doctor
	finds note pins "$id"
}
