/*
 * Records that were found: what is told of each, and their order.
 */
#include <stdlib.h>
#include <string.h>

#include "app/attention.h"
#include "app/search.h"
#include "base/clock.h"
#include "base/mem.h"

struct cf_day
cf_today(void)
{
	char text[CF_TIME_TEXT];
	struct cf_day day = { "" };

	cf_time_format(text, cf_now());
	memcpy(day.text, text, sizeof day.text - 1);
	return day;
}

struct cf_day
cf_year_ago(void)
{
	struct cf_day day = cf_today();

	for (int i = 3; i >= 0; i--) {
		day.text[i] = (char)(day.text[i] == '0' ? '9' :
			day.text[i] - 1);
		if (day.text[i] != '9')
			break;
	}
	return day;
}

const struct cf_err *
cf_order_allowed(const char *sort, const char *const *allowed)
{
	struct cf_buf list = CF_BUF(200);
	const struct cf_err *err;

	for (size_t i = 0; sort && allowed[i]; i++) {
		if (strcmp(sort, allowed[i]) == 0) {
			cf_buf_clear(&list);
			return NULL;
		}
		cf_buf_printf(&list, "%s%s", i ? ", " : "", allowed[i]);
	}
	err = sort ? cf_err_rule(CF_USAGE, "order.ranking", "Confer does not "
		"sort by '%.40s': it never sets trusts or schools one above "
		"the other, by results, by what they give, or by whom they "
		"teach. %s%s", sort, allowed[0] ? "The orders there are: " :
		"The order of this list is fixed", list.data) : NULL;
	cf_buf_clear(&list);
	return err;
}

/* --- one record ------------------------------------------------------------------ */

void
cf_found_clear(struct cf_found_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		json_decref(list->found[i].hit);
		json_decref(list->found[i].about);
	}
	free(list->found);
	*list = (struct cf_found_list){ 0 };
}

struct cf_found *
cf_found_get(const struct cf_found_list *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(cf_json_str(list->found[i].hit, "id"), id) == 0)
			return &list->found[i];
	return NULL;
}

/* Which trusts' newest versions of it are held, and why. */
static const struct cf_err *
add_held(json_t *hit, struct cf_trust *trust, const char *id)
{
	json_t *held = NULL, *one;
	const struct cf_err *err = cf_index_held_of(&held, trust->index, id);
	size_t i;

	json_array_foreach(held, i, one) {
		char *name = cf_trust_title(trust, cf_json_str(one, "trust"));

		json_object_set_new(one, "name", json_string(name));
		free(name);
	}
	if (!err)
		json_object_set(hit, "held", held);
	json_decref(held);
	return err;
}

static const struct cf_err *
describe(json_t *hit, struct cf_trust *trust)
{
	const char *id = cf_json_str(hit, "id");
	char *owner = cf_trust_title(trust, cf_json_str(hit, "owner"));
	const struct cf_err *err;
	bool incomplete = false;

	json_object_set_new(hit, "ownerName", json_string(owner));
	free(owner);
	json_object_set_new(hit, "signers", cf_people(trust,
		json_object_get(hit, "signers")));
	json_object_del(hit, "heads");
	json_object_del(hit, "standing");
	err = cf_is_incomplete(&incomplete, trust, id);
	json_object_set_new(hit, "incomplete", json_boolean(incomplete));
	return err ? err : add_held(hit, trust, id);
}

const struct cf_err *
cf_found_add(struct cf_found **added, struct cf_found_list *list,
	struct cf_trust *trust, const char *id)
{
	struct cf_found found = { 0 };
	const struct cf_err *err;
	const char *status, *review;

	if (added)
		*added = NULL;
	err = cf_index_record(&found.hit, trust->index, id);
	if (!err && found.hit)
		err = cf_index_about(&found.about, trust->index, id);
	if (!err && found.about)
		err = describe(found.hit, trust);
	if (err || found.about == NULL) {
		json_decref(found.hit);
		json_decref(found.about);
		return err;
	}
	status = cf_json_str(found.hit, "status");
	review = cf_json_str(found.about, "review_by");
	if (review && strcmp(review, cf_today().text) < 0)
		json_object_set_new(found.hit, "reviewBy",
			json_string(review));
	found.sinks = strcmp(status, "withdrawn") == 0 ||
		strcmp(status, "superseded") == 0 ||
		json_object_get(found.hit, "reviewBy");
	list->found = cf_grow(list->found, list->n, &list->cap,
		sizeof *list->found);
	list->found[list->n] = found;
	if (added)
		*added = &list->found[list->n];
	list->n++;
	return NULL;
}

/* --- the order ---------------------------------------------------------------------- */

static int
by_match(const void *a, const void *b)
{
	const struct cf_found *x = a, *y = b;
	int order;

	if (x->sinks != y->sinks)
		return x->sinks ? 1 : -1;
	if (x->some != y->some)
		return x->some ? 1 : -1;
	if (x->score < y->score || x->score > y->score)
		return x->score > y->score ? -1 : 1;
	order = strcmp(cf_json_str(y->hit, "modified"),
		cf_json_str(x->hit, "modified"));
	return order ? order : strcmp(cf_json_str(x->hit, "id"),
		cf_json_str(y->hit, "id"));
}

void
cf_found_sort(struct cf_found_list *list)
{
	if (list->n)
		qsort(list->found, list->n, sizeof *list->found, by_match);
}

json_t *
cf_alike_json(const struct cf_alike *alike, const struct cf_mine *mine,
	const json_t *theirs)
{
	json_t *parts = json_array();

	for (int i = 0; i < CF_ALIKE_PARTS; i++)
		if (alike->part[i].weight > 0 && cf_alike_known(alike))
			json_array_append_new(parts, json_pack(
				"{s:s, s:O, s:O, s:f, s:f}", "field",
				cf_alike_member[i], "mine", json_object_get(
				mine->context, cf_alike_member[i]), "theirs",
				json_object_get(theirs, cf_alike_member[i]),
				"weight", alike->part[i].weight, "apart",
				alike->part[i].apart));
	return json_pack("{s:o*, s:b, s:b, s:o, s:O, s:s}", "distance",
		cf_alike_known(alike) ? json_real(alike->distance) : NULL,
		"samePhase", alike->phase, "sameRegion", alike->region,
		"parts", parts, "mine", mine->context, "from", mine->from);
}

void
cf_found_compare(struct cf_found_list *list, const struct cf_mine *mine)
{
	struct cf_neighbour *near = cf_calloc(list->n + 1, sizeof *near);
	struct cf_found *sorted = cf_calloc(list->n + 1, sizeof *sorted);
	bool *placed = cf_calloc(list->n + 1, sizeof *placed);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		const json_t *theirs = json_object_get(list->found[i].about,
			"context");

		near[n].id = cf_json_str(list->found[i].hit, "id");
		near[n].at = i;
		cf_alike(&near[n].alike, mine->context, theirs);
		json_object_set_new(list->found[i].hit, "similarity",
			cf_alike_json(&near[n].alike, mine, theirs));
		n += !list->found[i].sinks;
	}
	n = cf_nearest(near, n);
	for (size_t i = 0; i < n; i++) {
		sorted[kept++] = list->found[near[i].at];
		placed[near[i].at] = true;
	}
	for (size_t i = 0; i < list->n; i++)
		if (!placed[i])
			sorted[kept++] = list->found[i];
	if (kept)
		memcpy(list->found, sorted, kept * sizeof *sorted);
	free(near);
	free(sorted);
	free(placed);
}
