/*
 * Attacks by those who relay: a trust's own host is gone, and what partners have
 * of it lags, lies or is mixed. The trust is never called refused for it, nothing
 * moves, and an honest copy beside it is taken.
 */
#include "siege.h"

#include "app/copies.h"
#include "app/witness.h"

struct relays {
	struct siege s;
	struct made_main one, two;	/* both followed, both relay */
};

static struct relays all;

static void
follow(struct made_main *m, const char *name, const char *title)
{
	struct cf_partner_add add = { .name = name };
	json_t *out = NULL;
	struct cf_oid none;
	bool found;

	main_begin(m, title);
	expect_ok(cf_ref_read(&none, &found, m->store, CF_MAIN));
	assert_false(found);
	expect_ok(cf_ref_set(m->store, CF_MAIN, &m->head, NULL));
	add.url = cf_store_git_dir(m->store);
	add.id = m->id.text;
	expect_ok(cf_partner_add(&out, all.s.victim, &add));
	json_decref(out);
}

static int
begin(void **state)
{
	(void)state;
	expect_ok(cf_start());
	siege_begin(&all.s);
	follow(&all.one, "ashby", "Ashby Trust");
	follow(&all.two, "riverside", "Riverside Trust");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	main_end(&all.one);
	main_end(&all.two);
	siege_end(&all.s);
	return 0;
}

static char *
copy_name(void)
{
	return cf_asprintf(CF_COPIES "%s", all.s.m.id.text);
}

/* What lies at the attacked trust's host now is at the relay's, too, and this
 * head of it is shown (NULL: none is). */
static void
show(struct made_main *relay, const struct cf_oid *head)
{
	struct cf_fetch fetch = { .url = all.s.url };
	char *name = copy_name(), *scratch = cf_path_join(all.s.dir, "copy");
	struct cf_oid old;
	bool found;

	expect_ok(cf_mkdirs(scratch, 0700));
	expect_ok(cf_fetch_all(&fetch, 1, 1, relay->store, scratch, NULL, NULL,
		NULL));
	expect_ok(fetch.err);
	if (fetch.quarantine)
		expect_ok(cf_quarantine_accept(relay->store,
			fetch.quarantine, &fetch.head));
	cf_fetch_clear(&fetch);
	expect_ok(cf_ref_read(&old, &found, relay->store, name));
	if (head && !(found && cf_oid_eq(&old, head)))
		expect_ok(cf_ref_set(relay->store, name, head,
			found ? &old : NULL));
	else if (!head)
		expect_ok(cf_ref_delete(relay->store, name));
	free(scratch);
	free(name);
}

static void
host_down(void)
{
	expect_ok(cf_ref_delete(all.s.m.store, CF_MAIN));
}

/* The line about the attacked trust, of a sync. */
static const struct cf_err *
sync_all(void)
{
	const struct cf_err *err = sync_victim(&all.s);
	json_t *lines = json_object_get(all.s.report, "partners"), *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		if (strcmp(cf_json_str(line, "name"), "northfield") == 0)
			all.s.line = line;
	}
	return err;
}

/* What is said of the copy at this relay. */
static const json_t *
source_of(const struct made_main *relay)
{
	json_t *list = json_object_get(all.s.line, "sources"), *source;
	size_t i;

	json_array_foreach(list, i, source) {
		const char *trust = cf_json_str(source, "trust");

		if (trust && strcmp(trust, relay->id.text) == 0)
			return source;
	}
	return NULL;
}

static void
expect_source(const char *what, const struct made_main *relay,
	const char *verdict, const char *rule)
{
	const json_t *source = source_of(relay);
	const char *is = cf_json_str(source, "verdict");
	const char *why = cf_json_str(source, "rule");

	if (is == NULL || strcmp(is, verdict) != 0)
		fail_msg("%s: the copy is %s", what, is ? is : "not told of");
	if (rule && (why == NULL || strcmp(why, rule) != 0))
		fail_msg("%s: passed over under %s", what, why ? why :
			"no rule");
}

/*
 * The attack that was built is what the first relay shows: it is passed over
 * under this rule. Then an honest relay has what is new, and the liar goes on.
 */
static void
expect_lie(const char *what, const char *verdict, const char *rule)
{
	struct siege *s = &all.s;
	const struct cf_err *err;
	char *before, *after;

	serve_head(s);
	show(&all.one, &s->m.head);
	host_down();
	before = listing_of(s);
	err = sync_all();
	if (err == NULL || err->code != CF_REMOTE)
		fail_msg("%s: sync says %s", what, err ? err->msg : "well");
	assert_string_equal(line_text(s, "verdict"), "unreachable");
	assert_null(json_object_get(s->line, "refusal"));
	expect_source(what, &all.one, verdict, rule);
	after = listing_of(s);
	if (strcmp(before, after) != 0)
		fail_msg("%s: something moved:\n%s\nwas\n%s", what, after,
			before);
	free(before);
	free(after);
	json_decref(s->m.identity);
	s->m = s->good;
	s->good.identity = NULL;
	commit_need(&s->m);
	serve_head(s);
	show(&all.two, &s->m.head);
	host_down();
	expect_ok(sync_all());
	assert_string_equal(line_text(s, "verdict"), "updated");
	expect_source(what, &all.two, "taken", NULL);
	assert_int_equal(json_integer_value(json_object_get(s->line,
		"commits")), 1);
	serve_head(s);
	show(&all.one, NULL);
	show(&all.two, NULL);
	expect_ok(sync_all());
	assert_string_equal(line_text(s, "verdict"), "up-to-date");
	assert_null(json_object_get(s->line, "sources"));
}

static void
step_back(struct made_main *m)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_commit commit;

	expect_ok(cf_odb_read(&raw, cf_store_odb(m->store), &m->head,
		CF_COMMIT));
	expect_ok(cf_commit_parse(&commit,
		(struct cf_str){ raw.data, raw.len }));
	m->head = commit.parent;
	expect_ok(cf_odb_read(&raw, cf_store_odb(m->store), &m->head,
		CF_COMMIT));
	expect_ok(cf_commit_parse(&commit,
		(struct cf_str){ raw.data, raw.len }));
	m->tree = commit.tree;
	m->sequence--;
	cf_buf_clear(&raw);
}

static void
test_copies_that_lag(void **state)
{
	(void)state;
	attack_begin(&all.s);
	step_back(&all.s.m);
	expect_lie("an old head", "behind", "history.rollback");
}

static void
test_copies_that_were_changed(void **state)
{
	struct cf_seckey *other = cf_seckey_new();
	struct siege *s = &all.s;
	struct forgery f = { .unsigned_ = true };
	const struct lie key = { .key = other };
	struct lie lie = { .sequence = 99 };

	(void)state;
	attack_begin(s);
	forge_commit(&s->m, &s->m.tree, &f);
	expect_lie("unsigned", "refused", "commit.encoding");
	attack_begin(s);
	commit_tree(&s->m, &s->m.tree, &key);
	expect_lie("another key", "refused", "commit.key");
	attack_begin(s);
	commit_tree(&s->m, &s->m.tree, &lie);
	expect_lie("out of place", "refused", "commit.sequence");
	attack_begin(s);
	commit_file(&s->m, "notes.json", put_json(&s->m, s->m.identity), NULL);
	expect_lie("a stray file", "refused", "tree.unexpected");
	cf_seckey_free(other);
}

/* Signed by the trust itself: a proof, and no reason to take it. */
static void
test_copies_of_another_line(void **state)
{
	struct siege *s = &all.s;
	json_t *splits;

	(void)state;
	attack_begin(s);
	step_back(&s->m);
	commit_need(&s->m);
	expect_lie("a line beside", "refused", "history.diverged");
	splits = cf_split_list(s->victim);
	assert_int_equal(json_array_size(splits), 1);
	json_decref(splits);
}

/* The relay has the victim's pin and what is new, and mixes in another trust. */
static void
test_copies_of_somebody_else(void **state)
{
	struct siege *s = &all.s;
	char *name = copy_name();
	struct cf_oid old;
	bool found;

	(void)state;
	attack_begin(s);
	commit_tree(&s->m, &s->m.tree, &(struct lie){
		.trust = all.two.id.text });
	expect_lie("another trust's trailer", "refused", "commit.trust");
	/* its own main under the other's name */
	host_down();
	expect_ok(cf_ref_read(&old, &found, all.one.store, name));
	expect_ok(cf_ref_set(all.one.store, name, &all.one.head,
		found ? &old : NULL));
	assert_int_equal(sync_all()->code, CF_REMOTE);
	assert_string_equal(line_text(s, "verdict"), "unreachable");
	expect_source("its own main", &all.one, "refused",
		"history.other-trust");
	/* a tree where a commit should be */
	expect_ok(cf_ref_set(all.one.store, name, &all.one.tree,
		&all.one.head));
	assert_int_equal(sync_all()->code, CF_REMOTE);
	assert_string_equal(line_text(s, "verdict"), "unreachable");
	assert_null(json_object_get(s->line, "refusal"));
	assert_non_null(source_of(&all.one));
	serve_head(s);
	show(&all.one, NULL);
	expect_ok(sync_all());
	free(name);
}

/* Copies are for when their own host does not do. */
static void
test_their_own_host_speaks_first(void **state)
{
	struct siege *s = &all.s;
	struct made_main newer;

	(void)state;
	/* a newer copy elsewhere: their host is stuck, or is made to be */
	commit_need(&s->m);
	newer = s->m;
	serve_head(s);
	show(&all.one, &s->m.head);
	step_back(&s->m);
	serve_head(s);
	expect_ok(sync_all());
	assert_string_equal(line_text(s, "verdict"), "updated");
	expect_source("a stuck host", &all.one, "taken", NULL);
	assert_string_equal(cf_json_str(json_array_get(json_object_get(s->line,
		"sources"), 0), "verdict"), "behind");
	/* theirs is refused, and the copy is good: it is taken, and both told */
	s->m = newer;
	commit_need(&s->m);
	serve_head(s);
	show(&all.one, &s->m.head);
	step_back(&s->m);
	attack_begin(s);
	commit_tree(&s->m, &s->m.tree, &(struct lie){ .sequence = 7777 });
	serve_head(s);
	expect_ok(sync_all());
	assert_string_equal(line_text(s, "verdict"), "updated");
	expect_source("beside a bad host", &all.one, "taken", NULL);
	assert_string_equal(cf_json_str(json_array_get(json_object_get(s->line,
		"sources"), 0), "verdict"), "refused");
	/* and where the copy has no more, their own host is what counts */
	assert_int_equal(sync_all()->code, CF_REFUSED);
	assert_string_equal(line_text(s, "verdict"), "refused");
	expect_rule("a bad host", json_object_get(s->line, "refusal"),
		"history.diverged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies_that_lag),
		cmocka_unit_test(test_copies_that_were_changed),
		cmocka_unit_test(test_copies_of_another_line),
		cmocka_unit_test(test_copies_of_somebody_else),
		cmocka_unit_test(test_their_own_host_speaks_first),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
