/*
 * What still holds the text of an erased record on this machine, in words, and
 * how to let go of it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/erased.h"
#include "app/sought.h"
#include "base/mem.h"
#include "store/holders.h"

struct looking {
	struct cf_trust *trust;
	const json_t *ids;
	json_t *known;		/* {blob: whether it is a tombstone} */
};

/* "<id>.json" wherever it lies, and the folder <id> of the commons. */
static bool
names_one(const json_t *ids, const char *name)
{
	const char *slash = strrchr(name, '/');

	if (slash)
		name = slash + 1;
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));

		if (cf_starts(name, id) && (name[strlen(id)] == '\0' ||
			strcmp(name + strlen(id), ".json") == 0))
			return true;
	}
	return false;
}

static bool
is_tombstone(const struct looking *l, const struct cf_oid *blob)
{
	char hex[CF_OID_TEXT];
	json_t *doc = NULL, *known;
	bool is;

	cf_oid_hex(hex, blob);
	known = json_object_get(l->known, hex);
	if (known)
		return json_is_true(known);
	is = cf_blob_json(&doc, l->trust, blob) == NULL &&
		json_object_get(doc, "body") == NULL;
	json_object_set_new(l->known, hex, json_boolean(is));
	json_decref(doc);
	return is;
}

static bool
is_text(void *payload, const char *name, const struct cf_oid *oid)
{
	const struct looking *l = payload;

	return names_one(l->ids, name) && !is_tombstone(l, oid);
}

static void
add(json_t *out, const char *place, char *what_take, char *remedy_take)
{
	json_array_append_new(out, json_pack("{s:s, s:s, s:s}", "place", place,
		"what", what_take, "remedy", remedy_take));
	free(what_take);
	free(remedy_take);
}

/* --- places of git ------------------------------------------------------------ */

/* Of a ref of ours; true where that is all there is to say. */
static bool
add_own(json_t *out, struct cf_trust *trust, const char *place)
{
	struct cf_str rest = cf_str(place);
	char *title;

	/* Others take it out themselves, and are told to; what our host has is
	 * waited for before anything is looked for. */
	if (cf_starts(place, "refs/confer/pins/") ||
		strcmp(place, CF_MAIN) == 0 || strcmp(place, CF_COMMONS) == 0 ||
		strcmp(place, CF_PUSHED) == 0 ||
		strcmp(place, CF_REMOTE_HEAD) == 0 ||
		cf_starts(place, "refs/heads/via/"))
		return true;
	if (!cf_str_skip(&rest, CF_HELD) && !cf_str_skip(&rest, CF_FORK))
		return false;
	title = cf_trust_title(trust, rest.p);
	add(out, place, cf_asprintf("a history of %s that waits for you",
		title), cf_asprintf("confer partner accept %s", rest.p));
	free(title);
	return true;
}

/* A file of the git folder, or of the part of it, worktrees/NAME, that a further
 * work tree has. */
static const char *
name_there(const char *place)
{
	struct cf_str rest = cf_str(place), name;

	return cf_str_skip(&rest, "worktrees/") &&
		cf_str_cut(&name, &rest, rest, '/') ? rest.p : place;
}

bool
cf_erased_index(const char *place)
{
	return strcmp(name_there(place), "index") == 0;
}

/* The folder of the work tree that a file of the git folder belongs to. */
static char *
folder_of(struct cf_trust *trust, const char *place)
{
	struct cf_buf text = CF_BUF(CF_MAX_PATH);
	struct cf_str rest = cf_str(place), name;
	char *file, *dir = NULL;

	if (cf_str_skip(&rest, "worktrees/") && cf_str_cut(&name, &rest, rest,
		'/')) {
		file = cf_asprintf("%s/worktrees/%.*s/gitdir",
			cf_store_git_dir(trust->store), (int)name.n, name.p);
		if (cf_file_read(&text, file, false) == NULL &&
			text.len > sizeof "/.git")
			dir = cf_strndup(text.data, text.len - sizeof "/.git");
		free(file);
	}
	cf_buf_clear(&text);
	return dir ? dir : cf_strdup(cf_store_work_dir(trust->store));
}

static void
add_ref(json_t *out, struct cf_trust *trust, const char *place)
{
	char *dir = cf_shell_word(cf_store_work_dir(trust->store));
	struct cf_str rest = cf_str(place);
	bool branch = cf_str_skip(&rest, "refs/heads/");
	bool tag = !branch && cf_str_skip(&rest, "refs/tags/");
	char *name = cf_shell_word(rest.p);

	if (branch)
		add(out, place, cf_asprintf("your branch %s", rest.p),
			cf_asprintf("git -C %s branch -D %s", dir, name));
	else if (tag)
		add(out, place, cf_asprintf("your tag %s", rest.p),
			cf_asprintf("git -C %s tag -d %s", dir, name));
	else if (strcmp(place, "refs/stash") == 0)
		add(out, place, cf_strdup("your stash"),
			cf_asprintf("git -C %s stash clear", dir));
	else
		add(out, place, cf_asprintf("the ref %s", place),
			cf_asprintf("git -C %s update-ref -d %s", dir, name));
	free(name);
	free(dir);
}

static void
add_place(json_t *out, struct cf_trust *trust, const char *place)
{
	char *dir, *word, *file;

	if (add_own(out, trust, place))
		return;
	if (cf_starts(place, "refs/")) {
		add_ref(out, trust, place);
		return;
	}
	dir = folder_of(trust, place);
	word = cf_shell_word(dir);
	if (cf_starts(name_there(place), "logs/")) {
		add(out, place, cf_asprintf("git's list of where branches in "
			"%s were before", dir), cf_asprintf("git -C %s reflog "
			"expire --expire=now --all", word));
	} else if (cf_erased_index(place)) {
		add(out, place, cf_asprintf("git's list of files in %s", dir),
			cf_asprintf("git -C %s reset", word));
	} else if (strcmp(name_there(place), "HEAD") == 0) {
		/* Without this file it is no repository; main can be open in
		 * one folder. */
		add(out, place, cf_asprintf("what is open in %s", dir),
			cf_asprintf("git -C %s checkout%s main", word,
			place[0] == 'H' ? "" : " --detach"));
	} else {
		file = cf_path_join(cf_store_git_dir(trust->store), place);
		free(word);
		word = cf_shell_word(file);
		add(out, place, cf_strdup(file), cf_asprintf("rm %s", word));
		free(file);
	}
	free(word);
	free(dir);
}

/* --- files --------------------------------------------------------------------- */

static void
add_file(json_t *out, const char *path)
{
	char *shown = cf_printable(path), *word = cf_shell_word(shown);

	add(out, shown, cf_asprintf("the file %s", shown),
		cf_asprintf("rm %s", word));
	free(word);
	free(shown);
}

/* A record file in a folder, with its text. */
static void
add_record_file(json_t *out, const char *dir, const char *path)
{
	char *file = cf_path_join(dir, path);
	json_t *doc = NULL;

	if (cf_file_exists(file) && (cf_json_read_path(&doc, file,
		CF_MAX_JSON) || json_object_get(doc, "body")))
		add_file(out, file);
	json_decref(doc);
	free(file);
}

static const struct cf_err *
add_work_files(json_t *out, struct cf_trust *trust, const char *id)
{
	struct cf_versions all = { 0 };
	struct cf_names dirs = { 0 };
	const struct cf_err *err;
	struct cf_uuid uuid;

	err = cf_index_versions(&all, trust->index, id);
	if (!err)
		err = cf_store_work_dirs(&dirs, trust->store);
	for (size_t i = 0; i < dirs.n && all.n && !err; i++) {
		char path[CF_PATH_TEXT];

		if (!cf_uuid_parse(&uuid, cf_str(id)))
			break;
		cf_record_path(path, all.version[0].kind, &uuid);
		add_record_file(out, dirs.name[i], path);
		cf_commons_path(path, all.version[0].kind, &uuid);
		add_record_file(out, dirs.name[i], path);
	}
	cf_names_clear(&dirs);
	cf_versions_clear(&all);
	return err;
}

/* Whether a file names one of the records; one that cannot be read is for a
 * person to look at. */
static bool
mentions(const char *path, struct cf_sought *ids)
{
	bool found;

	return cf_sought_in_file(&found, ids, path) != NULL || found;
}

/* Drafts of it, and what lies beside and below them. */
static const struct cf_err *
add_drafts(json_t *out, const char *dir, struct cf_sought *ids)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_is_dir(dir) ? cf_dir_names(&names, dir) :
		NULL;

	for (size_t i = 0; i < names.n && !err; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		struct stat st;

		/* Links may go in circles, and lead elsewhere. */
		if (lstat(path, &st) != 0)
			st.st_mode = 0;
		if (S_ISDIR(st.st_mode))
			err = add_drafts(out, path, ids);
		else if (S_ISREG(st.st_mode) && mentions(path, ids))
			add_file(out, path);
		free(path);
	}
	cf_names_clear(&names);
	return err;
}

/* --- all ----------------------------------------------------------------------- */

const struct cf_err *
cf_erased_holders(json_t **out, struct cf_trust *trust, const json_t *ids)
{
	struct looking l = { .trust = trust, .ids = ids,
		.known = json_object() };
	const struct cf_holding what = { .payload = &l, .is = is_text,
		.alone = CF_COMMONS };
	struct cf_sought sought = { 0 };
	struct cf_names places = { 0 };
	const struct cf_err *err;
	char *drafts;

	*out = json_array();
	err = cf_store_holders(&places, trust->store, &what);
	for (size_t i = 0; i < places.n; i++)
		add_place(*out, trust, places.name[i]);
	for (size_t i = 0; i < json_array_size(ids) && !err; i++) {
		const char *id = json_string_value(json_array_get(ids, i));

		err = add_work_files(*out, trust, id);
		if (!err)
			err = cf_sought_add(&sought, id);
	}
	drafts = cf_path_join(cf_store_work_dir(trust->store), "drafts");
	if (!err)
		err = add_drafts(*out, drafts, &sought);
	free(drafts);
	cf_sought_clear(&sought);
	cf_names_clear(&places);
	json_decref(l.known);
	return err;
}

const struct cf_err *
cf_erased_tidy(struct cf_trust *trust)
{
	json_t *note = cf_erased_noted(trust);
	struct looking l = { .trust = trust, .known = json_object(),
		.ids = json_object_get(note, "records") };
	const struct cf_holding what = { .payload = &l, .is = is_text };
	const struct cf_err *err = NULL;

	if (note)
		err = cf_work_trees_tidy(trust->store, &what);
	json_decref(l.known);
	json_decref(note);
	return err;
}
