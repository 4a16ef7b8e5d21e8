/*
 * What an erasure comes to, before anything is done: what there is of each
 * record, from where history begins again, and what people must know.
 */
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/erase.h"
#include "app/join.h"
#include "base/mem.h"

/* --- one record ---------------------------------------------------------------- */

/* A version of ours with its text. */
static void
add_own(struct cf_target *t, struct cf_trust *trust,
	const struct cf_version *v, const json_t *row)
{
	const char *title = cf_json_str(row, "title");
	json_t *doc = NULL;

	if (t->versions++ == 0)
		(void)snprintf(t->kind, sizeof t->kind, "%s", v->kind);
	if (title[0]) {
		free(t->title);
		t->title = cf_strdup(title);
	}
	if (v->id[0])
		(void)snprintf(t->newest, sizeof t->newest, "%s", v->id);
	/* One that cannot be read says nothing for the tombstone. */
	if (cf_blob_json(&doc, trust, &v->blob) == NULL &&
		json_is_array(json_object_get(doc, "stewards"))) {
		json_decref(t->doc);
		t->doc = json_incref(doc);
	}
	json_decref(doc);
}

static const struct cf_err *
read_target(struct cf_target *t, struct cf_trust *trust)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err;

	t->others = json_array();
	t->title = cf_strdup("");
	t->ours = cf_uuid_certifies(&t->id, trust->id);
	err = cf_index_versions(&all, trust->index, t->id.text);
	for (size_t i = 0; i < all.n && !err; i++) {
		const struct cf_version *v = &all.version[i];
		bool counts = v->erased && !v->held;

		if (t->kind[0] == '\0')
			(void)snprintf(t->kind, sizeof t->kind, "%s", v->kind);
		if (counts && cf_uuid_certifies(&t->id, v->trust))
			t->gone = true;
		else if (strcmp(v->trust, trust->id) == 0)
			add_own(t, trust, v, json_array_get(all.rows, i));
		else if (!cf_json_has(t->others, v->trust))
			json_array_append_new(t->others, json_string(v->trust));
	}
	cf_versions_clear(&all);
	return err ? err : cf_index_first(&t->first, trust->index, trust->id,
		t->id.text);
}

/* Somebody else's, and not erased by them. */
static const struct cf_err *
not_ours(const struct cf_target *t, struct cf_trust *trust)
{
	const struct cf_err *err;
	char *owner, *name;
	json_t *row = NULL;

	err = cf_owner_of(&owner, trust, t->id.text);
	if (!err)
		err = cf_index_record(&row, trust->index, t->id.text);
	name = cf_trust_title(trust, owner ? owner : "");
	if (!err)
		err = cf_err_rule(CF_INVALID, "erase.owner", "only the trust "
			"that created a record can erase it, and '%s' belongs "
			"to %s. Ask them to: they run 'confer erase %s'. Then, "
			"at your next 'confer sync', their text leaves this "
			"machine%s", row ? cf_json_str(row, "title") :
			t->id.text, owner ? name : "a trust that you do not "
			"follow", t->id.text, t->versions ? ", and the same "
			"command takes what you wrote in it out of your own "
			"history" : "");
	json_decref(row);
	free(owner);
	free(name);
	return err;
}

static const struct cf_err *
find_targets(struct cf_erasing *e)
{
	const struct cf_err *err = NULL;

	e->target = cf_calloc(e->what->n, sizeof *e->target);
	e->ids = json_array();
	for (size_t i = 0; i < e->what->n && !err; i++) {
		struct cf_target *t = &e->target[e->n];

		err = cf_resolve_any(&t->id, e->trust, e->what->ids[i]);
		if (err || cf_json_has(e->ids, t->id.text))
			continue;
		e->n++;
		json_array_append_new(e->ids, json_string(t->id.text));
		err = read_target(t, e->trust);
		if (!err && !t->ours && !t->gone)
			err = not_ours(t, e->trust);
		if (t->first && (e->first == 0 || t->first < e->first))
			e->first = t->first;
	}
	return err;
}

/* --- history ------------------------------------------------------------------- */

/* All but versions of these records with a text. */
static bool
is_kept(void *payload, const struct cf_step *step,
	const struct cf_record *record)
{
	const struct cf_erasing *e = payload;

	(void)step;
	return !cf_json_has(e->ids, record->id.text) || (record->status &&
		strcmp(record->status, "erased") == 0);
}

/* The commit before the text came in. */
static const struct cf_err *
find_base(struct cf_erasing *e)
{
	struct cf_odb *odb = cf_store_odb(e->trust->store);
	const struct cf_gate nothing = { 0 };
	struct cf_line all = { 0 };
	const struct cf_err *err;

	err = cf_line_read(&all, odb, &nothing, &e->trust->own.head);
	/* The first commit holds no record. */
	if (!err && (e->first < 2 || all.n < e->first))
		cf_bug("a record that came in nowhere");
	if (!err)
		err = cf_gate_load(&e->restart.base, odb,
			&all.step[e->first - 2].oid);
	cf_line_clear(&all);
	return err;
}

/* Whether the key of this machine was listed at the base already. */
static const struct cf_err *
find_alone(struct cf_erasing *e)
{
	char *did = NULL;
	const struct cf_err *err = cf_own_key(&did, e->trust,
		cf_publish_keys(e->trust));

	e->alone = !err && did && cf_chain_may_publish(&e->restart.base.chain,
		did);
	free(did);
	return err;
}

const struct cf_err *
cf_erase_plan(struct cf_erasing *e)
{
	const struct cf_err *err = find_targets(e);

	e->restart.reason = "erasure";
	e->restart.keep = is_kept;
	e->restart.payload = e;
	if (err || e->first == 0)
		return err;
	err = find_base(e);
	if (!err)
		err = find_alone(e);
	return err ? err : cf_restart_plan(&e->restart, e->trust);
}

void
cf_erasing_clear(struct cf_erasing *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->target[i].title);
		json_decref(e->target[i].doc);
		json_decref(e->target[i].others);
	}
	free(e->target);
	cf_gate_clear(&e->restart.base);
	json_decref(e->restart.info);
	json_decref(e->ids);
	e->target = NULL;
	e->restart.info = e->ids = NULL;
	e->n = 0;
	e->first = 0;
}

bool
cf_erase_lacks_tombstone(const struct cf_erasing *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->target[i].ours && !e->target[i].gone)
			return true;
	return false;
}

/* --- in words ------------------------------------------------------------------ */

json_t *
cf_erase_result(const struct cf_erasing *e)
{
	json_t *list = json_array(), *out;

	for (size_t i = 0; i < e->n; i++) {
		const struct cf_target *t = &e->target[i];
		bool done = t->gone && t->versions == 0;

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, "
			"s:I, s:b, s:o}", "id", t->id.text, "kind", t->kind,
			"title", t->title, "owner", t->ours, "versions",
			(json_int_t)t->versions, "already", done, "others",
			cf_people(e->trust, t->others)));
	}
	out = json_pack("{s:o, s:b}", "records", list, "pushed", 0);
	if (e->first) {
		json_object_set_new(out, "alone", json_boolean(e->alone));
		json_object_set(out, "restart", e->restart.info);
	}
	return out;
}

static void
name_targets(struct cf_buf *out, const struct cf_erasing *e)
{
	cf_buf_puts(out, "You are about to erase:\n");
	for (size_t i = 0; i < e->n; i++) {
		const struct cf_target *t = &e->target[i];

		cf_buf_printf(out, "    %s (%s, %s)\n", t->title[0] ? t->title :
			t->id.text, t->kind, t->ours ? "yours" :
			"what you wrote in it");
	}
}

/* Everybody who has written in one of them, once. */
static void
name_others(struct cf_buf *out, const struct cf_erasing *e)
{
	json_t *names = json_array();

	for (size_t i = 0; i < e->n; i++)
		for (size_t k = 0; k < json_array_size(e->target[i].others);
			k++) {
			char *name = cf_trust_title(e->trust, json_string_value(
				json_array_get(e->target[i].others, k)));

			if (!cf_json_has(names, name))
				json_array_append_new(names,
					json_string(name));
			free(name);
		}
	for (size_t i = 0; i < json_array_size(names); i++)
		cf_buf_printf(out, "%s%s", i ? ", " : "\n  - What others wrote "
			"in it lies in their own repositories: ",
			json_string_value(json_array_get(names, i)));
	if (json_array_size(names))
		cf_buf_puts(out, ". They are told at their next sync what to "
			"do.");
	json_decref(names);
}

void
cf_erase_text(struct cf_buf *out, const struct cf_erasing *e)
{
	name_targets(out, e);
	cf_buf_puts(out, "\nWhat will happen:");
	if (cf_erase_lacks_tombstone(e))
		cf_buf_puts(out, "\n  - A mark takes the place of the text, "
			"signed by you. From then on no version of it counts, "
			"whoever holds it.");
	if (e->first)
		cf_buf_printf(out, "\n  - Your history is made again from "
			"before the text came in, after entry %llu. All your "
			"other records stay as they are, with their ids and "
			"signatures. It takes a recovery sheet.\n  - Your host "
			"gets it in the place of the old one. Partners %s; "
			"then the text leaves their disks too.",
			(unsigned long long)e->first - 1, e->alone ?
			"follow at their next sync" : "are asked at their next "
			"sync, because this machine's key is younger than "
			"that entry");
	cf_buf_puts(out, "\n  - The text leaves this machine's repository.\n"
		"\nWhat cannot be undone:\n  - All of it. What you want to "
		"keep, copy now; you can publish a new record later.\n"
		"\nWhat cannot be reached:\n  - Copies outside the "
		"repositories: exports, prints, mails, backups, work that "
		"cites it.\n  - Partners that do not sync, and people who "
		"copied your repository by other means.\n  - What your git "
		"host keeps out of sight for some weeks. Ask its support to "
		"remove it, if it matters.");
	name_others(out, e);
	cf_buf_puts(out, "\n");
}

const struct cf_err *
cf_erase_ask(const struct cf_erasing *e)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *unasked = cf_asprintf("an erasure cannot be undone, and nobody "
		"is here to ask. Look first with 'confer erase -n %s'; then "
		"add --yes", e->what->ids[0]);
	const struct cf_err *err;

	cf_erase_text(&text, e);
	err = cf_ask_final(e->trust->ui, e->what->yes, &(struct cf_final){
		text.data, "Erase it?", unasked });
	cf_buf_clear(&text);
	free(unasked);
	return err;
}
