# shellcheck shell=bash
# A world in which something was published that has to go, and what must be true
# of each trust once it has.
load lib
load servers

# In the title and in the body of what is erased; with an accent, and with what
# JSON escapes.
secret='Zebra crossing Ökonjo "K"'

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow northfield ashby riverside
	follow ashby northfield riverside
	follow riverside northfield ashby
	publish_example northfield need >before
	publish_example northfield practice '.body.title = $t |
		.body.problem = "Here is " + $t' --arg t "$secret" >bad
	publish_example northfield offer >after
	publish_example northfield project '.body.title = "Fluency" |
		.stewards = $ARGS.positional' --args "$(trust_id northfield)" \
		"$(trust_id ashby)" >shared
	rm northfield/drafts/*
	for name in northfield ashby riverside; do
		confer -q -C "$name" sync
	done
	keep_world
}

setup() {
	fresh_world
	# shellcheck disable=SC2034 # for the stories
	bad=$(<bad) shared=$(<shared)
}

teardown() {
	servers_end || :
}

sheet() {
	echo "$world/sheets/${1:-northfield}/recovery-sheet-${2:-1}"-*.txt
}

# erase NAME [OPTION...]: without being asked.
erase() {
	confer -C "$1" --json erase --yes --sheet "$(sheet "$1")" "${@:2}"
}

# second COMMAND...: confer as the second machine has it.
second() {
	CONFER_HOME=$world/home/second confer "$@"
}

join_second() {
	second init -q "$world/second" --join "$world/hosts/northfield.git" \
		--id "$(trust_id northfield)" --no-passphrase
	confer -q -C northfield key add --sheet "$(sheet)" \
		"$(second -C second --json id | jq -r .key)"
	second -q -C second publish
}

# every_byte FOLDER: of each file all bytes, and every zlib stream that begins
# anywhere in it; and every object as git puts it together.
every_byte() {
	find "$1" -type f -print0 | perl -0 -MCompress::Raw::Zlib -ne '
		chomp;
		open my $f, "<:raw", $_ or die $_;
		my $all = do { local $/; <$f> } // "";
		print $all, "\n";
		while ($all =~ /\x78[\x01\x5e\x9c\xda]/g) {
			my $rest = substr $all, $-[0];
			my ($z) = Compress::Raw::Zlib::Inflate->new;
			$z->inflate($rest, my $out);
			print $out // "", "\n";
		}'
	git -C "$1" cat-file --batch-all-objects --batch
}

# gone NAME...: nothing of the text is in the .git of any of them.
gone() {
	local name
	for name in "$@"; do
		every_byte "$world/$name/.git" >"$BATS_TEST_TMPDIR/bytes"
		fails grep -aiE 'Zebra|konjo' "$BATS_TEST_TMPDIR/bytes" ||
			return
	done
}

# sound NAME...
sound() {
	local name
	for name in "$@"; do
		git -C "$name" fsck --strict || return
		exits 0 confer verify "$name" || return
		exits 0 confer -C "$name" status || return
	done
}

# Every file of the commons but those of the record $1, and its identities.
others() {
	git -C "$2" ls-tree -r commons | grep -v "$1\|trusts/"
}
