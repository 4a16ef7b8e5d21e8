/*
 * One spelling of what our people write; what others wrote stays as it is, and
 * whoever edits something else does not write it again.
 */
#include "siege.h"

#define TWO "Cafe\xcc\x81 talk"		/* e and an accent */
#define ONE "Caf\xc3\xa9 talk"

static struct siege siege;

/* A need of the attacked trust (another program's, say), with us among its
 * stewards, and its texts in the longer spelling. */
static struct cf_uuid
foreign_need(struct siege *s)
{
	json_t *doc, *body, *stewards = json_array();
	const char *us = s->victim->id, *they = s->m.id.text;
	bool first = strcmp(us, they) < 0;
	struct cf_uuid id;

	cf_uuid_make(&id, they, NULL);
	doc = record_doc(&s->m, "need", &id, NULL);
	body = json_object_get(doc, "body");
	json_object_set_new(body, "title", json_string(TWO));
	json_object_set_new(body, "summary", json_string(TWO));
	json_array_append_new(stewards, json_string(first ? us : they));
	json_array_append_new(stewards, json_string(first ? they : us));
	json_object_set_new(doc, "stewards", stewards);
	sign_doc(doc, s->m.publish);
	commit_record(&s->m, &id, doc, NULL);
	serve_head(s);
	return id;
}

static json_t *
sync_us(struct siege *s)
{
	json_t *out = NULL;
	const struct cf_err *err = cf_sync(&out, s->victim, NULL, 0, 0);

	if (err && err->code != CF_DECIDE)
		fail_msg("[%s] %s", err->rule, err->msg);
	return out;
}

/* Edits what stands, and publishes it. */
static void
edit(struct siege *s, const char *id, const char *field, const char *text)
{
	char *file = cf_asprintf("%s/%s.json", s->dir, field);
	struct cf_publish what = { .files = (const char *const[]){ file },
		.n = 1, .no_push = true };
	json_t *draft = NULL, *out = NULL;

	expect_ok(cf_new(&out, s->victim, NULL, id, file));
	json_decref(out);
	expect_ok(cf_json_read_path(&draft, file, CF_MAX_RECORD));
	json_object_set_new(json_object_get(draft, "body"), field,
		json_string(text));
	assert_int_equal(json_dump_file(draft, file, 0), 0);
	json_decref(draft);
	expect_ok(cf_publish(&out, s->victim, &what));
	json_decref(out);
	free(file);
}

static json_t *
show(struct siege *s, const char *id)
{
	json_t *out = NULL;

	expect_ok(cf_show(&out, s->victim, id, CF_HISTORY));
	return out;
}

static void
expect_body(const json_t *shown, const char *field, const char *want)
{
	assert_string_equal(cf_json_str(json_object_get(json_object_get(shown,
		"record"), "body"), field), want);
}

/* The fields that our last version changed. */
static void
expect_changed(const json_t *shown, const char *us, const char *path)
{
	json_t *history = json_object_get(shown, "history"), *entry, *fields;
	size_t i, ours = 0;

	json_array_foreach(history, i, entry) {
		if (strcmp(cf_json_str(entry, "trust"), us) != 0)
			continue;
		fields = json_object_get(entry, "fields");
		assert_int_equal(json_array_size(fields), 1);
		ours += strcmp(cf_json_str(json_array_get(fields, 0), "path"),
			path) == 0;
	}
	assert_int_equal(ours, 1);
}

static void
test_what_others_wrote_stays(void **state)
{
	struct cf_uuid id = foreign_need(&siege);
	json_t *shown;

	(void)state;
	json_decref(sync_us(&siege));
	edit(&siege, id.text, "title", "Cafe\xcc\x81 and tea");
	shown = show(&siege, id.text);
	expect_body(shown, "summary", TWO);
	expect_body(shown, "title", "Caf\xc3\xa9 and tea");
	expect_changed(shown, siege.victim->id, "/title");
	json_decref(shown);
}

/* A new record, and a field that is written again in the other spelling: nothing
 * has changed. */
static void
test_what_we_write_has_one_spelling(void **state)
{
	struct siege *s = &siege;
	char *file = cf_asprintf("%s/new.json", s->dir);
	struct cf_publish what = { .files = (const char *const[]){ file },
		.n = 1, .no_push = true };
	json_t *draft = json_deep_copy(cf_kind_example("need")), *out, *again;

	(void)state;
	json_object_set_new(json_object_get(draft, "body"), "title",
		json_string(TWO));
	assert_int_equal(json_dump_file(draft, file, 0), 0);
	expect_ok(cf_publish(&out, s->victim, &what));
	again = show(s, cf_json_str(json_array_get(json_object_get(out,
		"records"), 0), "id"));
	expect_body(again, "title", ONE);
	json_decref(again);
	json_decref(out);
	/* The file is as the person wrote it; it is published all the same. */
	expect_ok(cf_publish(&out, s->victim, &what));
	assert_true(json_is_true(json_object_get(json_array_get(
		json_object_get(out, "records"), 0), "already")));
	json_decref(out);
	json_decref(draft);
	free(file);
}

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_others_wrote_stays),
		cmocka_unit_test(test_what_we_write_has_one_spelling),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
