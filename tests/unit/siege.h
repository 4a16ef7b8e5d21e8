#ifndef SIEGE_H
#define SIEGE_H

/*
 * A trust that follows another one, and the other one in the hands of an
 * attacker. Whatever is tried: the verdict of sync and of verify, nothing of
 * ours moved, and the next honest update comes in.
 */
#include "forge.h"

#include "app/trust.h"
#include "confer.h"

struct siege {
	char dir[64];
	struct cf_trust *victim;
	struct made_main m, good;	/* good: before the attack */
	const char *url;
	json_t *report, *line;		/* of the last sync; of the partner */
};

/* Where the branch main of the attacked host is from now on. */
static inline void
serve_head(struct siege *s)
{
	struct cf_oid old;
	bool found;

	expect_ok(cf_ref_read(&old, &found, s->m.store, CF_MAIN));
	if (!(found && cf_oid_eq(&old, &s->m.head)))
		expect_ok(cf_ref_set(s->m.store, CF_MAIN, &s->m.head,
			found ? &old : NULL));
}

/* A record that nobody has seen yet, signed, not committed. */
static inline json_t *
new_need(struct made_main *m, struct cf_uuid *id)
{
	json_t *doc;

	cf_uuid_make(id, m->id.text, NULL);
	doc = record_doc(m, "need", id, NULL);
	sign_doc(doc, m->publish);
	return doc;
}

static inline void
commit_record(struct made_main *m, const struct cf_uuid *id, json_t *doc,
	const struct lie *lie)
{
	char path[CF_PATH_TEXT];

	cf_record_path(path, "need", id);
	commit_file(m, path, put_json(m, doc), lie);
	json_decref(doc);
}

static inline void
commit_need(struct made_main *m)
{
	struct cf_uuid id;
	json_t *doc = new_need(m, &id);

	commit_record(m, &id, doc, NULL);
}

static inline void
siege_begin(struct siege *s)
{
	struct cf_create what = { .name = "Ashby Trust",
		.no_passphrase = true };
	char ours[96], sheets[96], keys[96];
	struct cf_partner_add add = { .name = "northfield" };
	json_t *out = NULL;

	*s = (struct siege){ 0 };
	/* Hundreds of commits: where nothing waits for a disk. */
	if (access("/dev/shm", W_OK) == 0)
		assert_int_equal(setenv("TMPDIR", "/dev/shm", 1), 0);
	(void)snprintf(s->dir, sizeof s->dir, "%.40s/siege-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(s->dir));
	(void)snprintf(ours, sizeof ours, "%s/ours", s->dir);
	(void)snprintf(sheets, sizeof sheets, "%s/sheets", s->dir);
	(void)snprintf(keys, sizeof keys, "%s/keys", s->dir);
	assert_int_equal(setenv("CONFER_HOME", keys, 1), 0);
	what.dir = ours;
	what.sheets = sheets;
	expect_ok(cf_mkdirs(sheets, 0700));
	expect_ok(cf_create(&out, &what, NULL));
	json_decref(out);
	expect_ok(cf_open(&s->victim, ours, NULL));
	made_since = cf_now() - 3600;
	main_begin(&s->m, "Northfield Learning Trust");
	commit_need(&s->m);
	commit_need(&s->m);
	serve_head(s);
	s->url = add.url = cf_store_git_dir(s->m.store);
	add.id = s->m.id.text;
	expect_ok(cf_partner_add(&out, s->victim, &add));
	json_decref(out);
}

static inline void
siege_end(struct siege *s)
{
	json_decref(s->report);
	cf_close(s->victim);
	main_end(&s->m);
	expect_ok(cf_remove_all(s->dir));
}

/* --- what must not move ------------------------------------------------------ */

/* What may: the lock's last holder, the notes of the last sync, the report of a
 * refusal, a proof; and the index, whose answers are compared in its place. */
static inline bool
may_move(const char *path)
{
	static const char *const names[] = { "/confer/lock",
		"/confer/last-sync.json", "/confer/refused", "/confer/index.db",
		"/confer/index.db-wal", "/confer/index.db-shm",
		"/confer/witnessed.json", "/confer/proofs" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (cf_ends(path, names[i]))
			return true;
	return false;
}

static inline void
list_files(struct cf_buf *out, const char *dir)
{
	struct cf_names names = { 0 };

	expect_ok(cf_dir_names(&names, dir));
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		struct cf_buf bytes = CF_BUF(64 << 20);
		struct cf_digest digest;

		if (may_move(path)) {
			free(path);
			continue;
		}
		cf_buf_printf(out, "%s\n", path);
		if (cf_is_dir(path)) {
			list_files(out, path);
		} else {
			expect_ok(cf_file_read(&bytes, path, false));
			cf_digest_of(&digest, bytes.data, bytes.len);
			cf_buf_printf(out, "\t%s\n", digest.text);
		}
		cf_buf_clear(&bytes);
		free(path);
	}
	cf_names_clear(&names);
}

/* All of the victim's files, and what it says of its commons. */
static inline char *
listing_of(struct siege *s)
{
	const struct cf_filter all = { 0 };
	struct cf_buf out = CF_BUF(16 << 20);
	json_t *list = NULL, *status = NULL;
	char *text;

	list_files(&out, cf_store_git_dir(s->victim->store));
	expect_ok(cf_list(&list, s->victim, &all));
	expect_ok(cf_status(&status, s->victim));
	json_object_del(status, "partners");
	json_object_del(status, "splits");
	json_array_append_new(list, status);
	text = json_dumps(list, JSON_SORT_KEYS | JSON_INDENT(1));
	cf_buf_puts(&out, text);
	free(text);
	json_decref(list);
	return cf_buf_take(&out);
}

/* --- attacks ----------------------------------------------------------------- */

static inline const struct cf_err *
sync_victim(struct siege *s)
{
	const struct cf_err *err;

	json_decref(s->report);
	s->report = NULL;
	err = cf_sync(&s->report, s->victim, NULL, 0, 0);
	s->line = json_array_get(json_object_get(s->report, "partners"), 0);
	return err;
}

static inline const char *
line_text(struct siege *s, const char *member)
{
	const char *text = cf_json_str(s->line, member);

	return text ? text : "";
}

static inline void
attack_begin(struct siege *s)
{
	s->good = s->m;
	json_incref(s->good.identity);
}

/* The attacker is gone, and the trust publishes again. */
static inline void
honest_again(struct siege *s)
{
	const char *verdict;

	json_decref(s->m.identity);
	s->m = s->good;
	s->good.identity = NULL;
	commit_need(&s->m);
	serve_head(s);
	expect_ok(sync_victim(s));
	verdict = line_text(s, "verdict");
	if (strcmp(verdict, "updated") != 0 && strcmp(verdict, "held") != 0)
		fail_msg("the honest update is %s", verdict);
	assert_int_equal(json_integer_value(json_object_get(s->line,
		"commits")), 1);
}

static inline void
expect_rule(const char *what, const json_t *refusal, const char *rule)
{
	const char *is = cf_json_str(refusal, "rule");

	if (is == NULL || strcmp(is, rule) != 0)
		fail_msg("%s: refused under %s, not under %s: %s", what,
			is ? is : "no rule", rule, cf_json_str(refusal,
			"detail"));
	assert_non_null(cf_json_str(refusal, "detail"));
	assert_true(strlen(cf_json_str(refusal, "detail")) > 20);
	assert_true(strlen(cf_json_str(refusal, "advice")) > 20);
}

/* An audit refuses what is at the address now under this rule ("": it finds
 * nothing wrong). */
static inline void
expect_audit(struct siege *s, const char *what, const char *rule)
{
	json_t *out = NULL;
	const struct cf_err *err = cf_verify(&out, s->url, NULL);

	if (rule[0] && (err == NULL || err->code != CF_REFUSED))
		fail_msg("%s: verify says %s", what, err ? err->msg :
			"verified");
	if (!rule[0])
		expect_ok(err);
	assert_string_equal(cf_json_str(out, "verdict"), rule[0] ? "refused" :
		"verified");
	if (rule[0])
		expect_rule(what, json_object_get(out, "refusal"), rule);
	json_decref(out);
}

/* What lies at the head now is refused by a sync. Nothing moves. */
static inline void
expect_sync_refused(struct siege *s, const char *what, const char *rule)
{
	char *before = listing_of(s), *after;
	const struct cf_err *err = sync_victim(s);

	if (err == NULL || err->code != CF_REFUSED)
		fail_msg("%s: sync says %s", what, err ? err->msg :
			line_text(s, "verdict"));
	assert_string_equal(line_text(s, "verdict"), "refused");
	expect_rule(what, json_object_get(s->line, "refusal"), rule);
	after = listing_of(s);
	if (strcmp(before, after) != 0)
		fail_msg("%s: something moved:\n%s\nwas\n%s", what, after,
			before);
	free(before);
	free(after);
}

/* The attack that was built since attack_begin. */
static inline void
expect_attack(struct siege *s, const char *what, const char *rule,
	const char *audit)
{
	serve_head(s);
	expect_sync_refused(s, what, rule);
	expect_audit(s, what, audit);
	honest_again(s);
}

/* One that sync and verify refuse alike. */
#define EXPECT_REFUSED(s, what, rule) \
	expect_attack((s), (what), (rule), (rule))

#endif
