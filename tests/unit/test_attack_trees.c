/*
 * Attacks on trees: names, modes, order, shape, and what entries lead to. (The
 * numbers are those of tests/attacks.md.)
 */
#include "siege.h"

#include <time.h>

static struct siege siege;

static int
begin(void **state)
{
	(void)state;
	expect_ok(cf_start());
	siege_begin(&siege);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	siege_end(&siege);
	return 0;
}

static void
try_tree(const char *what, struct cf_oid tree, const char *rule)
{
	struct siege *s = &siege;

	attack_begin(s);
	commit_tree(&s->m, &tree, NULL);
	EXPECT_REFUSED(s, what, rule);
}

/* An entry of the root more. */
static void
try_leaf(const char *rule, const char *mode, const char *name,
	struct cf_oid oid)
{
	const struct leaf leaf = { mode, name, oid, 0 };

	try_tree(name, tree_with(&siege.m, &siege.m.tree, &leaf, NULL), rule);
}

/* 48, 51: names. */
static void
test_names(void **state)
{
	static const char *const names[] = { ".git", ".GIT", "GIT~1",
		".g\xe2\x80\x8cit", "..", ".", "a\\b", "CON", "aux.json",
		"x:y", "name.", "name ", "two\nlines", "\x1b[2Jclear",
		"\xe2\x80\xaegnp", "\xff\xfe", ".gitmodules", ".gitattributes",
		".mailmap", ".gitignore", "readme.md", "README.MD",
		"README.md ", "keys2", "Keys", "RECORDS", "drafts",
		"commons.json" };
	struct siege *s = &siege;
	struct cf_oid blob = put_blob(&s->m, "x", 1);
	char longest[301];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		try_leaf("tree.unexpected", "100644", names[i], blob);
		if (i < 8)
			try_leaf("tree.unexpected", "40000", names[i],
				entry_of(&s->m, "keys"));
	}
	try_leaf("tree.encoding", "100644", "a/b", blob);
	try_leaf("tree.encoding", "100644", "/a", blob);
	try_leaf("tree.encoding", "100644", "", blob);
	memset(longest, 'n', 300);
	longest[300] = '\0';
	try_leaf("tree.unexpected", "100644", longest, blob);
}

/* A folder that may be there, with a file that may not. */
static struct cf_oid
file_below(struct made_main *m, const char *const *folders, const char *name,
	struct cf_oid blob)
{
	struct leaf leaf = { "100644", name, blob, 0 };
	struct cf_oid oid = forge_tree(m, &leaf, 1);
	size_t n = 0;

	while (folders[n])
		n++;
	while (n > 1) {
		leaf = (struct leaf){ "40000", folders[--n], oid, 0 };
		oid = forge_tree(m, &leaf, 1);
	}
	leaf = (struct leaf){ "40000", folders[0], oid, 0 };
	return tree_with(m, &m->tree, &leaf, NULL);
}

#define FOLDERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_places_of_files(void **state)
{
	static const char id[] = "01a2023d-9291-836d-bf09-47a75e29170e.json";
	static const char trust[] =
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE.json";
	struct siege *s = &siege;
	struct cf_oid blob = put_blob(&s->m, "x", 1);
	const struct {
		const char *const *folders, *name;
	} table[] = {
		{ FOLDERS("partners"), "someone.json" },
		{ FOLDERS("partners"), "zQm.json" },
		{ FOLDERS("partners"),
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE" },
		{ FOLDERS("partners"),
		"zQmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE.json.json" },
		{ FOLDERS("partners"),
		"QmbSvLzXGRQnWUYS3CDSqNmkQd9fcdtTRHGzrSCGFoc6HE.json" },
		{ FOLDERS("partners", "x"), trust },
		{ FOLDERS("records2", "need", "0e"), id },
		{ FOLDERS("partners", "need", "0e"), id },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_tree(table[i].name, file_below(&s->m, table[i].folders,
			table[i].name, blob), "tree.unexpected");
}

/* Below records/: kinds, shards, ids. */
static void
test_places_of_records(void **state)
{
	static const struct {
		const char *kind, *shard, *name;
	} table[] = {
		{ "offer", "0e", "x.json" },
		{ "offer", "0E", "01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "offer", "0f", "01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "offer", "0e", "01A2023D-9291-836d-bf09-47a75e29170e.json" },
		{ "offer", "0e", "01a2023d-9291-436d-bf09-47a75e29170e.json" },
		{ "offer", "0e", "01a2023d-9291-836d-bf09-47a75e29170e.JSON" },
		{ "offer", "0e", "{01a2023d-9291-836d-bf09-47a75e29170e}.json" },
		{ "Offer", "0e", "01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "\xc3\xb6" "ffer", "0e",
			"01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "-offer", "0e", "01a2023d-9291-836d-bf09-47a75e29170e.json" },
		{ "..", "0e", "01a2023d-9291-836d-bf09-47a75e29170e.json" },
	};
	struct siege *s = &siege;
	struct cf_oid blob = put_blob(&s->m, "x", 1);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct cf_oid records = entry_of(&s->m, "records");
		struct leaf leaf = { "100644", table[i].name, blob, 0 };
		struct cf_oid oid = forge_tree(&s->m, &leaf, 1);

		leaf = (struct leaf){ "40000", table[i].shard, oid, 0 };
		oid = forge_tree(&s->m, &leaf, 1);
		leaf = (struct leaf){ "40000", table[i].kind, oid, 0 };
		oid = tree_with(&s->m, &records, &leaf, NULL);
		leaf = (struct leaf){ "40000", "records", oid, 0 };
		try_tree(table[i].name, tree_with(&s->m, &s->m.tree, &leaf,
			"records"), "tree.unexpected");
	}
}

/* 49: modes. */
static void
test_modes(void **state)
{
	static const char *const modes[] = { "120000", "160000", "100755",
		"100777", "100664", "0100644", "+100644", "040000", "40755",
		"1006440", "" };
	struct siege *s = &siege;
	struct cf_oid blob = entry_of(&s->m, "README.md");

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		const struct leaf leaf = { modes[i], "README.md", blob, 0 };

		try_tree(modes[i], tree_with(&s->m, &s->m.tree, &leaf,
			"README.md"), "tree.mode");
	}
}

/* What an entry leads to is what its mode says. */
static void
test_types(void **state)
{
	struct siege *s = &siege;
	struct cf_oid tree = entry_of(&s->m, "keys"), commit = s->m.head;
	struct cf_oid readme = entry_of(&s->m, "README.md");
	const struct {
		const char *what, *rule;
		struct leaf leaf;
	} table[] = {
		{ "a file that is a folder", "tree.readme",
			{ "100644", "README.md", tree, 0 } },
		{ "a file that is a commit", "tree.readme",
			{ "100644", "README.md", commit, 0 } },
		{ "a folder that is a file", "object.type",
			{ "40000", "records", readme, 0 } },
		{ "a folder that is a commit", "object.type",
			{ "40000", "keys", commit, 0 } },
	};
	struct cf_uuid id;
	char path[CF_PATH_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try_tree(table[i].what, tree_with(&s->m, &s->m.tree,
			&table[i].leaf, table[i].leaf.name), table[i].rule);
	attack_begin(s);
	cf_uuid_make(&id, s->m.id.text, NULL);
	cf_record_path(path, "need", &id);
	commit_file(&s->m, path, commit, NULL);
	EXPECT_REFUSED(s, "a record that is a commit", "object.type");
	attack_begin(s);
	commit_tree(&s->m, &readme, NULL);
	EXPECT_REFUSED(s, "a tree that is a file", "object.type");
	attack_begin(s);
	commit_tree(&s->m, &commit, NULL);
	EXPECT_REFUSED(s, "a tree that is a commit", "object.type");
}

/* 50: order and twins. */
static void
test_order(void **state)
{
	struct siege *s = &siege;
	struct cf_oid readme = entry_of(&s->m, "README.md");
	struct cf_oid keys = entry_of(&s->m, "keys");
	struct cf_oid records = entry_of(&s->m, "records");
	const struct leaf a = { "100644", "README.md", readme, 0 };
	const struct leaf b = { "40000", "keys", keys, 0 };
	const struct leaf c = { "40000", "records", records, 0 };
	const struct leaf twin = { "100644", "keys", readme, 0 };

	(void)state;
	try_tree("50 unsorted", forge_tree(&s->m,
		(struct leaf[]){ b, a, c }, 3), "tree.order");
	try_tree("50 twice", forge_tree(&s->m,
		(struct leaf[]){ a, b, b, c }, 4), "tree.order");
	try_tree("50 a file twice", forge_tree(&s->m,
		(struct leaf[]){ a, a, b, c }, 4), "tree.order");
	try_tree("50 a file and a folder", forge_tree(&s->m,
		(struct leaf[]){ a, twin, b, c }, 4), "tree.order");
	try_tree("50 the last in front", forge_tree(&s->m,
		(struct leaf[]){ a, c, b }, 3), "tree.order");
	try_tree("no records any more", forge_tree(&s->m,
		(struct leaf[]){ a, b }, 2), "tree.deleted");
	try_tree("no keys any more", forge_tree(&s->m,
		(struct leaf[]){ a, c }, 2), "identity.changed");
	try_tree("no readme any more", forge_tree(&s->m,
		(struct leaf[]){ b, c }, 2), "tree.deleted");
	try_tree("nothing any more", forge_tree(&s->m, NULL, 0),
		"tree.empty");
}

/* 50: names that differ in capitals only are one file on some disks. */
static void
test_twins(void **state)
{
	struct siege *s = &siege;
	struct cf_oid blob = put_blob(&s->m, "{}\n", 3), oid;
	char one[64], two[64];
	struct leaf leaf[2] = { { "100644", one, blob, 0 },
		{ "100644", two, blob, 0 } };
	unsigned char hash[32] = { 0 };
	struct cf_digest digest;
	size_t i;

	(void)state;
	/* An id of which one letter can be the other case and still be one:
	 * the last letters decide few bits. */
	do {
		cf_random(hash, sizeof hash);
		cf_digest_from_hash(&digest, hash);
		(void)snprintf(one, sizeof one, "%s.json", digest.text);
		memcpy(two, one, sizeof two);
		for (i = 46; i > 3; i--) {
			char *c = &two[i];

			if (*c < 'A' || (*c > 'Z' && *c < 'a') || *c > 'z')
				continue;
			*c ^= 0x20;
			if (cf_digest_parse(&digest,
				(struct cf_str){ two, strlen(two) - 5 }))
				break;
			*c ^= 0x20;
		}
	} while (i == 3);
	if (strcmp(one, two) > 0) {
		leaf[0].name = two;
		leaf[1].name = one;
	}
	oid = forge_tree(&s->m, leaf, 2);
	try_leaf("tree.twins", "40000", "partners", oid);
}

/* 52: width and depth. Each ends soon. */
static void
test_wide_and_deep(void **state)
{
	struct siege *s = &siege;
	struct cf_oid blob = put_blob(&s->m, "x", 1), oid;
	struct cf_buf raw = CF_BUF(CF_MAX_TREE + 4096);
	time_t start = time(NULL);
	char name[16];

	(void)state;
	oid = forge_tree(&s->m, &(struct leaf){ "100644",
		"01a2023d-9291-836d-bf09-47a75e2917ab.json", blob, 0 }, 1);
	oid = forge_tree(&s->m, &(struct leaf){ "40000", "ab", oid, 0 }, 1);
	for (unsigned i = 0; i < CF_MAX_TREE_ENTRIES + 1; i++) {
		(void)snprintf(name, sizeof name, "k%06u", i);
		add_leaf(&raw, &(struct leaf){ "40000", name, oid, 0 });
	}
	oid = forge_raw_tree(&s->m, &raw);
	try_tree("52 wide", tree_with(&s->m, &s->m.tree, &(struct leaf){
		"40000", "records", oid, 0 }, "records"), "limit.entries");
	try_leaf("tree.unexpected", "40000", "wide", oid);
	for (unsigned i = 0; raw.len < CF_MAX_TREE; i++) {
		(void)snprintf(name, sizeof name, "%08u", i);
		add_leaf(&raw, &(struct leaf){ "100644", name, blob, 0 });
	}
	oid = forge_raw_tree(&s->m, &raw);
	try_tree("52 a huge folder", tree_with(&s->m, &s->m.tree,
		&(struct leaf){ "40000", "records", oid, 0 }, "records"),
		"limit.size");
	/* The same folder twice in each of 20: a million paths. */
	oid = entry_of(&s->m, "records/need");
	for (unsigned i = 0; i < 20; i++)
		oid = forge_tree(&s->m, (struct leaf[]){ { "40000", "aa", oid,
			0 }, { "40000", "bb", oid, 0 } }, 2);
	try_tree("52 a bomb", tree_with(&s->m, &s->m.tree, &(struct leaf){
		"40000", "records", oid, 0 }, "records"), "tree.unexpected");
	/* 5,000 levels. */
	oid = forge_tree(&s->m, &(struct leaf){ "100644", "a", blob, 0 }, 1);
	for (unsigned i = 0; i < 5000; i++)
		oid = forge_tree(&s->m, &(struct leaf){ "40000", "a", oid, 0 },
			1);
	try_tree("52 deep", tree_with(&s->m, &s->m.tree, &(struct leaf){
		"40000", "records", oid, 0 }, "records"), "tree.unexpected");
	assert_true(time(NULL) - start < 60);
}

/* Raw trees that end early, or hold a NUL. */
static void
test_raw_trees(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} table[] = {
		{ "100644 README.md", 16 },
		{ "100644 README.md\0short", 22 },
		{ "100644README.md\0" "12345678901234567890", 36 },
		{ "\0", 1 },
		{ " README.md\0" "12345678901234567890", 31 },
		{ "100644 \0" "12345678901234567890", 28 },
	};
	struct siege *s = &siege;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct cf_buf raw = CF_BUF(100);

		cf_buf_add(&raw, table[i].bytes, table[i].n);
		try_tree(table[i].bytes, forge_raw_tree(&s->m, &raw), i == 4 ?
			"tree.mode" : "tree.encoding");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_places_of_files),
		cmocka_unit_test(test_places_of_records),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_wide_and_deep),
		cmocka_unit_test(test_raw_trees),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
