/*
 * The merge: 1,000 versions of one record by 8 stewards, against the same number
 * in one line; and one changed record in a commons of 1,000, of 100,000 and of
 * 1,000,000 records, built synthetically: time and memory as ratios.
 */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bench/bench.h"
#include "unit/trusts.h"

#include "app/trust.h"

#define VERSIONS 1000
#define STEWARDS 8
#define ROUNDS 20

static double
megabytes(void)
{
	struct rusage use;

	(void)getrusage(RUSAGE_SELF, &use);
	return (double)use.ru_maxrss / 1024;
}

/* What a piece of work takes, and what it leaves to the next one. */
struct cost {
	double seconds, megabytes;
	char dir[64];
	struct cf_uuid id;
};

/* In a process of its own, so that it is measured alone. */
static struct cost
measure(void (*work)(struct cost *cost, unsigned long n), struct cost cost,
	unsigned long n)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	(void)fflush(stdout);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		work(&cost, n);
		cost.megabytes = megabytes();
		_exit(write(ends[1], &cost, sizeof cost) == sizeof cost ? 0 :
			1);
	}
	assert_int_equal(read(ends[0], &cost, sizeof cost), sizeof cost);
	(void)waitpid(child, NULL, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return cost;
}

/* --- many versions of one record --------------------------------------------- */

static struct {
	struct cf_snapshot version[VERSIONS];
	size_t parent[VERSIONS][STEWARDS];
	json_t *body[VERSIONS];
	char id[VERSIONS][16];
	const char *trust[STEWARDS];
} many;

static const struct cf_err *
load(void *payload, struct cf_content *out, size_t version)
{
	(void)payload;
	*out = (struct cf_content){ many.body[version], NULL };
	return NULL;
}

/* Stewards edit a project at the same time: each builds on what was there some
 * versions ago, as far as it has seen it. lag 1: in turns. */
static void
merge_many(struct cost *cost, unsigned long lag)
{
	static const char *const names[STEWARDS] = { "a", "b", "c", "d", "e",
		"f", "g", "h" };
	const json_t *example = json_object_get(cf_kind_example("project"),
		"body");
	struct cf_merge_in in = { .version = many.version, .n = VERSIONS,
		.schema = cf_schema_of("project"), .owner = 0, .load = load };
	struct cf_merged merged;
	double start;

	for (size_t i = 0; i < VERSIONS; i++) {
		struct cf_snapshot *v = &many.version[i];
		size_t n = 0;

		many.trust[i % STEWARDS] = names[i % STEWARDS];
		(void)snprintf(many.id[i], sizeof many.id[i], "v%zu", i);
		for (size_t k = lag; k < 2 * lag && k <= i; k++)
			many.parent[i][n++] = i - k;
		*v = (struct cf_snapshot){ .id = many.id[i], .modified = "",
			.trust = &many.trust[i % STEWARDS], .n_trust = 1,
			.parents = many.parent[i], .n_parents = n,
			.counts = true };
		many.body[i] = json_deep_copy(example);
		json_object_set_new(many.body[i], i % 3 ? "question" : "title",
			json_sprintf("What of version %zu?", i));
	}
	start = seconds();
	expect_ok(cf_merge(&merged, &in));
	cost->seconds = seconds() - start;
	cf_merged_clear(&merged);
}

/* --- one record among many ------------------------------------------------------ */

static void
run_sql(struct cf_trust *trust, const char *sql)
{
	char *path = cf_store_file(trust->store, "index.db"), *why = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	(void)sqlite3_close(db);
	free(path);
}

/* A folder of n entries that are all the same: a number of so many digits, and
 * `name`. */
static struct cf_oid
folder(struct cf_trust *trust, unsigned n, int digits, const char *name,
	struct cf_oid entry)
{
	bool file = name[0] == '.';
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_oid oid;

	for (unsigned i = 0; i < n; i++) {
		cf_buf_puts(&raw, file ? "100644 " : "40000 ");
		if (digits)
			cf_buf_printf(&raw, "%0*x", digits, i);
		cf_buf_puts(&raw, name);
		cf_buf_putc(&raw, '\0');
		cf_buf_add(&raw, entry.raw, sizeof entry.raw);
	}
	expect_ok(cf_odb_write(&oid, trust->store, CF_TREE, raw.data,
		raw.len));
	cf_buf_clear(&raw);
	return oid;
}

/* The root of the commons with other records in it. */
static struct cf_oid
with_records(struct cf_trust *trust, const struct cf_oid *root,
	struct cf_oid records)
{
	struct cf_buf old = CF_BUF(CF_MAX_TREE), new = CF_BUF(CF_MAX_TREE);
	struct cf_entry entry, last;
	struct cf_oid oid;
	struct cf_str rest;
	bool first = true;

	expect_ok(cf_odb_read(&old, cf_store_odb(trust->store), root,
		CF_TREE));
	rest = (struct cf_str){ old.data, old.len };
	for (; rest.n; first = false) {
		expect_ok(cf_tree_next(&entry, &rest, first ? NULL : &last));
		last = entry;
		if (cf_str_is(entry.name, "records"))
			entry.oid = records;
		cf_buf_puts(&new, entry.is_dir ? "40000 " : "100644 ");
		cf_buf_add(&new, entry.name.p, entry.name.n);
		cf_buf_putc(&new, '\0');
		cf_buf_add(&new, entry.oid.raw, sizeof entry.oid.raw);
	}
	expect_ok(cf_odb_write(&oid, trust->store, CF_TREE, new.data,
		new.len));
	cf_buf_clear(&old);
	cf_buf_clear(&new);
	return oid;
}

/*
 * So many records in the tree of the commons and rows in the index, that nobody
 * touches. The folders are as wide as they would be; what they hold is shared.
 */
static void
fill(struct cf_trust *trust, unsigned long n)
{
	unsigned files = (unsigned)(n / 65536 + 1);
	unsigned folders = n < 65536 ? (unsigned)(n / 256 + 1) : 256;
	struct cf_oid at, tree;
	char hex[CF_OID_TEXT], *text = NULL, *sql;

	expect_ok(cf_odb_write(&at, trust->store, CF_BLOB, "{}\n", 3));
	at = folder(trust, files, 8, ".json", at);
	at = folder(trust, folders, 2, "", at);
	at = folder(trust, 256, 2, "", at);
	at = folder(trust, 1, 0, "need", at);
	expect_ok(cf_index_get(&text, trust->index, "commons-tree"));
	assert_true(cf_oid_parse(&tree, cf_str(text)));
	at = with_records(trust, &tree, at);
	cf_oid_hex(hex, &at);
	expect_ok(cf_index_set(trust->index, "commons-tree", hex));
	sql = cf_asprintf("BEGIN; WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL "
		"SELECT i + 1 FROM c WHERE i < %lu) INSERT INTO record (id, "
		"kind, owner, standing, title, status, modified, conflict, "
		"heads, signers) SELECT lower(hex(randomblob(18))), 'need', "
		"'owner', 'stands', 'A need', 'active', "
		"'2026-01-01T00:00:00Z', 0, '[\"v\"]', '[\"t\"]' FROM c; "
		"INSERT INTO version (trust, record, kind, id, parents, "
		"previous, status, modified, title) SELECT 'other', id, kind, "
		"'v', '[]', '', status, modified, title FROM record WHERE "
		"owner = 'owner'; COMMIT", n);
	run_sql(trust, sql);
	free(sql);
	free(text);
}

static void
make_commons(struct cost *cost, unsigned long n)
{
	struct world w;

	world_begin(&w);
	cost->id = publish_need(&w, 0, 0);
	fill(w.of[0].trust, n);
	memcpy(cost->dir, w.dir, sizeof cost->dir);
	for (unsigned i = 0; i < TRUSTS; i++)
		cf_close(w.of[i].trust);
}

/* The time of one merge of one record that changed: the best of some, because
 * other things run on the machine. */
static void
merge_one(struct cost *cost, unsigned long n)
{
	char *dir = cf_path_join(cost->dir, "trust-0");
	char *sql = cf_asprintf("INSERT OR IGNORE INTO dirty VALUES ('%s')",
		cost->id.text);
	struct cf_trust *trust;
	double start, best = 1e9;

	(void)n;
	expect_ok(cf_open(&trust, dir, NULL));
	/* Once before, so that what is read from disk is there. */
	run_sql(trust, sql);
	expect_ok(cf_commons_update(trust));
	for (unsigned i = 0; i < ROUNDS; i++) {
		run_sql(trust, sql);
		start = seconds();
		expect_ok(cf_commons_update(trust));
		start = seconds() - start;
		best = start < best ? start : best;
	}
	cost->seconds = best;
	cf_close(trust);
	free(sql);
	free(dir);
}

int
main(void)
{
	static const unsigned long sizes[] = { 1000, 100000, 1000000 };
	struct cost none = { 0 }, line, first = { 0 };

	expect_ok(cf_start());
	line = measure(merge_many, none, 1);
	print_message("%d versions of one record in turns: %.1f ms, %.0f MiB\n",
		VERSIONS, line.seconds * 1e3, line.megabytes);
	for (unsigned long lag = 2; lag <= STEWARDS; lag *= 2) {
		struct cost c = measure(merge_many, none, lag);

		print_message("the same, %lu stewards at the same time: %.1f "
			"ms, %.2f times the memory\n", lag, c.seconds * 1e3,
			c.megabytes / line.megabytes);
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct cost c = measure(make_commons, none, sizes[i]);

		c = measure(merge_one, c, sizes[i]);
		expect_ok(cf_remove_all(c.dir));
		first = i ? first : c;
		print_message("one changed record in a commons of %lu: %.2f ms, "
			"%.2f times; memory %.2f times\n", sizes[i],
			c.seconds * 1e3, c.seconds / first.seconds,
			c.megabytes / first.megabytes);
	}
	return 0;
}
