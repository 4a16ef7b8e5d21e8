/*
 * Adding up what was given and received.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "index/given.h"
#include "sign/sign.h"

static void
add(json_t *object, const char *member, double value)
{
	json_object_set_new(object, member, json_real(value + json_number_value(
		json_object_get(object, member))));
}

static json_t *
member(json_t *object, const char *name)
{
	if (json_object_get(object, name) == NULL)
		json_object_set_new(object, name, json_object());
	return json_object_get(object, name);
}

static double
days_of(const json_t *episode)
{
	return json_number_value(json_object_get(episode, "days"));
}

/* --- our own --------------------------------------------------------------------- */

struct place {
	unsigned char hash[32];
	json_t *row;
};

static int
by_hash(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Partners in an order that says nothing about them, and is another next month. */
static json_t *
in_order(json_t *rows, const char *month)
{
	size_t n = json_object_size(rows), i = 0;
	struct place *place = cf_calloc(n + 1, sizeof *place);
	json_t *out = json_array(), *row;
	const char *trust;

	json_object_foreach(rows, trust, row) {
		char *text = cf_asprintf("%s %s", month, trust);

		cf_sha256(place[i].hash, text, strlen(text));
		json_object_set_new(row, "trust", json_string(trust));
		place[i++].row = row;
		free(text);
	}
	if (n)
		qsort(place, n, sizeof *place, by_hash);
	for (i = 0; i < n; i++)
		json_array_append(out, place[i].row);
	free(place);
	return out;
}

static json_t *
by_name(json_t *themes)
{
	json_t *out = json_array(), *row;
	char *sorted = json_dumps(themes, JSON_SORT_KEYS);
	json_t *in = json_loads(sorted, 0, NULL);
	const char *area;

	json_object_foreach(in, area, row) {
		json_object_set_new(row, "area", json_string(area));
		json_array_append(out, row);
	}
	json_decref(in);
	free(sorted);
	return out;
}

static void
add_side(json_t *row, bool gave, double days)
{
	add(row, "given", gave ? days : 0);
	add(row, "received", gave ? 0 : days);
}

json_t *
cf_given_own(const json_t *episodes, const char *trust, const char *month)
{
	json_t *themes = json_object(), *partners = json_object(), *out;
	const json_t *episode;
	double sum[2] = { 0 };
	size_t with[2] = { 0 }, i;
	const char *id;
	json_t *row;

	json_array_foreach(episodes, i, episode) {
		bool gave = strcmp(cf_json_str(episode, "giver"), trust) == 0;
		const char *other = cf_json_str(episode, gave ? "receiver" :
			"giver");
		const json_t *areas = json_object_get(episode, "areas");
		size_t n = json_array_size(areas);

		if (!gave && strcmp(cf_json_str(episode, "receiver"), trust)
			!= 0)
			continue;
		sum[gave] += days_of(episode);
		add_side(member(partners, other), gave, days_of(episode));
		for (size_t k = 0; k < n; k++)
			add_side(member(themes, json_string_value(
				json_array_get(areas, k))), gave,
				days_of(episode) / (double)n);
	}
	json_object_foreach(partners, id, row) {
		with[1] += json_number_value(json_object_get(row, "given")) >
			0;
		with[0] += json_number_value(json_object_get(row, "received"))
			> 0;
	}
	out = json_pack("{s:f, s:f, s:I, s:I, s:o, s:o}", "given", sum[1],
		"received", sum[0], "to", (json_int_t)with[1], "from",
		(json_int_t)with[0], "themes", by_name(themes), "partners",
		in_order(partners, month));
	json_decref(themes);
	json_decref(partners);
	return out;
}

/* --- of all ---------------------------------------------------------------------- */

/* Who gave and who received in one area; NULL: in any. */
static void
sides(json_t *giver, json_t *receiver, const json_t *episodes, const char *area)
{
	const json_t *episode;
	size_t i;

	json_array_foreach(episodes, i, episode) {
		const json_t *areas = json_object_get(episode, "areas");
		double days = days_of(episode);

		if (area && !cf_json_has(areas, area))
			continue;
		if (area)
			days /= (double)json_array_size(areas);
		add(giver, cf_json_str(episode, "giver"), days);
		add(receiver, cf_json_str(episode, "receiver"), days);
	}
}

static void
add_both(json_t *cells, const json_t *episodes, const json_t *trusts)
{
	json_t *giver = json_object(), *receiver = json_object();
	json_t *cell = json_object(), *trust;
	size_t i, both = 0, n = json_array_size(trusts);

	sides(giver, receiver, episodes, NULL);
	json_array_foreach((json_t *)(uintptr_t)trusts, i, trust) {
		const char *id = json_string_value(trust);
		bool is = json_object_get(giver, id) &&
			json_object_get(receiver, id);

		both += is;
		json_object_set_new(cell, id, json_real(is ? 1 : 0));
	}
	if (both >= CF_LEAST_TRUSTS && n - both >= CF_LEAST_TRUSTS)
		json_object_set(cells, "both", cell);
	json_decref(cell);
	json_decref(giver);
	json_decref(receiver);
}

static void
add_flow(json_t *cells, const json_t *episodes, const char *area)
{
	json_t *giver = json_object(), *receiver = json_object(), *days;
	char *name = cf_asprintf("flow %s", area);
	const char *id;

	sides(giver, receiver, episodes, area);
	if (json_object_size(giver) >= CF_LEAST_TRUSTS &&
		json_object_size(receiver) >= CF_LEAST_TRUSTS) {
		json_object_foreach(receiver, id, days) {
			add(giver, id, json_number_value(days));
		}
		json_object_set(cells, name, giver);
	}
	free(name);
	json_decref(giver);
	json_decref(receiver);
}

static void
add_unmet(json_t *cells, const json_t *unmet)
{
	json_t *by_area = json_object(), *cell;
	const json_t *one;
	const char *name;
	size_t i;

	json_array_foreach(unmet, i, one) {
		const json_t *areas = json_object_get(one, "areas");

		for (size_t k = 0; k < json_array_size(areas); k++) {
			char *text = cf_asprintf("unmet %s", json_string_value(
				json_array_get(areas, k)));

			json_object_set_new(member(by_area, text),
				cf_json_str(one, "trust"), json_real(1));
			free(text);
		}
	}
	json_object_foreach(by_area, name, cell) {
		if (json_object_size(cell) >= CF_LEAST_TRUSTS)
			json_object_set(cells, name, cell);
	}
	json_decref(by_area);
}

json_t *
cf_given_cells(const json_t *episodes, const json_t *trusts,
	const json_t *unmet)
{
	json_t *cells = json_object(), *named = json_object(), *once;
	const json_t *episode;
	const char *area;
	size_t i;

	add_both(cells, episodes, trusts);
	json_array_foreach(episodes, i, episode) {
		const json_t *areas = json_object_get(episode, "areas");

		for (size_t k = 0; k < json_array_size(areas); k++)
			json_object_set_new(named, json_string_value(
				json_array_get(areas, k)), json_true());
	}
	json_object_foreach(named, area, once) {
		add_flow(cells, episodes, area);
	}
	json_decref(named);
	add_unmet(cells, unmet);
	return cells;
}

/* --- from one report to the next --------------------------------------------------- */

/* How many trusts' parts of a cell are others now. */
static size_t
changed(json_t *now, json_t *told)
{
	const char *id;
	json_t *part;
	size_t n = 0;

	json_object_foreach(now, id, part) {
		json_t *was = json_object_get(told, id);

		n += was == NULL || json_number_value(was) <
			json_number_value(part) || json_number_value(was) >
			json_number_value(part);
	}
	json_object_foreach(told, id, part) {
		n += json_object_get(now, id) == NULL;
	}
	return n;
}

static void
tell_one(json_t *out, json_t *kept, const char *name, json_t *now,
	json_t *told)
{
	size_t n = changed(now, told);

	if (told == NULL || n == 0 || n >= CF_LEAST_TRUSTS) {
		if (now)
			json_object_set(out, name, now);
		return;
	}
	json_object_set(out, name, told);
	json_array_append_new(kept, json_string(name));
}

json_t *
cf_given_tell(json_t *kept, const json_t *now, const json_t *told)
{
	json_t *out = json_object(), *cell;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)now, name, cell) {
		tell_one(out, kept, name, cell, json_object_get(told, name));
	}
	json_object_foreach((json_t *)(uintptr_t)told, name, cell) {
		if (json_object_get(now, name) == NULL)
			tell_one(out, kept, name, NULL, cell);
	}
	return out;
}
