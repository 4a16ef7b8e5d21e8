#!/usr/bin/env bats
# What trusts saw of each other, two histories of one trust, and reports.
load lib

setup_file() {
	begin_world
	local name
	for name in northfield ashby riverside; do
		published_trust "$name"
	done
	follow ashby northfield riverside
	follow northfield ashby riverside
	follow riverside northfield ashby
	keep_world
}

setup() {
	fresh_world
}

# seen WHO WHOM: the commit of WHOM that WHO's published main vouches for.
seen() {
	git -C "hosts/$1.git" show "main:partners/$(trust_id "$2").json" |
		jq -r .commit | base64 -d | git hash-object -t commit --stdin
}

@test "witness: a commit says what was verified of partners" {
	publish_example ashby need
	[ "$(seen ashby northfield)" = "$(head_of northfield)" ]
	[ "$(seen ashby riverside)" = "$(head_of riverside)" ]
	jq -e '.kind == "witness"' \
		"ashby/partners/$(trust_id northfield).json"
	exits 0 confer verify hosts/ashby.git
	exits 0 confer -C northfield --json sync
	holds '.splits == [] and .attention == []'
	# and nothing of it where that is not wanted
	git -C ashby config confer.publishPartners false
	exits 0 confer -C ashby publish
	fails git -C hosts/ashby.git cat-file -e main:partners
	exits 0 confer verify hosts/ashby.git
}

@test "witness: syncing alone makes no commits" {
	local name heads
	for name in northfield ashby riverside; do
		publish_example "$name" need
	done
	heads=$(for name in northfield ashby riverside; do head_of "$name"; done)
	for _ in 1 2 3; do
		for name in northfield ashby riverside; do
			exits 0 confer -C "$name" --json sync
			holds '.attention == []'
			git -C "$name" rev-parse main
		done
	done
	[ "$heads" = "$(for name in northfield ashby riverside; do
		git -C "$name" rev-parse main; done)" ]
}

@test "witness: two histories are proved to whoever asks" {
	# Northfield shows Riverside one entry 2, and Ashby another one
	publish_example northfield need
	exits 0 confer -C riverside sync
	exits 0 confer -C riverside publish
	git -C hosts/northfield.git update-ref refs/heads/main main~1
	forge northfield true
	exits 0 confer -C ashby sync northfield
	exits 3 confer -C ashby --json sync riverside
	holds '(.splits | length) == 1 and .splits[0].sequence == 2 and
		.splits[0].trust == $id and (.attention | length) == 1' \
		--arg id "$(trust_id northfield)"
	local proof
	proof=$(jq -r '.splits[0].proof' <<<"$output")
	exits 0 confer -C ashby status
	has "Different histories"
	# somebody who has neither repository nor keys
	mkdir auditor
	cp "$proof" auditor/proof.json
	cd auditor
	exits 0 env -u HOME -u CONFER_HOME confer --json verify --proof \
		proof.json
	holds '.verdict == "proved" and .trust.id == $id and
		.commits[0].id != .commits[1].id' \
		--arg id "$(trust_id northfield)"
	exits 0 confer verify --proof proof.json
	has "two different entries number 2"
	# a proof in which anything is changed proves nothing
	jq '.commits[1] = .commits[0]' proof.json >other.json
	exits 4 confer verify --proof other.json
	one_message
	jq '.identities[0].name = "Southfield"' proof.json >other.json
	exits 4 confer verify --proof other.json
	has "have it sent again"
	# nobody is told to mend what the post has cut off
	head -c 1000 proof.json >other.json
	exits 5 confer verify --proof other.json
	has "the file proves nothing: it is not whole"
	has "have it sent again"
	exits 2 confer verify --proof proof.json somewhere
}

@test "witness: a computer that is behind does not publish" {
	publish_example northfield need
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby publish
	# the host and this computer are put back to an old state
	local fresh
	fresh=$(git -C hosts/northfield.git rev-parse main~1)
	git -C hosts/northfield.git update-ref refs/heads/main "$fresh"
	git -C northfield update-ref refs/heads/main "$fresh"
	git -C northfield update-ref \
		"refs/confer/pins/$(trust_id northfield)" "$fresh"
	rm northfield/.git/confer/index.db*
	exits 0 confer -C northfield sync ashby
	has "is not on this computer"
	exits 4 confer -C northfield publish
	has "has seen entry 2 of yours"
	[ "$(head_of northfield)" = "$fresh" ]
}

@test "report: of a refusal, until it is put right" {
	forge northfield cp "$examples/practice.json" notes.json
	exits 4 confer -C ashby --json sync
	local report
	report=$(jq -r '.partners[] | select(.refusal) | .refusal.report' \
		<<<"$output")
	jq -e --arg head "$(head_of northfield)" \
		--arg pin "$(pin_of ashby northfield)" \
		'.kind == "refusal" and .head == $head and .verified == $pin
		and .refusal.path == "notes.json" and .ruleset == 1 and
		(.message | contains("notes.json") and contains("confer verify"))' \
		"$report"
	exits 4 confer -C ashby sync
	[ "$(find ashby/.git/confer/refused -type f | wc -l)" = 1 ]
	[ -z "$(ls -A ashby/.git/confer/quarantine)" ]
	git -C hosts/northfield.git update-ref refs/heads/main main~1
	exits 0 confer -C ashby sync
	[ ! -e "$report" ]
	exits 0 confer -C ashby partner remove northfield
}

@test "stale: status says so when time has passed, without a sync" {
	exits 0 confer -C ashby sync
	exits 0 confer -C ashby --json status
	holds '.partners | all(.verdict == "up-to-date")'
	WHEN=1600000000 forge northfield true
	exits 0 confer -C ashby sync
	jq '.[].verdict = "up-to-date"' ashby/.git/confer/last-sync.json >new
	mv new ashby/.git/confer/last-sync.json
	exits 0 confer -C ashby --json status
	holds '.partners[] | select(.name == "northfield") | .verdict == "stale"'
}
