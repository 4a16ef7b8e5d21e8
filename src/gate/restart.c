/*
 * Step 2 where a line does not lead to the pin: a trust may begin its history
 * again from an earlier commit, with an identity that says so. Who follows is not
 * decided here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"
#include "record/message.h"

/*
 * Two chains have other documents of one number, both proved by those before it.
 * Only where what they say differs has somebody a recovery sheet who should not:
 * a first document of one's own, or one with some of its signatures left out or in
 * another order, anybody can write.
 */
static const struct cf_err *
chains_part(const struct cf_identity *known, const struct cf_identity *next)
{
	bool same = strcmp(known->digest.text, next->digest.text) == 0;

	if (!same && known->version == 1)
		return cf_err_rule(CF_REFUSED, "history.other-trust", "the "
			"repository at this address belongs to another trust "
			"(%s), whatever it says", next->digest.text);
	if (same)
		return cf_err_rule(CF_REFUSED, "identity.changed", "the "
			"signatures under the document that says who this "
			"trust is as number %u are not those that were "
			"verified before", known->version);
	return cf_err_rule(CF_REFUSED, "identity.fork", "there are two "
		"documents that say who this trust is as number %u: one that "
		"was verified before, and another one at this address",
		known->version);
}

const struct cf_err *
cf_gate_eras(const struct cf_chain *known, const struct cf_chain *next)
{
	size_t common = cf_chain_common(known, next);
	const struct cf_identity *ours = cf_chain_restart(known);
	const struct cf_identity *theirs = cf_chain_restart(next);

	if (common < known->n && common < next->n)
		return chains_part(&known->link[common], &next->link[common]);
	if (ours && (theirs == NULL || theirs->version < ours->version))
		return cf_err_rule(CF_REFUSED, "history.era", "this is the "
			"history that the trust left when it began again with "
			"its identity %u", ours->version);
	return NULL;
}

static const struct cf_err *
diverged(void)
{
	return cf_err_rule(CF_REFUSED, "history.diverged", "the history at "
		"this address is not the one that was verified before: commits "
		"were replaced");
}

/* Reads a commit as it is: its line was walked before. */
static const struct cf_err *
peek(struct cf_commit *out, struct cf_place *place, struct cf_buf *raw,
	struct cf_odb *odb, const struct cf_oid *oid)
{
	const struct cf_err *err = cf_odb_read(raw, odb, oid, CF_COMMIT);

	if (!err)
		err = cf_commit_parse(out,
			(struct cf_str){ raw->data, raw->len });
	if (!err)
		err = cf_message_parse(place, out->message);
	return err;
}

/* The chain that a commit's tree holds, all of it, every proof checked. */
static const struct cf_err *
chain_at(struct cf_chain *out, struct cf_odb *odb, const struct cf_oid *commit)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_place place;
	struct cf_commit c;
	const struct cf_err *err;

	*out = (struct cf_chain){ 0 };
	err = peek(&c, &place, &raw, odb, commit);
	if (!err)
		err = cf_step_chain(out, odb, &c.tree);
	if (err)
		cf_chain_clear(out);
	cf_buf_clear(&raw);
	return err;
}

/*
 * Walks back from two commits, always from the one that is further on, until they
 * meet. *found is false where one line ends before that.
 */
static const struct cf_err *
meet(struct cf_oid *out, bool *found, struct cf_odb *odb,
	const struct cf_oid *a, const struct cf_oid *b)
{
	struct cf_oid at[2] = { *a, *b };
	struct cf_buf raw[2] = { CF_BUF(CF_MAX_COMMIT),
		CF_BUF(CF_MAX_COMMIT) };
	struct cf_commit c[2];
	struct cf_place place[2];
	const struct cf_err *err;

	*found = false;
	err = peek(&c[0], &place[0], &raw[0], odb, &at[0]);
	if (!err)
		err = peek(&c[1], &place[1], &raw[1], odb, &at[1]);
	while (!err && !(*found = cf_oid_eq(&at[0], &at[1]))) {
		int on = place[0].sequence < place[1].sequence;

		if (!c[on].has_parent)
			break;
		at[on] = c[on].parent;
		err = peek(&c[on], &place[on], &raw[on], odb, &at[on]);
	}
	*out = at[0];
	cf_buf_clear(&raw[0]);
	cf_buf_clear(&raw[1]);
	return err;
}

const struct cf_err *
cf_gate_fork(struct cf_gate *out, bool *found, struct cf_odb *odb,
	const struct cf_oid *a, const struct cf_oid *b)
{
	const struct cf_err *err;
	struct cf_oid fork;

	*out = (struct cf_gate){ 0 };
	err = meet(&fork, found, odb, a, b);
	return err || !*found ? err : cf_gate_load(out, odb, &fork);
}

/* Where on the line (oldest first) the commit is. The line is not verified yet,
 * so that nothing in it counts but its ids. */
static const struct cf_err *
fork_on(size_t *out, bool *found, struct cf_run *run,
	const struct cf_oids *line)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_commit c = { .has_parent = true };
	struct cf_place place;
	struct cf_oid at = run->pin;
	const struct cf_err *err = NULL;

	*found = false;
	while (!err && c.has_parent && !*found) {
		err = peek(&c, &place, &raw, run->all, &at);
		/* A verified commit has its number as its place. */
		*out = err ? 0 : (size_t)place.sequence - 1;
		*found = !err && *out < line->n && cf_oid_eq(&line->oid[*out],
			&at);
		at = c.parent;
	}
	cf_buf_clear(&raw);
	return err;
}

/* Whether the commit after the fork begins history again there. */
static const struct cf_err *
check_first(struct cf_run *run, const struct cf_oid *first,
	const struct cf_oid *base)
{
	const struct cf_chain *known = &run->gate->chain;
	struct cf_chain chain = { 0 };
	const struct cf_identity *now;
	char hex[CF_OID_TEXT];
	const struct cf_err *err;

	err = chain_at(&chain, run->all, first);
	if (err && err->code != CF_SYS)
		return diverged();
	if (!err)
		err = cf_gate_eras(known, &chain);
	now = cf_chain_now(&chain);
	cf_oid_hex(hex, base);
	if (!err && (chain.n <= known->n || cf_restart_base(now) == NULL ||
		strcmp(cf_restart_base(now), hex) != 0))
		err = diverged();
	if (!err)
		run->gate->left = (struct cf_left){ .is = true, .base = *base,
			.identity = now->version };
	cf_chain_clear(&chain);
	return err;
}

/* The chain at the end of the line says more than its beginning: of whom it is,
 * and of which era. */
static const struct cf_err *
check_last(struct cf_run *run, const struct cf_oid *head)
{
	struct cf_chain chain = { 0 };
	const struct cf_err *err = chain_at(&chain, run->all, head);

	if (err && err->code != CF_SYS)
		return diverged();
	if (!err)
		err = cf_gate_eras(&run->gate->chain, &chain);
	cf_chain_clear(&chain);
	return err;
}

const struct cf_err *
cf_step_leave(size_t *first, struct cf_run *run, const struct cf_oids *line)
{
	const struct cf_gate_sink *sink = run->sink;
	struct cf_gate at = { 0 };
	const struct cf_err *err;
	bool found;
	size_t fork;

	*first = 0;
	err = check_last(run, &line->oid[line->n - 1]);
	if (!err)
		err = fork_on(&fork, &found, run, line);
	if (!err && !found)
		err = diverged();
	if (!err) {
		run->at = line->oid[fork + 1];
		err = check_first(run, &line->oid[fork + 1], &line->oid[fork]);
	}
	if (!err)
		err = cf_gate_load(&at, run->all, &line->oid[fork]);
	if (err)
		return err;
	at.left = run->gate->left;
	at.left.sequence = at.sequence;
	at.left.known = at.chain.n;
	at.waits = run->gate->waits;
	at.has_waits = run->gate->has_waits;
	cf_gate_clear(run->gate);
	*run->gate = at;
	*first = fork + 1;
	return sink->leave ? sink->leave(sink->payload, run->gate) : NULL;
}

/* Called when the gate stands at the first commit after the fork. */
void
cf_step_left(struct cf_run *run)
{
	struct cf_gate *gate = run->gate;
	const struct cf_chain *chain = &gate->chain;
	struct cf_chain at = { .link = chain->link, .n = gate->left.known };

	memcpy(gate->left.signer, run->signer, sizeof gate->left.signer);
	gate->left.listed = cf_chain_may_publish(&at, run->signer);
}

const struct cf_err *
cf_step_waits(struct cf_run *run)
{
	struct cf_chain waits = { 0 };
	const struct cf_err *err;

	if (!run->gate->has_waits)
		return NULL;
	err = chain_at(&waits, run->all, &run->gate->waits);
	if (!err)
		err = cf_gate_eras(&waits, &run->gate->chain);
	cf_chain_clear(&waits);
	return err;
}
