/*
 * What we gave and received, and how it stands among all, without a table of
 * trusts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/search.h"
#include "base/mem.h"
#include "index/given.h"

#define NOTE "reciprocity.json"	/* the cells that were told last */
#define STEP 5			/* days and shares of all are rounded to it */

struct looking {
	struct cf_trust *trust;
	json_t *episodes, *waiting, *trusts, *unmet;
};

/* Both parties stand behind this very version. */
static bool
both_signed(const json_t *row, const json_t *about)
{
	const json_t *signers = json_object_get(row, "signers");
	const char *giver = cf_json_str(about, "giver");
	const char *receiver = cf_json_str(about, "receiver");

	return json_array_size(json_object_get(row, "heads")) == 1 && giver &&
		receiver && strcmp(giver, receiver) != 0 &&
		cf_json_has(signers, giver) && cf_json_has(signers, receiver);
}

static bool
is_party(const json_t *about, const char *trust)
{
	const char *giver = cf_json_str(about, "giver");
	const char *receiver = cf_json_str(about, "receiver");

	return (giver && strcmp(giver, trust) == 0) ||
		(receiver && strcmp(receiver, trust) == 0);
}

static void
take_support(struct looking *l, const json_t *row, json_t *about)
{
	const char *status = cf_json_str(row, "status");

	if (strcmp(status, "active") != 0 && strcmp(status, "completed") != 0)
		return;
	if (both_signed(row, about))
		json_array_append(l->episodes, about);
	else if (is_party(about, l->trust->id))
		json_array_append_new(l->waiting, json_pack(
			"{s:O, s:O, s:b}", "id", json_object_get(row, "id"),
			"title", json_object_get(row, "title"), "ours",
			cf_json_has(json_object_get(row, "signers"),
			l->trust->id)));
}

/* A need that nobody has accepted to help with. */
static void
take_need(struct looking *l, const json_t *row, json_t *about)
{
	const json_t *matches = json_object_get(about, "matches"), *match;
	const char *review = cf_json_str(about, "review_by");
	size_t i;

	if (strcmp(cf_json_str(row, "status"), "active") != 0 ||
		(review && strcmp(review, cf_today().text) < 0))
		return;
	json_array_foreach(matches, i, match) {
		const char *state = cf_json_str(match, "state");

		if (strcmp(state, "proposed") != 0 &&
			strcmp(state, "declined") != 0)
			return;
	}
	json_array_append_new(l->unmet, json_pack("{s:O, s:O*}", "trust",
		json_object_get(row, "owner"), "areas", json_object_get(about,
		"areas")));
}

static const struct cf_err *
read_kind(struct looking *l, const char *kind,
	void (*take)(struct looking *, const json_t *, json_t *))
{
	struct cf_index_filter filter = { .kind = kind };
	const struct cf_err *err;
	json_t *rows = NULL;

	err = cf_index_list(&rows, l->trust->index, &filter);
	for (size_t i = 0; i < json_array_size(rows) && !err; i++) {
		const json_t *row = json_array_get(rows, i);
		json_t *about = NULL;

		err = cf_index_about(&about, l->trust->index,
			cf_json_str(row, "id"));
		if (about)
			take(l, row, about);
		json_decref(about);
	}
	json_decref(rows);
	return err;
}

static const struct cf_err *
read_trusts(struct looking *l)
{
	struct cf_names ids;
	const struct cf_err *err = cf_index_trusts(&ids, l->trust->index);

	for (size_t i = 0; i < ids.n && !err; i++) {
		json_t *row = NULL;

		err = cf_index_trust(&row, l->trust->index, ids.name[i]);
		if (row && strcmp(cf_json_str(row, "role"), "trust") == 0)
			json_array_append_new(l->trusts, json_string(
				ids.name[i]));
		json_decref(row);
	}
	cf_names_clear(&ids);
	return err;
}

/* A note that cannot be read is as if there were none. */
static json_t *
read_note(struct cf_trust *trust)
{
	char *path = cf_store_file(trust->store, NOTE);
	json_t *doc = NULL;

	if (cf_json_read_path(&doc, path, CF_MAX_JSON) != NULL ||
		!json_is_object(doc)) {
		json_decref(doc);
		doc = NULL;
	}
	free(path);
	return doc;
}

static const struct cf_err *
write_note(struct cf_trust *trust, const json_t *cells)
{
	char *path = cf_store_file(trust->store, NOTE);
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_file_form(&text, cells);

	if (!err)
		err = cf_file_write(path, text.data, text.len, 0600);
	cf_buf_clear(&text);
	free(path);
	return err;
}

static double
rounded(double value)
{
	return STEP * round(value / STEP);
}

/* What is told of a cell: sums, never the parts. */
static void
tell_cell(json_t *network, const char *name, json_t *cell)
{
	size_t n = json_object_size(cell);
	double sum = 0;
	const char *id;
	json_t *part;

	json_object_foreach(cell, id, part) {
		sum += json_number_value(part);
	}
	if (strcmp(name, "both") == 0)
		json_object_set_new(network, "both", json_real(rounded(100 *
			sum / (double)n)));
	else if (cf_starts(name, "flow "))
		json_array_append_new(json_object_get(network, "flows"),
			json_pack("{s:s, s:f}", "area", name + 5, "days",
			rounded(sum / 2)));
	else
		json_array_append_new(json_object_get(network, "unmet"),
			json_string(name + 6));
}

/* In the order of the areas in the schema, whatever the figures are. */
static json_t *
tell_network(json_t *cells)
{
	const json_t *areas = cf_json_at(cf_schema_doc("common"),
		"/$defs/area/enum"), *area;
	json_t *network = json_pack("{s:[], s:[]}", "flows", "unmet");
	size_t i;

	if (json_object_get(cells, "both"))
		tell_cell(network, "both", json_object_get(cells, "both"));
	json_array_foreach(areas, i, area) {
		static const char *const of[] = { "flow", "unmet" };

		for (size_t k = 0; k < 2; k++) {
			char *name = cf_asprintf("%s %s", of[k],
				json_string_value(area));
			json_t *cell = json_object_get(cells, name);

			if (cell)
				tell_cell(network, name, cell);
			free(name);
		}
	}
	return network;
}

static const struct cf_err *
tell(json_t **out, struct looking *l)
{
	struct cf_day today = cf_today();
	json_t *now, *told = read_note(l->trust), *cells, *network, *row;
	json_t *kept = json_array();
	const struct cf_err *err;
	size_t i;

	today.text[7] = '\0';
	*out = cf_given_own(l->episodes, l->trust->id, today.text);
	json_array_foreach(json_object_get(*out, "partners"), i, row) {
		char *name = cf_trust_title(l->trust, cf_json_str(row,
			"trust"));

		json_object_set_new(row, "name", json_string(name));
		free(name);
	}
	now = cf_given_cells(l->episodes, l->trusts, l->unmet);
	cells = cf_given_tell(kept, now, told);
	network = tell_network(cells);
	json_object_set_new(network, "waiting", json_integer((json_int_t)
		json_array_size(kept)));
	json_object_set_new(*out, "network", network);
	json_object_set(*out, "unsigned", l->waiting);
	err = told && json_equal(told, cells) ? NULL :
		write_note(l->trust, cells);
	json_decref(now);
	json_decref(told);
	json_decref(cells);
	json_decref(kept);
	return err;
}

const struct cf_err *
cf_reciprocity(json_t **out, struct cf_trust *trust, const char *sort)
{
	static const char *const none[] = { NULL };
	struct looking l = { trust, json_array(), json_array(), json_array(),
		json_array() };
	const struct cf_err *err = cf_order_allowed(sort, none);

	*out = NULL;
	if (!err)
		err = read_trusts(&l);
	if (!err)
		err = read_kind(&l, "support", take_support);
	if (!err)
		err = read_kind(&l, "need", take_need);
	if (!err)
		err = tell(out, &l);
	json_decref(l.episodes);
	json_decref(l.waiting);
	json_decref(l.trusts);
	json_decref(l.unmet);
	return err;
}
