/*
 * Steps 3 to 5, one commit: its bytes, its place, its signature, the identity
 * it may add, its key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"

static const struct cf_err *
wrong(const char *rule, const char *detail)
{
	return cf_err_rule(CF_REFUSED, rule, "%s", detail);
}

/* What ties a commit to the one before it. */
static const struct cf_err *
check_place(const struct cf_run *run, const struct cf_commit *commit,
	const struct cf_place *place)
{
	const struct cf_gate *gate = run->gate;

	if (commit->has_parent != (gate->sequence > 0) ||
		(commit->has_parent && !cf_oid_eq(&commit->parent,
		&gate->head)))
		return wrong("history.parent",
			"the commit does not follow from the one before it");
	if (place->sequence != gate->sequence + 1)
		return wrong("commit.sequence",
			"the commit's number is not the next one");
	if (gate->sequence > 0 && !cf_str_is(place->trust,
		cf_chain_trust(&gate->chain)))
		return wrong("commit.trust",
			"the commit was made for another trust");
	return NULL;
}

/* The README is the same in every repository, so it can carry no message. */
static const struct cf_err *
check_readme(struct cf_run *run, const struct cf_change *change)
{
	struct cf_oid want;
	struct cf_str text = cf_readme();

	cf_oid_of(&want, CF_BLOB, text.p, text.n);
	memcpy(run->path, change->path, CF_PATH_TEXT);
	if (!cf_oid_eq(&want, &change->blob))
		return wrong("tree.readme",
			"README.md is not the text that every trust has");
	return cf_step_have(run, &change->blob);
}

/* Which files a commit may touch together. */
static const struct cf_err *
check_mix(const struct cf_run *run, const struct cf_changes *changes)
{
	size_t n[4] = { 0 };
	bool first = run->gate->sequence == 0;

	for (size_t i = 0; i < changes->n; i++)
		n[changes->change[i].what]++;
	if (first && (n[CF_CHANGE_KEY] != 1 || n[CF_CHANGE_README] != 1 ||
		changes->n != 2))
		return wrong("commit.first", "the first commit must hold "
			"keys/0001.json and README.md and no more");
	if (!first && n[CF_CHANGE_KEY] && changes->n != n[CF_CHANGE_KEY])
		return wrong("identity.mixed", "a commit that adds an identity "
			"document changes something else too");
	return NULL;
}

static const struct cf_err *
add_identity(struct cf_run *run, const struct cf_change *change)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_IDENTITY);
	struct cf_identity identity;
	const struct cf_err *err;

	memcpy(run->path, change->path, CF_PATH_TEXT);
	err = cf_step_read(&bytes, run, &change->blob, CF_BLOB);
	if (!err)
		err = cf_identity_read(&identity,
			(struct cf_str){ bytes.data, bytes.len });
	if (!err && identity.version != change->version) {
		cf_identity_clear(&identity);
		err = wrong("identity.version",
			"the document's number is not that of its file");
	}
	if (!err)
		err = cf_chain_append_take(&run->gate->chain, &identity);
	cf_buf_clear(&bytes);
	return err;
}

/*
 * The identities that a commit has added (before there were `known`). A restart
 * goes on from its own parent, and brings all that came after it; of those below
 * the highest, the restarts went on from commits that were left.
 */
static const struct cf_err *
check_restart(struct cf_run *run, size_t known)
{
	const struct cf_identity *now = cf_chain_now(&run->gate->chain);
	const char *base = now ? cf_restart_base(now) : NULL;
	char hex[CF_OID_TEXT];

	if (run->gate->chain.n == known)
		return NULL;
	if (run->gate->chain.n > known + 1 && base == NULL)
		return wrong("identity.count",
			"a commit adds more than one identity document");
	cf_oid_hex(hex, &run->gate->head);
	if (base && strcmp(base, hex) != 0)
		return wrong("identity.restart", "an identity that begins "
			"history again names another commit than the one that "
			"it follows");
	return NULL;
}

/* What every changed file must be, before any record is looked at. */
static const struct cf_err *
check_files(struct cf_run *run, const struct cf_changes *changes)
{
	struct cf_buf bytes = CF_BUF(CF_MAX_WITNESS);
	const struct cf_err *err = check_mix(run, changes);
	size_t known = run->gate->chain.n;

	for (size_t i = 0; i < changes->n && !err; i++) {
		const struct cf_change *change = &changes->change[i];

		if (change->what == CF_CHANGE_README)
			err = check_readme(run, change);
		else if (change->what == CF_CHANGE_KEY)
			err = add_identity(run, change);
		else if (change->what == CF_CHANGE_PARTNER && !change->gone) {
			memcpy(run->path, change->path, CF_PATH_TEXT);
			err = cf_step_read(&bytes, run, &change->blob,
				CF_BLOB);
		}
	}
	if (!err)
		err = check_restart(run, known);
	if (!err)
		run->path[0] = '\0';
	cf_buf_clear(&bytes);
	return err;
}

/* A commit of three objects can bring back a whole folder as it was before; so
 * an update may not change more files than it could have objects. */
static const struct cf_err *
check_amount(struct cf_run *run, const struct cf_changes *changes)
{
	run->changes += changes->n;
	if (run->fresh && run->changes > CF_MAX_PACK_OBJECTS)
		return wrong("limit.changes",
			"the new commits change too many files together");
	return NULL;
}

/* Who signed, and under which name: judged by the identity of this commit. */
static const struct cf_err *
check_signer(const struct cf_run *run, const struct cf_commit *commit,
	const struct cf_place *place, const struct cf_pubkey *signer)
{
	const struct cf_chain *chain = &run->gate->chain;
	const struct cf_identity *now = cf_chain_now(chain);
	char *email = cf_trust_email(cf_chain_trust(chain));
	bool named = cf_str_is(commit->name, now->name) &&
		cf_str_is(commit->email, email);

	free(email);
	if (!cf_str_is(place->trust, cf_chain_trust(chain)))
		return wrong("commit.trust",
			"the commit was made for another trust");
	if (place->identity != chain->n)
		return wrong("commit.identity", "the commit does not name the "
			"identity document that is in force");
	if (!named)
		return wrong("commit.author",
			"the commit's author is not the trust");
	if (!cf_chain_may_publish(chain, signer->did))
		return cf_err_rule(CF_REFUSED, "commit.key", "the commit is "
			"signed with %s, which is not a key with which %s "
			"publishes", signer->did, now->name);
	return NULL;
}

/* Before any file is looked at: by the identities that are known, unless the
 * commit says that it brings another one. */
static const struct cf_err *
check_known_signer(const struct cf_run *run, const struct cf_commit_ahead *c)
{
	bool known = run->gate->sequence > 0 &&
		c->place.identity <= run->gate->chain.n;

	return known ? check_signer(run, &c->commit, &c->place, &c->signer) :
		NULL;
}

/* --- ahead ---------------------------------------------------------------- */

static void
stop(struct cf_commit_ahead *c, const struct cf_err *err)
{
	c->fault = cf_step_keep(err);
}

void
cf_commit_read_ahead(struct cf_commit_ahead *c, const struct cf_run *run)
{
	const struct cf_err *err;

	cf_buf_init(&c->raw, CF_MAX_COMMIT);
	err = cf_step_read(&c->raw, run, &c->oid, CF_COMMIT);
	if (!err)
		err = cf_commit_parse(&c->commit,
			(struct cf_str){ c->raw.data, c->raw.len });
	if (!err)
		err = cf_message_parse(&c->place, c->commit.message);
	if (!err) {
		c->stage = CF_STAGE_READ;
		err = cf_commit_verify(&c->signer, &c->commit);
	}
	if (err)
		stop(c, err);
	else
		c->stage = CF_STAGE_SIGNED;
}

void
cf_commit_walk_ahead(struct cf_commit_ahead *c, struct cf_trees *trees,
	const struct cf_run *run, const struct cf_oid *old_tree)
{
	const struct cf_err *err;

	if (c->stage != CF_STAGE_SIGNED)
		return;
	err = cf_step_tree(&c->changes, c->path, trees, run, old_tree,
		&c->commit.tree);
	if (err)
		stop(c, err);
	else
		c->walked = true;
}

void
cf_commit_ahead_clear(struct cf_commit_ahead *c)
{
	free(c->changes.change);
	free(c->fault);
	cf_buf_clear(&c->raw);
	*c = (struct cf_commit_ahead){ 0 };
}

/* --- in its turn ------------------------------------------------------------ */

/* The commits before it are good: is this one, by itself? */
static const struct cf_err *
check_itself(struct cf_run *run, struct cf_commit_ahead *c)
{
	struct cf_trees trees = { 0 };
	const struct cf_err *err;

	if (c->stage == CF_STAGE_NEW)
		return cf_step_tell(c->fault);
	err = check_place(run, &c->commit, &c->place);
	if (!err && c->stage == CF_STAGE_SIGNED)
		err = check_known_signer(run, c);
	if (err)
		return err;
	if (c->stage == CF_STAGE_SIGNED && !c->walked && !c->fault)
		cf_commit_walk_ahead(c, &trees, run, run->gate->sequence ?
			&run->gate->tree : NULL);
	cf_trees_clear(&trees);
	if (c->walked)
		return NULL;
	memcpy(run->path, c->path, CF_PATH_TEXT);
	return cf_step_tell(c->fault);
}

const struct cf_err *
cf_step_commit(struct cf_gate_commit *seen, struct cf_run *run,
	struct cf_commit_ahead *c)
{
	const struct cf_err *err = check_itself(run, c);

	if (!err)
		err = check_amount(run, &c->changes);
	if (!err)
		err = check_files(run, &c->changes);
	if (!err)
		err = check_signer(run, &c->commit, &c->place, &c->signer);
	if (err)
		return err;
	*seen = (struct cf_gate_commit){ c->oid, c->place.sequence,
		c->commit.time, (unsigned)run->gate->chain.n, c->signer.did };
	run->has_before = run->gate->sequence > 0;
	run->before = run->gate->tree;
	run->gate->head = c->oid;
	run->gate->tree = c->commit.tree;
	run->gate->sequence = c->place.sequence;
	run->gate->time = c->commit.time;
	memcpy(run->signer, c->signer.did, sizeof run->signer);
	if (run->gate->left.is && !run->gate->left.signer[0])
		cf_step_left(run);
	return NULL;
}
