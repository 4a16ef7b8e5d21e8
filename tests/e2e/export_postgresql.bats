#!/usr/bin/env bats
# confer export postgresql://…: a real server of our own, on a unix socket in a
# temporary folder, run by somebody who is not root.
load lib

# The programs of the newest PostgreSQL on this machine.
pg_bin() {
	find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null |
		sort -V | tail -n 1
}

# PostgreSQL does not run as root.
as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec setpriv --reuid postgres --regid postgres \
			--clear-groups "$@")
	else
		"$@"
	fi
}

pg_start() {
	# A socket's path has at most 107 bytes, and others must reach it.
	pg=$(mktemp -d /tmp/confer-pg.XXXXXX)
	export pg
	chmod 755 "$pg"
	[ "$(id -u)" != 0 ] || chown postgres "$pg"
	echo 's3cret:/@%' >"$pg/password"
	as_nobody "$(pg_bin)/initdb" -D "$pg/data" -U owner -A scram-sha-256 \
		--pwfile="$pg/password" -E UTF8 --locale=C.UTF-8 >/dev/null &&
		as_nobody "$(pg_bin)/pg_ctl" -D "$pg/data" -w -l "$pg/log" -o \
			"-k $pg -c listen_addresses='' -c fsync=off" start \
			>/dev/null 3>&-
}

setup_file() {
	[ -n "$(pg_bin)" ] || return 0
	pg_start || return
	begin_world
	published_trust northfield
	published_trust wessex
	follow wessex northfield
	one=$(publish_example northfield finding \
		'.body.title = "Back\\slash \\N, \"quoted\" and \u00e9" |
		.body.learned = "One line.\n\\.\nAnother."')
	two=$(publish_example northfield practice \
		'.body.reviewed_on = "0000-02-29"')
	need=$(publish_example northfield need)
	export one two need
	confer -q -C wessex sync
	keep_world
}

teardown_file() {
	[ -n "${pg:-}" ] || return 0
	as_nobody "$(pg_bin)/pg_ctl" -D "$pg/data" -m immediate stop >/dev/null
	rm -rf "$pg"
}

setup() {
	[ -n "$(pg_bin)" ] || skip "PostgreSQL is not on this machine"
	fresh_world
	cd wessex || return 1
	export PGPASSWORD='s3cret:/@%' PGHOST=$pg PGUSER=owner PGDATABASE=postgres
	sql 'DROP SCHEMA IF EXISTS confer CASCADE' >/dev/null 2>&1
	url="postgresql://owner@/postgres?host=$pg"
}

sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"
}

# All rows of all tables, in one order.
dump() {
	local table
	for table in $(sql "SELECT relname FROM pg_class WHERE relkind = 'r'
		AND relnamespace = 'confer'::regnamespace ORDER BY 1"); do
		echo "-- $table"
		sql "SELECT t::text FROM confer.\"$table\" t ORDER BY 1"
	done
}

@test "postgresql: rows, keys, indexes and comments" {
	exits 0 confer --json export "$url"
	holds '.records == 3 and .target == "postgres on \($pg), as owner" and
		([.tables[] | select(.table == "finding")] ==
		[{"table": "finding", "rows": 1, "changed": 1, "removed": 0}])' \
		--arg pg "$pg"
	[ "$(sql "SELECT f.title || f.learned FROM confer.finding f JOIN confer.versions v
		USING (version) JOIN confer.signatures s USING (version)
		WHERE f.record = '$one' AND s.signature = 'verified' AND
		v.document->'body'->>'title' = f.title AND
		s.key LIKE 'did:key:%' AND length(s.commit) = 40")" = \
		$'Back\\slash \\N, "quoted" and éOne line.\n\\.\nAnother.' ]
	[ "$(sql "SELECT count(*) FROM pg_indexes WHERE schemaname = 'confer'
		AND indexname = 'finding_outcome_construct'")" = 1 ]
	[ "$(sql "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND
		connamespace = 'confer'::regnamespace")" -gt 10 ]
	sql "SELECT col_description('confer.finding'::regclass, 1)" |
		grep -q 'id of the record'
	[ "$(sql "SELECT value FROM confer.about WHERE key = 'commons'")" = \
		"$(commons_of wessex)" ]
	# A day that PostgreSQL does not have keeps nothing else out.
	[ "$(sql "SELECT p.reviewed_on IS NULL, v.document->'body'
		->>'reviewed_on' FROM confer.practice p JOIN confer.versions v
		USING (version)" | tr -d '\n')" = 't|0000-02-29' ]
	[ "$(sql "SELECT pg_typeof(modified), pg_typeof(raw_mean_t),
		pg_typeof(outcome_higher_is_better), pg_typeof(areas)
		FROM confer.finding")" = \
		'timestamp with time zone|double precision|boolean|jsonb' ]
}

@test "postgresql: run twice gives the same rows" {
	confer -q export "$url"
	dump >"$world/first"
	sql "SELECT xmin FROM confer.finding" >"$world/xmin"
	exits 0 confer --json export "$url"
	holds '[.tables[] | .changed, .removed] | unique == [0]'
	dump | cmp - "$world/first"
	# What did not change was not touched.
	sql "SELECT xmin FROM confer.finding" | cmp - "$world/xmin"
	exits 0 confer --json export -n "$url"
	holds '.dryRun and .records == 3'
}

@test "postgresql: what changed is put right, what left the commons goes" {
	confer -q export "$url"
	dump >"$world/first"
	sql "UPDATE confer.finding SET raw_mean_t = 999;
		DELETE FROM confer.signatures; INSERT INTO confer.records
		(record, owner) SELECT 'x', owner FROM confer.records LIMIT 1"
	confer -q export "$url"
	dump | cmp - "$world/first"
	confer -q -C ../northfield withdraw --yes "$need" --reason "Answered."
	three=$(publish_example northfield offer)
	confer -q sync
	confer -q export "$url"
	[ "$(sql "SELECT status FROM confer.records WHERE record = '$need'")" = \
		withdrawn ]
	[ "$(sql "SELECT record FROM confer.offer")" = "$three" ]
	[ "$(sql "SELECT count(*) FROM confer.versions WHERE record = '$need'")" \
		= 1 ]
	confer -q export --kind practice "$url"
	[ "$(sql "SELECT record FROM confer.records")" = "$two" ]
	[ "$(sql "SELECT count(*) FROM confer.finding")" = 0 ]
	confer -q partner remove northfield
	publish_example wessex offer >/dev/null
	confer -q export "$url"
	[ "$(sql "SELECT count(*) FROM confer.trusts")" = 1 ]
	[ "$(sql "SELECT count(*) FROM confer.records")" = 1 ]
}

# In the middle: the rows are there, and somebody holds the table into which they
# would go.
@test "postgresql: -n asks the server, and changes nothing there" {
	exits 0 confer --json export -n "$url"
	holds '.dryRun and .records == 3 and (.target | startswith("postgres on ")) and
		all(.tables[]; .rows == .changed and .removed == 0)'
	[ "$(sql "SELECT to_regnamespace('confer') IS NULL")" = t ]
	confer -q export "$url"
	sql "DELETE FROM confer.signatures"
	dump >"$world/before"
	exits 0 confer export -n "$url"
	has "3 rows new or changed, no rows gone"
	has "nothing there changed"
	dump | cmp - "$world/before"
	exits 1 confer export -n "postgresql://owner:wr0ng@/postgres?host=$pg"
	has "cannot reach the database"
	sql "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'x'"
	PGPASSWORD=x exits 1 confer export -n \
		"postgresql://guest@/postgres?host=$pg"
	has "GRANT CREATE ON DATABASE"
}

@test "postgresql: killed in the middle leaves the former state" {
	local holder job tries
	confer -q export "$url"
	dump >"$world/first"
	publish_example northfield offer >/dev/null
	confer -q sync
	psql -X -q -c 'BEGIN; LOCK TABLE confer.records IN SHARE MODE;
		SELECT pg_sleep(60)' >/dev/null 3>&- &
	holder=$!
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(sql "SELECT count(*) FROM pg_locks WHERE relation =
			'confer.records'::regclass AND mode = 'ShareLock'")" = \
			1 ] && break
		sleep 0.1
	done
	confer -q export "$url" 3>&- &
	job=$!
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(sql "SELECT count(*) FROM pg_locks WHERE NOT granted AND
			relation = 'confer.records'::regclass")" = 1 ] && break
		sleep 0.1
	done
	[ "$tries" -lt 100 ]
	kill -KILL "$job"
	wait "$job" || :
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE
		query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()" >/dev/null
	wait "$holder" || :
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE
			application_name = 'confer'")" = 0 ] && break
		sleep 0.1
	done
	dump | cmp - "$world/first"
	exits 0 confer --json export "$url"
	holds '.records == 4'
	[ "$(sql "SELECT count(*) FROM confer.offer")" = 1 ]
}

@test "postgresql: two at once take turns" {
	confer -q export "$url" 3>&- &
	confer -q export "$url"
	wait $!
	[ "$(sql "SELECT count(*) FROM confer.records")" = 3 ]
}

@test "postgresql: somebody else's schema and views are left alone" {
	sql 'CREATE SCHEMA confer; CREATE TABLE confer.mine (a int)'
	exits 5 confer export "$url"
	has "with tables that Confer did not make"
	[ "$(sql 'SELECT count(*) FROM confer.mine')" = 0 ]
	# one that looks like ours
	sql "CREATE TABLE confer.about (key text, value text);
		INSERT INTO confer.about VALUES ('theirs', 'yes')"
	exits 5 confer export "$url"
	[ "$(sql 'SELECT value FROM confer.about')" = yes ]
	sql 'DROP TABLE confer.mine, confer.about'
	exits 0 confer -q export -n "$url"
	exits 0 confer export -n "$url"
	has "Would export 3 records, postgres on"
	exits 0 confer export "$url"
	# Tables of another Confer are made again, unless something needs them.
	sql "UPDATE confer.about SET value = 'another' WHERE key = 'format';
		CREATE VIEW public.mine AS SELECT record FROM confer.finding;
		ALTER TABLE confer.finding ADD COLUMN extra text"
	exits 1 confer export "$url"
	has "something of yours is built on the old ones"
	[ "$(sql 'SELECT count(*) FROM public.mine')" = 1 ]
	sql 'DROP VIEW public.mine'
	exits 0 confer export "$url"
	[ "$(sql "SELECT count(*) FROM information_schema.columns WHERE
		table_schema = 'confer' AND column_name = 'extra'")" = 0 ]
}

@test "postgresql: what the server refuses is told, and a password never" {
	local secret='s3cret%3A%2F%40%25' address
	unset PGPASSWORD
	exits 0 confer export "postgresql://owner:$secret@/postgres?host=$pg"
	[[ $output$stderr != *s3cret* ]]
	for address in "postgresql://owner:wr0ng@/postgres?host=$pg" \
		"postgresql://owner:wr0ng@/none?host=$pg" \
		"postgresql://owner@/postgres?password=wr0ng&host=$pg" \
		"postgresql://owner:wr0ng@/postgres?host=$pg/none" \
		"postgresql://owner:wr0ng@localhost:1/postgres" \
		"postgresql://owner:wr0ng?host=@localhost:1/postgres" \
		"postgresql://owner:wr0ng@localhost/postgres?sslmode=require&port=1"
	do
		exits 1 confer export "$address"
		one_message
		has "cannot reach the database"
		[[ $stderr != *wr0ng* ]]
		exits 1 confer --json export "$address"
		[[ $output$stderr != *wr0ng* ]]
	done
	for address in "postgresql://owner:wr0ng%zz@/postgres" \
		"postgresql://owner:wr0ng@[::1/postgres" \
		"postgresql://owner:wr0ng@/postgres?wr0ng=1" \
		"postgresql://owner:wr0ng/wr0ng@/postgres?host=$pg" \
		"postgresql://owner:x@wr0ng@localhost/postgres"; do
		exits 2 confer export "$address"
		one_message
		has "is no address of a database"
		[[ $stderr != *wr0ng* ]]
	done
}

@test "postgresql: a user without rights is told whom to ask" {
	sql "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'x'"
	export PGPASSWORD=x
	exits 1 confer export "postgresql://reader@/postgres?host=$pg"
	has "GRANT CREATE ON DATABASE"
}
