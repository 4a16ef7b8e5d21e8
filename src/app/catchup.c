/*
 * Catching up: refs are what counts; the pin of our own main, index and commons
 * follow from them. After a crash at any instant the next command comes through
 * here and finds the old state or the new one.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/mem.h"

static const struct cf_err *
start_gate(struct cf_take *take, struct cf_trust *trust)
{
	const struct cf_err *err;
	struct cf_oid pin;
	bool found;

	err = cf_index_pin(&pin, &found, trust->index, take->id);
	if (!err && found)
		err = cf_gate_load(&take->gate, cf_store_odb(trust->store),
			&pin);
	return err;
}

const struct cf_err *
cf_take_main(struct cf_take *take, struct cf_trust *trust)
{
	struct cf_gate_sink sink = { 0 };
	const struct cf_err *err;

	take->gate = (struct cf_gate){ 0 };
	take->refusal = (struct cf_refusal){ 0 };
	take->run = (struct cf_index_run){ .index = trust->index };
	memcpy(take->run.trust, take->id, strlen(take->id) + 1);
	cf_index_sink(&sink, &take->run);
	err = start_gate(take, trust);
	take->identities = take->gate.chain.n;
	take->gate.waits = take->waits;
	take->gate.has_waits = take->has_waits;
	if (!err)
		err = cf_gate_run(&take->gate, take->fresh, take->all,
			&take->head, &sink, &take->refusal);
	if (!err && strcmp(cf_chain_trust(&take->gate.chain), take->id) != 0)
		err = cf_err_rule(CF_REFUSED, "history.other-trust",
			"the repository belongs to another trust (%s)",
			cf_chain_trust(&take->gate.chain));
	if (!err)
		err = cf_index_set_pin(trust->index, &take->gate);
	return err;
}

void
cf_take_clear(struct cf_take *take)
{
	cf_gate_clear(&take->gate);
	cf_index_run_clear(&take->run);
}

/* Takes a main into the index up to `head`, from our own objects. */
static const struct cf_err *
follow(struct cf_trust *trust, const char *id, const struct cf_oid *head)
{
	struct cf_take take = { .id = id, .all = cf_store_odb(trust->store),
		.head = *head };
	const struct cf_err *err;

	err = cf_index_begin(trust->index);
	if (err)
		return err;
	err = cf_take_main(&take, trust);
	cf_take_clear(&take);
	if (!err)
		return cf_index_commit(trust->index);
	cf_index_rollback(trust->index);
	return err;
}

/* The same from a commit that lies beside `head`, as both were verified: back to
 * where the two lines part, or, where they never met, to the beginning. */
static const struct cf_err *
follow_beside(struct cf_trust *trust, const char *id,
	const struct cf_oid *have, const struct cf_oid *head)
{
	struct cf_gate fork;
	const struct cf_err *err;
	json_t *cut = NULL;
	bool met = false;

	/* An index of objects that are gone is made again. */
	if (cf_gate_fork(&fork, &met, cf_store_odb(trust->store), have, head)
		!= NULL)
		met = false;
	err = cf_index_begin(trust->index);
	if (!err) {
		err = met ? cf_index_cut(&cut, trust->index, &fork) :
			cf_index_forget(trust->index, id);
		if (!err)
			err = cf_index_commit(trust->index);
		else
			cf_index_rollback(trust->index);
	}
	cf_gate_clear(&fork);
	json_decref(cut);
	return err ? err : follow(trust, id, head);
}

/* Our main was moved by something other than Confer. */
static const struct cf_err *
own_refused(struct cf_trust *trust, const struct cf_err *why)
{
	char *name = cf_pin_name(trust->id);
	const struct cf_err *err;

	err = cf_err_rule(CF_REFUSED, why->rule, "your own repository has a "
		"commit that Confer did not make: %s. To go back to the last "
		"good state: git -C %s update-ref " CF_MAIN " %s", why->msg,
		cf_store_work_dir(trust->store), name);
	free(name);
	return err;
}

/* From where the work tree was left, which after a crash is not the pin. */
static const struct cf_err *
move_work_tree(struct cf_trust *trust, const struct cf_oid *head)
{
	const struct cf_err *err;
	struct cf_oid at;
	bool found;

	err = cf_work_tree_at(&at, &found, trust->store);
	return err ? err : cf_work_tree_move(trust->store, found ? &at : NULL,
		head);
}

/* Passes what is new in our own main through the gate and moves its pin. */
static const struct cf_err *
catch_up_own(struct cf_trust *trust)
{
	char *name = cf_pin_name(trust->id);
	const struct cf_err *err;
	struct cf_oid head, pin, have;
	bool has_head, has_pin = false, known = false;

	err = cf_ref_read(&head, &has_head, trust->store, CF_MAIN);
	if (!err && !has_head)
		err = cf_err(CF_INVALID, "the branch main is missing in %s",
			cf_store_git_dir(trust->store));
	if (!err)
		err = cf_ref_read(&pin, &has_pin, trust->store, name);
	if (!err)
		err = cf_index_pin(&have, &known, trust->index, trust->id);
	if (!err) {
		err = follow(trust, trust->id, &head);
		/* Where the pin is there already, the move was ours. */
		if (err && known && has_pin && cf_oid_eq(&pin, &head))
			err = follow_beside(trust, trust->id, &have, &head);
		if (err && err->code == CF_REFUSED)
			err = own_refused(trust, err);
	}
	if (!err && !(has_pin && cf_oid_eq(&pin, &head)))
		err = cf_ref_set(trust->store, name, &head,
			has_pin ? &pin : NULL);
	free(name);
	return err ? err : move_work_tree(trust, &head);
}

static const struct cf_err *
forget(struct cf_trust *trust, const char *id)
{
	const struct cf_err *err = cf_index_begin(trust->index);

	if (err)
		return err;
	err = cf_index_forget(trust->index, id);
	if (!err)
		return cf_index_commit(trust->index);
	cf_index_rollback(trust->index);
	return err;
}

/* The index of a partner, where its pin moved without it. An index that is not
 * on the way to the pin is made again from the first commit. */
static const struct cf_err *
catch_up_partner(struct cf_trust *trust, const char *id)
{
	char *name = cf_pin_name(id);
	const struct cf_err *err;
	struct cf_oid pin, have;
	bool has_pin, known = false;

	err = cf_ref_read(&pin, &has_pin, trust->store, name);
	if (!err)
		err = cf_index_pin(&have, &known, trust->index, id);
	if (!err && !has_pin && known)
		err = forget(trust, id);
	if (err || !has_pin || (known && cf_oid_eq(&pin, &have)))
		goto done;
	err = follow(trust, id, &pin);
	if (err && known)
		err = follow_beside(trust, id, &have, &pin);
done:
	free(name);
	return err;
}

/* Forgets trusts that are in the index and no longer followed. */
static const struct cf_err *
forget_others(struct cf_trust *trust, const struct cf_partners *partners)
{
	struct cf_names known;
	const struct cf_err *err;

	err = cf_index_trusts(&known, trust->index);
	if (err)
		return err;
	for (size_t i = 0; !err && i < known.n; i++)
		if (strcmp(known.name[i], trust->id) != 0 &&
			cf_partners_find(partners, known.name[i]) == NULL)
			err = forget(trust, known.name[i]);
	cf_names_clear(&known);
	return err;
}

static const struct cf_err *
add_ref(struct cf_buf *out, struct cf_trust *trust, const char *ref)
{
	const struct cf_err *err;
	struct cf_oid oid;
	char hex[CF_OID_TEXT];
	bool found;

	err = cf_ref_read(&oid, &found, trust->store, ref);
	if (!err && found) {
		cf_oid_hex(hex, &oid);
		cf_buf_printf(out, "%s %s\n", ref, hex);
	}
	return err;
}

/* Everything that index and commons are made from, and the commons. */
static const struct cf_err *
fingerprint(char **out, struct cf_trust *trust,
	const struct cf_partners *partners)
{
	struct cf_buf b = CF_BUF(CF_MAX_PARTNERS * 160);
	char *own = cf_pin_name(trust->id);
	const struct cf_err *err;

	*out = NULL;
	err = add_ref(&b, trust, CF_MAIN);
	if (!err)
		err = add_ref(&b, trust, own);
	for (size_t i = 0; !err && i < partners->n; i++) {
		char *name = cf_pin_name(partners->partner[i].trust);

		err = add_ref(&b, trust, name);
		free(name);
	}
	if (!err)
		err = add_ref(&b, trust, CF_COMMONS);
	if (!err)
		err = cf_buf_check(&b, "the list of partners");
	if (!err)
		*out = cf_buf_take(&b);
	cf_buf_clear(&b);
	free(own);
	return err;
}

static const struct cf_err *
is_current(bool *out, struct cf_trust *trust,
	const struct cf_partners *partners)
{
	char *now = NULL, *then = NULL;
	const struct cf_err *err;

	err = fingerprint(&now, trust, partners);
	if (!err)
		err = cf_index_get(&then, trust->index, "built-from");
	*out = !err && then && strcmp(now, then) == 0;
	free(now);
	free(then);
	return err;
}

/* The partners are read under the lock: another confer may have added one while
 * we waited for it. */
static const struct cf_err *
catch_up_locked(struct cf_trust *trust)
{
	struct cf_partners partners;
	const struct cf_err *err;
	char *now = NULL;

	err = cf_partners_read(&partners, trust);
	if (!err)
		err = catch_up_own(trust);
	if (!err)
		err = forget_others(trust, &partners);
	for (size_t i = 0; !err && i < partners.n; i++)
		err = catch_up_partner(trust, partners.partner[i].trust);
	if (!err)
		err = cf_commons_update(trust);
	if (!err)
		err = fingerprint(&now, trust, &partners);
	if (!err)
		err = cf_index_set(trust->index, "built-from", now);
	free(now);
	cf_partners_clear(&partners);
	return err;
}

static const struct cf_err *
load_own(struct cf_trust *trust)
{
	const struct cf_err *err;
	struct cf_oid head;
	bool found;

	err = cf_ref_read(&head, &found, trust->store, CF_MAIN);
	if (err || (trust->own.sequence && cf_oid_eq(&trust->own.head, &head)))
		return err;
	cf_gate_clear(&trust->own);
	return cf_gate_load(&trust->own, cf_store_odb(trust->store), &head);
}

const struct cf_err *
cf_catch_up(struct cf_trust *trust)
{
	struct cf_partners partners;
	const struct cf_err *err;
	bool current;

	err = cf_partners_read(&partners, trust);
	if (err)
		return err;
	err = is_current(&current, trust, &partners);
	if (!err && !current) {
		err = cf_store_lock(trust->store, "catching up");
		if (!err) {
			err = catch_up_locked(trust);
			cf_store_unlock(trust->store);
		}
	}
	cf_partners_clear(&partners);
	return err ? err : load_own(trust);
}
