/*
 * Pushing into a bare repository in a folder: a shared drive, a stick. libgit2's
 * own way of doing it sets the branch whatever it has become meanwhile; here two
 * machines that publish at once do not lose each other's work.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/gather.h"
#include "store/push.h"

static const struct cf_err *
open_target(git_repository **out, const struct cf_link *link,
	const char *place)
{
	int rc = git_repository_open_ext(out, link->url->path,
		GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

	if (rc == GIT_ENOTFOUND)
		return cf_err_rule(CF_REMOTE, "remote.missing",
			"there is no git repository in the folder %s. Make one "
			"there: git init --bare", place);
	if (rc)
		return cf_err_git(rc, "the folder %s cannot be used", place);
	if (!git_repository_is_bare(*out))
		return cf_err_rule(CF_REMOTE, "push.rejected",
			"the repository in %s has files of its own beside it "
			"and takes no push. Give a bare one: git init --bare",
			place);
	return NULL;
}

/* Where a push goes. */
struct target {
	git_repository *git;
	const char *place;		/* the folder, safe to show */
	const char *ref;		/* the branch */
	struct cf_oid old;		/* where it is */
	bool found;
};

static const struct cf_err *
read_ref(struct target *t)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, t->git, t->ref);

	t->old = (struct cf_oid){ 0 };
	t->found = rc == 0;
	if (rc == 0)
		cf_oid_from_git(&t->old, &id);
	return rc && rc != GIT_ENOTFOUND ?
		cf_err_git(rc, "the folder %s cannot be read", t->place) : NULL;
}

/* Whether the list of our objects below `commit` ends at `old`. */
static const struct cf_err *
gather(struct cf_gather *g, const struct cf_pushing *job,
	const struct cf_oid *old, const char *place)
{
	const struct cf_oid *commit = job->commit;
	git_oid a = cf_oid_to_git(commit), b;
	int rc;

	if (job->replace) {
		if (old == NULL || !cf_oid_eq(old, job->replace))
			return cf_push_moved(place);
		b = cf_oid_to_git(old);
		return cf_gather_history(g, commit, git_odb_exists(g->odb,
			&b) ? old : NULL);
	}
	if (old) {
		b = cf_oid_to_git(old);
		if (!git_odb_exists(g->odb, &b))
			return cf_push_moved(place);
		rc = git_graph_descendant_of(g->repo, &a, &b);
		if (rc < 0)
			return cf_link_error(g->link, rc);
		if (rc == 0)
			return cf_push_moved(place);
	}
	return cf_gather_history(g, commit, old);
}

/* A few as loose files: a pack for every push would be thousands of them. */
static const struct cf_err *
copy(struct cf_gather *g, git_repository *target, const char *place)
{
	git_odb *to = NULL;
	int rc = git_repository_odb(&to, target);
	char *dir;

	if (!rc && g->n >= CF_LOOSE_MAX) {
		const struct cf_err *err;

		dir = cf_path_join(git_repository_path(target),
			"objects/pack");
		err = cf_gather_write(g, dir);
		free(dir);
		git_odb_free(to);
		return err;
	}
	for (size_t i = 0; i < g->n && !rc; i++) {
		git_oid id = cf_oid_to_git(&g->oid[i]), written;
		git_odb_object *object = NULL;

		rc = git_odb_read(&object, g->odb, &id);
		if (!rc)
			rc = git_odb_write(&written, to,
				git_odb_object_data(object),
				git_odb_object_size(object),
				git_odb_object_type(object));
		git_odb_object_free(object);
		cf_link_tick(g->link);
	}
	git_odb_free(to);
	return rc ? cf_err_git(rc, "cannot write into %s", place) : NULL;
}

/* Only if it is still what we saw. */
static const struct cf_err *
move_ref(const struct target *t, const struct cf_oid *commit)
{
	git_reference *ref = NULL;
	git_oid a = cf_oid_to_git(commit), b = cf_oid_to_git(&t->old);
	int rc;

	if (t->found && cf_oid_is_zero(commit)) {
		rc = git_reference_lookup(&ref, t->git, t->ref);
		if (!rc)
			rc = git_reference_delete(ref);
	} else if (t->found) {
		rc = git_reference_create_matching(&ref, t->git, t->ref, &a, 1,
			&b, NULL);
	} else {
		rc = git_reference_create(&ref, t->git, t->ref, &a, 0, NULL);
	}
	git_reference_free(ref);
	if (rc == GIT_ELOCKED)
		return cf_err_rule(CF_BUSY, "push.locked",
			"another program is writing to %s. Try again in a "
			"minute; if it stays so, a program was stopped there: "
			"remove %s.lock in that folder", t->place, t->ref);
	if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS ||
		(t->found && rc == GIT_ENOTFOUND))
		return cf_push_moved(t->place);
	return rc ? cf_err_git(rc, "cannot write into %s", t->place) : NULL;
}

/* A new repository's HEAD may be on "master": who clones it would get nothing.
 * That it stays so is no harm to us. */
static void
set_head(const struct target *t)
{
	if (git_repository_head_unborn(t->git) == 1)
		(void)git_repository_set_head(t->git, t->ref);
}

static const struct cf_err *
send_main(const struct target *t, struct cf_gather *g,
	const struct cf_pushing *job)
{
	const struct cf_err *err;

	if (t->found && cf_oid_eq(&t->old, job->commit))
		return NULL;
	err = gather(g, job, t->found ? &t->old : NULL, t->place);
	if (!err)
		err = copy(g, t->git, t->place);
	if (!err)
		err = move_ref(t, job->commit);
	if (!err)
		set_head(t);
	return err;
}

/* One copy; what is there, if we have it, need not be copied again. */
static const struct cf_err *
send_copy(const struct target *main, struct cf_link *link, git_odb *ours,
	const struct cf_pushing *job, const struct cf_copy *one)
{
	git_oid old;
	struct cf_gather g = { 0 };
	char *ref = cf_asprintf(CF_COPIES "%s", one->trust);
	struct target t = { .git = main->git, .place = main->place,
		.ref = ref };
	const struct cf_err *err;

	err = read_ref(&t);
	if (err || cf_oid_eq(&t.old, &one->head))
		goto done;
	old = cf_oid_to_git(&t.old);
	if (!cf_oid_is_zero(&one->head)) {
		err = cf_gather_open(&g, link, ours, job->objects);
		if (!err)
			err = cf_gather_history(&g, &one->head, t.found &&
				git_odb_exists(ours, &old) ? &t.old : NULL);
		if (!err)
			err = copy(&g, t.git, t.place);
	}
	if (!err)
		err = move_ref(&t, &one->head);
done:
	cf_gather_close(&g);
	free(ref);
	return err;
}

const struct cf_err *
cf_push_folder(struct cf_link *link, const struct cf_pushing *job)
{
	char *place = cf_url_place(link->url);
	struct target t = { .place = place, .ref = link->ref };
	struct cf_gather g = { 0 };
	git_odb *ours = NULL;
	const struct cf_err *err;
	int rc;

	/* Others rely on it as soon as we are done. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	err = open_target(&t.git, link, place);
	if (err)
		goto done;
	rc = git_odb_open(&ours, job->objects);
	if (rc)
		err = cf_link_error(link, rc);
	for (size_t i = 0; i < job->n && !err; i++)
		err = send_copy(&t, link, ours, job, &job->copies[i]);
	if (err || job->copies)
		goto done;
	err = read_ref(&t);
	if (!err)
		err = cf_gather_open(&g, link, ours, job->objects);
	if (!err)
		err = send_main(&t, &g, job);
done:
	cf_gather_close(&g);
	git_odb_free(ours);
	git_repository_free(t.git);
	free(place);
	return err;
}
