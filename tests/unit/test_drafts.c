/*
 * Drafts on their way to being records: what people write is never lost, and
 * nothing becomes two things.
 */
#include "trusts.h"

#include "app/trust.h"

/* A person who types the passphrase, and before it writes in a draft. */
struct typist {
	const char *file;
	json_t *draft;		/* what then stands in the file; NULL: as it is */
};

static bool
type_passphrase(void *payload, const char *prompt, bool twice, char *out,
	size_t size)
{
	struct typist *who = payload;

	(void)prompt;
	(void)twice;
	if (who->draft)
		write_draft_file(who->file, who->draft);
	(void)snprintf(out, size, "correct horse");
	return true;
}

struct desk {
	struct world w;
	struct typist typist;
	struct cf_ui ui;
	struct cf_trust *trust;
	char file[128];
};

/* A trust whose key asks for a passphrase, and a draft of a need. */
static void
desk_begin(struct desk *d)
{
	char dir[160], sheets[160];
	struct cf_create what = { .name = "Southmoor Trust", .dir = dir,
		.sheets = sheets };
	json_t *out = NULL;

	*d = (struct desk){ .ui.passphrase = type_passphrase };
	d->ui.payload = &d->typist;
	world_begin(&d->w);
	(void)snprintf(dir, sizeof dir, "%s/desk", d->w.dir);
	(void)snprintf(sheets, sizeof sheets, "%s/desk-sheets", d->w.dir);
	expect_ok(cf_mkdirs(sheets, 0700));
	expect_ok(cf_create(&out, &what, &d->ui));
	json_decref(out);
	expect_ok(cf_open(&d->trust, dir, &d->ui));
	draft_path(d->file, &d->w);
	d->typist.file = d->file;
	write_draft_file(d->file, cf_kind_example("need"));
}

static void
desk_end(struct desk *d)
{
	cf_close(d->trust);
	json_decref(d->typist.draft);
	world_end(&d->w);
}

static const struct cf_err *
publish_at_desk(struct desk *d)
{
	const char *file = d->file;
	struct cf_publish what = { .files = &file, .n = 1, .no_push = true };
	const struct cf_err *err;
	json_t *out = NULL;

	err = cf_publish(&out, d->trust, &what);
	json_decref(out);
	return err;
}

/* The draft as it is in the file, with another title. */
static json_t *
retitled(const struct desk *d, const char *title)
{
	json_t *draft = NULL;

	expect_ok(cf_json_read_path(&draft, d->file, CF_MAX_RECORD));
	json_object_set_new(json_object_get(draft, "body"), "title",
		json_string(title));
	return draft;
}

static const char *
title_of(json_t *draft)
{
	return cf_record_title(draft);
}

static void
test_what_is_written_meanwhile_is_not_lost(void **state)
{
	struct desk d;
	json_t *draft = NULL;

	(void)state;
	desk_begin(&d);
	/* A new record: nothing is published, and the text stays. */
	d.typist.draft = retitled(&d, "Written meanwhile");
	expect_err(publish_at_desk(&d), CF_BUSY, "draft.changed");
	draft = retitled(&d, "x");
	assert_null(json_object_get(draft, "id"));
	json_decref(draft);
	json_decref(d.typist.draft);
	d.typist.draft = NULL;
	expect_ok(publish_at_desk(&d));

	/* An edit: what was read is published; the rest is the next edit. */
	draft = retitled(&d, "First edit");
	write_draft_file(d.file, draft);
	json_decref(draft);
	d.typist.draft = retitled(&d, "Second edit");
	expect_ok(publish_at_desk(&d));
	expect_ok(cf_json_read_path(&draft, d.file, CF_MAX_RECORD));
	assert_string_equal(title_of(draft), "Second edit");
	json_decref(draft);
	json_decref(d.typist.draft);
	d.typist.draft = NULL;
	expect_ok(publish_at_desk(&d));
	desk_end(&d);
}

static void
test_two_drafts_of_one_record_are_refused(void **state)
{
	struct world w;
	char a[128], b[128];
	const char *files[] = { a, b };
	struct cf_publish what = { .files = files, .n = 2, .no_push = true };
	json_t *draft = NULL, *out = NULL;
	struct cf_oid before, after;

	(void)state;
	world_begin(&w);
	draft_path(a, &w);
	draft_path(b, &w);
	write_draft_file(a, cf_kind_example("need"));
	expect_ok(publish_file(&w, 0, a));
	expect_ok(cf_json_read_path(&draft, a, CF_MAX_RECORD));
	json_object_set_new(json_object_get(draft, "body"), "title",
		json_string("Another"));
	write_draft_file(b, draft);
	json_decref(draft);
	before = w.of[0].trust->own.head;
	expect_err(cf_publish(&out, w.of[0].trust, &what), CF_USAGE, "");
	assert_null(out);
	after = w.of[0].trust->own.head;
	assert_true(cf_oid_eq(&before, &after));
	world_end(&w);
}

static void
test_the_order_of_stewards_changes_nothing(void **state)
{
	struct cf_oid before, after;
	json_t *draft, *stewards;
	struct world w;
	char path[128];

	(void)state;
	world_begin(&w);
	draft_path(path, &w);
	draft = json_deep_copy(cf_kind_example("need"));
	/* Once in the right order at least, and once not. */
	for (unsigned turn = 0; turn < 2; turn++) {
		stewards = json_array();
		for (unsigned i = 0; i < TRUSTS; i++)
			json_array_append_new(stewards, json_string(
				w.of[turn ? TRUSTS - 1 - i : i].id));
		json_object_set_new(draft, "stewards", stewards);
		write_draft_file(path, draft);
		expect_ok(publish_file(&w, 0, path));
		before = w.of[0].trust->own.head;
		expect_ok(publish_file(&w, 0, path));
		after = w.of[0].trust->own.head;
		assert_true(cf_oid_eq(&before, &after));
		json_decref(draft);
		draft = NULL;
		expect_ok(cf_json_read_path(&draft, path, CF_MAX_RECORD));
	}
	json_decref(draft);
	world_end(&w);
}

static void
test_a_file_may_have_any_name(void **state)
{
	json_t *out = NULL;
	struct world w;
	char path[160];
	const char *file = path;

	(void)state;
	world_begin(&w);
	(void)snprintf(path, sizeof path, "%s/n\xe9.json", w.dir);
	expect_ok(cf_new(&out, w.of[0].trust, "need", NULL, path));
	assert_non_null(cf_json_str(out, "file"));
	json_decref(out);
	expect_err(cf_check(&out, w.of[0].trust, &file, 1, NULL), CF_INVALID, "");
	assert_int_equal(json_array_size(out), 1);
	json_decref(out);
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_meanwhile_is_not_lost),
		cmocka_unit_test(test_two_drafts_of_one_record_are_refused),
		cmocka_unit_test(test_the_order_of_stewards_changes_nothing),
		cmocka_unit_test(test_a_file_may_have_any_name),
	};

	return cmocka_run_group_tests(tests, start_library, NULL);
}
