/*
 * Attacks by the host itself: packs and lists of branches that no git would
 * send, over http. (The numbers are those of tests/attacks.md.)
 */
#include "host.h"

#include <sys/resource.h>

static struct siege siege;
static struct host host;
static struct cf_buf pack = CF_BUF(PACK_MAX);

static void
advertise(const struct cf_oid *oid)
{
	struct cf_buf advert = CF_BUF(PACK_MAX);

	advert_line(&advert, oid, "refs/heads/main");
	cf_buf_puts(&advert, "0000");
	host_says(&host, &advert, &pack);
	cf_buf_clear(&advert);
}

static void
pack_all(const struct cf_oid *skip)
{
	struct packing p;

	pack_store(&p, &pack, &siege.m, skip);
	pack_count(&pack, p.n);
	pack_end(&pack);
}

static int
begin(void **state)
{
	char key[] = "confer-partner.northfield.url";

	(void)state;
	expect_ok(cf_start());
	siege_begin(&siege);
	host_begin(&host, siege.dir);
	expect_ok(cf_config_set(siege.victim->store, key, host.url));
	siege.url = host.url;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	host_end(&host);
	siege_end(&siege);
	cf_buf_clear(&pack);
	return 0;
}

/* The next honest update comes in over the same way. */
static void
recover(void)
{
	struct siege *s = &siege;

	json_decref(s->m.identity);
	s->m = s->good;
	s->good.identity = NULL;
	commit_need(&s->m);
	pack_all(NULL);
	advertise(&s->m.head);
	expect_ok(sync_victim(s));
	assert_string_equal(line_text(s, "verdict"), "updated");
}

/* What the host says now is refused, by sync and by verify. */
static void
expect_pack_refused(const char *what, const char *rule)
{
	expect_sync_refused(&siege, what, rule);
	expect_audit(&siege, what, rule);
	recover();
}

/* What it says now breaks off: one line, nothing moved, no verdict. */
static void
expect_broken(const char *what)
{
	struct siege *s = &siege;
	char *before = listing_of(s), *after;
	const struct cf_err *err = sync_victim(s);
	json_t *out = NULL;

	if (err == NULL || err->code != CF_REMOTE)
		fail_msg("%s: sync says %s", what, err ? err->msg :
			line_text(s, "verdict"));
	assert_string_equal(line_text(s, "verdict"), "unreachable");
	assert_true(strlen(line_text(s, "error")) > 20);
	after = listing_of(s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_non_null(cf_verify(&out, s->url, NULL));
	json_decref(out);
	recover();
}

static void
test_an_honest_host(void **state)
{
	(void)state;
	attack_begin(&siege);
	recover();
	expect_audit(&siege, "honest", "");
}

/* 56: something that a commit leads to is not sent, though others have it. */
static void
test_missing_objects(void **state)
{
	struct siege *s = &siege;
	struct cf_oid missing[4];
	struct cf_uuid id;
	char path[CF_PATH_TEXT];
	json_t *doc;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		attack_begin(s);
		doc = new_need(&s->m, &id);
		cf_record_path(path, "need", &id);
		missing[0] = put_json(&s->m, doc);
		commit_record(&s->m, &id, doc, NULL);
		missing[1] = s->m.tree;
		path[strlen("records/need/xx")] = '\0';
		missing[2] = entry_of(&s->m, path);
		missing[3] = s->m.head;
		commit_tree(&s->m, &s->m.tree, NULL);
		pack_all(&missing[i]);
		advertise(&s->m.head);
		expect_pack_refused("56 missing", "object.missing");
	}
}

/* 56: the first file of all, which every trust has. */
static void
test_readme_is_missing(void **state)
{
	struct siege *s = &siege;
	struct cf_oid readme = entry_of(&s->m, "README.md");
	json_t *out = NULL;

	(void)state;
	attack_begin(s);
	pack_all(&readme);
	advertise(&s->m.head);
	expect_err(cf_verify(&out, s->url, NULL), CF_REFUSED,
		"object.missing");
	json_decref(out);
	recover();
}

/* A head that is named and not sent, and one that is nothing. */
static void
test_heads_that_are_not_there(void **state)
{
	struct siege *s = &siege;
	struct cf_oid nowhere = { "none of these bytes" };
	struct cf_oid blob = entry_of(&s->m, "README.md");
	struct cf_oid tree = s->m.tree;

	(void)state;
	attack_begin(s);
	pack_all(NULL);
	advertise(&nowhere);
	expect_pack_refused("no such head", "object.missing");
	attack_begin(s);
	pack_all(NULL);
	advertise(&blob);
	expect_pack_refused("a file as head", "object.type");
	attack_begin(s);
	pack_all(NULL);
	advertise(&tree);
	expect_pack_refused("a folder as head", "object.type");
	attack_begin(s);
	advertise(&s->victim->own.head);
	expect_sync_refused(s, "31 our own head", "object.missing");
	recover();
}

/* 55, and packs that are none. */
static void
test_packs_that_lie(void **state)
{
	static const char *const junk[] = { "", "PACK", "PACK\0\0\0\2\0\0\0\1",
		"HTTP/1.1 200 OK\r\n\r\n", "0008NAK\n0008NAK\n",
		"0028ERR \x1b[2J\x1b]0;owned\x07 your key has expired\n" };
	struct siege *s = &siege;
	static const struct {
		const char *what;
		uint32_t count;
		int flip;		/* byte from the end */
	} table[] = {
		{ "55 more objects than there are", 5000, 0 },
		{ "55 2^32 - 1 objects", UINT32_MAX, 0 },
		{ "55 fewer objects than there are", 1, 0 },
		{ "a checksum", 0, 1 },
		{ "a byte of the last object", 0, 24 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct packing p;

		attack_begin(s);
		commit_need(&s->m);
		pack_store(&p, &pack, &s->m, NULL);
		pack_count(&pack, table[i].count ? table[i].count : p.n);
		pack_end(&pack);
		if (table[i].flip)
			pack.data[pack.len - (size_t)table[i].flip] ^= 1;
		advertise(&s->m.head);
		if (table[i].count == UINT32_MAX)
			expect_sync_refused(s, table[i].what, "limit.objects");
		else
			expect_broken(table[i].what);
	}
	for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
		attack_begin(s);
		commit_need(&s->m);
		cf_buf_reset(&pack);
		cf_buf_add(&pack, junk[i], i == 2 ? 12 : strlen(junk[i]));
		advertise(&s->m.head);
		expect_broken("junk for a pack");
	}
}

/* 53: a blob that is small in the pack and enormous outside. */
static void
test_a_bomb(void **state)
{
	const uint64_t times = (256u << 20) / 258;
	struct siege *s = &siege;
	struct cf_oid oid;
	struct rusage before, after;
	struct packing p;
	struct cf_uuid id;
	char path[CF_PATH_TEXT], *zeros;

	(void)state;
	attack_begin(s);
	cf_uuid_make(&id, s->m.id.text, NULL);
	cf_record_path(path, "need", &id);
	zeros = cf_calloc(1, 258 * times + 1);
	cf_oid_of(&oid, CF_BLOB, zeros, 258 * times + 1);
	free(zeros);
	commit_file(&s->m, path, oid, NULL);
	pack_store(&p, &pack, &s->m, NULL);
	pack_head(&pack, 3, 258 * times + 1);
	add_zeros(&pack, times);
	pack_count(&pack, p.n + 1);
	pack_end(&pack);
	advertise(&s->m.head);
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	expect_pack_refused("53 a bomb", "limit.size");
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 256 * 1024);
}

/* 54: a delta whose result is said to be enormous, and one without its base. */
static void
test_deltas(void **state)
{
	static const unsigned char claims[] = { 4, 0x80, 0x80, 0x80, 0x80, 8,
		0x90, 4 };
	struct siege *s = &siege;
	struct cf_oid base;
	struct packing p;

	(void)state;
	base = put_blob(&s->m, "zero", 4);
	for (unsigned i = 0; i < 2; i++) {
		attack_begin(s);
		commit_need(&s->m);
		pack_store(&p, &pack, &s->m, i ? &base : NULL);
		pack_head(&pack, 7, sizeof claims);
		cf_buf_add(&pack, base.raw, sizeof base.raw);
		add_stored(&pack, claims, sizeof claims);
		pack_count(&pack, p.n + 1);
		pack_end(&pack);
		advertise(&s->m.head);
		expect_broken(i ? "54 a delta without a base" :
			"54 a delta that claims 2 GiB");
	}
}

/* A delta on something that we hold of somebody else: a host could find out by it
 * whom we follow, or whether what was erased is really gone. */
static void
test_a_delta_on_what_is_ours(void **state)
{
	struct siege *s = &siege;
	struct cf_buf ours = CF_BUF(CF_MAX_COMMIT);
	unsigned char delta[5];
	struct packing p;

	(void)state;
	expect_ok(cf_odb_read(&ours, cf_store_odb(s->victim->store),
		&s->victim->own.head, CF_COMMIT));
	assert_in_range(ours.len, 128, 16383);
	delta[0] = (unsigned char)(ours.len | 0x80);
	delta[1] = (unsigned char)(ours.len >> 7);
	delta[2] = 4;
	delta[3] = 0x90;
	delta[4] = 4;
	attack_begin(s);
	commit_need(&s->m);
	pack_store(&p, &pack, &s->m, NULL);
	pack_head(&pack, 7, sizeof delta);
	cf_buf_add(&pack, s->victim->own.head.raw, 20);
	add_stored(&pack, delta, sizeof delta);
	pack_count(&pack, p.n + 1);
	pack_end(&pack);
	advertise(&s->m.head);
	expect_broken("a delta on what is ours");
	cf_buf_clear(&ours);
}

/* 59: a million branches, names that never end, one name twice. */
static void
test_floods_of_refs(void **state)
{
	struct cf_buf advert = CF_BUF(PACK_MAX);
	struct siege *s = &siege;
	char name[40];

	(void)state;
	attack_begin(s);
	for (unsigned i = 0; i < CF_MAX_REFS + 1; i++) {
		(void)snprintf(name, sizeof name, "refs/heads/a%07u", i);
		advert_line(&advert, &s->m.head, name);
	}
	advert_line(&advert, &s->m.head, "refs/heads/main");
	cf_buf_puts(&advert, "0000");
	host_says(&host, &advert, &pack);
	expect_sync_refused(s, "59 refs", "limit.refs");
	for (unsigned i = 0; i < 1000000 && !advert.full; i++)
		advert_line(&advert, &s->m.head, "refs/heads/a");
	host_says(&host, &advert, &pack);
	assert_non_null(sync_victim(s));
	assert_string_not_equal(line_text(s, "verdict"), "updated");
	cf_buf_clear(&advert);
	recover();
}

static void
test_main_twice(void **state)
{
	struct cf_buf advert = CF_BUF(1 << 20);
	struct siege *s = &siege;
	struct cf_oid first;

	(void)state;
	attack_begin(s);
	commit_need(&s->m);
	first = s->m.head;
	commit_tree(&s->m, &s->m.tree, &(struct lie){ .message = "Renew",
		.sequence = 1 });
	pack_all(NULL);
	advert_line(&advert, &s->m.head, "refs/heads/main");
	advert_line(&advert, &first, "refs/heads/main");
	cf_buf_puts(&advert, "0000");
	host_says(&host, &advert, &pack);
	expect_sync_refused(s, "two mains", "commit.sequence");
	cf_buf_clear(&advert);
	recover();
}

/* 57: what nobody refers to is not judged; it does no harm, and what is too
 * large for anything is not kept. */
static void
test_more_than_was_asked_for(void **state)
{
	struct siege *s = &siege;
	struct packing p;
	struct cf_oid oid;
	char *zeros;

	(void)state;
	attack_begin(s);
	commit_need(&s->m);
	pack_store(&p, &pack, &s->m, NULL);
	pack_head(&pack, 3, 258 * 40000 + 1);
	add_zeros(&pack, 40000);
	pack_count(&pack, p.n + 1);
	pack_end(&pack);
	advertise(&s->m.head);
	expect_ok(sync_victim(s));
	assert_string_equal(line_text(s, "verdict"), "updated");
	zeros = cf_calloc(1, 258 * 40000 + 1);
	cf_oid_of(&oid, CF_BLOB, zeros, 258 * 40000 + 1);
	free(zeros);
	assert_false(cf_odb_has(cf_store_odb(s->victim->store), &oid));
	json_decref(s->good.identity);
	attack_begin(s);
	recover();
}

/* An update of the trust, with so many small texts that nothing leads to and
 * one object more. */
static void
pack_with_junk(unsigned texts, unsigned type, uint64_t size)
{
	struct packing p;

	commit_need(&siege.m);
	pack_store(&p, &pack, &siege.m, NULL);
	for (uint32_t k = 0; k < texts; k++)
		pack_add(&pack, 3, &k, sizeof k);
	pack_head(&pack, type, size);
	add_stored(&pack, "hello\n", 6);
	pack_count(&pack, p.n + texts + 1);
	pack_end(&pack);
	advertise(&siege.m.head);
}

/* What the gate did not look at stays outside, whatever it is: beside a small
 * update, among more than would be kept as a pack, and beside a large update. */
static void
test_junk_beside_an_update(void **state)
{
	static const struct {
		unsigned type;
		uint64_t size;		/* as it says; it has 6 bytes */
	} table[] = { { 3, 6 }, { 3, 3 }, { 5, 6 }, { 4, 6 },
		{ 3, 1ull << 40 } };
	const size_t n = sizeof table / sizeof *table;
	struct siege *s = &siege;

	(void)state;
	for (size_t i = 0; i < 3 * n; i++) {
		struct cf_odb *odb = cf_store_odb(s->victim->store);
		unsigned texts = i < n ? 1 : i < 2 * n ? CF_LOOSE_MAX : 1;
		struct cf_oid oid;

		for (unsigned k = 0; i == 2 * n && k < CF_LOOSE_MAX / 5; k++)
			commit_need(&s->m);
		attack_begin(s);
		pack_with_junk(texts, table[i % n].type, table[i % n].size);
		expect_ok(sync_victim(s));
		assert_string_equal(line_text(s, "verdict"), "updated");
		for (uint32_t k = 0; k < texts; k++) {
			cf_oid_of(&oid, CF_BLOB, &k, sizeof k);
			assert_false(cf_odb_has(odb, &oid));
		}
		cf_oid_of(&oid, CF_BLOB, "hello\n", 6);
		assert_false(cf_odb_has(odb, &oid));
		json_decref(s->good.identity);
		attack_begin(s);
		recover();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_honest_host),
		cmocka_unit_test(test_missing_objects),
		cmocka_unit_test(test_readme_is_missing),
		cmocka_unit_test(test_heads_that_are_not_there),
		cmocka_unit_test(test_packs_that_lie),
		cmocka_unit_test(test_a_bomb),
		cmocka_unit_test(test_deltas),
		cmocka_unit_test(test_a_delta_on_what_is_ours),
		cmocka_unit_test(test_floods_of_refs),
		cmocka_unit_test(test_main_twice),
		cmocka_unit_test(test_more_than_was_asked_for),
		cmocka_unit_test(test_junk_beside_an_update),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
