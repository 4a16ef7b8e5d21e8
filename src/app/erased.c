/*
 * The end of an erasure: its text leaves this disk, and what cannot be made to
 * let go of it is named.
 */
#include <stdlib.h>
#include <string.h>

#include "app/compact.h"
#include "app/erased.h"
#include "app/join.h"
#include "base/mem.h"

/* --- the note ------------------------------------------------------------------ */

static char *
note_path(struct cf_trust *trust)
{
	return cf_store_file(trust->store, "erasing.json");
}

json_t *
cf_erased_noted(struct cf_trust *trust)
{
	char *path = note_path(trust);
	json_t *doc = NULL;

	if (cf_json_read_path(&doc, path, CF_MAX_JSON) ||
		!json_is_array(json_object_get(doc, "records"))) {
		json_decref(doc);
		doc = NULL;
	}
	free(path);
	return doc;
}

static const struct cf_err *
write_note(struct cf_trust *trust, const json_t *note)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_file_form(&text, note);
	char *path = note_path(trust);

	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	cf_buf_clear(&text);
	free(path);
	return err;
}

const struct cf_err *
cf_erased_note(struct cf_trust *trust, const json_t *ids)
{
	json_t *note = cf_erased_noted(trust), *records;
	const struct cf_err *err;

	if (note == NULL)
		note = json_pack("{s:[]}", "records");
	records = json_object_get(note, "records");
	for (size_t i = 0; i < json_array_size(ids); i++)
		if (!cf_json_has(records, json_string_value(json_array_get(ids,
			i))))
			json_array_append(records, json_array_get(ids, i));
	cf_sort_strings(records);
	/* What was found before is looked for again. */
	(void)json_object_del(note, "held");
	err = write_note(trust, note);
	json_decref(note);
	return err;
}

/* --- its end ------------------------------------------------------------------- */

/* Whether a ref of what our host has leads back to something that left. */
static const struct cf_err *
is_beside(bool *out, struct cf_gate *fork, struct cf_trust *trust,
	const char *ref)
{
	const struct cf_err *err;
	struct cf_oid at, main;
	bool found, has_main = false, met = false;

	*out = false;
	err = cf_ref_read(&at, &found, trust->store, ref);
	if (!err && found)
		err = cf_ref_read(&main, &has_main, trust->store, CF_MAIN);
	if (!err && has_main)
		err = cf_gate_fork(fork, &met, cf_store_odb(trust->store), &at,
			&main);
	*out = !err && has_main && !(met && cf_oid_eq(&fork->head, &at));
	return err;
}

/* Without a host nothing is to be sent, and the refs go back to where the lines
 * part. */
static const struct cf_err *
forget_host(struct cf_trust *trust, const char *ref,
	const struct cf_gate *fork)
{
	return fork->sequence ? cf_move_ref(trust, ref, &fork->head) :
		cf_ref_delete(trust->store, ref);
}

/* Whether our host has what we began again, as far as that is to go there. */
static const struct cf_err *
is_sent(bool *out, struct cf_trust *trust)
{
	static const char *const refs[] = { CF_PUSHED, CF_REMOTE_HEAD };
	const struct cf_err *err;
	char *url = NULL;

	*out = true;
	err = cf_config_get(&url, trust->store, "confer.remote");
	for (size_t i = 0; i < 2 && !err; i++) {
		struct cf_gate fork = { 0 };
		bool beside;

		err = is_beside(&beside, &fork, trust, refs[i]);
		if (!err && beside && url == NULL)
			err = forget_host(trust, refs[i], &fork);
		else if (beside)
			*out = false;
		cf_gate_clear(&fork);
	}
	free(url);
	return err;
}

/* Of our own records what our main still has is not to go yet: its owner, or
 * another run, takes it out. */
static const struct cf_err *
find_held(json_t **out, struct cf_trust *trust, const json_t *note)
{
	json_t *records = json_object_get(note, "records"), *ids = json_array();
	const struct cf_err *err = NULL;

	*out = NULL;
	for (size_t i = 0; i < json_array_size(records) && !err; i++) {
		json_t *id = json_array_get(records, i);
		uint64_t first = 0;

		err = cf_index_first(&first, trust->index, trust->id,
			json_string_value(id));
		if (!err && first == 0)
			json_array_append(ids, id);
	}
	if (!err)
		err = cf_erased_holders(out, trust, ids);
	json_decref(ids);
	return err;
}

const struct cf_err *
cf_erased_conclude(json_t **out, struct cf_trust *trust, bool left)
{
	json_t *note = cf_erased_noted(trust);
	const struct cf_err *err;
	char *path;

	*out = NULL;
	if (note == NULL)
		return NULL;
	err = find_held(out, trust, note);
	if (!err && !left && json_array_size(*out) == 0) {
		path = note_path(trust);
		err = cf_remove_all(path);
		free(path);
	} else if (!err) {
		json_object_set(note, "held", *out);
		json_object_set_new(note, "left", json_boolean(left));
		err = write_note(trust, note);
	}
	json_decref(note);
	return err;
}

/* Whether the same things hold it that did last time: then nothing would go. */
static const struct cf_err *
is_stuck(bool *out, struct cf_trust *trust, const json_t *note)
{
	json_t *held = json_object_get(note, "held"), *now = NULL;
	const struct cf_err *err;

	*out = false;
	if (json_array_size(held) == 0 || json_is_true(json_object_get(note,
		"left")))
		return NULL;
	err = find_held(&now, trust, note);
	*out = !err && json_equal(held, now);
	json_decref(now);
	return err;
}

static const struct cf_err *
finish(struct cf_trust *trust, const json_t *note)
{
	const struct cf_err *err;
	struct cf_compaction done;
	bool sent, stuck = false;
	json_t *held = NULL;

	err = is_sent(&sent, trust);
	if (!err && sent)
		err = is_stuck(&stuck, trust, note);
	if (err || !sent || stuck)
		return err;
	err = cf_compact_all(&done, trust);
	if (!err)
		err = cf_erased_conclude(&held, trust, done.store.left);
	json_decref(held);
	return err;
}

/* Why it did not go, until it does. */
static void
note_failure(struct cf_trust *trust, const char *why)
{
	json_t *note = cf_erased_noted(trust);

	if (why)
		json_object_set_new(note, "failed", json_string(why));
	if (note && (why || json_object_del(note, "failed") == 0))
		(void)(write_note(trust, note) == NULL);
	json_decref(note);
}

void
cf_erased_finish(struct cf_trust *trust)
{
	json_t *note = cf_erased_noted(trust);

	if (note && cf_store_lock(trust->store, "erasing") == NULL) {
		const struct cf_err *err = finish(trust, note);
		char *why = err ? cf_strdup(err->msg) : NULL;

		note_failure(trust, why);
		free(why);
		cf_store_unlock(trust->store);
	}
	json_decref(note);
}

/* --- what is left to people ---------------------------------------------------- */

/* Its title in our own main, and who owns it. */
static const struct cf_err *
describe(char **title, char **owner, struct cf_trust *trust, const char *id)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err;

	*title = NULL;
	err = cf_owner_of(owner, trust, id);
	if (!err)
		err = cf_index_versions(&all, trust->index, id);
	for (size_t i = all.n; i-- > 0 && *title == NULL;) {
		const char *text = cf_json_str(json_array_get(all.rows, i),
			"title");

		if (strcmp(all.version[i].trust, trust->id) == 0 && text[0])
			*title = cf_strdup(text);
	}
	cf_versions_clear(&all);
	if (!err && *title == NULL)
		*title = cf_strdup(id);
	return err;
}

static const struct cf_err *
say_unerased(json_t *list, struct cf_trust *trust, const char *id)
{
	char *title, *owner, *name;
	const struct cf_err *err = describe(&title, &owner, trust, id);

	if (err)
		return err;
	if (owner && strcmp(owner, trust->id) == 0) {
		json_array_append_new(list, json_sprintf("'%s' is not quite "
			"erased: its text is still in your own history. Go on "
			"with: confer erase %s", title, id));
	} else {
		name = cf_trust_title(trust, owner ? owner : "");
		json_array_append_new(list, json_sprintf("'%s': its owner, %s, "
			"has erased it. What you published of it is still in "
			"your own repository, for everybody to read. Take it "
			"out with: confer erase %s", title, name, id));
		free(name);
	}
	free(title);
	free(owner);
	return NULL;
}

static void
say_held(json_t *list, bool *decide, const json_t *note)
{
	json_t *held = json_object_get(note, "held"), *one;
	size_t i;

	json_array_foreach(held, i, one) {
		*decide = true;
		json_array_append_new(list, json_sprintf("An erased text is "
			"still on this machine: %s. To let go of it: %s",
			cf_json_str(one, "what"), cf_json_str(one, "remedy")));
	}
	if (json_is_true(json_object_get(note, "left")))
		json_array_append_new(list, json_string("An erased text is "
			"still on this machine, because another program was "
			"reading here. 'confer compact' removes it."));
	else if (cf_json_str(note, "failed")) {
		*decide = true;
		json_array_append_new(list, json_sprintf("An erased text is "
			"still on this machine, because it could not be "
			"removed: %s. When that is mended: confer compact",
			cf_json_str(note, "failed")));
	} else if (note && i == 0) {
		*decide = true;
		json_array_append_new(list, json_string("An erased text is "
			"still on this machine, because your host has not "
			"taken the new history yet. Send it with: confer "
			"publish"));
	}
}

const struct cf_err *
cf_erased_attention(json_t *list, bool *decide, struct cf_trust *trust)
{
	json_t *note = cf_erased_noted(trust);
	struct cf_names unerased = { 0 };
	const struct cf_err *err;

	err = cf_index_unerased(&unerased, trust->index, trust->id);
	for (size_t i = 0; i < unerased.n && !err; i++) {
		*decide = true;
		err = say_unerased(list, trust, unerased.name[i]);
	}
	if (!err)
		say_held(list, decide, note);
	cf_names_clear(&unerased);
	json_decref(note);
	return err;
}
