/*
 * Exporting the commons: which records, in which format, to where.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/export.h"
#include "base/mem.h"

static const struct cf_export_format metafor = { .name = "metafor",
	.to = CF_TO_FILE, .magic = "yi,vi,sei,slab," };

static const struct cf_export_format *const formats[] = { &cf_export_csv,
	&cf_export_crate, &cf_export_sqlite, &cf_export_jsonl,
	&cf_export_bibtex, &cf_export_csl, &metafor, &cf_export_postgresql };

static const struct cf_err *
find_format(struct cf_exporting *x)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i]->name, x->what->format) == 0)
			x->format = formats[i];
	if (x->format == NULL)
		return cf_err(CF_USAGE, "there is no format '%.60s'; it is one "
			"of: csv, ro-crate, sqlite, jsonl, bibtex, csl-json, "
			"metafor, or the address of a database, "
			"postgresql://…", x->what->format);
	if (x->what->target == NULL && x->format->to != CF_TO_FILE)
		return cf_err(CF_USAGE, "say where %s goes: a folder",
			x->format->name);
	if (x->what->target == NULL && x->format == &cf_export_sqlite)
		return cf_err(CF_USAGE, "sqlite goes into a file, not to "
			"standard output");
	return NULL;
}

static const struct cf_err *
read_filter(struct cf_exporting *x)
{
	const struct cf_export_what *w = x->what;
	const struct cf_err *err;

	if (w->kind && !cf_kind_known(w->kind))
		return cf_err(CF_USAGE, "there is no kind '%s'; 'confer new' "
			"lists the kinds", w->kind);
	err = cf_trust_named(&x->owner, x->trust, w->owner);
	for (size_t i = 0; i < w->n_ids && !err; i++) {
		struct cf_uuid id;

		if (x->ids == NULL)
			x->ids = json_array();
		err = cf_resolve_id(&id, x->trust, w->ids[i]);
		if (!err)
			json_array_append_new(x->ids, json_string(id.text));
	}
	return err;
}

static const struct cf_err *
each_record(void *payload, const json_t *row)
{
	struct cf_exporting *x = payload;
	const struct cf_ui *ui = x->trust->ui;
	const struct cf_err *err;
	json_t *item = NULL;

	if (x->ids && !cf_json_has(x->ids, cf_json_str(row, "id")))
		return NULL;
	err = cf_export_item(&item, x, row);
	if (!err)
		err = x->format->item(x, item);
	json_decref(item);
	x->done++;
	if (ui->progress && x->done % 256 == 0)
		ui->progress(ui->payload, "Exporting records", x->done,
			x->total);
	return err;
}

static const struct cf_err *
run_format(struct cf_exporting *x)
{
	struct cf_index_filter by = { .kind = x->what->kind,
		.owner = x->owner, .status = x->what->status };
	const struct cf_err *err;

	if (x->format == &metafor)
		return cf_export_metafor(x);
	err = x->format->begin(x);
	if (!err)
		err = cf_index_each(x->trust->index, &by, each_record, x);
	if (!err && x->done == 0)
		err = cf_err(CF_NOT_FOUND, "there is no such record here, so "
			"nothing was exported. 'confer list' shows what there "
			"is, and 'confer sync' gets what is new");
	if (!err)
		err = x->format->end(x);
	if (!err)
		json_object_set_new(x->result, "records", json_integer(
			(json_int_t)x->done));
	x->format->clear(x);
	return err;
}

/* What is not in the commons, and so in no export. */
static const struct cf_err *
count_held(struct cf_exporting *x)
{
	const struct cf_err *err;
	json_t *held = NULL;

	err = cf_index_held(&held, x->trust->index, NULL);
	if (!err)
		json_object_set_new(x->result, "held", json_integer(
			(json_int_t)json_array_size(held)));
	json_decref(held);
	return err;
}

static const struct cf_err *
perform(struct cf_exporting *x)
{
	bool here = x->what->target && x->format->to != CF_TO_SERVER;
	struct cf_index_counts count;
	const struct cf_err *err;

	err = cf_index_count(&count, x->trust->index);
	x->total = count.records;
	if (!err)
		err = cf_export_sources(x);
	if (!err) {
		json_object_set(x->result, "commons", json_object_get(x->about,
			"commit"));
		json_object_set(x->result, "time", json_object_get(x->about,
			"time"));
		err = count_held(x);
	}
	if (!err && here)
		err = cf_place_begin(x);
	if (!err)
		err = run_format(x);
	if (!err && here)
		err = cf_place_end(x);
	cf_place_clear(x);
	return err;
}

const struct cf_err *
cf_export(json_t **out, struct cf_trust *trust,
	const struct cf_export_what *what)
{
	struct cf_exporting x = { .trust = trust, .what = what };
	const struct cf_err *err;
	struct cf_err kept;
	bool begun = false;

	*out = NULL;
	x.result = json_pack("{s:s, s:b}", "format", what->format, "dryRun",
		what->dry_run);
	err = find_format(&x);
	if (!err && what->target && x.format->to != CF_TO_SERVER)
		json_object_set_new(x.result, "target",
			cf_path_json(what->target));
	if (!err)
		err = read_filter(&x);
	/* One state of the index, whatever else goes on. */
	if (!err)
		err = cf_index_hold(trust->index);
	if (!err) {
		begun = true;
		err = perform(&x);
	}
	/* Cleaning up may make errors of its own. */
	if (err) {
		kept = *err;
		err = &kept;
	}
	if (begun)
		cf_index_rollback(trust->index);
	cf_export_sources_clear(&x);
	json_decref(x.ids);
	free(x.owner);
	if (err && json_array_size(json_object_get(x.result, "excluded")) == 0)
		json_decref(x.result);
	else
		*out = x.result;
	return cf_err_again(err);
}
