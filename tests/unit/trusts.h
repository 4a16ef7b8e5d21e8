#ifndef TRUSTS_H
#define TRUSTS_H

/*
 * Whole trusts for tests, through the library's own calls: they fetch from each
 * other's folders.
 */
#include "mains.h"
#include "confer.h"

#define TRUSTS 3

struct world {
	char dir[64];
	struct {
		char dir[96], id[CF_DIGEST_TEXT];
		struct cf_trust *trust;
	} of[TRUSTS];
	unsigned files;			/* names of drafts */
};

static const char *const trust_name[TRUSTS] = { "Northfield Learning Trust",
	"Ashby Schools", "Riverside Federation" };

static inline void
world_begin(struct world *w)
{
	char path[128];

	*w = (struct world){ 0 };
	(void)snprintf(w->dir, sizeof w->dir, "/tmp/confer-world-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	(void)snprintf(path, sizeof path, "%s/keys", w->dir);
	assert_int_equal(setenv("CONFER_HOME", path, 1), 0);
	for (unsigned i = 0; i < TRUSTS; i++) {
		char sheets[128];
		struct cf_create what = { .name = trust_name[i],
			.dir = w->of[i].dir, .sheets = sheets,
			.no_passphrase = true };
		json_t *out = NULL;

		(void)snprintf(w->of[i].dir, sizeof w->of[i].dir, "%s/trust-%u",
			w->dir, i);
		(void)snprintf(sheets, sizeof sheets, "%s/sheets-%u", w->dir,
			i);
		expect_ok(cf_mkdirs(sheets, 0700));
		expect_ok(cf_create(&out, &what, NULL));
		(void)snprintf(w->of[i].id, sizeof w->of[i].id, "%s",
			cf_json_str(out, "trust"));
		json_decref(out);
		expect_ok(cf_open(&w->of[i].trust, w->of[i].dir, NULL));
	}
}

static inline void
world_end(struct world *w)
{
	for (unsigned i = 0; i < TRUSTS; i++)
		cf_close(w->of[i].trust);
	expect_ok(cf_remove_all(w->dir));
}

static inline void
reopen(struct world *w, unsigned i)
{
	cf_close(w->of[i].trust);
	w->of[i].trust = NULL;
	expect_ok(cf_open(&w->of[i].trust, w->of[i].dir, NULL));
}

static inline void
follow_trust(struct world *w, unsigned who, unsigned whom)
{
	struct cf_partner_add what = { .url = w->of[whom].dir,
		.id = w->of[whom].id };
	json_t *out = NULL;

	expect_ok(cf_partner_add(&out, w->of[who].trust, &what));
	json_decref(out);
}

/* CF_DECIDE is a conflict of ours, no fault. The report is the caller's. */
static inline json_t *
sync_trust(struct world *w, unsigned who)
{
	json_t *out = NULL;
	const struct cf_err *err = cf_sync(&out, w->of[who].trust, NULL, 0, 0);

	if (err && err->code != CF_DECIDE)
		fail_msg("[%s] %s", err->rule, err->msg);
	assert_non_null(out);
	return out;
}

/* The commit of the commons that a trust has now. */
static inline void
commons_of(char out[CF_OID_TEXT], struct world *w, unsigned who)
{
	json_t *status = NULL;

	expect_ok(cf_status(&status, w->of[who].trust));
	(void)snprintf(out, CF_OID_TEXT, "%s", cf_json_str(json_object_get(
		status, "commons"), "commit"));
	json_decref(status);
}

static inline void
write_draft_file(const char *path, const json_t *draft)
{
	char *text = json_dumps(draft, JSON_INDENT(2));

	expect_ok(cf_file_write(path, text, strlen(text), 0644));
	free(text);
}

/* A new file for a draft, outside every repository. */
static inline void
draft_path(char out[128], struct world *w)
{
	(void)snprintf(out, 128, "%s/draft-%u.json", w->dir, w->files++);
}

static inline const struct cf_err *
publish_file(struct world *w, unsigned who, const char *path)
{
	struct cf_publish what = { .files = &path, .n = 1, .no_push = true };
	const struct cf_err *err;
	json_t *out = NULL;

	err = cf_publish(&out, w->of[who].trust, &what);
	json_decref(out);
	return err;
}

/* A need, its stewards all trusts whose bit is set; its id. */
static inline struct cf_uuid
publish_need(struct world *w, unsigned who, unsigned bits)
{
	json_t *draft = json_deep_copy(cf_kind_example("need")), *again = NULL;
	json_t *stewards = json_array();
	struct cf_uuid id;
	char path[128];

	for (unsigned i = TRUSTS; i-- > 0;)
		if (i == who || bits & 1u << i)
			json_array_append_new(stewards,
				json_string(w->of[i].id));
	json_object_set_new(draft, "stewards", stewards);
	draft_path(path, w);
	write_draft_file(path, draft);
	expect_ok(publish_file(w, who, path));
	expect_ok(cf_json_read_path(&again, path, CF_MAX_RECORD));
	assert_true(cf_uuid_parse(&id, cf_str(cf_json_str(again, "id"))));
	json_decref(again);
	json_decref(draft);
	return id;
}

/* A new title on what stands; errors are the caller's to judge. */
static inline const struct cf_err *
edit_title(struct world *w, unsigned who, const char *id, const char *title)
{
	const struct cf_err *err;
	json_t *out = NULL, *draft = NULL;
	char path[128];

	draft_path(path, w);
	err = cf_new(&out, w->of[who].trust, NULL, id, path);
	json_decref(out);
	if (err)
		return err;
	expect_ok(cf_json_read_path(&draft, path, CF_MAX_RECORD));
	json_object_set_new(json_object_get(draft, "body"), "title",
		json_string(title));
	write_draft_file(path, draft);
	json_decref(draft);
	return publish_file(w, who, path);
}

/* What the library says of one record. */
static inline json_t *
show_record(struct world *w, unsigned who, const char *id)
{
	json_t *out = NULL;

	expect_ok(cf_show(&out, w->of[who].trust, id, CF_HISTORY));
	return out;
}

#endif
