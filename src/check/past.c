/*
 * Reading the numbers of a release, and whose they are.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/past.h"


struct collect {
	struct cf_probe probe;	/* the walk hands this on: it stays first */
	struct cf_stats *out;
	const json_t *body;
	size_t release;
	bool ours;
};

size_t
cf_trait_name(const char *trait)
{
	return strcspn(trait, "=");
}

bool
cf_trait_is_time(const char *trait)
{
	static const char *const names[] = { "term", "date", "period",
		"academic_year", "school_year", "month" };
	size_t n = cf_trait_name(trait);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n && strncmp(names[i], trait, n) == 0)
			return true;
	return false;
}

/* --- whose ------------------------------------------------------------------ */

static int
by_text(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a),
		json_string_value(*(json_t *const *)b));
}

static bool
is_of_name(const char *trait, const char *other)
{
	size_t n = cf_trait_name(trait);

	return cf_trait_name(other) == n && strncmp(trait, other, n) == 0;
}

/* Whether the traits say of a name something, or something that is among `said`
 * as well. */
static bool
says(const json_t *traits, const char *name, const json_t *said)
{
	for (size_t i = 0; i < json_array_size(traits); i++) {
		const char *trait = json_string_value(json_array_get(traits, i));

		if (trait && is_of_name(trait, name) && (said == NULL ||
			cf_json_has(said, trait)))
			return true;
	}
	return false;
}

void
cf_traits_narrow(json_t **who, const json_t *traits)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(*who); i++) {
		json_t *trait = json_array_get(*who, i);
		const char *text = json_string_value(trait);

		if (cf_json_has(traits, text) || !says(traits, text, NULL))
			json_array_append(out, trait);
	}
	for (size_t i = 0; i < json_array_size(traits); i++) {
		json_t *trait = json_array_get(traits, i);
		const char *text = json_string_value(trait);

		if (text && !cf_json_has(out, text) && !says(*who, text, traits))
			json_array_append(out, trait);
	}
	json_decref(*who);
	*who = out;
}

json_t *
cf_traits_of(const struct cf_figure *f, const json_t *body)
{
	json_t *out = json_array();

	cf_traits_narrow(&out, json_object_get(body, "population"));
	if (f->table) {
		cf_traits_narrow(&out, f->table->col[f->col].where);
		cf_traits_narrow(&out, f->table->row[f->row].where);
	}
	return out;
}

/* A sorted copy, each once. Takes `list`. */
static json_t *
sorted_take(json_t *list)
{
	size_t n = json_array_size(list);
	json_t **item = cf_calloc(n + 1, sizeof *item), *out = json_array();

	for (size_t i = 0; i < n; i++)
		item[i] = json_array_get(list, i);
	if (n)
		qsort(item, n, sizeof(json_t *), by_text);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_text(&item[i - 1], &item[i]) != 0)
			json_array_append(out, item[i]);
	free(item);
	json_decref(list);
	return out;
}

/* For every name in b, a has it, with no other values than b. */
static bool
is_within(const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < json_array_size(b); i++) {
		const char *want = json_string_value(json_array_get(b, i));
		size_t n = cf_trait_name(want), has = 0;

		for (size_t j = 0; j < json_array_size(a); j++) {
			const char *is = json_string_value(json_array_get(a,
				j));

			if (cf_trait_name(is) != n || strncmp(is, want, n) != 0)
				continue;
			has++;
			if (!cf_json_has(b, is))
				return false;
		}
		if (has == 0)
			return false;
	}
	return true;
}

bool
cf_same_people(const json_t *a, const json_t *b)
{
	return json_equal(a, b);
}

enum cf_relation
cf_people_relation(const json_t *a, const json_t *b)
{
	if (cf_same_people(a, b))
		return CF_SAME;
	return is_within(a, b) ? CF_PART : is_within(b, a) ? CF_WHOLE :
		CF_OTHER;
}

bool
cf_stats_compare(const struct cf_stat *a, const struct cf_stat *b)
{
	return strcmp(a->measure, b->measure) == 0 &&
		strcmp(a->time, b->time) == 0;
}

/* --- what ------------------------------------------------------------------- */

/* "n_t: reading: a standardised test", in small letters. */
static char *
measure_of(const struct cf_figure *f, const json_t *body)
{
	const json_t *outcome = json_object_get(body, "outcome");
	const char *construct = cf_json_str(outcome, "construct");
	const char *instrument = cf_json_str(outcome, "instrument");
	char *text;

	if (f->table)
		text = cf_asprintf("%s: %s", f->table->title,
			f->table->col[f->col].holds);
	else
		text = cf_asprintf("%s: %s: %s", f->name, construct ?
			construct : "", instrument ? instrument : "");
	for (char *p = text; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return text;
}

static char *
time_of(const json_t *times, const json_t *body)
{
	const json_t *period = json_object_get(body, "period");
	const char *from = cf_json_str(period, "from");
	const char *until = cf_json_str(period, "until");
	struct cf_buf out = CF_BUF(4096);

	for (size_t i = 0; i < json_array_size(times); i++)
		cf_buf_printf(&out, "%s ", json_string_value(json_array_get(
			times, i)));
	cf_buf_printf(&out, "%s-%s", from ? from : "", until ? until : "");
	return cf_buf_take(&out);
}

/* By traits, as a total, or because there is no other. */
bool
cf_is_placed(const struct cf_figure *f)
{
	const struct cf_table *t = f->table;
	const struct cf_heading *row = &t->row[f->row], *col = &t->col[f->col];
	size_t counts = 0;

	for (size_t j = 0; j < t->cols; j++)
		counts += cf_holds_people(t->col[j].holds);
	return (row->where || row->n || t->rows == 1) &&
		(col->where || col->n || counts == 1);
}

static void
figure(struct cf_probe *probe, const struct cf_figure *f)
{
	struct collect *c = (struct collect *)probe;
	json_t *who, *times, *traits, *trait;
	const char *group;
	struct cf_stat *s;
	size_t i;

	if (!cf_is(f, "person-count") || f->who == CF_NOBODY ||
		c->out->n >= CF_MAX_STATS || !(f->kind == CF_CELL_NUMBER ||
		f->kind == CF_CELL_HIDDEN) || (f->table && !cf_is_placed(f)))
		return;
	who = json_array();
	times = json_array();
	traits = cf_traits_of(f, c->body);
	json_array_foreach(traits, i, trait)
		json_array_append(cf_trait_is_time(json_string_value(trait)) ?
			times : who, trait);
	json_decref(traits);
	group = f->object ? cf_json_str(f->object, "group") : NULL;
	if (group)
		json_array_append_new(who, json_sprintf("group=%s", group));
	times = sorted_take(times);
	c->out->stat = cf_grow(c->out->stat, c->out->n, &c->out->cap,
		sizeof *c->out->stat);
	s = &c->out->stat[c->out->n++];
	*s = (struct cf_stat){ .measure = measure_of(f, c->body),
		.time = time_of(times, c->body), .who = sorted_take(who),
		.hidden = f->kind == CF_CELL_HIDDEN,
		.value = (int64_t)f->value, .path = cf_strdup(f->path),
		.release = c->release, .ours = c->ours };
	json_decref(times);
}

void
cf_stats_read(struct cf_stats *out, const char *kind, const json_t *body,
	size_t release, bool ours)
{
	static const struct cf_checking alone = { .file = NULL };
	struct collect c = { .probe = { .body = body, .with = &alone,
		.schema = cf_schema_doc(kind) }, .out = out, .body = body,
		.release = release, .ours = ours };

	/* Nothing can be compared with people of whom nothing is said. */
	if (json_array_size(json_object_get(body, "population")))
		cf_figures(&c.probe, figure);
	cf_figures_forget(&c.probe);
}

void
cf_stats_read_all(struct cf_stats *out, const json_t *releases, size_t from)
{
	for (size_t i = from; i < json_array_size(releases); i++) {
		const json_t *release = json_array_get(releases, i);

		cf_stats_read(out, "finding", json_object_get(release, "body"),
			i, json_is_true(json_object_get(release, "ours")));
	}
}

void
cf_stats_cut(struct cf_stats *stats, size_t n)
{
	while (stats->n > n) {
		struct cf_stat *s = &stats->stat[--stats->n];

		free(s->measure);
		free(s->time);
		free(s->path);
		json_decref(s->who);
	}
}

void
cf_stats_clear(struct cf_stats *stats)
{
	cf_stats_cut(stats, 0);
	free(stats->stat);
	*stats = (struct cf_stats){ 0 };
}
