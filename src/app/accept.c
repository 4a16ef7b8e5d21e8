/*
 * What a person accepts of a partner, after a telephone call: a history that was
 * begun again, or one of two identities.
 */
#include <stdlib.h>
#include <string.h>

#include "app/copies.h"
#include "app/erased.h"
#include "app/lastsync.h"
#include "app/trust.h"
#include "base/mem.h"

struct accepting {
	struct cf_trust *trust;
	const struct cf_partner *partner;
	struct cf_take take;
	json_t *info;		/* of what left */
};

static const struct cf_err *
nothing_waits(const struct accepting *a)
{
	char *title = cf_trust_title(a->trust, a->partner->trust);
	const struct cf_err *err = cf_err(CF_NOT_FOUND, "nothing of %s waits "
		"for you. 'confer sync %s' asks them for what is new", title,
		a->partner->name);

	free(title);
	return err;
}

static const struct cf_err *
accept_restart(struct accepting *a)
{
	struct cf_restarted what = { .id = a->partner->trust,
		.accepted = true };
	const struct cf_err *err;
	bool found, alone;

	err = cf_aside(&what.head, &found, a->trust, CF_HELD, what.id);
	if (!err && !found)
		err = nothing_waits(a);
	return err ? err : cf_restart_take(&a->info, &alone, a->trust,
		&a->take, &what);
}

/* Whether one of the identities from `from` on has the digest. */
static bool
names(const struct cf_chain *chain, size_t from, const char *digest)
{
	for (size_t i = from; i < chain->n; i++)
		if (strcmp(chain->link[i].digest.text, digest) == 0)
			return true;
	return false;
}

/* The other chain, with all that is on it, judged from where the lines part. */
static const struct cf_err *
take_other(struct accepting *a, const struct cf_oid *pin,
	const struct cf_oid *other)
{
	struct cf_trust *trust = a->trust;
	char *name = cf_pin_name(a->partner->trust);
	struct cf_gate fork = { 0 };
	json_t *cut = NULL, *lost = NULL;
	const struct cf_err *err;
	bool met = false;

	err = cf_gate_fork(&fork, &met, cf_store_odb(trust->store), pin,
		other);
	if (!err && !met)
		err = cf_err_rule(CF_REFUSED, "history.diverged", "the two "
			"histories have not even their first entry in common");
	if (!err)
		err = cf_index_cut(&cut, trust->index, &fork);
	a->take = (struct cf_take){ .id = a->partner->trust,
		.all = cf_store_odb(trust->store), .head = *other };
	if (!err)
		err = cf_take_main(&a->take, trust);
	if (!err)
		err = cf_index_lost(&lost, trust->index, a->partner->trust,
			cut);
	if (!err) {
		a->info = json_pack("{s:s, s:I, s:o}", "reason", "fork",
			"sequence", (json_int_t)fork.sequence, "lost",
			cf_lost_rows(lost));
		err = cf_ref_set(trust->store, name, other, pin);
	}
	cf_gate_clear(&fork);
	json_decref(cut);
	json_decref(lost);
	free(name);
	return err;
}

static const struct cf_err *
other_locked(struct accepting *a, const struct cf_oid *pin,
	const struct cf_oid *other)
{
	const struct cf_err *err = cf_index_begin(a->trust->index);

	if (err)
		return err;
	err = take_other(a, pin, other);
	if (!err)
		err = cf_index_commit(a->trust->index);
	else
		cf_index_rollback(a->trust->index);
	return err ? err : cf_forget_aside(a->trust, a->partner->trust);
}

/* What we know of the trust's identities: those of a restart that waits go on
 * from those of the pin. */
static const struct cf_err *
known_chain(struct cf_gate *out, struct accepting *a,
	const struct cf_oid *pin)
{
	const struct cf_err *err;
	struct cf_oid held;
	bool found;

	*out = (struct cf_gate){ 0 };
	err = cf_aside(&held, &found, a->trust, CF_HELD, a->partner->trust);
	return err ? err : cf_gate_load(out, cf_store_odb(a->trust->store),
		found ? &held : pin);
}

static const struct cf_err *
forget_other(struct accepting *a)
{
	char *name = cf_asprintf(CF_FORK "%s", a->partner->trust);
	const struct cf_err *err = cf_ref_delete(a->trust->store, name);

	free(name);
	return err;
}

static const struct cf_err *
accept_identity(struct accepting *a, const char *digest)
{
	struct cf_odb *odb = cf_store_odb(a->trust->store);
	char *name = cf_pin_name(a->partner->trust);
	struct cf_gate known = { 0 }, other = { 0 };
	struct cf_oid head, pin;
	const struct cf_err *err;
	bool found, pinned;
	size_t common;

	err = cf_aside(&head, &found, a->trust, CF_FORK, a->partner->trust);
	if (!err && !found)
		err = nothing_waits(a);
	if (!err)
		err = cf_ref_read(&pin, &pinned, a->trust->store, name);
	if (!err)
		err = known_chain(&known, a, &pin);
	if (!err)
		err = cf_gate_load(&other, odb, &head);
	common = cf_chain_common(&known.chain, &other.chain);
	if (!err && names(&other.chain, common, digest))
		err = other_locked(a, &pin, &head);
	else if (!err && names(&known.chain, common, digest))
		err = forget_other(a);
	else if (!err)
		err = cf_err_rule(CF_INVALID, "identity.unknown", "neither of "
			"the two identities is %s. Have them read it out "
			"again: 'confer id' shows it as Identity", digest);
	cf_gate_clear(&known);
	cf_gate_clear(&other);
	free(name);
	return err;
}

static const struct cf_err *
result_of(json_t **out, const struct accepting *a)
{
	const char *id = a->partner->trust;
	json_t *row = NULL;
	const struct cf_err *err = cf_index_trust(&row, a->trust->index, id);

	if (!err)
		*out = json_pack("{s:s, s:s, s:s, s:s, s:i, s:O*}", "name",
			a->partner->name, "trust", id, "title",
			cf_json_str(row, "name"), "commit", cf_json_str(row,
			"head"), "identity", (int)json_integer_value(
			json_object_get(row, "identity")), "restart",
			a->info);
	json_decref(row);
	return err;
}

static const struct cf_err *
accept_locked(json_t **out, struct accepting *a, const char *name,
	const char *identity)
{
	struct cf_partners partners;
	struct cf_partner *partner;
	const struct cf_err *err = cf_partners_read(&partners, a->trust);

	if (err)
		return err;
	err = cf_partner_named(&partner, a->trust, &partners, name);
	a->partner = partner;
	if (!err)
		err = identity ? accept_identity(a, identity) :
			accept_restart(a);
	if (!err)
		err = cf_catch_up(a->trust);
	if (!err)
		err = cf_last_sync_note(a->trust, a->partner->trust, "updated",
			NULL);
	if (!err)
		err = result_of(out, a);
	cf_partners_clear(&partners);
	return err;
}

const struct cf_err *
cf_partner_accept(json_t **out, struct cf_trust *trust, const char *name,
	const char *identity)
{
	struct accepting a = { .trust = trust };
	const struct cf_err *err;

	*out = NULL;
	err = cf_store_lock(trust->store, "partner accept");
	if (err)
		return err;
	err = accept_locked(out, &a, name, identity);
	cf_store_unlock(trust->store);
	if (!err) {
		cf_erased_finish(trust);
		err = cf_relay_add(*out, trust, NULL);
	}
	cf_take_clear(&a.take);
	json_decref(a.info);
	return err;
}
