/*
 * Where git looks for objects that are in use: refs, and in the git folder and
 * in that of each further work tree HEAD and its like, reflogs and the index.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/keep.h"

struct walk {
	struct cf_store *store;
	cf_root_fn root;
	void *payload;
	const struct cf_err *err;
};

/* The path of a file within the git folder. */
static const char *
place_of(const struct walk *w, const char *path)
{
	return path + strlen(w->store->git_dir) + 1;
}

static int
each_ref(git_reference *ref, void *payload)
{
	struct walk *w = payload;
	const git_oid *id = git_reference_target(ref);
	struct cf_root root = { .place = git_reference_name(ref), .name = "",
		.strict = true };

	/* A symbolic one leads to another, or to a branch without a commit. */
	if (id) {
		cf_oid_from_git(&root.oid, id);
		w->err = w->root(w->payload, &root);
	}
	git_reference_free(ref);
	return w->err ? -1 : 0;
}

static const struct cf_err *
add_refs(struct walk *w)
{
	int rc = git_reference_foreach(w->store->git, each_ref, w);

	if (w->err)
		return w->err;
	return rc ? cf_err_git(rc, "cannot read the branches of %s",
		w->store->git_dir) : NULL;
}

/* The id at the front of a line; moves past it and the space behind it. */
static bool
next_id(struct cf_oid *out, struct cf_str *line)
{
	struct cf_str word = { line->p, CF_OID_TEXT - 1 };

	if (line->n < word.n || !cf_oid_parse(out, word))
		return false;
	line->p += word.n;
	line->n -= word.n;
	return !line->n || cf_str_skip(line, " ") || line->p[0] == '\t';
}

/* A file whose lines begin with one id or two: HEAD, FETCH_HEAD, a reflog. */
static const struct cf_err *
add_lines(struct walk *w, const char *path)
{
	struct cf_buf text = CF_BUF(CF_MAX_REFLOG);
	const struct cf_err *err = cf_file_read(&text, path, true);
	struct cf_str rest = { text.data, text.len }, line;
	struct cf_root root = { .place = place_of(w, path), .name = "" };

	while (!err && rest.n) {
		if (!cf_str_cut(&line, &rest, rest, '\n')) {
			line = rest;
			rest.n = 0;
		}
		while (!err && next_id(&root.oid, &line))
			if (!cf_oid_is_zero(&root.oid))
				err = w->root(w->payload, &root);
	}
	cf_buf_clear(&text);
	return err;
}

/* The files of a folder and those below it. */
static const struct cf_err *
add_folder(struct walk *w, const char *dir)
{
	struct cf_names names = { 0 };
	const struct cf_err *err;

	if (!cf_is_dir(dir))
		return NULL;
	err = cf_dir_names(&names, dir);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		err = cf_is_dir(path) ? add_folder(w, path) :
			add_lines(w, path);
		free(path);
	}
	cf_names_clear(&names);
	return err;
}

static const struct cf_err *
add_index(struct walk *w, const char *dir)
{
	char *path = cf_path_join(dir, "index");
	struct cf_root root = { .place = place_of(w, path) };
	const struct cf_err *err = NULL;
	git_index *index = NULL;
	int rc = 0;

	if (cf_file_exists(path))
		rc = git_index_open(&index, path);
	if (rc)
		err = cf_err_git(rc, "cannot read %s", path);
	for (size_t i = 0; index && i < git_index_entrycount(index) && !err;
		i++) {
		const git_index_entry *e = git_index_get_byindex(index, i);

		cf_oid_from_git(&root.oid, &e->id);
		root.name = e->path;
		if (e->mode != GIT_FILEMODE_COMMIT)
			err = w->root(w->payload, &root);
	}
	git_index_free(index);
	free(path);
	return err;
}

/* What one git folder, or the part of one that a work tree has, holds. */
static const struct cf_err *
add_git_dir(struct walk *w, const char *dir)
{
	char *logs = cf_path_join(dir, "logs"), *refs = cf_path_join(dir,
		"refs");
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, dir);

	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		if (cf_ends(names.name[i], "HEAD") && !cf_is_dir(path))
			err = add_lines(w, path);
		free(path);
	}
	if (!err)
		err = add_index(w, dir);
	if (!err)
		err = add_folder(w, logs);
	/* refs/bisect and others that belong to one work tree. */
	if (!err)
		err = add_folder(w, refs);
	cf_names_clear(&names);
	free(logs);
	free(refs);
	return err;
}

const struct cf_err *
cf_roots_each(struct cf_store *store, cf_root_fn root, void *payload)
{
	struct walk w = { .store = store, .root = root, .payload = payload };
	char *trees = cf_path_join(store->git_dir, "worktrees");
	struct cf_names names = { 0 };
	const struct cf_err *err;

	err = add_refs(&w);
	if (!err)
		err = add_git_dir(&w, store->git_dir);
	if (!err && cf_is_dir(trees))
		err = cf_dir_names(&names, trees);
	for (size_t i = 0; i < names.n && !err; i++) {
		char *dir = cf_path_join(trees, names.name[i]);

		if (cf_is_dir(dir))
			err = add_git_dir(&w, dir);
		free(dir);
	}
	cf_names_clear(&names);
	free(trees);
	return err;
}
