#ifndef CF_TEST_PARTNER_H
#define CF_TEST_PARTNER_H

/*
 * A trust's repository and a partner's, to fetch from one into the other.
 */
#include "grow.h"

struct fixture {
	char *dir;		/* everything is in it */
	char *scratch;
	char *theirs_dir, *ours_dir;
	struct cf_store *theirs, *ours;
};

static inline int
set_up(void **state)
{
	struct fixture *f = cf_calloc(1, sizeof *f);

	f->dir = scratch_new();
	f->theirs_dir = cf_path_join(f->dir, "theirs");
	f->ours_dir = cf_path_join(f->dir, "ours");
	f->theirs = new_store(f->theirs_dir);
	f->ours = new_store(f->ours_dir);
	f->scratch = cf_path_join(cf_store_git_dir(f->ours), "confer");
	*state = f;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *f = *state;

	cf_store_free(f->theirs);
	cf_store_free(f->ours);
	scratch_free(f->dir);
	free(f->theirs_dir);
	free(f->ours_dir);
	free(f->scratch);
	free(f);
	return 0;
}

static inline void
fetch_with(struct cf_fetch *fetch, struct fixture *f, struct cf_store *store,
	const struct cf_transport *transport)
{
	assert_ok(cf_fetch_all(fetch, 1, 1, store, f->scratch, transport,
		NULL, NULL));
	/* no folder but that of the result is left */
	assert_int_equal(entries(f->scratch, "quarantine"),
		fetch->quarantine != NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static inline int
start_all(void **state)
{
	(void)state;
	return cf_store_start() ? -1 : 0;
}

#endif
