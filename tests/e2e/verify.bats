#!/usr/bin/env bats
# confer verify: the audit of a whole repository by somebody who knows nothing.
load lib

setup_file() {
	begin_world
	published_trust northfield
	practice=$(publish_example northfield practice)
	publish_example northfield finding
	export practice
	keep_world
}

setup() {
	fresh_world
	at=$world/hosts/northfield.git
	record=records/practice/${practice: -2}/$practice.json
	# an auditor has neither home nor keys nor a repository
	mkdir auditor
	cd auditor
	CONFER=(env -u HOME -u CONFER_HOME -u XDG_DATA_HOME confer)
}

@test "verify: what there is, and by whose key" {
	exits 0 "${CONFER[@]}" --json verify "$at"
	holds '.verdict == "verified" and .trust == {id: $id,
		name: "Northfield Learning Trust", role: "trust"} and
		.head == $head and .sequence == 3 and .identity == 1 and
		.commits == 3 and .versions == 2 and .records == 2 and
		.held == [] and (has("refusal") | not) and
		(.signers | length) == 1 and .signers[0].commits == 3 and
		.signers[0].key == $key and (.since | endswith("Z"))' \
		--arg id "$(trust_id northfield)" \
		--arg head "$(head_of northfield)" \
		--arg key "$(confer -C ../northfield --json id | jq -r .key)"
	exits 0 "${CONFER[@]}" verify "$at"
	has "Verified: every commit and every version is signed"
	has "2 records, 2 versions"
}

@test "verify: says when the keys changed, and who signed when" {
	local sheet
	exits 0 "${CONFER[@]}" --json verify "$at"
	holds '.changes == []'
	sheet=$(find "$world/sheets/northfield" -type f -print -quit)
	exits 0 confer -C "$world/northfield" key rotate --sheet "$sheet" \
		--no-passphrase
	exits 0 "${CONFER[@]}" --json verify "$at"
	holds '(.changes | length) == 1 and .changes[0].identity == 2 and
		(.changes[0].since | endswith("Z")) and .identity == 2 and
		(.signers | length) == 2'
	exits 0 "${CONFER[@]}" verify "$at"
	has "Signed by 2 keys"
	has "Changed its keys or its description 1 time"
	has "(identity 2)"
}

@test "verify: nothing is written where it is called or where it looks" {
	unchanged 0 "${CONFER[@]}" verify "$at"
	unchanged 0 "${CONFER[@]}" verify "$world/northfield"
	unchanged 0 "${CONFER[@]}" -C "$world/northfield/drafts" verify
	mkdir tmp
	TMPDIR=$PWD/tmp exits 0 "${CONFER[@]}" verify "$at"
	[ -z "$(ls -A tmp)" ]
}

@test "verify: the folder of a trust, and the same as its host" {
	git init -q "$world"
	exits 0 "${CONFER[@]}" --json -C "$at" verify
	holds '.url == $at' --arg at "$at"
	exits 0 "${CONFER[@]}" --json -C "$world/northfield" verify
	local here=$output
	exits 0 "${CONFER[@]}" --json verify "$at"
	holds --argjson here "$here" 'del(.url) == ($here | del(.url))'
}

@test "verify: refused, with commit, path and rule" {
	forge northfield cp "$examples/practice.json" notes.json
	exits 4 "${CONFER[@]}" --json verify "$at"
	holds '.verdict == "refused" and .refusal.rule == "tree.unexpected" and
		.refusal.path == "notes.json" and .refusal.commit == $head and
		(.refusal.detail | length) > 20 and .head == $head' \
		--arg head "$(head_of northfield)"
	exits 4 "${CONFER[@]}" verify "$at"
	has notes.json
	has tree.unexpected
}

@test "verify: believes nothing of the trust's own machine" {
	# what northfield itself holds for verified
	exits 0 confer -C "$world/northfield" status
	git -C "$world/northfield" -c user.name=x -c user.email=x@y \
		commit -q --allow-empty -m "by hand"
	exits 4 "${CONFER[@]}" verify "$world/northfield"
	has commit.encoding
	exits 4 confer -C "$world/northfield" status
	has "a commit that Confer did not make"
	# and the sentence says how to go back
	bash -c "$(sed -n 's/.*: \(git -C [^(]*\).*/\1/p' <<<"$stderr")"
	exits 0 confer -C "$world/northfield" status
	exits 0 "${CONFER[@]}" verify "$world/northfield"
}

@test "verify: held versions are listed, and are no refusal" {
	forge northfield sed -i 's/correctly/wrongly/' "$record"
	exits 0 "${CONFER[@]}" --json verify "$at"
	holds '.verdict == "verified" and .versions == 3 and .records == 2 and
		(.held | length) == 1 and .held[0].id == $id and
		.held[0].rule == "proof.signature" and .held[0].path == $path
		and (.held[0].why | length) > 10' \
		--arg id "$practice" --arg path "$record"
	exits 0 "${CONFER[@]}" verify "$at"
	has "$practice"
}

@test "verify: places where there is nothing to verify" {
	exits 1 "${CONFER[@]}" verify "$world/nowhere"
	one_message
	exits 1 "${CONFER[@]}" verify http://127.0.0.1:1/x.git
	one_message
	bare empty
	exits 1 "${CONFER[@]}" verify "$world/hosts/empty.git"
	one_message
	exits 1 "${CONFER[@]}" verify
	one_message
	git init -q -b main plain
	git -C plain -c user.name=A -c user.email=a@b commit -q \
		--allow-empty -m "hello"
	exits 4 "${CONFER[@]}" --json verify plain
	holds '.verdict == "refused"'
	git -C plain worktree add -q ../beside -b beside
	exits 1 "${CONFER[@]}" verify beside
	has "beside/.git is a link to another folder"
}

@test "verify: damage to a single object" {
	local blob file
	blob=$(git -C "$at" rev-parse "main:$record")
	file=$at/objects/${blob:0:2}/${blob:2}
	if [ -f "$file" ]; then
		chmod u+w "$file"
		printf 'x' | dd of="$file" bs=1 seek=20 conv=notrunc 2>/dev/null
	else
		file=$(find "$at/objects/pack" -name '*.pack')
		chmod u+w "$file"
		printf 'x' | dd of="$file" bs=1 seek=200 conv=notrunc \
			2>/dev/null
	fi
	try "${CONFER[@]}" verify "$at"
	[ "$status" = 1 ] || [ "$status" = 4 ]
	[ "$(grep -c '^confer: ' <<<"$stderr")" = 1 ]
	[[ $output != *Verified* ]]
}
