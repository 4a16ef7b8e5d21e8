/*
 * The formats that are documents: JSON Lines, RO-Crate, BibTeX, CSL-JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "app/export.h"
#include "base/mem.h"

#define DIR_MODE 0755

struct state {
	struct cf_out out;
	char *path;		/* of `out` in a folder */
	struct cf_crate crate;
	char *dir;		/* that was made last */
	bool some;		/* there is an entry already */
};

static const struct cf_err *
begin_file(struct cf_exporting *x)
{
	struct state *s = cf_calloc(1, sizeof *s);

	x->state = s;
	return cf_out_open(&s->out, x->place, x->what->dry_run ? NULL :
		x->what);
}

static const struct cf_err *
end_file(struct cf_exporting *x)
{
	return cf_out_close(&((struct state *)x->state)->out);
}

static void
clear_file(struct cf_exporting *x)
{
	struct state *s = x->state;

	if (s == NULL)
		return;
	cf_out_clear(&s->out);
	cf_crate_clear(&s->crate);
	free(s->path);
	free(s->dir);
	free(s);
	x->state = NULL;
}

/* --- JSON Lines ----------------------------------------------------------- */

static const struct cf_err *
jsonl_item(struct cf_exporting *x, json_t *item)
{
	struct state *s = x->state;
	json_t *from = json_object_get(item, "provenance");
	const struct cf_err *err;

	json_object_set(from, "commons", json_object_get(x->about, "commit"));
	err = cf_json_canonical(&s->out.buf, item, NULL);
	cf_buf_putc(&s->out.buf, '\n');
	return err ? err : cf_out_flush(&s->out, false);
}

const struct cf_export_format cf_export_jsonl = { .name = "jsonl",
	.to = CF_TO_FILE, .magic = "{\"provenance\":{",
	.begin = begin_file, .item = jsonl_item, .end = end_file,
	.clear = clear_file };

/* --- citations ------------------------------------------------------------ */

#define BIBTEX_HEAD "% Records of a commons, exported by Confer."

static const struct cf_err *
bibtex_begin(struct cf_exporting *x)
{
	const struct cf_err *err = begin_file(x);

	if (!err)
		cf_buf_printf(&((struct state *)x->state)->out.buf,
			"%s\n%% Commons %s of %s\n", BIBTEX_HEAD,
			cf_json_str(x->about, "commit"),
			cf_json_str(x->about, "time"));
	return err;
}

static const struct cf_err *
bibtex_item(struct cf_exporting *x, json_t *item)
{
	struct state *s = x->state;

	if (!cf_citable(item))
		return NULL;
	cf_cite_bibtex(&s->out.buf, item);
	return cf_out_flush(&s->out, false);
}

const struct cf_export_format cf_export_bibtex = { .name = "bibtex",
	.to = CF_TO_FILE, .magic = BIBTEX_HEAD, .begin = bibtex_begin,
	.item = bibtex_item, .end = end_file, .clear = clear_file };

static const struct cf_err *
csl_begin(struct cf_exporting *x)
{
	const struct cf_err *err = begin_file(x);

	if (!err)
		cf_buf_puts(&((struct state *)x->state)->out.buf, "[");
	return err;
}

static const struct cf_err *
csl_item(struct cf_exporting *x, json_t *item)
{
	struct state *s = x->state;
	const struct cf_err *err;

	if (!cf_citable(item))
		return NULL;
	err = cf_cite_csl(&s->out.buf, item, !s->some);
	s->some = true;
	return err ? err : cf_out_flush(&s->out, false);
}

static const struct cf_err *
csl_end(struct cf_exporting *x)
{
	cf_buf_puts(&((struct state *)x->state)->out.buf, "\n]\n");
	return end_file(x);
}

const struct cf_export_format cf_export_csl = { .name = "csl-json",
	.to = CF_TO_FILE, .magic = "[\n{\"", .begin = csl_begin,
	.item = csl_item, .end = csl_end, .clear = clear_file };

/* --- RO-Crate ------------------------------------------------------------- */

/* A file of the crate and its entity's {path, bytes, sha256}. */
static const struct cf_err *
put_file(json_t **file, struct cf_exporting *x, const char *path,
	const struct cf_buf *text)
{
	struct state *s = x->state;
	char sha256[65];
	unsigned char hash[32];
	char *whole = x->place ? cf_path_join(x->place, path) : NULL;
	const struct cf_err *err = NULL;

	cf_sha256(hash, text->data, text->len);
	cf_hex(sha256, hash, sizeof hash);
	if (whole) {
		char *dir = cf_strndup(whole, (size_t)(strrchr(whole, '/') -
			whole));

		if (s->dir == NULL || strcmp(s->dir, dir) != 0)
			err = cf_mkdirs(dir, DIR_MODE);
		free(s->dir);
		s->dir = dir;
		if (!err)
			err = cf_out_whole(x, whole, (struct cf_str){
				text->data, text->len });
	}
	*file = json_pack("{s:s, s:I, s:s}", "path", path, "bytes",
		(json_int_t)text->len, "sha256", sha256);
	free(whole);
	return err;
}

static const struct cf_err *
crate_trust(struct cf_exporting *x, const json_t *trust)
{
	struct state *s = x->state;
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *path = cf_asprintf("trusts/%s.json", cf_json_str(trust,
		"trust"));
	const struct cf_err *err;
	json_t *file = NULL;

	err = cf_export_bytes(&text, x, path);
	if (!err)
		err = put_file(&file, x, path, &text);
	if (!err)
		err = cf_crate_trust(&s->crate, &s->out.buf, trust, file);
	json_decref(file);
	free(path);
	cf_buf_clear(&text);
	return err;
}

static const struct cf_err *
crate_begin(struct cf_exporting *x)
{
	struct state *s = cf_calloc(1, sizeof *s);
	const struct cf_err *err;
	json_t *trust;
	size_t i;

	x->state = s;
	if (x->place)
		s->path = cf_path_join(x->place, "ro-crate-metadata.json");
	err = cf_out_open(&s->out, s->path, NULL);
	if (!err)
		err = cf_crate_begin(&s->crate, &s->out.buf, x->about);
	json_array_foreach(json_object_get(x->about, "trusts"), i, trust) {
		if (!err)
			err = crate_trust(x, trust);
	}
	return err;
}

/* A version that others were merged with, as it was signed. */
static const struct cf_err *
crate_head(struct cf_exporting *x, const json_t *item, const json_t *version)
{
	struct state *s = x->state;
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *path = cf_crate_path(item, version);
	json_t *file = NULL;
	const struct cf_err *err;

	err = cf_json_file_form(&text, json_object_get(version, "document"));
	if (!err)
		err = put_file(&file, x, path, &text);
	if (!err)
		err = cf_crate_file(&s->crate, &s->out.buf, item, version,
			file);
	json_decref(file);
	cf_buf_clear(&text);
	free(path);
	return err;
}

static const struct cf_err *
crate_item(struct cf_exporting *x, json_t *item)
{
	struct state *s = x->state;
	const json_t *record = json_object_get(item, "record"), *version;
	const json_t *all = cf_json_at(item, "/provenance/versions");
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	char *path = cf_crate_path(item, NULL);
	json_t *file = NULL;
	const struct cf_err *err;
	size_t i;

	err = cf_json_file_form(&text, record);
	if (!err)
		err = put_file(&file, x, path, &text);
	if (!err)
		err = cf_crate_file(&s->crate, &s->out.buf, item, NULL, file);
	if (json_object_get(record, "proof") == NULL)
		json_array_foreach((json_t *)(uintptr_t)all, i, version) {
			if (!err)
				err = crate_head(x, item, version);
		}
	json_decref(file);
	cf_buf_clear(&text);
	free(path);
	return err ? err : cf_out_flush(&s->out, false);
}

static const struct cf_err *
crate_end(struct cf_exporting *x)
{
	struct state *s = x->state;
	const struct cf_err *err = cf_crate_end(&s->crate, &s->out.buf,
		x->about);

	return err ? err : cf_out_close(&s->out);
}

static const char *const crate_names[] = { "ro-crate-metadata.json",
	"records", "heads", "trusts", NULL };

const struct cf_export_format cf_export_crate = { .name = "ro-crate",
	.to = CF_TO_FOLDER, .names = crate_names, .begin = crate_begin,
	.item = crate_item, .end = crate_end, .clear = clear_file };
