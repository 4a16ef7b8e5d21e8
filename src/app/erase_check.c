/*
 * Searching all of this machine that is the trust's for a text: objects that
 * anything leads to and others, the index, every other file, kept or forgotten.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/draft.h"
#include "app/erased.h"
#include "app/sought.h"
#include "base/mem.h"
#include "store/holders.h"

struct check {
	struct cf_trust *trust;
	struct cf_sought sought;
	json_t *found, *unread;
	json_int_t objects, files;
	json_t *seen;		/* {folder}: looked through */
};

/* --- objects ------------------------------------------------------------------- */

/* Of a record file its id, which people know it by. */
static json_t *
record_of(const struct cf_object *object)
{
	json_t *doc = json_loadb(object->bytes, object->n, 0, NULL);
	const char *id = cf_json_str(doc, "id");
	json_t *out = id ? json_string(id) : NULL;

	json_decref(doc);
	return out;
}

static void
each_object(void *payload, const struct cf_object *object)
{
	struct check *c = payload;
	const struct cf_ui *ui = c->trust->ui;
	char hex[CF_OID_TEXT];

	c->objects++;
	cf_oid_hex(hex, &object->oid);
	if (ui->progress && object->number % 256 == 0)
		ui->progress(ui->payload, "Searching", object->number,
			object->total);
	if (object->bytes == NULL)
		json_array_append_new(c->unread, json_string(hex));
	else if (cf_sought_in(&c->sought, object->bytes, object->n))
		json_array_append_new(c->found, json_pack("{s:s, s:s, s:s, "
			"s:o*}", "where", "object", "id", hex, "type",
			object->type, "record", record_of(object)));
}

static bool
is_found(void *payload, const char *name, const struct cf_oid *oid)
{
	const struct cf_oid *one = payload;

	(void)name;
	return cf_oid_eq(one, oid);
}

/* What leads to each of the objects. */
static const struct cf_err *
trace(struct check *c)
{
	const struct cf_err *err = NULL;
	size_t i, traced = 0;
	json_t *one;

	json_array_foreach(c->found, i, one) {
		struct cf_names places = { 0 };
		struct cf_holding what = { .is = is_found };
		const char *id = cf_json_str(one, "id");
		struct cf_oid oid;
		json_t *held;

		if (err || id == NULL || !cf_oid_parse(&oid, cf_str(id)) ||
			traced++ == CF_MAX_TRACED)
			break;
		what.payload = &oid;
		err = cf_store_holders(&places, c->trust->store, &what);
		held = json_array();
		for (size_t k = 0; k < places.n; k++)
			json_array_append_new(held, json_string(
				places.name[k]));
		json_object_set_new(one, "held", held);
		cf_names_clear(&places);
	}
	return err;
}

/* --- the index ----------------------------------------------------------------- */

static void
each_piece(void *payload, const char *table, const void *bytes, size_t n)
{
	struct check *c = payload;
	const json_t *last = json_array_get(c->found,
		json_array_size(c->found) - 1);
	const char *before = last ? cf_json_str(last, "table") : NULL;

	if ((before && strcmp(before, table) == 0) ||
		!cf_sought_in(&c->sought, bytes, n))
		return;
	json_array_append_new(c->found, json_pack("{s:s, s:s}", "where",
		"index", "table", table));
}

/* --- files --------------------------------------------------------------------- */

/* Objects are read as what they are. */
static bool
is_object(const char *objects, const char *path)
{
	struct cf_str rest = cf_str(path);
	unsigned char byte[20];

	if (!cf_str_skip(&rest, objects) || !cf_str_skip(&rest, "/"))
		return false;
	if (rest.n == 41 && rest.p[2] == '/')
		return cf_unhex(byte, 1, (struct cf_str){ rest.p, 2 }) &&
			cf_unhex(byte, 19, (struct cf_str){ rest.p + 3, 38 });
	return cf_starts(rest.p, "pack/") && cf_ends(rest.p, ".pack");
}

static void
look_at(struct check *c, const char *path)
{
	char *shown = cf_printable(path);
	bool found;

	c->files++;
	if (cf_sought_in_file(&found, &c->sought, path))
		json_array_append_new(c->unread, json_string(shown));
	else if (found)
		json_array_append_new(c->found, json_pack("{s:s, s:s}",
			"where", "file", "path", shown));
	free(shown);
}

/* A pack that git does not see, because its list is missing, cannot be read. */
static bool
is_blind(const char *path)
{
	char *idx;
	bool blind = false;

	if (cf_ends(path, ".pack")) {
		idx = cf_asprintf("%.*s.idx", (int)(strlen(path) - 5), path);
		blind = !cf_file_exists(idx);
		free(idx);
	}
	return blind;
}

/* Bytes of objects that git does not list here: never finished, in a quarantine,
 * of another repository. They are packed: only removing them is sure. */
static bool
is_unlisted(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	unsigned char byte[19];

	return cf_starts(name, "tmp_") || cf_starts(name, "pack_git2_") ||
		cf_ends(name, ".pack") || (cf_unhex(byte, 19, cf_str(name)) &&
		name - path > 3 && name[-4] == '/');
}

static void
search_folder(struct check *c, const char *dir, const char *objects)
{
	struct cf_names names = { 0 };
	struct stat st;

	if (json_object_get(c->seen, dir))
		return;
	json_object_set_new(c->seen, dir, json_true());
	if (cf_dir_names(&names, dir))
		json_array_append_new(c->unread, cf_path_json(dir));
	for (size_t i = 0; i < names.n; i++) {
		char *path = cf_path_join(dir, names.name[i]);
		bool known = lstat(path, &st) == 0;
		bool object = is_object(objects, path);

		if (known && S_ISDIR(st.st_mode))
			search_folder(c, path, objects);
		else if (!known || (object ? is_blind(path) :
			is_unlisted(path)))
			json_array_append_new(c->unread, cf_path_json(path));
		else if (S_ISREG(st.st_mode) && !object)
			look_at(c, path);
		free(path);
	}
	cf_names_clear(&names);
}

static const struct cf_err *
search_files(struct check *c)
{
	struct cf_store *store = c->trust->store;
	char *objects = cf_path_join(cf_store_git_dir(store), "objects");
	struct cf_names dirs = { 0 };
	const struct cf_err *err = cf_store_work_dirs(&dirs, store);
	char *home = NULL;

	/* The first of them has .git and drafts in it. */
	for (size_t i = 0; i < dirs.n; i++)
		search_folder(c, dirs.name[i], objects);
	if (!err)
		err = cf_keystore_dir(&home);
	if (!err && cf_is_dir(home))
		search_folder(c, home, objects);
	cf_names_clear(&dirs);
	free(objects);
	free(home);
	return err;
}

/* --- the whole ----------------------------------------------------------------- */

static const struct cf_err *
search(struct check *c)
{
	const struct cf_err *err;

	err = cf_objects_each(c->trust->store, each_object, c);
	if (!err)
		err = trace(c);
	if (!err)
		err = cf_index_pieces(c->trust->index, each_piece, c);
	return err ? err : search_files(c);
}

const struct cf_err *
cf_erase_check(json_t **out, struct cf_trust *trust, const char *const *texts,
	size_t n)
{
	struct check c = { .trust = trust, .found = json_array(),
		.unread = json_array(), .seen = json_object() };
	const struct cf_err *err = n ? NULL : cf_err(CF_USAGE, "say which text "
		"is to be searched for");
	size_t found;

	*out = NULL;
	for (size_t i = 0; i < n && !err; i++)
		err = cf_sought_add(&c.sought, texts[i]);
	if (!err)
		err = search(&c);
	found = json_array_size(c.found);
	if (!err)
		*out = json_pack("{s:O, s:I, s:I, s:O}", "found", c.found,
			"objects", c.objects, "files", c.files, "unread",
			c.unread);
	if (!err && found)
		err = cf_err(CF_DECIDE, "it is still in %zu place%s on this "
			"machine", found, found == 1 ? "" : "s");
	cf_sought_clear(&c.sought);
	json_decref(c.found);
	json_decref(c.unread);
	json_decref(c.seen);
	return err;
}
