/*
 * A folder that somebody writes to, or takes away, while a child works there.
 */
#include "partner.h"

#include <unistd.h>

struct writer {
	const struct fixture *f;
	bool all, done;
};

/* Somebody else, once the child is at work there. */
static void
write_there(void *payload, const struct cf_fetch *fetch)
{
	struct writer *w = payload;
	char *away = cf_path_join(w->f->dir, "away");

	if (fetch->objects && !w->done && w->all)
		assert_int_equal(rename(w->f->theirs_dir, away), 0);
	else if (fetch->objects && !w->done)
		put_file(w->f->theirs_dir, ".git/objects/pack/new", "new");
	w->done = w->done || fetch->objects;
	free(away);
}

/* The child: looks until it sees the change. */
static const struct cf_err *
look_on(const struct cf_there *place)
{
	const struct cf_err *err = place->changed(place->source);

	if (err)
		return cf_err(CF_SYS, "changed at once");
	for (unsigned i = 0; err == NULL && i < 3000; i++) {
		place->tick(place->link, 1);
		(void)usleep(10000);
		err = place->changed(place->source);
	}
	return err ? err : cf_err(CF_SYS, "it never changed");
}

static void
expect(struct fixture *f, bool all, const char *rule)
{
	struct writer w = { .f = f, .all = all };
	struct cf_fetch one = { .url = f->theirs_dir, .there = look_on };

	assert_ok(cf_fetch_all(&one, 1, 1, NULL, f->scratch, NULL, write_there,
		&w));
	assert_non_null(one.err);
	assert_string_equal(one.err->rule, rule);
	assert_int_equal(one.err->code, CF_REMOTE);
	cf_fetch_clear(&one);
	assert_int_equal(entries(f->scratch, "quarantine"), 0);
}

static void
test_a_change_is_seen(void **state)
{
	(void)grow(((struct fixture *)*state)->theirs, 3, "a");
	expect(*state, false, "remote.changed");
}

static void
test_a_folder_that_goes_away(void **state)
{
	(void)grow(((struct fixture *)*state)->theirs, 3, "a");
	expect(*state, true, "remote.missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_change_is_seen),
		TEST(test_a_folder_that_goes_away),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
