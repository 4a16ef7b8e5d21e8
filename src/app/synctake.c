/*
 * What one partner has sent: judged, and taken in or set aside.
 */
#include <stdlib.h>
#include <string.h>

#include "app/sync.h"
#include "app/witness.h"
#include "base/mem.h"

/* Keeps the fetched head beside the pin. */
static const struct cf_err *
set_aside(struct cf_synced *o, const char *where)
{
	struct cf_store *store = o->s->trust->store;
	char *name = cf_asprintf("%s%s", where, o->partner->trust);
	const struct cf_err *err;
	struct cf_oid old;
	bool found;

	err = cf_ref_read(&old, &found, store, name);
	if (!err)
		err = cf_ref_set(store, name, &o->fetch->head,
			found ? &old : NULL);
	free(name);
	return err;
}

/* The two documents of one number. */
static json_t *
parting(const struct cf_chain *known, const struct cf_chain *other)
{
	size_t at = cf_chain_common(known, other);

	return at < known->n && at < other->n ? json_pack("{s:O, s:O}",
		"known", known->link[at].doc, "other", other->link[at].doc) :
		NULL;
}

/*
 * Two chains that part: one of them is not the trust's. Both are kept, as proof,
 * and for the person who is told which it is. Without a recovery sheet nobody
 * can make one.
 */
static const struct cf_err *
keep_fork(struct cf_synced *o)
{
	struct cf_trust *trust = o->s->trust;
	struct cf_gate known = { 0 }, other = { 0 };
	const struct cf_err *err;

	err = cf_quarantine_keep(trust->store,
		o->fetch->quarantine, &o->fetch->head);
	if (!err)
		err = set_aside(o, CF_FORK);
	if (!err)
		err = cf_gate_load(&known, cf_store_odb(trust->store),
			o->has_waits ? &o->waits : &o->from);
	if (!err)
		err = cf_gate_load(&other, cf_store_odb(trust->store),
			&o->fetch->head);
	if (!err) {
		json_decref(o->fork);
		o->fork = parting(&known.chain, &other.chain);
	}
	cf_gate_clear(&known);
	cf_gate_clear(&other);
	return err;
}

/* Of a history that was replaced the proof is kept, where it is one. */
static const struct cf_err *
keep_proof(struct cf_synced *o, const struct cf_err *why, struct cf_odb *odb)
{
	const struct cf_err refused = *why, *err = NULL;

	if (strcmp(refused.rule, "identity.fork") == 0)
		err = keep_fork(o);
	else if (strcmp(refused.rule, "history.diverged") == 0)
		err = cf_witness_fork(o->s->result, o->s->trust, o->partner,
			odb, &o->fetch->head);
	return err ? err : cf_err_rule(refused.code, refused.rule, "%s",
		refused.msg);
}

/* Judges what was fetched and keeps it: objects, pin, index. */
static const struct cf_err *
take_in(struct cf_synced *o)
{
	struct cf_trust *trust = o->s->trust;
	struct cf_quarantine q = { 0 };
	char *pin = cf_pin_name(o->partner->trust);
	const struct cf_err *err;

	err = cf_quarantine_open(&q, o->fetch->quarantine, trust->store);
	if (!err)
		err = cf_index_begin(trust->index);
	if (err)
		goto done;
	o->take = (struct cf_take){ .id = o->partner->trust, .fresh = q.pack,
		.all = q.all, .head = o->fetch->head, .waits = o->waits,
		.has_waits = o->has_waits };
	err = cf_take_main(&o->take, trust);
	if (!err)
		err = cf_quarantine_accept(trust->store, o->fetch->quarantine,
			&o->fetch->head);
	if (!err && o->take.gate.left.is) {
		/* Whether to follow is decided when all were heard. */
		cf_index_rollback(trust->index);
		err = set_aside(o, CF_HELD);
		goto done;
	}
	if (!err)
		err = cf_ref_set(trust->store, pin, &o->fetch->head,
			o->has_from ? &o->from : NULL);
	if (!err)
		err = cf_index_commit(trust->index);
	else
		cf_index_rollback(trust->index);
	o->taken = err == NULL;
	if (err && err->code == CF_REFUSED)
		err = keep_proof(o, err, q.all);
	/* What went on from the pin has what waited, too. */
	if (o->taken && o->has_waits)
		err = cf_forget_aside(trust, o->partner->trust);
done:
	cf_quarantine_close(&q);
	free(pin);
	return err;
}

/* Another sync may have been here since we asked the host. */
static const struct cf_err *
is_old_news(bool *out, struct cf_synced *o)
{
	struct cf_odb *odb = cf_store_odb(o->s->trust->store);
	struct cf_gate pin = { 0 }, head = { 0 };
	const struct cf_err *err = NULL;

	*out = (o->has_from && cf_oid_eq(&o->from, &o->fetch->head)) ||
		(o->has_waits && cf_oid_eq(&o->waits, &o->fetch->head));
	if (*out || !o->has_from || !o->has_asked ||
		cf_oid_eq(&o->from, &o->asked) ||
		!cf_odb_has(odb, &o->fetch->head))
		return NULL;
	err = cf_gate_load(&pin, odb, &o->from);
	if (!err)
		err = cf_gate_load(&head, odb, &o->fetch->head);
	*out = !err && head.sequence <= pin.sequence;
	cf_gate_clear(&pin);
	cf_gate_clear(&head);
	return err;
}

/* A sync that was killed after the pin had moved left the index behind it; what
 * was fetched begins at the pin. */
static const struct cf_err *
meet_pin(struct cf_synced *o)
{
	struct cf_trust *trust = o->s->trust;
	const struct cf_err *err;
	struct cf_oid known;
	bool found;

	err = cf_index_pin(&known, &found, trust->index, o->partner->trust);
	if (err || (found == o->has_from && (!found ||
		cf_oid_eq(&known, &o->from))))
		return err;
	return cf_catch_up(trust);
}

const struct cf_err *
cf_sync_take(struct cf_synced *o)
{
	struct cf_store *store = o->s->trust->store;
	char *pin = cf_pin_name(o->partner->trust);
	const struct cf_err *err;
	bool same = false;

	err = cf_ref_read(&o->from, &o->has_from, store, pin);
	free(pin);
	if (!err)
		err = meet_pin(o);
	if (!err)
		err = is_old_news(&same, o);
	if (err || same)
		return err;
	if (o->fetch->quarantine)
		return take_in(o);
	err = cf_gate_unsent(cf_store_odb(store), o->has_from ? &o->from :
		NULL, &o->fetch->head);
	if (err && o->has_waits && strcmp(err->rule, "object.missing") == 0)
		err = cf_gate_unsent(cf_store_odb(store), &o->waits,
			&o->fetch->head);
	return err;
}

const struct cf_err *
cf_sync_settle(struct cf_synced *o)
{
	struct cf_trust *trust = o->s->trust;
	const struct cf_err *err;
	struct cf_restarted what = { .id = o->partner->trust };
	bool found, alone = false;

	err = cf_aside(&what.head, &found, trust, CF_HELD, what.id);
	if (err || !found)
		return err;
	cf_take_clear(&o->take);
	o->taken = false;
	err = cf_restart_take(&o->restart, &alone, trust, &o->take, &what);
	o->taken = !err && alone;
	if (!err)
		json_object_set_new(o->restart, "waits", json_boolean(!alone));
	return err;
}
