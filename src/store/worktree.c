/*
 * The work tree follows main: files first, then git's index, then the note of
 * where we are. Each step can be done again.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/files.h"
#include "store/git.h"

#define MAIN "refs/heads/main"
#define NOTE "worktree"		/* our file with the commit it was brought to */

struct move {
	struct cf_store *store;
	struct cf_files files;
	git_index *index;
	struct timespec index_time;	/* when git's index was written last */
};

static const struct cf_err *
head_is_main(bool *yes, struct cf_store *store)
{
	git_reference *head = NULL;
	const char *target = NULL;
	int rc = git_reference_lookup(&head, store->git, "HEAD");

	if (!rc)
		target = git_reference_symbolic_target(head);
	*yes = target && strcmp(target, MAIN) == 0;
	git_reference_free(head);
	return rc ? cf_err_git(rc, "cannot read %s/HEAD", store->git_dir) :
		NULL;
}

/* The first line of every commit names its tree. */
static const struct cf_err *
tree_of(struct cf_oid *out, struct cf_store *store, const struct cf_oid *commit)
{
	const struct cf_err *err;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_str s, hex;

	err = cf_odb_read(&raw, &store->odb, commit, CF_COMMIT);
	s = (struct cf_str){ raw.data, raw.len };
	if (!err && (!cf_str_skip(&s, "tree ") ||
		!cf_str_cut(&hex, &s, s, '\n') || !cf_oid_parse(out, hex)))
		err = cf_err_rule(CF_REFUSED, "commit.encoding",
			"a commit names no tree");
	cf_buf_clear(&raw);
	return err;
}

/* --- git's index ---------------------------------------------------------- */

static void
set_stat(git_index_entry *entry, const struct stat *st)
{
	entry->ctime.seconds = (int32_t)st->st_ctim.tv_sec;
	entry->ctime.nanoseconds = (uint32_t)st->st_ctim.tv_nsec;
	entry->mtime.seconds = (int32_t)st->st_mtim.tv_sec;
	entry->mtime.nanoseconds = (uint32_t)st->st_mtim.tv_nsec;
	entry->dev = (uint32_t)st->st_dev;
	entry->ino = (uint32_t)st->st_ino;
	entry->uid = (uint32_t)st->st_uid;
	entry->gid = (uint32_t)st->st_gid;
	entry->file_size = (uint32_t)st->st_size;
}

/* The entry becomes the new blob; without `st` git looks at the file again. */
static int
set_entry(const struct move *move, const struct cf_change *change,
	const struct stat *st, uint16_t extended)
{
	git_index_entry entry = { .mode = GIT_FILEMODE_BLOB,
		.path = change->path, .flags_extended = extended };

	if (!change->has)
		return git_index_remove(move->index, change->path, 0);
	entry.id = cf_oid_to_git(&change->is);
	if (st)
		set_stat(&entry, st);
	return git_index_add(move->index, &entry);
}

/* The user staged something else there with git add. */
static bool
is_staged(const git_index_entry *entry, const struct cf_change *change)
{
	struct cf_oid oid;

	cf_oid_from_git(&oid, &entry->id);
	return !(change->had && cf_oid_eq(&oid, &change->was)) &&
		!(change->has && cf_oid_eq(&oid, &change->is));
}

/*
 * git trusts an entry whose file is older than the index. A file written in the
 * same second is looked at again, which our newer index would end: such entries
 * lose their size, which git takes for a doubt.
 */
static int
keep_doubts(const struct move *move)
{
	size_t n = git_index_entrycount(move->index);
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++) {
		const git_index_entry *old = git_index_get_byindex(move->index,
			i);
		git_index_entry entry = *old;

		if (old->mtime.seconds < move->index_time.tv_sec ||
			old->file_size == 0)
			continue;
		entry.file_size = 0;
		rc = git_index_add(move->index, &entry);
	}
	return rc;
}

static const struct cf_err *
index_failed(int rc, const struct move *move)
{
	if (rc == GIT_ELOCKED)
		return cf_err(CF_BUSY, "git is working in %s; try again when "
			"it has finished", move->store->work_dir);
	return cf_err_git(rc, "git's list of files %s/index could not be "
		"brought up to date", move->store->git_dir);
}

static const struct cf_err *
open_index(struct move *move)
{
	char *path = cf_path_join(move->store->git_dir, "index");
	struct stat st;
	int rc = git_index_open(&move->index, path);

	if (stat(path, &st) == 0)
		move->index_time = st.st_mtim;
	if (!rc)
		rc = keep_doubts(move);
	free(path);
	return rc ? index_failed(rc, move) : NULL;
}

/* --- moving --------------------------------------------------------------- */

static const struct cf_err *
move_one(const struct move *move, const struct cf_change *change)
{
	const git_index_entry *entry = git_index_get_bypath(move->index,
		change->path, 0);
	const struct cf_err *err = NULL;
	struct cf_buf bytes = CF_BUF(CF_MAX_JSON);
	uint16_t extended = 0;
	bool as_new = false;
	struct stat st;
	int rc;

	if (!cf_files_is_ours(change->path) ||
		(entry && is_staged(entry, change)))
		return NULL;
	/* Outside a sparse checkout: there is no file on purpose. */
	if (entry && entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE)
		extended = GIT_INDEX_ENTRY_SKIP_WORKTREE;
	if (change->has && !extended)
		err = cf_odb_read(&bytes, &move->store->odb, &change->is,
			CF_BLOB);
	if (!err && !extended)
		err = cf_files_move(&as_new, &st, &move->files, change,
			(struct cf_str){ bytes.data, bytes.len });
	if (!err && (entry || change->has)) {
		rc = set_entry(move, change, as_new ? &st : NULL, extended);
		err = rc ? index_failed(rc, move) : NULL;
	}
	cf_buf_clear(&bytes);
	return err;
}

/* What goes makes room for what comes: a file may become a folder. */
static const struct cf_err *
move_all(const struct move *move, const struct cf_changes *changes)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < changes->n && !err; i++)
		if (!changes->change[i].has)
			err = move_one(move, &changes->change[i]);
	for (size_t i = 0; i < changes->n && !err; i++)
		if (changes->change[i].has)
			err = move_one(move, &changes->change[i]);
	return err;
}

static const struct cf_err *
move_files(struct cf_store *store, const struct cf_changes *changes)
{
	struct move move = { .store = store };
	const struct cf_err *err;
	int rc;

	if (changes->n == 0)
		return NULL;
	err = cf_files_open(&move.files, store);
	if (!err)
		err = open_index(&move);
	if (!err)
		err = move_all(&move, changes);
	if (!err) {
		rc = git_index_write(move.index);
		err = rc ? index_failed(rc, &move) : NULL;
	}
	git_index_free(move.index);
	cf_files_close(&move.files);
	return err;
}

static const struct cf_err *
write_note(struct cf_store *store, const struct cf_oid *commit)
{
	const struct cf_err *err;
	char *path = cf_store_file(store, NOTE);
	char text[CF_OID_TEXT];

	cf_oid_hex(text, commit);
	text[CF_OID_TEXT - 1] = '\n';
	err = cf_file_write(path, text, sizeof text, 0644);
	free(path);
	return err;
}

const struct cf_err *
cf_work_tree_at(struct cf_oid *out, bool *found, struct cf_store *store)
{
	const struct cf_err *err;
	struct cf_buf text = CF_BUF(CF_OID_TEXT);
	char *path = cf_store_file(store, NOTE);

	*found = false;
	err = cf_file_read(&text, path, false);
	if (err && err->code == CF_NOT_FOUND)
		err = NULL;
	else if (!err)
		*found = text.len == CF_OID_TEXT && cf_oid_parse(out,
			(struct cf_str){ text.data, text.len - 1 });
	cf_buf_clear(&text);
	free(path);
	return err;
}

/* The tree of a commit that may have been compacted away since: empty then. */
static const struct cf_err *
old_tree_of(struct cf_oid *out, bool *found, struct cf_store *store,
	const struct cf_oid *commit)
{
	*found = commit && cf_odb_has(&store->odb, commit);
	return *found ? tree_of(out, store, commit) : NULL;
}

const struct cf_err *
cf_work_tree_move(struct cf_store *store, const struct cf_oid *old_commit,
	const struct cf_oid *new_commit)
{
	const struct cf_err *err;
	struct cf_changes changes = { 0 };
	struct cf_oid was, is;
	bool on_main, had;

	err = cf_store_lock(store, "work tree");
	if (err)
		return err;
	err = head_is_main(&on_main, store);
	if (err || !on_main)
		goto done;
	err = old_tree_of(&was, &had, store, old_commit);
	if (!err)
		err = tree_of(&is, store, new_commit);
	if (!err)
		err = cf_tree_diff(&changes, &store->odb, had ? &was : NULL,
			&is);
	if (!err)
		err = move_files(store, &changes);
	if (!err)
		err = write_note(store, new_commit);
done:
	cf_changes_clear(&changes);
	cf_store_unlock(store);
	return err;
}
