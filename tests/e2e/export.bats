#!/usr/bin/env bats
# confer export: a commons of several trusts, with a conflict, a withdrawal and a
# co-signature in it, as other people's programs read it.
load lib

python() {
	/usr/bin/python3 -I "$@"
}

# effect NAME MEAN NUMBER [JQ-FILTER]: publishes a finding; prints its id.
effect() {
	publish_example "$1" finding "del(.body.effect, .body.project,
		.body.hypothesis, .body.protocol_followed, .body.deviations,
		.body.shared_sample, .body.subgroups, .body.attrition) |
		.body.raw.mean_t = $2 | .body.raw.n_t = $3 |
		.body.raw.n_c = $3 | .body.design.clusters_t = 8 |
		.body.design.clusters_c = 8 | del(.body.design.avg_cluster_size) |
		${4:-.}"
}

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	published_trust wessex --role university
	follow northfield ashby
	follow ashby northfield
	follow wessex northfield ashby
	practice=$(publish_example northfield practice \
		'.body.title = "=1+1 \"Fluency\", {20} % & more_"')
	one=$(effect northfield 101.6 200)
	two=$(effect northfield 99.1 150 '.body.design.icc_source = "imputed" |
		.body.security.reviewed_padlocks = 4')
	three=$(effect ashby 104.2 250 '.body.outcome.higher_is_better = false')
	gone=$(publish_example ashby need)
	confer -q -C ashby withdraw --yes "$gone" --reason "Answered, thank you."
	project=$(publish_example northfield project \
		'.stewards = $ARGS.positional | .body.title = "Fluency"' \
		--args "$(trust_id northfield)" "$(trust_id ashby)")
	shared=$(publish_example northfield project \
		'.stewards = $ARGS.positional' \
		--args "$(trust_id northfield)" "$(trust_id ashby)")
	export practice one two three gone project shared
	sync_all northfield ashby wessex
	confer -q -C ashby cosign "$shared"
	edit northfield '.body.protocol.sample.pupils = 240'
	edit ashby '.body.protocol.sample.pupils = 236'
	sync_all northfield ashby wessex
	keep_world
}

setup() {
	fresh_world
	cd wessex || return 1
}

# Everything that came out, as bytes.
bytes() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
}

@test "export: CSV is a data package by its official profile" {
	exits 0 confer --json export csv "$world/csv"
	holds '.records == 7 and .held == 0 and (.tables[] |
		select(.table == "finding") | .rows) == 3'
	schema_tool "$top/tests/vectors/export/datapackage-2.0.json" \
		"$world/csv/datapackage.json"
	jq 'del(.resources[0].path)' "$world/csv/datapackage.json" \
		>"$world/bad.json"
	fails schema_tool "$top/tests/vectors/export/datapackage-2.0.json" \
		"$world/bad.json"
	jq '.resources[1].schema.fields[0].type = "text"' \
		"$world/csv/datapackage.json" >"$world/bad.json"
	fails schema_tool "$top/tests/vectors/export/datapackage-2.0.json" \
		"$world/bad.json"
}

@test "export: every cell of the CSV is what its schema and the record say" {
	confer -q export csv "$world/csv"
	confer export jsonl - >"$world/all.jsonl"
	python - "$world/csv" "$world/all.jsonl" <<'PY'
import csv, hashlib, json, os, re, sys
folder = sys.argv[1]
lines = [json.loads(l) for l in open(sys.argv[2], encoding="utf-8")]
package = json.load(open(folder + "/datapackage.json"))
tables = {}
read = {"string": str, "integer": int, "number": float, "array": json.loads,
  "object": json.loads, "boolean": lambda t: {"TRUE": True, "FALSE": False}[t],
  "date": str, "datetime": str, "yearmonth": str}
for r in package["resources"]:
    path = os.path.join(folder, r["path"])
    data = open(path, "rb").read()
    assert len(data) == r["bytes"]
    assert "sha256:" + hashlib.sha256(data).hexdigest() == r["hash"]
    assert data.endswith(b"\r\n")
    rows = list(csv.reader(open(path, encoding="utf-8", newline="")))
    fields = r["schema"]["fields"]
    assert rows[0] == [f["name"] for f in fields]
    tables[r["name"]] = [{f["name"]: read[f["type"]](c)
      for f, c in zip(fields, row) if c != ""} for row in rows[1:]]
    for row in rows[1:]:
        assert len(row) == len(fields)
    key = r["schema"]["primaryKey"]
    keys = [tuple(t[k] for k in key) for t in tables[r["name"]]]
    assert len(set(keys)) == len(keys)
    for t in tables[r["name"]]:
        for f in fields:
            codes = [c["value"] for c in f.get("categories", [])]
            if f["name"] in t and codes:
                assert t[f["name"]] in codes
for r in package["resources"]:
    for k in r["schema"].get("foreignKeys", []):
        there = {t[k["reference"]["fields"][0]]
          for t in tables[k["reference"]["resource"]]}
        for t in tables[r["name"]]:
            assert t[k["fields"][0]] in there
def plain(text):
    return text[1:] if re.match(r"'+[=+\-@\t\r\n]", text) else text
n = 0
for line in lines:
    record = line["record"]
    row, = [t for t in tables[record["kind"]] if t["record"] == record["id"]]
    names = {f["name"]: f for r in package["resources"]
      if r["name"] == record["kind"] for f in r["schema"]["fields"]}
    def walk(value, name):
        global n
        if isinstance(value, dict):
            for k, v in value.items():
                walk(v, name + [k])
        else:
            got = row["_".join(name)]
            if isinstance(value, str):
                got = plain(got)
            assert got == value, (name, got, value)
            n += 1
    walk(record["body"], [])
assert n > 100
PY
}

@test "export: provenance leads to the signed commit and the key" {
	exits 0 confer export jsonl -
	[ "$(wc -l <<<"$output")" -eq 7 ]
	line=$(jq -c --arg id "$three" 'select(.record.id == $id)' <<<"$output")
	commit=$(jq -r .provenance.commit <<<"$line")
	git cat-file -p "$commit" | grep -q "^Confer-Trust: $(trust_id ashby)"
	[ "$(git cat-file -p "$commit:records/finding/${three: -2}/$three.json" |
		jq -cS .)" = "$(jq -cS .record <<<"$line")" ]
	[ "$(jq -r .provenance.key <<<"$line")" = \
		"$(confer -C ../ashby --json id | jq -r .key)" ]
	[ "$(jq -r .provenance.version <<<"$line")" = "$(confer --json show \
		"$three" | jq -r '.heads[0].version')" ]
	[ "$(jq -r .provenance.commons <<<"$line")" = "$(commons_of wessex)" ]
	holds --slurp --arg id "$project" --arg shared "$shared" \
		--arg gone "$gone" '
		(.[] | select(.record.id == $id) | .provenance | .conflict and
		.signature == "merged" and (has("version") | not) and
		.contested == ["/protocol/sample/pupils"] and
		([.versions[].signatures[].name] | sort) ==
		["Ashby Trust", "Northfield Learning Trust"] and
		all(.versions[]; .document.proof[0].proofValue)) and
		(.[] | select(.record.id == $shared) | .provenance |
		.signature == "verified" and (.versions | length) == 1 and
		(.versions[0].signatures | length) == 2 and
		all(.versions[0].signatures[]; .signature == "verified" and
		.keyState == "in-force")) and
		(.[] | select(.record.id == $gone) | .record.status) ==
		"withdrawn"'
	exits 0 confer show "$project"
	has "several trusts: each signed its own version"
}

@test "export: a spreadsheet finds no formula, unless asked for exact texts" {
	confer -q export csv "$world/csv"
	grep -q "^$practice,.*,\"'=1+1 \"\"Fluency\"\", {20} % & more_\"" \
		"$world/csv/practice.csv"
	confer -q export csv --exact "$world/exact"
	grep -q "^$practice,.*,\"=1+1 \"\"Fluency\"\", {20} % & more_\"" \
		"$world/exact/practice.csv"
}

@test "export: the same commons gives the same bytes" {
	local format
	for format in csv ro-crate; do
		confer -q export "$format" "$world/$format"
		bytes "$world/$format" >"$world/first"
		sleep 1.1
		confer -q export "$format" "$world/$format"
		bytes "$world/$format" | cmp - "$world/first"
	done
	for format in sqlite jsonl bibtex csl-json; do
		confer -q export "$format" "$world/a.$format"
		confer -q export "$format" "$world/b.$format"
		cmp "$world/a.$format" "$world/b.$format"
	done
	# Another trust with the same heads exports the same.
	follow northfield wessex
	confer -q -C ../northfield sync || [ $? = 3 ]
	follow ashby wessex
	confer -q -C ../ashby sync || [ $? = 3 ]
	confer -q -C ../northfield export csv "$world/theirs"
	diff -r "$world/csv" "$world/theirs"
}

@test "export: SQLite is read by others, with keys and a codebook" {
	confer -q export sqlite "$world/a.db"
	python - "$world/a.db" "$three" <<'PY'
import json, sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)
assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
assert db.execute("PRAGMA foreign_key_check").fetchall() == []
row = db.execute("""SELECT f.raw_mean_t, f.outcome_higher_is_better, s.key,
  s."commit", v.document, t.name FROM finding f JOIN versions v USING (version)
  JOIN signatures s USING (version) JOIN trusts t USING (trust)
  WHERE f.record = ?""", (sys.argv[2],)).fetchone()
assert row[0] == 104.2 and row[1] == 0 and row[5] == "Ashby Trust"
assert row[2].startswith("did:key:z6Mk") and len(row[3]) == 40
assert json.loads(row[4])["body"]["raw"]["mean_t"] == 104.2
assert db.execute("SELECT count(*) FROM records").fetchone()[0] == 7
assert db.execute("SELECT count(*) FROM records WHERE conflict").fetchone()[0] == 1
assert db.execute("""SELECT type FROM columns WHERE "table" = 'finding' AND
  "column" = 'raw_mean_t'""").fetchone()[0] == "number"
assert len(db.execute("SELECT value FROM about WHERE key = 'commons'")
  .fetchone()[0]) == 40
PY
}

@test "export: an RO-Crate names trusts, never persons, and holds what was signed" {
	confer -q export ro-crate "$world/crate"
	python - "$world/crate" <<'PY'
import hashlib, json, os, sys
crate = sys.argv[1]
meta = json.load(open(crate + "/ro-crate-metadata.json"))
assert meta["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
graph = {e["@id"]: e for e in meta["@graph"]}
assert len(graph) == len(meta["@graph"])
about = graph["ro-crate-metadata.json"]
assert about["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
root = graph[about["about"]["@id"]]
assert root["@type"] == "Dataset"
assert all(root[k] for k in ("name", "description", "datePublished", "license"))
def refs(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for v in value.values():
            yield from refs(v)
    elif isinstance(value, list):
        for v in value:
            yield from refs(v)
for e in meta["@graph"]:
    assert e["@type"] != "Person"
    for r in refs({k: v for k, v in e.items() if k != "conformsTo"}):
        assert r in graph, r
parts = {p["@id"] for p in root["hasPart"]}
files = {os.path.relpath(os.path.join(d, f), crate)
  for d, _, fs in os.walk(crate) for f in fs} - {"ro-crate-metadata.json"}
assert parts == files
for f in files:
    data = open(os.path.join(crate, f), "rb").read()
    assert hashlib.sha256(data).hexdigest() == graph[f]["sha256"]
    assert str(len(data)) == graph[f]["contentSize"]
merged, = [e for e in graph.values() if e.get("signatureState") == "merged"]
assert merged["inConflict"] and len(merged["isBasedOn"]) == 2
for h in merged["isBasedOn"]:
    assert json.load(open(os.path.join(crate, h["@id"])))["proof"]
signed = [e for e in graph.values() if e["@type"] in ("CreateAction",
  "EndorseAction")]
assert len(signed) == 9
for e in signed:
    assert e["signatureState"] == "verified" and len(e["gitCommit"]) == 40
    assert graph[e["agent"]["@id"]]["@type"] == "Organization"
PY
	# What was signed is there byte for byte.
	cmp "$world/crate/records/finding/${three: -2}/$three.json" \
		<(git cat-file -p "commons:records/finding/${three: -2}/${three: -4:2}/$three.json")
}

@test "export: reference managers read the citations" {
	confer -q export bibtex "$world/a.bib"
	confer -q export csl-json "$world/a.json"
	schema_tool "$top/tests/vectors/export/csl-data-1.0.json" "$world/a.json"
	jq '.[0].type = "essay"' "$world/a.json" >"$world/bad.json"
	fails schema_tool "$top/tests/vectors/export/csl-data-1.0.json" \
		"$world/bad.json"
	/usr/bin/python3 - "$world/a.bib" "$world/a.json" <<'PY'
import json, sys
import bibtexparser
from bibtexparser.bparser import BibTexParser
parser = BibTexParser(common_strings=True)
entries = bibtexparser.load(open(sys.argv[1], encoding="utf-8"), parser).entries
csl = json.load(open(sys.argv[2]))
assert len(entries) == len(csl) == 7
assert [e["ID"] for e in entries] == [c["id"] for c in csl]
assert len({c["id"] for c in csl}) == 7
for e, c in zip(entries, csl):
    assert e["year"] == str(c["issued"]["date-parts"][0][0])
    assert c["author"][0]["literal"] in e["author"]
    assert c["custom"]["record"] in e["note"]
    assert c["custom"]["record"] in c["note"]
hard, = [e for e in entries if "Fluency" in e["title"] and "more" in e["title"]]
assert hard["title"] == "{=1+1 \"Fluency\", {\\textbraceleft}20" \
  "{\\textbraceright} \\% \\& more\\_}", hard["title"]
gone, = [c for c in csl if c.get("status") == "withdrawn"]
assert gone["title"].startswith("Withdrawn: ")
both, = [c for c in csl if len(c["author"]) == 2 and c.get("version")]
assert [a["literal"] for a in both["author"]] == ["Northfield Learning Trust",
  "Ashby Trust"]
PY
}

@test "export: only what is asked for" {
	exits 0 confer --json export csv --kind finding "$world/csv"
	holds '.records == 3'
	[ "$(find "$world/csv" -type f | wc -l)" -eq 6 ]
	exits 0 confer export jsonl - --owner ashby --status active
	[ "$(jq -r .record.id <<<"$output")" = "$three" ]
	exits 0 confer export bibtex - --id "$one" --id "$three"
	[ "$(grep -c '^@misc' <<<"$output")" = 2 ]
	unchanged 1 confer export csv --kind offer "$world/none"
	has "nothing was exported"
	unchanged 2 confer export csv --kind child "$world/none"
	unchanged 2 confer export excel "$world/none"
	has "it is one of: csv"
	unchanged 2 confer export csv
	unchanged 2 confer export csv -
	unchanged 2 confer export jsonl "$world/none" --outcome reading
	unchanged 2 confer export metafor "$world/none"
	unchanged 1 confer export jsonl "$world/none" --id 0123456789
	unchanged 1 confer export jsonl "$world/no/such/folder/file"
	exits 0 confer --json export sqlite -n "$world/none"
	holds '.dryRun and .records == 7'
	[ ! -e "$world/none" ]
}

@test "export: nothing of other people's is overwritten" {
	mkdir "$world/theirs"
	echo "mine" >"$world/theirs/notes.txt"
	unchanged 5 confer export csv "$world/theirs"
	has "has notes.txt in it"
	unchanged 5 confer export ro-crate "$world/theirs"
	unchanged 2 confer export jsonl "$world/theirs"
	unchanged 2 confer export csv "$world/theirs/notes.txt"
	unchanged 5 confer export jsonl "$world/theirs/notes.txt"
	unchanged 5 confer export sqlite "$world/theirs/notes.txt"
	exits 0 confer export csv --force "$world/theirs"
	[ "$(cat "$world/theirs/notes.txt")" = mine ]
	[ -e "$world/theirs/datapackage.json" ]
	unchanged 5 confer export csv "$world/theirs"
	exits 0 confer export bibtex --force "$world/theirs/notes.txt"
	exits 0 confer export bibtex "$world/theirs/notes.txt"
	# What an earlier export wrote is replaced, and what left the commons goes.
	confer -q export ro-crate "$world/crate"
	confer -q export ro-crate --kind finding "$world/crate/"
	[ "$(find "$world/crate/records" -type f | wc -l)" -eq 3 ]
	[ ! -e "$world/crate/heads" ]
	# What somebody put into its folders would be lost: also with --force.
	echo "mine" >"$world/crate/records/pupils.txt"
	for force in '' --force; do
		# shellcheck disable=SC2086 # an option, or none
		unchanged 5 confer export ro-crate $force "$world/crate"
		has "records/pupils.txt is no part of an export"
	done
	rm "$world/crate/records/pupils.txt"
	# A link leads to the place that is replaced.
	ln -s crate "$world/link"
	confer -q export ro-crate "$world/link"
	[ -L "$world/link" ]
	[ "$(find "$world/crate/records" -type f | wc -l)" -eq 7 ]
	[ -z "$(find "$world" -name '*.tmp-*')" ]
}

@test "export: a full disk leaves what was there" {
	[ -c /dev/full ] || skip "there is no /dev/full"
	exits 1 bash -c 'confer export jsonl - >/dev/full'
	confer -q export jsonl "$world/a.jsonl"
	cp "$world/a.jsonl" "$world/before"
	exits 1 bash -c "ulimit -f 8; trap '' XFSZ
		confer export jsonl '$world/a.jsonl'"
	cmp "$world/a.jsonl" "$world/before"
	exits 1 bash -c "ulimit -f 8; trap '' XFSZ
		confer export sqlite '$world/b.db'"
	[ ! -e "$world/b.db" ]
	[ -z "$(find "$world" -name '*.tmp-*')" ]
}

@test "export: what metafor reads, with the reasons of what is left out" {
	exits 0 confer --json export metafor "$world/m.csv" \
		--outcome reading_comprehension --exclude "$two"
	holds '.records == 2 and (.excluded | length) == 1 and
		.excluded[0].code == "asked"'
	python - "$world/m.csv" <<PY
import csv, sys
one, three = csv.DictReader(open(sys.argv[1], newline=""))
assert one["record"] == "$one" and three["record"] == "$three"
assert abs(float(one["sei"]) ** 2 - float(one["vi"])) < 1e-12
assert float(one["yi"]) > 0 > float(three["yi"]) and three["turned"] == "TRUE"
assert three["trust_name"] == "Ashby Trust" and three["slab"].endswith(
  "(" + "$three"[-6:] + ")")
assert one["signature"] == "verified" and len(one["commit"]) == 40
PY
	exits 0 confer --json pool --outcome reading_comprehension
	holds '.inputs[0].effect == $yi' --argjson yi \
		"$(sed -n 2p "$world/m.csv" | cut -d, -f1)"
	unchanged 1 confer export metafor "$world/none" --outcome attendance
	has "no finding here is on that outcome"
	unchanged 2 confer export metafor "$world/none" --outcome happiness
	exits 0 confer export metafor - --outcome reading_comprehension
	[ "$(wc -l <<<"$output")" = 4 ]
	# a reviewer's judgement goes before one's own, as in --moderator
	[ "$(python -c 'import csv, sys; print(*[r["padlocks"] for r in
		csv.DictReader(sys.stdin)])' <<<"$output")" = "3 4 3" ]
}

@test "export: every column is explained in confer-export(5)" {
	local column page
	page=$(mandoc -T ascii -O width=300 "$top/man/confer-export.5" |
		sed 's/.\x08//g')
	confer -q export csv "$world/csv"
	confer -q export metafor "$world/csv.m" --outcome reading_comprehension
	for column in $(head -qn 1 "$world"/csv/{trusts,records,versions}.csv \
		"$world/csv/signatures.csv" "$world/csv.m" |
		tr -d '\r' | tr , '\n' | sort -u); do
		grep -qw -- "$column" <<<"$page" && continue
		echo "confer-export.5 does not have the column $column"
		return 1
	done
}

@test "export: a key that was shut out signs nothing any more" {
	local id key commit
	id=$(publish_example ashby need '.body.title = "Of a lost key"')
	confer -q -C "$world/ashby" key revoke --no-passphrase --reason compromised --sheet \
		"$(echo "$world"/sheets/ashby/recovery-sheet-1-*.txt)" \
		"$(confer -C "$world/ashby" --json id | jq -r .key)"
	# as it stood before Ashby had signed it again
	commit=$(git -C "$world/ashby" log --format=%H --grep='[Ss]hut' -1 main)
	cp -a "$world/hosts/ashby.git" "$world/whole"
	git -C "$world/hosts/ashby.git" update-ref refs/heads/main "$commit"
	try confer -q sync
	confer -q export jsonl --id "$id" out.jsonl
	jq -e '.provenance.signature == "none"' out.jsonl
	confer -q export bibtex --id "$id" out.bib
	fails grep -q "signature verified" out.bib
	grep -q "no signature of it counts any more" out.bib
	exits 0 confer show "$id"
	has "no key that still counts"
	[[ $output != *"several trusts"* ]]
	exits 0 confer --json list
	holds '.[] | select(.id == $id) | .signers == []' --arg id "$id"
	exits 0 confer search '"Of a lost key"'
	has "signed by no key that still counts"
	# and as it stands since: the commit has a proof by the key that is named
	rm -r "$world/hosts/ashby.git"
	mv "$world/whole" "$world/hosts/ashby.git"
	try confer -q sync
	confer -q export jsonl --id "$id" --force out.jsonl
	jq -e '.provenance.signature == "verified"' out.jsonl
	key=$(jq -r .provenance.key out.jsonl)
	commit=$(jq -r .provenance.commit out.jsonl)
	git show "$commit:records/need/${id: -2}/$id.json" |
		jq -e --arg key "$key" '[.proof[].verificationMethod |
			split("#")[0]] | index([$key])'
}
