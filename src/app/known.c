/*
 * What this machine knows besides a draft, for a check: the policy, the people of
 * the roll, what was published before.
 */
#include "app/exact.h"
#include "app/known.h"
#include "check/csv.h"

/* A check goes on without the roll and says so. */
static void
open_roll(struct cf_known *known, struct cf_trust *trust)
{
	const struct cf_err *err = cf_roll_open(trust);

	if (err) {
		known->kept = *cf_err_wrap(err, "the people of your roll were "
			"not looked for");
		known->with.no_roll = known->kept.msg;
	}
	known->with.roll = trust->roll;
}

/* And without the exact numbers. */
static void
open_exact(struct cf_known *known, struct cf_trust *trust)
{
	const struct cf_err *err = cf_exact_open(trust);

	known->with.no_ledger = "this machine has kept no exact numbers yet; "
		"'confer check --fix' keeps them, sealed";
	if (err) {
		known->kept_exact = *cf_err_wrap(err, "what is shown was not "
			"compared with exact numbers");
		known->with.no_ledger = known->kept_exact.msg;
	}
	known->with.ledger = trust->ledger;
	cf_forget_key(trust);
}

const struct cf_err *
cf_list_open(struct cf_secret *list, struct cf_behind *out, const char *file)
{
	const struct cf_err *err;

	if (file == NULL)
		return NULL;
	err = cf_secret_load(list, file, CF_MAX_BEHIND);
	if (err)
		return err;
	err = cf_csv_check(list->p, list->n);
	if (!err)
		err = cf_behind_read(out, list->p, list->n);
	return err ? cf_err_wrap(err, "%s", file) : NULL;
}

const struct cf_err *
cf_known_open(struct cf_known *out, struct cf_trust *trust, const char *evidence)
{
	const struct cf_err *err;

	*out = (struct cf_known){ .policy = cf_policy_floor };
	out->with.policy = &out->policy;
	err = cf_list_open(&out->list, &out->behind, evidence);
	if (err)
		return err;
	out->with.behind = evidence ? &out->behind : NULL;
	if (trust == NULL) {
		out->with.no_roll = "names of your own roll are looked for "
			"only inside your trust's repository";
		out->with.no_ledger = "exact numbers are known only inside "
			"your trust's repository";
		out->with.no_past = "what you published before is known only "
			"inside your trust's repository";
		return NULL;
	}
	err = cf_policy_read(&out->policy, trust);
	if (!err)
		err = cf_past_open(&out->past, trust);
	out->with.past = out->past.list;
	out->with.past_stats = &out->past.stats;
	if (!err) {
		open_roll(out, trust);
		open_exact(out, trust);
	}
	return err;
}

void
cf_known_clear(struct cf_known *known)
{
	cf_policy_clear(&known->policy);
	cf_past_clear(&known->past);
	cf_behind_clear(&known->behind);
	cf_secret_clear(&known->list);
}
