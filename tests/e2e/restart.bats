#!/usr/bin/env bats
# A stolen publish key, and the history that is begun again without the thief;
# what partners see of it, and what nobody can make them drop unseen.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow ashby northfield riverside
	follow riverside northfield ashby
	publish_example northfield practice >good
	cp "$(ssh_key northfield)" stolen
	confer -C northfield --json id | jq -r .key >key
	# what is good ends here
	head_of northfield >base
	publish_example northfield need >mine
	for name in ashby riverside; do
		confer -q -C "$name" sync
	done
	keep_world
}

setup() {
	fresh_world
	good=$(<good) mine=$(<mine) key=$(<key) base=$(<base)
}

sheet() {
	echo "$world/sheets/${1:-northfield}/recovery-sheet-${2:-1}"-*.txt
}

# The thief has all of the machine, and publishes a finding in the trust's name;
# prints its id.
theft() {
	publish_example northfield finding '.body.title = "Forged"'
}

# begin_again [OPTION...]: the trust puts it right.
begin_again() {
	confer -C northfield --json key revoke "$key" --reason compromised \
		--base "$base" --yes --sheet "$(sheet)" --no-passphrase "$@"
}

# second COMMAND...: confer as the second machine has it.
second() {
	CONFER_HOME=$world/home/second confer "$@"
}

titles() {
	confer -C "$1" --json list | jq -r '.[].title' | sort
}

partner() {
	jq -e ".partners[] | select(.name == \"northfield\") | $1" <<<"$output"
}

@test "restart: what the thief added leaves everywhere, what was good stays" {
	local bad before version
	bad=$(theft)
	version=$(confer -C northfield --json show "$mine" |
		jq -r '.heads[0].version')
	confer -q -C ashby sync
	confer -q -C riverside sync
	before=$(commons_of ashby)
	exits 0 begin_again --keep "$mine"
	holds '.pushed and .identity == 2 and .key != $key and
		(.restart | .reason == "key-compromise" and .sequence == 2 and
		.base == $base and ([.left[].title] == ["Forged"]) and
		([.again[].id] | index($mine)) and .drafts == [])' \
		--arg key "$key" --arg base "$base" --arg mine "$mine"
	# the same version, in a history that stock git and confer verify
	exits 0 confer -C northfield --json show "$mine"
	holds '.heads[0].version == $v' --arg v "$version"
	exits 1 confer -C northfield show "$bad"
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	exits 0 confer --json verify hosts/northfield.git
	holds '.verdict == "verified" and .held == [] and .records == 2'
	git -C northfield fsck --strict --no-dangling
	# partners: nothing moves without a person
	exits 3 confer -C ashby --json sync
	partner '.verdict == "held" and .from == .to and (.restart | .waits and
		.reason == "key-compromise" and .sequence == 2 and
		([.lost[] | {title, kind}] ==
			[{title: "Forged", kind: "finding"}]))'
	holds '.attention | length == 1 and (.[0] | test("Forged") and
		test("Telephone") and test("confer partner accept northfield"))'
	[ "$(commons_of ashby)" = "$before" ]
	# asked again each time, and status says it
	exits 3 confer -C ashby sync
	has "began its history again after entry 2, because a key was in the \
wrong hands"
	exits 0 confer -C ashby --json status
	holds '.partners[] | select(.name == "northfield") |
		.verdict == "held" and (.message | test("partner accept"))'
	exits 0 confer -C ashby status
	has "Next: telephone Northfield Learning Trust"
	has "if it was them, type what stands above"
	# accepted
	exits 0 confer -C ashby --json partner accept northfield
	holds '.identity == 2 and .commit == $head and
		[.restart.lost[].id] == [$bad]' --arg bad "$bad" \
		--arg head "$(head_of northfield)"
	[ "$(titles ashby)" = "$(titles northfield)" ]
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust: up to date"
	exits 3 confer -C riverside sync
	exits 0 confer -C riverside partner accept northfield
	has "Forged"
	same_commons ashby riverside
	# the proof of what stayed is by a key that counts
	exits 0 confer -C ashby --json show "$mine"
	holds '[.signers[].key] | length == 1 and .[0] != $key' --arg key "$key"
	exits 1 confer -C ashby partner accept northfield
	one_message
	has "nothing of Northfield Learning Trust waits"
	# and life goes on
	publish_example northfield project
	exits 0 confer -C ashby sync
	has "1 project"
	exits 0 confer -C ashby --json index --rebuild
	exits 0 confer -C ashby --json status
	holds '.commons.records == 3'
	same_commons ashby ashby
}

@test "restart: a look first, and nothing is changed" {
	theft
	unchanged 0 confer -C northfield --json key revoke "$key" -n \
		--reason compromised --base "$base"
	holds '(.restart | [.left[].title] | length == 2) and
		.restart.again == [] and .restart.drafts == []'
	unchanged 0 confer -C northfield key revoke "$key" -n \
		--reason compromised --base 2 --keep "$mine"
	has "Would leave"
	has "Forged"
	has "Nothing was changed"
	unchanged 2 confer -C northfield key revoke "$key" -n \
		--reason compromised
	unchanged 2 confer -C northfield key revoke "$key" --base 2 \
		--reason lost --sheet "$(sheet)"
	unchanged 2 confer -C northfield key revoke "$key" --base abc \
		--reason compromised --sheet "$(sheet)"
	unchanged 1 confer -C northfield key revoke "$key" --base 99 \
		--reason compromised --sheet "$(sheet)"
	unchanged 2 confer -C northfield key revoke "$key" --base 2 --keep x \
		--reason compromised --sheet "$(sheet)"
	unchanged 5 confer -C northfield key revoke "$key" --base 2 --yes \
		--reason compromised --sheet "$(sheet ashby)" --no-passphrase
	has "sheet.other"
	unchanged 2 confer -C northfield key revoke "$key" --base 2 --yes \
		--reason compromised --no-passphrase
	has "recovery sheet is needed"
}

@test "restart: a look says where not all of a record leaves" {
	confer -q -C northfield new --from "$good" -o drafts/forged.json
	jq ".body.title = \"Forged\"" northfield/drafts/forged.json >x
	mv x northfield/drafts/forged.json
	exits 0 confer -C northfield publish drafts/forged.json
	exits 0 confer -C northfield key revoke "$key" --reason compromised \
		--sheet "$(sheet)" --no-passphrase
	exits 0 confer -C northfield key revoke "$key" -n \
		--reason compromised --base "$base"
	has "(one version; another stays) Forged"
}

@test "restart: what builds on the thief's version comes back as a draft" {
	local id=$good file
	confer -C northfield new --from "$id" -o drafts/forged.json
	jq '.body.problem = "What the thief wrote, in a sentence or two." |
		.body.title = "Forged"' northfield/drafts/forged.json >x
	mv x northfield/drafts/forged.json
	exits 0 confer -C northfield publish drafts/forged.json
	confer -C northfield new --from "$id" -o drafts/edit.json
	jq '.body.title = "Mended by its author"' \
		northfield/drafts/edit.json >x
	mv x northfield/drafts/edit.json
	exits 0 confer -C northfield --json publish drafts/edit.json
	edit=$(jq -r '.records[0].version' <<<"$output")
	rm northfield/drafts/*
	exits 0 begin_again --keep "$mine" --keep "$edit"
	holds '(.restart.drafts | length == 1) and (.restart.left | length == 1)
		and (.restart.drafts[0] | .id == $id and
			.took == ["/problem"])' --arg id "$id"
	file=$(jq -r '.restart.drafts[0].file' <<<"$output")
	jq -e '.body.title == "Mended by its author"' "$file"
	exits 0 confer -C northfield --json status
	holds '.drafts | length == 1'
	# looked through, it is published on what stands now
	jq 'del(.body.problem)' "$file" >x && jq -s '.[0].body.problem =
		"Many pupils decode well and read slowly." | .[0]' x >"$file"
	exits 0 confer -C northfield publish "$file"
	exits 3 confer -C ashby sync
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C ashby --json show "$id"
	holds '.record.body.title == "Mended by its author" and
		(.record.body.problem | test("thief") | not)'
	exits 0 confer --json verify hosts/northfield.git
	holds '.held == [] and .verdict == "verified"'
}

@test "restart: the thief goes on, and nothing of the old era moves a pin" {
	local pin
	theft
	confer -q -C ashby sync
	pin=$(pin_of ashby northfield)
	old=$(head_of northfield)
	exits 0 begin_again --keep "$mine"
	exits 3 confer -C ashby sync
	# the thief puts the old history back, and adds to it
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	exits 3 confer -C ashby --json sync
	partner '.verdict == "held"'
	KEY=$world/stolen IDENTITY=1 forge northfield true
	exits 4 confer -C ashby --json sync
	partner '.refusal.rule == "history.era"'
	[ "$(pin_of ashby northfield)" = "$pin" ]
	# who never saw the restart takes what looks like news
	exits 0 confer -C riverside sync
	# the trust publishes, and its host has the new history again
	publish_example northfield project
	exits 3 confer -C riverside sync
	exits 3 confer -C ashby sync
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C riverside partner accept northfield
	same_commons ashby riverside
	# afterwards the old one is beside
	git -C hosts/northfield.git update-ref refs/heads/main "$old"
	exits 4 confer -C ashby --json sync
	partner '.refusal.rule == "history.era"'
}

@test "restart: a partner that was away, and one that comes new" {
	theft
	exits 0 begin_again --keep "$mine"
	# Riverside never saw what left: nothing is lost, but the key is new
	exits 3 confer -C riverside --json sync
	partner '.restart.lost == [] and .restart.waits'
	exits 0 confer -C riverside partner accept northfield
	bare wessex
	confer -q init wessex --name Wessex --sheets "$world/sheets/new" \
		--no-passphrase --remote hosts/wessex.git
	follow wessex northfield
	confer -q -C wessex partner add --id "$(trust_id riverside)" \
		"$world/hosts/riverside.git"
	[ "$(titles wessex)" = "$(titles northfield)" ]
}

@test "restart: a second one, while the first waits" {
	local first
	theft
	confer -q -C ashby sync
	exits 0 begin_again --keep "$mine"
	first=$(jq -r .key <<<"$output")
	exits 3 confer -C ashby sync
	publish_example northfield finding '.body.title = "Forged again"'
	exits 0 confer -C northfield --json key revoke "$first" \
		--reason compromised --base 5 --yes --no-passphrase \
		--sheet "$(sheet northfield 2)"
	holds '.restart.left | length == 1'
	exits 3 confer -C ashby --json sync
	partner '[.restart.lost[].title] == ["Forged"]'
	exits 0 confer -C ashby partner accept northfield
	exits 0 confer -C ashby sync
	[ "$(titles ashby)" = "$(titles northfield)" ]
	# who had accepted the first is asked about the second
	exits 3 confer -C riverside sync
	exits 0 confer -C riverside partner accept northfield
	same_commons ashby riverside
	exits 0 confer --json verify hosts/northfield.git
	holds '.identity == 3 and .verdict == "verified"'
}

@test "restart: the host was unreachable, refused, or full of rubbish" {
	local url=$world/hosts/northfield.git
	theft
	mv "$url" "$world/away"
	exits 1 begin_again --keep "$mine"
	holds '.pushed == false'
	mv "$world/away" "$url"
	exits 0 confer -C northfield publish
	[ "$(head_of northfield)" = "$(git -C northfield rev-parse main)" ]
	exits 3 confer -C ashby sync
	fresh_world
	theft
	confer -q -C ashby sync
	tamper northfield true
	exits 0 begin_again --keep "$mine"
	holds .pushed
	exits 3 confer -C ashby sync
	exits 0 confer -C ashby partner accept northfield
}

@test "restart: a stolen sheet cannot make partners drop anything unseen" {
	local before
	cp -a northfield thief
	# the thief has a sheet and the host: an identity of their own, and a
	# restart from before what is good
	exits 0 confer -C thief --json key revoke "$key" --reason compromised \
		--base 1 --yes --no-passphrase --sheet "$(sheet northfield 2)"
	before=$(commons_of ashby)
	exits 3 confer -C ashby --json sync
	partner '.verdict == "held" and (.restart.lost | length == 2)'
	[ "$(commons_of ashby)" = "$before" ]
	[ "$(titles ashby | wc -l)" = 2 ]
	# the trust finds out when it publishes, and says no
	draft northfield project
	unchanged_main=$(git -C northfield rev-parse main)
	exits 3 confer -C northfield publish drafts/project.json
	one_message
	has "restart.own"
	[ "$(git -C northfield rev-parse main)" = "$unchanged_main" ]
}

@test "restart: two identities of one number, and the one read out is taken" {
	local digest before pin
	cp -a northfield thief
	# with a stolen sheet the thief changes the identity, and partners follow
	exits 0 confer -C thief key rotate --sheet "$(sheet northfield 2)" \
		--no-passphrase
	publish_example thief finding '.body.title = "Forged"'
	confer -q -C ashby sync
	pin=$(pin_of ashby northfield)
	# the trust has not seen that; it shuts its key out, over the thief's
	git -C hosts/northfield.git update-ref refs/heads/main \
		"$(git -C northfield rev-parse main)"
	exits 0 confer -C northfield key rotate --root --sheet "$(sheet)" \
		--sheets "$world/sheets/new"
	digest=$(confer -C northfield --json id | jq -r .identityDigest)
	publish_example northfield project
	exits 4 confer -C ashby --json sync
	partner '.refusal.rule == "identity.fork" and
		(.refusal.advice | test("--identity"))'
	report=$(partner '.refusal.report' | jq -r .)
	jq -e '.refusal | .proof.known.version == 2 and .proof.other.version == 2 and
		.proof.known != .proof.other' "$report"
	[ "$(pin_of ashby northfield)" = "$pin" ]
	exits 1 confer -C ashby partner accept northfield
	exits 5 confer -C ashby partner accept northfield --identity zQm
	has "identity.unknown"
	[ "$(pin_of ashby northfield)" = "$pin" ]
	exits 0 confer -C ashby --json partner accept northfield \
		--identity "$digest"
	holds '[.restart.lost[].title] == ["Forged"]'
	exits 0 confer -C ashby sync
	exits 0 confer -C riverside sync
	same_commons ashby riverside
	[ "$(titles ashby)" = "$(titles northfield)" ]
}

@test "restart: two identities, and what we have is the right one" {
	local digest pin
	cp -a northfield thief
	exits 0 confer -C northfield key rotate --sheet "$(sheet)" \
		--no-passphrase
	digest=$(confer -C northfield --json id | jq -r .identityDigest)
	confer -q -C ashby sync
	pin=$(pin_of ashby northfield)
	git -C hosts/northfield.git update-ref refs/heads/main \
		"$(git -C thief rev-parse main)"
	exits 0 confer -C thief key rotate --sheet "$(sheet northfield 2)" \
		--no-passphrase
	exits 4 confer -C ashby sync
	has "two documents"
	exits 0 confer -C ashby partner accept northfield --identity "$digest"
	has "stays"
	[ "$(pin_of ashby northfield)" = "$pin" ]
	exits 1 confer -C ashby partner accept northfield --identity "$digest"
}

@test "restart: with two machines nothing is lost, and nobody need be asked" {
	local second id
	id=$(trust_id northfield)
	second init -q "$world/second" --join "$world/hosts/northfield.git" \
		--id "$id" --no-passphrase
	second=$(second -C second --json id | jq -r .key)
	confer -q -C northfield key add "$second" --sheet "$(sheet)"
	confer -q -C northfield publish
	confer -q -C ashby sync
	# the second machine shuts the first one's key out, which did no harm
	exits 0 second -C second --json key \
		revoke "$key" --reason compromised --base 4 --yes \
		--sheet "$(sheet)"
	holds '.restart.left == []'
	exits 0 confer -C ashby --json sync
	partner '.verdict == "updated" and .restart.waits == false and
		(.changes[0] | test("began its history again")) and
		(.changes[0] | test("What left: nothing"))'
	# the first machine is asked, keeps what it had not sent, and is out
	confer -q -C northfield publish --no-push \
		"$(draft northfield project)"
	unchanged_main=$(git -C northfield rev-parse main)
	exits 3 confer -C northfield publish
	has "--accept-restart"
	[ "$(git -C northfield rev-parse main)" = "$unchanged_main" ]
	rm northfield/drafts/*
	exits 3 confer -C northfield publish --accept-restart
	one_message
	has "the key of this machine was shut out"
	exits 5 confer -C northfield publish
	has "key.revoked"
	exits 0 confer -C northfield key rotate --sheet "$(sheet)" \
		--no-passphrase
	exits 0 confer -C northfield publish "$world"/northfield/drafts/project-*.json
	exits 0 confer -C ashby --json sync
	holds '.commons.records == 3'
}

@test "restart: our other machine follows, with what it had not sent" {
	local second id
	id=$(trust_id northfield)
	second init -q "$world/second" --join "$world/hosts/northfield.git" \
		--id "$id" --no-passphrase
	second=$(second -C second --json id | jq -r .key)
	confer -q -C northfield key add "$second" --sheet "$(sheet)"
	second -q -C second publish
	theft
	jq . "$examples/project.json" >second/drafts/project.json
	second -q -C second publish --no-push drafts/project.json
	base=$(git -C second rev-parse main~1)
	exits 0 begin_again
	holds '[.restart.left[].title] == ["Forged"]'
	exits 3 second -C second publish
	one_message
	has "What leaves: nothing"
	exits 0 second -C second publish --accept-restart
	exits 0 confer --json verify hosts/northfield.git
	holds '.records == 3 and .held == [] and .verdict == "verified"'
	exits 0 confer -C northfield publish
	[ "$(titles northfield)" = "$(titles second)" ]
}
