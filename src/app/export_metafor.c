/*
 * The effects of a question as R's metafor reads them: yi and vi, and beside
 * them what they were worked out from, what may moderate them, and where they
 * come from. What is left out is what cf_gather leaves out.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/export.h"
#include "base/mem.h"
#include "export/cells.h"

#define MAGIC "yi,vi,sei,slab,"

/* After yi, vi, sei, slab: where each column is, in {input, body, study,
 * item}. */
static const struct {
	const char *name, *type, *path;
} columns[] = {
	{ "record", "string", "/input/record" },
	{ "version", "string", "/input/version" },
	{ "trust", "string", "/input/owner" },
	{ "trust_name", "string", "/input/ownerName" },
	{ "title", "string", "/input/title" },
	{ "outcome", "string", "/body/outcome/construct" },
	{ "outcome_role", "string", "/body/outcome/role" },
	{ "measure", "string", "/study/measure" },
	{ "source", "string", "/study/from" },
	{ "turned", "boolean", "/study/turned" },
	{ "ni", "number", "/study/n" },
	{ "n_t", "number", "/study/n_t" },
	{ "n_c", "number", "/study/n_c" },
	{ "clustered", "boolean", "/study/clustered" },
	{ "icc", "number", "/study/icc" },
	{ "icc_imputed", "boolean", "/study/imputed" },
	{ "cluster_size", "number", "/study/size" },
	{ "practice", "string", "/body/practice" },
	{ "project", "string", "/body/project" },
	{ "phase", "string", "/body/context/phase" },
	{ "region", "string", "/body/context/region" },
	{ "size_band", "string", "/body/context/size_band" },
	{ "fsm_band", "string", "/body/context/fsm_band" },
	{ "eal_band", "string", "/body/context/eal_band" },
	{ "send_band", "string", "/body/context/send_band" },
	{ "design", "string", "/body/design/type" },
	{ "assigned", "string", "/body/design/unit_of_assignment" },
	{ "independent_test", "boolean", "/body/outcome/independent_test" },
	{ "weeks", "number", "/body/outcome/weeks" },
	{ "year", "number", "/study/year" },
	{ "padlocks", "number", "/padlocks" },
	{ "raw_type", "string", "/body/raw/type" },
	{ "mean_t", "number", "/body/raw/mean_t" },
	{ "sd_t", "number", "/body/raw/sd_t" },
	{ "mean_c", "number", "/body/raw/mean_c" },
	{ "sd_c", "number", "/body/raw/sd_c" },
	{ "events_t", "number", "/body/raw/events_t" },
	{ "events_c", "number", "/body/raw/events_c" },
	{ "mean_before", "number", "/body/raw/mean_before" },
	{ "sd_before", "number", "/body/raw/sd_before" },
	{ "mean_after", "number", "/body/raw/mean_after" },
	{ "sd_after", "number", "/body/raw/sd_after" },
	{ "pre_r", "number", "/body/raw/pre_r" },
	{ "r", "number", "/body/raw/r" },
	{ "status", "string", "/item/record/status" },
	{ "licence", "string", "/item/record/licence" },
	{ "signature", "string", "/item/provenance/signature" },
	{ "commit", "string", "/item/provenance/commit" },
	{ "key", "string", "/item/provenance/key" },
};
#define COLUMNS (sizeof columns / sizeof *columns)

static json_t *
fields(void)
{
	json_t *out = json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, "
		"{s:s, s:s}]", "name", "yi", "type", "number", "name", "vi",
		"type", "number", "name", "sei", "type", "number", "name",
		"slab", "type", "string");

	for (size_t i = 0; i < COLUMNS; i++)
		json_array_append_new(out, json_pack("{s:s, s:s}", "name",
			columns[i].name, "type", columns[i].type));
	return out;
}

static json_t *
study_of(const struct cf_study *s, const json_t *input, enum cf_measure measure)
{
	const char *year = cf_json_str(input, "year");
	json_t *out = json_pack("{s:s, s:s, s:b, s:f, s:f, s:b}", "measure",
		cf_measure_name(measure), "from", s->stated ? "effect" :
		"raw", "turned", s->turned, "n", s->n_t + s->n_c, "n_t",
		s->n_t, "clustered", s->clustered);
	uint64_t number;

	if (s->n_c > 0)
		json_object_set_new(out, "n_c", json_real(s->n_c));
	if (s->clustered) {
		json_object_set_new(out, "icc", json_real(s->icc));
		json_object_set_new(out, "imputed", json_boolean(s->imputed));
		json_object_set_new(out, "size", json_real(s->size));
	}
	if (cf_str_u64(cf_str(year), &number, 9999))
		json_object_set_new(out, "year", json_integer(
			(json_int_t)number));
	return out;
}

static const struct cf_err *
item_of(json_t **out, struct cf_exporting *x, const char *record)
{
	const struct cf_err *err;
	json_t *row = NULL;

	*out = NULL;
	err = cf_index_record(&row, x->trust->index, record);
	if (!err)
		err = cf_export_item(out, x, row);
	json_decref(row);
	return err;
}

/* "Ashby Trust, 2026 (0f12ab)": unlike any other, and leads to the record. */
static json_t *
label_of(const json_t *input)
{
	const char *id = cf_json_str(input, "record");

	return json_sprintf("%s, %s (%s)", cf_json_str(input, "ownerName"),
		cf_json_str(input, "year"), id + strlen(id) - 6);
}

static const struct cf_err *
add_row(struct cf_out *out, struct cf_exporting *x,
	const struct cf_gathered *g, size_t i, const json_t *head)
{
	json_t *input = json_array_get(g->inputs, i), *item = NULL, *all;
	const struct cf_study *s = &g->study[i];
	const struct cf_err *err = item_of(&item, x, cf_json_str(input,
		"record"));
	json_t *cells = json_pack("[f, f, f, o]", s->y + 0.0, s->v,
		sqrt(s->v), label_of(input));

	all = json_pack("{s:O, s:O, s:o, s:O*, s:o*}", "input", input, "body",
		json_array_get(g->bodies, i), "study", study_of(s, input,
		g->measure), "padlocks", cf_finding_padlocks(json_array_get(
		g->bodies, i)), "item", item);
	for (size_t c = 0; c < COLUMNS; c++) {
		json_t *value = cf_json_at(all, columns[c].path);

		json_array_append(cells, value ? value : json_null());
	}
	if (!err)
		err = cf_cells_csv(&out->buf, head, cells, !x->what->exact);
	json_decref(cells);
	json_decref(all);
	return err ? err : cf_out_flush(out, false);
}

static const struct cf_err *
write_rows(struct cf_exporting *x, const struct cf_gathered *g)
{
	json_t *head = fields();
	struct cf_out out;
	const struct cf_err *err;

	err = cf_out_open(&out, x->place, x->what->dry_run ? NULL : x->what);
	cf_cells_head(&out.buf, head);
	for (size_t i = 0; i < g->n && !err; i++)
		err = add_row(&out, x, g, i, head);
	if (!err)
		err = cf_out_close(&out);
	cf_out_clear(&out);
	json_decref(head);
	return err;
}

static const struct cf_err *
no_rows(struct cf_exporting *x, const struct cf_gathered *g)
{
	size_t n = json_array_size(g->excluded);

	if (n == 0)
		return cf_pool_nothing(x->trust, CF_NOT_FOUND, "",
			"no finding here is on that outcome");
	return cf_err(CF_NOT_FOUND, "of %zu finding%s on that outcome none can "
		"be pooled as you ask; --json lists the reasons", n, n == 1 ?
		"" : "s");
}

const struct cf_err *
cf_export_metafor(struct cf_exporting *x)
{
	struct cf_gathered g = { 0 };
	const struct cf_err *err;

	err = cf_gather(&g, x->trust, x->what->pool);
	if (!err) {
		json_object_set(x->result, "excluded", g.excluded);
		json_object_set(x->result, "notRead", g.not_read);
		json_object_set_new(x->result, "records", json_integer(
			(json_int_t)g.n));
	}
	if (!err && g.n == 0)
		err = no_rows(x, &g);
	if (!err)
		err = write_rows(x, &g);
	cf_gathered_clear(&g);
	return err;
}
