/*
 * Commits of an old line made again on a new one: the same versions in the same
 * order, with their bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "app/line.h"
#include "base/clock.h"
#include "base/mem.h"

void
cf_replay_clear(struct cf_replay *r)
{
	cf_gate_clear(&r->on);
	cf_seckey_free(r->key);
	r->key = NULL;
	json_decref(r->have);
	json_decref(r->gone);
	json_decref(r->back);
	json_decref(r->left);
	json_decref(r->again);
	json_decref(r->plan);
	r->have = r->gone = r->back = r->left = r->again = r->plan = NULL;
}

/* A commit's files, one after the other, as they are replayed. */
struct picking {
	struct cf_replay *r;
	const struct cf_step *step;
	struct cf_batch batch;
	struct cf_identity identity;	/* doc NULL: none */
};

static struct cf_odb *
odb_of(const struct cf_replay *r)
{
	return cf_store_odb(r->trust->store);
}

static const struct cf_err *
read_record(struct cf_record *out, struct cf_odb *odb,
	const struct cf_oid *blob)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err = cf_odb_read(&bytes, odb, blob, CF_BLOB);

	*out = (struct cf_record){ 0 };
	if (!err)
		err = cf_record_read(out,
			(struct cf_str){ bytes.data, bytes.len });
	cf_buf_clear(&bytes);
	return err;
}

/* What the new line has at a path; doc NULL: nothing. */
static const struct cf_err *
read_now(struct cf_record *out, const struct cf_replay *r, const char *path)
{
	json_t *planned = json_object_get(r->plan, path);
	const struct cf_err *err;
	struct cf_entry entry;
	bool found;

	*out = (struct cf_record){ 0 };
	if (planned)
		return cf_record_take(out, json_incref(planned));
	err = cf_tree_find(&entry, &found, odb_of(r), &r->on.tree, path);
	return err || !found ? err : read_record(out, odb_of(r), &entry.oid);
}

/*
 * Where two bodies agree, and a third does not: the places that a version took
 * from one that was left out. Members of groups one by one, all else as a whole.
 */
static void
add_taken(json_t *paths, const char *at, const json_t *is, const json_t *left,
	const json_t *now)
{
	const char *name;
	json_t *value;

	if (!json_is_object(is) || !json_is_object(left)) {
		if (is && left && json_equal(is, left) &&
			!(now && json_equal(is, now)))
			json_array_append_new(paths, json_string(at));
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)is, name, value) {
		char *path = cf_asprintf("%s/%s", at, name);

		add_taken(paths, path, value, json_object_get(left, name),
			json_object_get(now, name));
		free(path);
	}
}

/* NULL: nobody wants the list. */
static void
list(json_t *to, const struct cf_record *record)
{
	if (to)
		json_array_append_new(to, json_pack("{s:s, s:s, s:s, s:s}",
			"id", record->id.text, "kind", record->kind, "title",
			cf_record_title(record->doc), "version",
			record->version.text));
}

/* The new line has not got it. What it builds on there: its parents, and in the
 * place of those that are gone too, theirs. Borrowed. */
static const json_t *
leave(struct cf_replay *r, const struct cf_record *record, bool left)
{
	json_t *onto = json_array(), *parent, *gone;
	size_t i;

	json_array_foreach(record->parents, i, parent) {
		gone = json_object_get(r->gone, json_string_value(parent));
		left |= json_is_true(json_object_get(gone, "left"));
		if (gone)
			json_array_extend(onto, json_object_get(gone, "onto"));
		else
			json_array_append(onto, parent);
	}
	gone = json_pack("{s:O*, s:o, s:b}", "body", json_object_get(
		record->doc, "body"), "onto", onto, "left", left);
	json_object_set_new(r->gone, record->version.text, gone);
	return gone;
}

/* It cannot be used as it is: its author gets it back. */
static void
give_back(struct cf_replay *r, const struct cf_record *record,
	const struct cf_record *now)
{
	const json_t *body = json_object_get(record->doc, "body");
	const json_t *gone = leave(r, record, false);
	json_t *took = json_array(), *parent;
	size_t i;

	json_array_foreach(record->parents, i, parent) {
		const json_t *left = json_object_get(r->gone,
			json_string_value(parent));

		if (left)
			add_taken(took, "", body, json_object_get(left, "body"),
				json_object_get(now->doc, "body"));
	}
	json_array_append_new(r->back, json_pack("{s:s, s:s, s:s, s:s, s:O, "
		"s:O, s:O, s:o}", "id", record->id.text, "kind", record->kind,
		"title", cf_record_title(record->doc), "version",
		record->version.text, "doc", record->doc, "onto",
		json_object_get(gone, "onto"), "left",
		json_object_get(gone, "left"), "took", took));
}

static bool
is_tombstone(const struct cf_record *record)
{
	return record->status && strcmp(record->status, "erased") == 0;
}

static bool
is_same(const struct cf_record *record, const struct cf_record *now)
{
	return strcmp(now->version.text, record->version.text) == 0;
}

/* Whether the version fits where the new line stands. A tombstone does, whatever
 * became of what it was built on; and what stands, with more signatures. */
static bool
fits(const struct cf_replay *r, const struct cf_record *record,
	const struct cf_record *now)
{
	json_t *parent;
	size_t i;

	if (is_tombstone(record) || is_same(record, now))
		return true;
	json_array_foreach(record->parents, i, parent) {
		if (json_object_get(r->gone, json_string_value(parent)))
			return false;
	}
	return now->doc == NULL || cf_json_has(record->parents,
		now->version.text);
}

/* A key that the identity where we are lists: it may change on the way. */
static const struct cf_err *
need_key(struct cf_replay *r)
{
	const struct cf_identity *now = cf_chain_now(&r->on.chain);
	json_t *publish = json_object_get(now->doc, "publishKeys");

	if (r->key && cf_json_has(publish, cf_seckey_public(r->key)->did))
		return NULL;
	cf_seckey_free(r->key);
	return cf_open_key_of(&r->key, r->trust, publish);
}

/* Adds the file to the commit; with a proof of this machine where none counts. */
static const struct cf_err *
use(struct picking *p, const char *path, const struct cf_record *record,
	const struct cf_oid *blob)
{
	struct cf_replay *r = p->r;
	const struct cf_err *err;

	list(r->again, record);
	if (r->plan) {
		json_object_set(r->plan, path, record->doc);
		return NULL;
	}
	err = need_key(r);
	if (!err && !cf_chain_proof(&r->on.chain, record->doc))
		err = cf_batch_record_take(&p->batch, r->trust, r->key,
			json_deep_copy(record->doc), NULL, NULL);
	else if (!err)
		cf_batch_add(&p->batch, path, blob, record->kind);
	return err;
}

/* Whether this machine has a key for where we are. */
static const struct cf_err *
may_publish(bool *out, struct cf_replay *r)
{
	const struct cf_identity *now = cf_chain_now(&r->on.chain);
	json_t *publish = json_object_get(now->doc, "publishKeys");
	const struct cf_err *err = NULL;
	char *did = NULL;

	*out = r->plan || r->key;
	if (*out)
		return NULL;
	err = cf_own_key(&did, r->trust, publish);
	*out = !err && did && cf_json_has(publish, did);
	r->no_key |= !err && !*out;
	free(did);
	return err;
}

static const struct cf_err *
pick_record(struct picking *p, const char *path, const struct cf_oid *blob)
{
	struct cf_replay *r = p->r;
	struct cf_record record, now = { 0 };
	const struct cf_err *err;

	err = read_record(&record, odb_of(r), blob);
	/* What was held here and everywhere is not published again. */
	if (err && err->code == CF_INVALID)
		err = NULL;
	else if (!err)
		err = read_now(&now, r, path);
	if (err || !record.doc || !record.parents ||
		json_object_get(r->have, record.version.text) ||
		(is_same(&record, &now) && json_array_size(record.proof) <=
		json_array_size(now.proof)))
		goto done;
	/* What was written meanwhile on an erased text goes with it. */
	if ((r->keep && !r->keep(r->payload, p->step, &record)) ||
		is_tombstone(&now)) {
		list(r->left, &record);
		(void)leave(r, &record, true);
	} else {
		bool may;

		err = may_publish(&may, r);
		if (!err && may && fits(r, &record, &now))
			err = use(p, path, &record, blob);
		else if (!err)
			give_back(r, &record, &now);
	}
done:
	cf_record_clear(&record);
	cf_record_clear(&now);
	return err;
}

static const struct cf_err *
pick_identity(struct picking *p, const char *path, const struct cf_oid *blob)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_IDENTITY);
	struct cf_replay *r = p->r;
	struct cf_identity next = { 0 };
	const struct cf_err *err;

	err = cf_odb_read(&bytes, odb_of(r), blob, CF_BLOB);
	if (!err)
		err = cf_identity_read(&next,
			(struct cf_str){ bytes.data, bytes.len });
	cf_buf_clear(&bytes);
	/* A restart has brought all that came before it. */
	if (!err && next.version <= r->on.chain.n && json_equal(next.doc,
		r->on.chain.link[next.version - 1].doc)) {
		cf_identity_clear(&next);
		return NULL;
	}
	if (!err && cf_chain_append_take(&r->on.chain, &next) != NULL) {
		r->identity = true;
		return NULL;
	}
	if (!err)
		cf_batch_add(&p->batch, path, blob, NULL);
	return err;
}

static const struct cf_err *
pick(void *payload, const char *path, const struct cf_oid *was,
	const struct cf_oid *is)
{
	(void)was;
	if (is && cf_starts(path, "records/"))
		return pick_record(payload, path, is);
	if (is && cf_starts(path, "keys/"))
		return pick_identity(payload, path, is);
	return NULL;		/* witnesses ride on later commits */
}

/* Commits what was picked and moves on. */
static const struct cf_err *
commit(struct cf_replay *r, const struct cf_batch *batch, const char *verb)
{
	char line[CF_MAX_MESSAGE_LINE + 1];
	struct cf_writing w = { .on = &r->on, .line = line,
		.identity = cf_chain_now(&r->on.chain) };
	const struct cf_err *err;
	struct cf_oid oid;
	int64_t now = cf_now();

	if (batch->n == 0)
		return NULL;
	cf_tally_line(line, sizeof line, verb, &batch->tally);
	err = need_key(r);
	if (!err)
		err = cf_tree_edit(&w.tree, r->trust->store, &r->on.tree,
			batch->edit, batch->n);
	if (!err)
		err = cf_write_commit(&oid, r->trust, &w, r->key);
	if (err)
		return err;
	r->on.head = oid;
	r->on.tree = w.tree;
	r->on.sequence++;
	r->on.time = now > r->on.time ? now : r->on.time;
	return NULL;
}

/* The trees of a commit and of its parent. */
static const struct cf_err *
trees_of(struct cf_oid *was, struct cf_oid *is, struct cf_odb *odb,
	const struct cf_oid *oid)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err;
	struct cf_commit c;

	err = cf_odb_read(&raw, odb, oid, CF_COMMIT);
	if (!err)
		err = cf_commit_parse(&c,
			(struct cf_str){ raw.data, raw.len });
	if (!err) {
		*is = c.tree;
		err = cf_odb_read(&raw, odb, &c.parent, CF_COMMIT);
	}
	if (!err)
		err = cf_commit_parse(&c,
			(struct cf_str){ raw.data, raw.len });
	if (!err)
		*was = c.tree;
	cf_buf_clear(&raw);
	return err;
}

const struct cf_err *
cf_replay_step(struct cf_replay *r, const struct cf_step *step)
{
	struct picking p = { .r = r, .step = step };
	const struct cf_err *err;
	struct cf_oid was, is;

	err = trees_of(&was, &is, odb_of(r), &step->oid);
	if (!err)
		err = cf_tree_compare(odb_of(r), &was, &is, pick, &p);
	if (!err)
		err = commit(r, &p.batch, p.batch.tally.kinds ? "Publish" :
			"Change the identity");
	cf_batch_clear(&p.batch);
	return err;
}

static const struct cf_err *
add_have(void *payload, const char *path, const struct cf_oid *was,
	const struct cf_oid *is)
{
	struct cf_replay *r = payload;
	struct cf_record record;
	const struct cf_err *err;

	(void)was;
	if (is == NULL || !cf_starts(path, "records/"))
		return NULL;
	err = read_record(&record, odb_of(r), is);
	if (record.version.text[0])
		json_object_set_new(r->have, record.version.text, json_true());
	cf_record_clear(&record);
	return err && err->code == CF_INVALID ? NULL : err;
}

const struct cf_err *
cf_replay_have(struct cf_replay *r, const struct cf_line *line)
{
	const struct cf_err *err = NULL;
	struct cf_oid was, is;

	for (size_t i = 0; i < line->n && !err; i++) {
		err = trees_of(&was, &is, odb_of(r), &line->step[i].oid);
		if (!err)
			err = cf_tree_compare(odb_of(r), &was, &is, add_have,
				r);
	}
	return err;
}

static const struct cf_err *
sign_one(void *payload, const char *path, const struct cf_oid *was,
	const struct cf_oid *is)
{
	struct picking *p = payload;
	struct cf_record record;
	const struct cf_err *err;

	(void)was;
	if (!cf_starts(path, "records/"))
		return NULL;
	err = read_record(&record, odb_of(p->r), is);
	if (err && err->code == CF_INVALID)
		err = NULL;
	else if (!err && !cf_chain_proof(&p->r->on.chain, record.doc))
		err = use(p, path, &record, is);
	cf_record_clear(&record);
	return err;
}

const struct cf_err *
cf_replay_sign(struct cf_replay *r)
{
	struct picking p = { .r = r };
	const struct cf_err *err;

	err = cf_tree_compare(odb_of(r), NULL, &r->on.tree, sign_one, &p);
	if (!err)
		err = commit(r, &p.batch, "Sign");
	cf_batch_clear(&p.batch);
	return err;
}
