/*
 * A valid repository in which anything at all was changed is never "verified":
 * one byte of one object, or commits in another order, dropped, twice, or with
 * another parent. The seed is printed; SEED=n or an argument is that run again.
 */
#include "siege.h"

#define COMMITS 8
#define ROUNDS 1200

/* An object as it goes into a pack. */
struct object {
	enum cf_type type;
	struct cf_buf raw;
};

struct sack {
	struct made_main m;
	struct object *object;
	size_t n, cap;
	struct cf_oid commit[COMMITS];
};

static void
keep(struct sack *sack, const struct cf_oid *oid, enum cf_type type)
{
	struct object *o;
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_str rest;
	struct cf_entry entry;

	expect_ok(cf_odb_read(&raw, cf_store_odb(sack->m.store), oid, type));
	sack->object = cf_grow(sack->object, sack->n, &sack->cap,
		sizeof *sack->object);
	o = &sack->object[sack->n++];
	*o = (struct object){ type, raw };
	rest = (struct cf_str){ raw.data, type == CF_TREE ? raw.len : 0 };
	while (rest.n) {
		expect_ok(cf_tree_next(&entry, &rest, NULL));
		keep(sack, &entry.oid, entry.is_dir ? CF_TREE : CF_BLOB);
	}
}

/* A main with records, two versions of one, a second identity, a heartbeat. */
static void
fill(struct sack *sack)
{
	struct made_main *m = &sack->m;
	struct cf_digest first;
	struct cf_uuid id;
	json_t *doc;

	main_begin(m, "Northfield Learning Trust");
	for (unsigned i = 0; i < COMMITS; i++) {
		if (i == 1) {
			doc = new_need(m, &id);
			expect_ok(cf_digest_doc(&first, doc));
			commit_record(m, &id, doc, NULL);
		} else if (i == 3) {
			doc = record_doc(m, "need", &id, first.text);
			sign_doc(doc, m->publish);
			commit_record(m, &id, doc, NULL);
		} else if (i == 4) {
			commit_identity(m, next_identity(m, json_pack("{s:i}",
				"heartbeatDays", 60), m->root, NULL), NULL);
		} else if (i == 6) {
			commit_tree(m, &m->tree, NULL);
		} else if (i) {
			commit_need(m);
		}
		sack->commit[i] = m->head;
		keep(sack, &m->head, CF_COMMIT);
		keep(sack, &m->tree, CF_TREE);
	}
}

/* What the gate says of these objects, alone in a pack, with this head. */
struct outcome {
	bool refused;
	unsigned held, versions;
	char rule[48];
};

static struct outcome
judge(struct sack *sack, const struct cf_oid *head)
{
	struct made_main bare = { 0 };
	struct outcome out = { 0 };
	struct cf_refusal refusal;
	struct found f;
	char *dir = cf_asprintf("%s/bare-XXXXXX", sack->m.dir);
	struct cf_oid oid;

	assert_non_null(mkdtemp(dir));
	expect_ok(cf_store_begin(&bare.store, dir));
	for (size_t i = 0; i < sack->n; i++)
		expect_ok(cf_odb_write(&oid, bare.store, sack->object[i].type,
			sack->object[i].raw.data, sack->object[i].raw.len));
	bare.head = *head;
	f = run_gate(&bare, &refusal);
	out.refused = refusal.rule[0] != '\0';
	out.held = f.held;
	out.versions = f.versions;
	memcpy(out.rule, refusal.rule, sizeof out.rule);
	cf_store_free(bare.store);
	expect_ok(cf_remove_all(dir));
	free(dir);
	return out;
}

/* The bytes of an object changed: its id is another one, so whatever led to it
 * leads nowhere, unless the ids in what leads to it are changed too. */
static void
point_to(struct sack *sack, const struct cf_oid *from, const struct cf_oid *to)
{
	char old[CF_OID_TEXT], new[CF_OID_TEXT];

	cf_oid_hex(old, from);
	cf_oid_hex(new, to);
	for (size_t i = 0; i < sack->n; i++) {
		struct cf_buf *raw = &sack->object[i].raw;
		char *at;

		if (sack->object[i].type == CF_TREE)
			for (at = raw->data; (at = memchr(at, from->raw[0],
				(size_t)(raw->data + raw->len - at))) != NULL;
				at++)
				if (raw->data + raw->len - at >= 20 &&
					memcmp(at, from->raw, 20) == 0)
					memcpy(at, to->raw, 20);
		if (sack->object[i].type == CF_COMMIT &&
			(at = strstr(raw->data, old)) != NULL)
			memcpy(at, new, 40);
	}
}

/* Makes all ids agree again after object `at` was changed: as somebody would
 * who has everything but the keys. The head's new id. */
static struct cf_oid
make_whole(struct sack *sack, size_t at, const struct cf_oid *was,
	struct cf_oid head)
{
	struct cf_oid *ids = cf_calloc(sack->n, sizeof *ids), now;
	bool again = true;

	for (size_t i = 0; i < sack->n; i++)
		cf_oid_of(&ids[i], sack->object[i].type,
			sack->object[i].raw.data, sack->object[i].raw.len);
	now = ids[at];
	ids[at] = *was;
	while (again) {
		again = false;
		for (size_t i = 0; i < sack->n; i++) {
			cf_oid_of(&now, sack->object[i].type,
				sack->object[i].raw.data,
				sack->object[i].raw.len);
			if (cf_oid_eq(&now, &ids[i]))
				continue;
			if (cf_oid_eq(&ids[i], &head))
				head = now;
			point_to(sack, &ids[i], &now);
			for (size_t k = i + 1; k < sack->n; k++)
				if (cf_oid_eq(&ids[k], &ids[i]))
					ids[k] = now;
			ids[i] = now;
			again = true;
		}
	}
	free(ids);
	return head;
}

static void
fail_round(unsigned round, const char *what, const struct outcome *o)
{
	if (!o->refused)
		fail_msg("round %u: %s: verified, %u of %u held", round, what,
			o->held, o->versions);
}

static struct sack sack;
static struct outcome good;

static void
copy_sack(struct sack *out)
{
	*out = sack;
	out->cap = sack.n;
	out->object = cf_calloc(sack.n, sizeof *out->object);
	for (size_t i = 0; i < sack.n; i++) {
		struct cf_buf raw = CF_BUF(CF_MAX_TREE);

		cf_buf_add(&raw, sack.object[i].raw.data,
			sack.object[i].raw.len);
		out->object[i] = (struct object){ sack.object[i].type, raw };
	}
}

static void
free_sack(struct sack *s)
{
	for (size_t i = 0; i < s->n; i++)
		cf_buf_clear(&s->object[i].raw);
	free(s->object);
}

/* One byte of one object; half of the time with all ids made to agree. */
static void
test_a_changed_byte(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct sack copy;
		struct outcome o;
		size_t at = seed_below(sack.n), byte;
		struct cf_oid head = sack.m.head, was;
		struct object *object;
		bool whole = seed_below(2);

		copy_sack(&copy);
		object = &copy.object[at];
		byte = seed_below(object->raw.len);
		cf_oid_of(&was, object->type, object->raw.data,
			object->raw.len);
		object->raw.data[byte] ^= (char)(1 + seed_below(255));
		/* The others of the same bytes too: else nothing changed. */
		for (size_t i = 0; i < copy.n; i++) {
			struct cf_oid oid;

			cf_oid_of(&oid, copy.object[i].type,
				copy.object[i].raw.data,
				copy.object[i].raw.len);
			if (i != at && cf_oid_eq(&oid, &was)) {
				cf_buf_reset(&copy.object[i].raw);
				cf_buf_add(&copy.object[i].raw,
					object->raw.data, object->raw.len);
			}
		}
		if (whole)
			head = make_whole(&copy, at, &was, head);
		o = judge(&copy, &head);
		fail_round(round, whole ? "a byte, ids agree" : "a byte", &o);
		free_sack(&copy);
	}
}

/* The commits in another order, some left out, some twice, some on others: each
 * with its parent line as the new order says. */
static void
test_commits_moved(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS / 4; round++) {
		unsigned order[2 * COMMITS], n = 0, place = 0;
		struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
		struct cf_oid head = { 0 };
		bool honest = false;
		struct sack copy;
		struct outcome o;

		copy_sack(&copy);
		while (n < 2 + seed_below(COMMITS + 2))
			order[n++] = (unsigned)seed_below(COMMITS);
		for (unsigned i = 0; i < n; i++) {
			struct cf_commit c;
			char hex[CF_OID_TEXT];

			/* One that keeps its parent, and those that follow. */
			place = i == 0 || order[i] == 0 ? order[i] : place + 1;
			honest = i == 0 || order[i] == 0 ||
				(honest && order[i] == place);
			expect_ok(cf_odb_read(&raw, cf_store_odb(sack.m.store),
				&sack.commit[order[i]], CF_COMMIT));
			expect_ok(cf_commit_parse(&c, (struct cf_str){
				raw.data, raw.len }));
			if (i && c.has_parent) {
				cf_oid_hex(hex, &head);
				memcpy(raw.data + 46 + 7, hex, 40);
			}
			cf_oid_of(&head, CF_COMMIT, raw.data, raw.len);
			copy.object = cf_grow(copy.object, copy.n, &copy.cap,
				sizeof *copy.object);
			copy.object[copy.n] = (struct object){ CF_COMMIT,
				CF_BUF(CF_MAX_COMMIT) };
			cf_buf_add(&copy.object[copy.n++].raw, raw.data,
				raw.len);
		}
		o = judge(&copy, &head);
		/* The first commits in their order are a sound repository. */
		if (!honest)
			fail_round(round, "commits moved", &o);
		free_sack(&copy);
		cf_buf_clear(&raw);
	}
}

static int
begin(void **state)
{
	(void)state;
	expect_ok(cf_start());
	if (access("/dev/shm", W_OK) == 0)
		assert_int_equal(setenv("TMPDIR", "/dev/shm", 1), 0);
	fill(&sack);
	good = judge(&sack, &sack.m.head);
	assert_false(good.refused);
	assert_int_equal(good.held, 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	free_sack(&sack);
	main_end(&sack.m);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_changed_byte),
		cmocka_unit_test(test_commits_moved),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, begin, end);
}
