/*
 * Comparing what partners saw of each other and of us with what we verified
 * ourselves.
 */
#include <stdlib.h>
#include <string.h>

#include "app/witness.h"
#include "base/clock.h"
#include "base/mem.h"

/* A trust whose main we have: a partner, or ourselves. */
struct known {
	const char *trust;
	char *title;
	struct cf_oid head, tree;
	bool changed;		/* since the last comparison */
};

struct all {
	struct cf_trust *own;
	struct cf_partners partners;
	struct known *known;
	size_t n;
	json_t *result;
	bool decide;
};

static struct cf_str
bytes_of(const struct cf_buf *b)
{
	return (struct cf_str){ b->data, b->len };
}

static const struct cf_err *
read_head(struct cf_buf *raw, struct cf_commit *commit, struct cf_trust *trust,
	const struct cf_oid *oid)
{
	const struct cf_err *err = cf_odb_read(raw, cf_store_odb(trust->store),
		oid, CF_COMMIT);

	return err ? err : cf_commit_parse(commit,
		(struct cf_str){ raw->data, raw->len });
}

static const struct cf_err *
add_known(struct all *a, const char *trust, const char *ref)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct known k = { .trust = trust };
	struct cf_commit commit;
	const struct cf_err *err;
	bool found;

	err = cf_ref_read(&k.head, &found, a->own->store, ref);
	if (!err && found)
		err = read_head(&raw, &commit, a->own, &k.head);
	if (!err && found) {
		k.tree = commit.tree;
		k.title = cf_trust_title(a->own, trust);
		a->known[a->n++] = k;
	}
	cf_buf_clear(&raw);
	return err;
}

static const struct cf_err *
gather(struct all *a)
{
	const struct cf_err *err = cf_partners_read(&a->partners, a->own);

	a->known = cf_calloc(a->partners.n + 1, sizeof *a->known);
	if (!err)
		err = add_known(a, a->own->id, CF_MAIN);
	for (size_t i = 0; i < a->partners.n && !err; i++) {
		char *pin = cf_pin_name(a->partners.partner[i].trust);

		err = add_known(a, a->partners.partner[i].trust, pin);
		free(pin);
	}
	return err;
}

static void
clear(struct all *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->known[i].title);
	free(a->known);
	cf_partners_clear(&a->partners);
}

/* The heads of the last comparison: {<trust id>: <commit>}. */
static json_t *
read_marks(struct cf_trust *trust)
{
	char *path = cf_store_file(trust->store, "witnessed.json");
	json_t *doc = NULL;

	/* One that cannot be read: everything is compared again. */
	if (cf_json_read_path(&doc, path, CF_MAX_JSON) != NULL)
		doc = json_object();
	free(path);
	return doc;
}

static const struct cf_err *
write_marks(struct all *a)
{
	char *path = cf_store_file(a->own->store, "witnessed.json");
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	json_t *doc = json_object();
	const struct cf_err *err;

	for (size_t i = 0; i < a->n; i++) {
		char hex[CF_OID_TEXT];

		cf_oid_hex(hex, &a->known[i].head);
		json_object_set_new(doc, a->known[i].trust, json_string(hex));
	}
	err = cf_json_file_form(&text, doc);
	if (!err)
		err = cf_file_write(path, text.data, text.len, 0644);
	cf_buf_clear(&text);
	json_decref(doc);
	free(path);
	return err;
}

static bool
mark_changed(struct all *a)
{
	json_t *marks = read_marks(a->own);
	bool any = false;

	for (size_t i = 0; i < a->n; i++) {
		const char *then = cf_json_str(marks, a->known[i].trust);
		char hex[CF_OID_TEXT];

		cf_oid_hex(hex, &a->known[i].head);
		a->known[i].changed = then == NULL || strcmp(then, hex) != 0;
		any |= a->known[i].changed;
	}
	json_decref(marks);
	return any;
}

/* Whether this sync asked a partner and got an answer. */
static bool
was_asked(const struct all *a, const char *trust)
{
	json_t *lines = json_object_get(a->result, "partners"), *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		const char *verdict = cf_json_str(line, "verdict");

		if (strcmp(cf_json_str(line, "trust"), trust) == 0)
			return strcmp(verdict, "refused") != 0 &&
				strcmp(verdict, "unreachable") != 0;
	}
	return false;
}

/* Somebody saw more of a trust than its host shows us. */
static void
tell_newer(struct all *a, const struct known *whom, const struct known *saw,
	const struct cf_seen *seen)
{
	json_t *list = json_object_get(a->result, "attention");
	char when[CF_TIME_TEXT];

	cf_time_format(when, seen->time);
	if (whom->trust == a->own->id)
		json_array_append_new(list, json_sprintf("%s has seen entry %d "
			"of yours, of %.10s, which is not on this computer. If "
			"another computer of yours published it, run 'confer "
			"publish' there; until it is here, this one does not "
			"publish.", saw->title, (int)seen->sequence, when));
	else if (was_asked(a, whom->trust))
		json_array_append_new(list, json_sprintf("%s has seen entry %d "
			"of %s, of %.10s, which their address does not show "
			"you. If that stays so, tell %s: their host may hold "
			"something back.", saw->title, (int)seen->sequence,
			whom->title, when, whom->title));
}

/* The commit with that number, from `head` down; raw is empty without one. */
static const struct cf_err *
history_at(struct cf_buf *raw, struct cf_odb *odb, const struct cf_oid *head,
	uint64_t sequence)
{
	struct cf_oid at = *head;
	const struct cf_err *err = NULL;

	for (uint64_t steps = 0; steps < CF_MAX_COMMITS && !err; steps++) {
		struct cf_commit commit;
		struct cf_place place;

		err = cf_odb_read(raw, odb, &at, CF_COMMIT);
		if (!err)
			err = cf_commit_parse(&commit, bytes_of(raw));
		if (!err)
			err = cf_message_parse(&place, commit.message);
		if (!err && place.sequence == sequence)
			return NULL;
		if (!err && (!commit.has_parent || place.sequence < sequence))
			break;
		if (!err)
			at = commit.parent;
	}
	cf_buf_reset(raw);
	return err;
}

/* One observation that is not simply our newest commit of that trust. */
static const struct cf_err *
judge(struct all *a, const struct known *whom, const struct known *saw,
	const struct cf_gate *gate, struct cf_str commit)
{
	struct cf_buf ours = CF_BUF(CF_MAX_COMMIT);
	struct cf_seen seen, known;
	const struct cf_err *err = NULL;

	/* Not signed by them, or by a key that does not count: a lie. */
	if (cf_seen_read(&seen, &gate->chain, commit) != NULL)
		return NULL;
	if (seen.sequence > gate->sequence) {
		if (seen.era == cf_chain_era(&gate->chain))
			tell_newer(a, whom, saw, &seen);
		return NULL;
	}
	err = history_at(&ours, cf_store_odb(a->own->store), &whom->head,
		seen.sequence);
	if (!err && ours.len && cf_seen_read(&known, &gate->chain,
		bytes_of(&ours)) == NULL && cf_seen_split(&seen, &known)) {
		err = cf_split_keep(a->result, a->own, &gate->chain,
			bytes_of(&ours), commit, saw->title);
		a->decide = true;
	}
	cf_buf_clear(&ours);
	return err;
}

/* What all others saw of one trust. */
static const struct cf_err *
compare_one(struct all *a, const struct known *whom)
{
	struct cf_buf commit = CF_BUF(CF_MAX_COMMIT);
	struct cf_gate gate = { 0 };
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < a->n && !err; i++) {
		const struct known *saw = &a->known[i];
		struct cf_oid oid;
		bool found = false;

		if (saw == whom || !(saw->changed || whom->changed))
			continue;
		err = cf_witness_in(&commit, &found, a->own, &saw->tree,
			whom->trust);
		if (err || !found)
			continue;
		cf_oid_of(&oid, CF_COMMIT, commit.data, commit.len);
		if (cf_oid_eq(&oid, &whom->head))
			continue;
		if (gate.sequence == 0)
			err = cf_gate_load(&gate, cf_store_odb(a->own->store),
				&whom->head);
		if (!err)
			err = judge(a, whom, saw, &gate, bytes_of(&commit));
	}
	cf_gate_clear(&gate);
	cf_buf_clear(&commit);
	return err;
}

const struct cf_err *
cf_witness_compare(json_t *result, bool *decide, struct cf_trust *trust)
{
	struct all a = { .own = trust, .result = result };
	const struct cf_err *err = gather(&a);

	if (!err && mark_changed(&a)) {
		for (size_t i = 0; i < a.n && !err; i++)
			err = compare_one(&a, &a.known[i]);
		if (!err)
			err = write_marks(&a);
	}
	*decide |= a.decide;
	clear(&a);
	return err;
}

const struct cf_err *
cf_witness_fork(json_t *result, struct cf_trust *trust,
	const struct cf_partner *partner, struct cf_odb *odb,
	const struct cf_oid *head)
{
	struct cf_buf theirs = CF_BUF(CF_MAX_COMMIT), ours = CF_BUF(
		CF_MAX_COMMIT);
	char *pin = cf_pin_name(partner->trust);
	struct cf_gate gate = { 0 };
	struct cf_seen a, b;
	const struct cf_err *err;
	struct cf_oid at;
	bool found;

	err = cf_ref_read(&at, &found, trust->store, pin);
	if (!err && found)
		err = cf_gate_load(&gate, cf_store_odb(trust->store), &at);
	if (err || !found)
		goto done;
	/* Whatever cannot be read there proves nothing. */
	if (cf_odb_read(&theirs, odb, head, CF_COMMIT) == NULL &&
		cf_seen_read(&a, &gate.chain, bytes_of(&theirs)) == NULL &&
		a.sequence > gate.sequence &&
		history_at(&theirs, odb, head, gate.sequence) != NULL)
		cf_buf_reset(&theirs);
	if (cf_seen_read(&a, &gate.chain, bytes_of(&theirs)) != NULL)
		goto done;
	err = history_at(&ours, cf_store_odb(trust->store), &at, a.sequence);
	if (!err && ours.len && cf_seen_read(&b, &gate.chain, bytes_of(&ours))
		== NULL && cf_seen_split(&a, &b))
		err = cf_split_keep(result, trust, &gate.chain,
			bytes_of(&ours), bytes_of(&theirs), "you now");
done:
	cf_gate_clear(&gate);
	cf_buf_clear(&theirs);
	cf_buf_clear(&ours);
	free(pin);
	return err;
}

/* --- before we publish ------------------------------------------------------ */

const struct cf_err *
cf_witness_behind(struct cf_trust *trust)
{
	struct cf_buf commit = CF_BUF(CF_MAX_COMMIT);
	struct all a = { .own = trust };
	const struct cf_err *err = gather(&a);

	for (size_t i = 1; i < a.n && !err; i++) {
		struct cf_seen seen;
		bool found;

		err = cf_witness_in(&commit, &found, trust, &a.known[i].tree,
			trust->id);
		if (err || !found || cf_seen_read(&seen, &trust->own.chain,
			bytes_of(&commit)) != NULL)
			continue;
		if (seen.sequence > trust->own.sequence && seen.era ==
			cf_chain_era(&trust->own.chain))
			err = cf_err_rule(CF_REFUSED, "publish.behind", "%s has "
				"seen entry %llu of yours, which is neither "
				"here nor at your host: it may have been put "
				"back to an old state. Nothing was published. "
				"Run 'confer publish' on the computer that "
				"published it, then try again here",
				a.known[i].title,
				(unsigned long long)seen.sequence);
	}
	clear(&a);
	cf_buf_clear(&commit);
	return err;
}

/* The commit with that number in our main is this one. */
static const struct cf_err *
is_ours(bool *out, struct all *a, uint64_t sequence, struct cf_str commit)
{
	struct cf_buf here = CF_BUF(CF_MAX_COMMIT);
	const struct cf_err *err = history_at(&here,
		cf_store_odb(a->own->store), &a->own->own.head, sequence);

	*out = !err && here.len == commit.n &&
		memcmp(here.data, commit.p, commit.n) == 0;
	cf_buf_clear(&here);
	return err;
}

const struct cf_err *
cf_witness_of_ours(bool *out, struct cf_trust *trust, uint64_t after)
{
	struct cf_buf commit = CF_BUF(CF_MAX_COMMIT);
	struct all a = { .own = trust };
	const struct cf_err *err = gather(&a);

	*out = false;
	for (size_t i = 1; i < a.n && !err && !*out; i++) {
		struct cf_seen seen;
		bool found;

		err = cf_witness_in(&commit, &found, trust, &a.known[i].tree,
			trust->id);
		if (!err && found && cf_seen_read(&seen, &trust->own.chain,
			bytes_of(&commit)) == NULL && seen.sequence > after)
			err = is_ours(out, &a, seen.sequence,
				bytes_of(&commit));
	}
	clear(&a);
	cf_buf_clear(&commit);
	return err;
}
