/*
 * Law 18 over whole trusts: a tombstone removes one record, and no other record
 * changes. Random histories of several stewards, random erasures; afterwards the
 * texts are nowhere, and everything else is what it was. ROUNDS=n looks longer.
 */
#include "trusts.h"
#include "store/store.h"

#define RECORDS 8
#define STEPS 22

struct tale {
	struct world w;
	struct cf_uuid id[RECORDS];
	unsigned owner[RECORDS], stewards[RECORDS];
	bool gone[RECORDS];
	unsigned n;
};

/* Every version of record r says this. */
static void
words(char out[32], unsigned r, bool edited)
{
	(void)snprintf(out, 32, "Secret-%03u-words %c", r, edited ? (char)('a' +
		seed_below(26)) : '0');
}

static void
add_record(struct tale *t)
{
	unsigned r = t->n, who = (unsigned)seed_below(TRUSTS);
	char text[32];

	if (r == RECORDS)
		return;
	t->owner[r] = who;
	t->stewards[r] = (unsigned)seed_below(1u << TRUSTS) | 1u << who;
	t->id[r] = publish_need(&t->w, who, t->stewards[r]);
	words(text, r, false);
	expect_ok(edit_title(&t->w, who, t->id[r].text, text));
	t->n++;
}

/* One that contradicts what stands, or that is not there yet, is not made. */
static void
edit_record(struct tale *t)
{
	unsigned r = (unsigned)seed_below(t->n);
	unsigned who = (unsigned)seed_below(TRUSTS);
	char text[32];

	words(text, r, true);
	if (t->stewards[r] & 1u << who)
		(void)(edit_title(&t->w, who, t->id[r].text, text) == NULL);
}

static void
withdraw_record(struct tale *t)
{
	unsigned r = (unsigned)seed_below(t->n);
	json_t *out = NULL;

	(void)(cf_withdraw(&out, t->w.of[t->owner[r]].trust,
		&(struct cf_withdraw){ .id = t->id[r].text, .reason = "It was "
		"a mistake.", .no_push = true, .yes = true }) == NULL);
	json_decref(out);
}

static void
sync_all(struct tale *t)
{
	for (unsigned i = 0; i < 2 * TRUSTS; i++)
		json_decref(sync_trust(&t->w, i % TRUSTS));
}

static void
tell(struct tale *t)
{
	*t = (struct tale){ .n = 0 };
	world_begin(&t->w);
	for (unsigned i = 0; i < TRUSTS; i++)
		for (unsigned k = 0; k < TRUSTS; k++)
			if (i != k)
				follow_trust(&t->w, i, k);
	add_record(t);
	for (unsigned i = 0; i < STEPS; i++)
		switch (seed_below(8)) {
		case 0:
		case 1:
		case 2:
			add_record(t);
			break;
		case 3:
			withdraw_record(t);
			break;
		case 4:
			json_decref(sync_trust(&t->w,
				(unsigned)seed_below(TRUSTS)));
			break;
		default:
			edit_record(t);
		}
	sync_all(t);
}

/* --- what there is --------------------------------------------------------- */

struct listing {
	const struct tale *t;
	json_t *files;			/* {path: blob} */
};

static const struct cf_err *
list_file(void *payload, const char *path, const struct cf_oid *was,
	const struct cf_oid *is)
{
	struct listing *l = payload;
	char hex[CF_OID_TEXT];

	(void)was;
	for (unsigned r = 0; r < l->t->n; r++)
		if (l->t->gone[r] && strstr(path, l->t->id[r].text))
			return NULL;
	/* Identities and witnesses say that history was begun again. */
	if (!cf_starts(path, "records/") && !cf_starts(path, "heads/"))
		return NULL;
	cf_oid_hex(hex, is);
	json_object_set_new(l->files, path, json_string(hex));
	return NULL;
}

/* The files of a branch of a trust but those of erased records. */
static json_t *
files_of(const struct tale *t, unsigned who, const char *branch)
{
	struct listing l = { t, json_object() };
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT * 4);
	struct cf_oid commit, tree;
	struct cf_store *store;
	bool found;

	expect_ok(cf_store_open(&store, t->w.of[who].dir));
	expect_ok(cf_ref_read(&commit, &found, store, branch));
	assert_true(found);
	expect_ok(cf_odb_read(&raw, cf_store_odb(store), &commit, CF_COMMIT));
	assert_true(cf_oid_parse(&tree, (struct cf_str){ raw.data + 5, 40 }));
	expect_ok(cf_tree_compare(cf_store_odb(store), NULL, &tree, list_file,
		&l));
	cf_buf_clear(&raw);
	cf_store_free(store);
	return l.files;
}

static void
expect_same(json_t *before, json_t *after)
{
	char *a = json_dumps(before, JSON_SORT_KEYS | JSON_INDENT(1));
	char *b = json_dumps(after, JSON_SORT_KEYS | JSON_INDENT(1));

	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(after);
}

/* --- erasing --------------------------------------------------------------- */

static char *
sheet_of(const struct world *w, unsigned who)
{
	struct cf_names names;
	char dir[128], *path;

	(void)snprintf(dir, sizeof dir, "%s/sheets-%u", w->dir, who);
	expect_ok(cf_dir_names(&names, dir));
	path = cf_path_join(dir, names.name[seed_below(names.n)]);
	cf_names_clear(&names);
	return path;
}

static bool
with_others(const json_t *records)
{
	for (size_t i = 0; i < json_array_size(records); i++)
		if (json_array_size(json_object_get(json_array_get(records, i),
			"others")))
			return true;
	return false;
}

static void
erase(struct tale *t, unsigned who, const char *const *ids, size_t n)
{
	char *sheet = sheet_of(&t->w, who);
	const struct cf_erase what = { .ids = ids, .n = n, .yes = true };
	const struct cf_renew how = { .sheet = sheet, .no_push = true };
	json_t *out = NULL;

	expect_ok(cf_erase(&out, t->w.of[who].trust, &what, &how));
	/* What other stewards wrote is theirs to take out. */
	assert_int_equal(json_is_true(json_object_get(out, "done")),
		!with_others(json_object_get(out, "records")));
	json_decref(out);
	free(sheet);
}

/* The erased records that a trust owns (or of which it has the versions that are
 * left), at once or one by one. */
static void
erase_of(struct tale *t, unsigned who, bool owner)
{
	const char *ids[RECORDS];
	size_t n = 0;

	for (unsigned r = 0; r < t->n; r++)
		if (t->gone[r] && (t->owner[r] == who) == owner &&
			(owner || t->stewards[r] & 1u << who))
			ids[n++] = t->id[r].text;
	if (n && seed_below(2))
		erase(t, who, ids, n);
	else
		for (size_t i = 0; i < n; i++)
			erase(t, who, &ids[i], 1);
}

static void
expect_nowhere(const struct tale *t, unsigned who, unsigned r)
{
	char text[32];
	const char *texts[] = { text };
	const struct cf_err *err;
	json_t *out = NULL;

	(void)snprintf(text, sizeof text, "Secret-%03u-words", r);
	err = cf_erase_check(&out, t->w.of[who].trust, texts, 1);
	if (t->gone[r] ? err != NULL : err == NULL || err->code != CF_DECIDE)
		fail_msg("trust %u, record %u (%s): %s", who, r, t->gone[r] ?
			"erased" : "there", json_dumps(out, JSON_INDENT(1)));
	json_decref(out);
}

static void
expect_verified(const struct tale *t, unsigned who)
{
	json_t *out = NULL;

	expect_ok(cf_verify(&out, t->w.of[who].dir, NULL));
	assert_string_equal(cf_json_str(out, "verdict"), "verified");
	assert_int_equal(json_array_size(json_object_get(out, "held")), 0);
	json_decref(out);
}

static void
erase_some(struct tale *t)
{
	json_t *commons, *mains[TRUSTS];
	char first[CF_OID_TEXT], other[CF_OID_TEXT];

	for (unsigned r = 0; r < t->n; r++)
		t->gone[r] = r == 0 || seed_below(3) == 0;
	commons = files_of(t, 0, "refs/heads/commons");
	for (unsigned i = 0; i < TRUSTS; i++)
		mains[i] = files_of(t, i, "refs/heads/main");
	for (unsigned i = 0; i < TRUSTS; i++)
		erase_of(t, i, true);
	sync_all(t);
	for (unsigned i = 0; i < TRUSTS; i++)
		erase_of(t, i, false);
	sync_all(t);
	commons_of(first, &t->w, 0);
	for (unsigned i = 0; i < TRUSTS; i++) {
		commons_of(other, &t->w, i);
		assert_string_equal(first, other);
		expect_same(commons, files_of(t, i, "refs/heads/commons"));
		expect_same(mains[i], files_of(t, i, "refs/heads/main"));
		json_decref(mains[i]);
		expect_verified(t, i);
		for (unsigned r = 0; r < t->n; r++)
			expect_nowhere(t, i, r);
	}
	json_decref(commons);
}

static void
test_erasing_changes_no_other_record(void **state)
{
	const char *text = getenv("ROUNDS");
	uint64_t rounds = 2;
	struct tale t;

	(void)state;
	if (text && !cf_str_u64(cf_str(text), &rounds, 100000))
		fail_msg("ROUNDS must be a number");
	while (rounds--) {
		tell(&t);
		erase_some(&t);
		world_end(&t.w);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_erasing_changes_no_other_record),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, start_library, NULL);
}
