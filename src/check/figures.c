/*
 * The walk over the figures of a body: which number is what, of whom, and on how
 * many it rests.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/figures.h"
#include "record/field.h"

#define PATH (16u * 1024)	/* of a pointer to a number */

/* A number of the body; `sensitive` where its list entry says so. */
struct field {
	struct cf_figure figure;
	char *path;
};

struct read_table {
	struct cf_table table;
	struct cf_table_fault fault;
	bool good;
	char *path;
	size_t number;
	int64_t *whole;		/* of each cell the least total that is shown */
};

struct list_of_traits {
	const json_t *where;
	char *path;
};

/* One walk over a body serves all rules: the gate asks them of every record. */
struct cf_collected {
	struct field *field;
	struct read_table *table;
	struct list_of_traits *traits;
	size_t fields, tables, lists;
	size_t field_cap, table_cap, list_cap;
	const char *said;	/* whose figures the record's are; NULL: the
				 * schema's own word counts */
	bool sensitive;		/* all of them */
};

struct walk {
	struct cf_collected *out;
	struct cf_buf path;
	bool sensitive;		/* said so in the scope of the walk */
};

int64_t
cf_least(const struct cf_probe *probe)
{
	const struct cf_policy *policy = probe->with->policy;

	return policy ? policy->least_people : CF_LEAST_PEOPLE;
}

int64_t
cf_rounding(const struct cf_probe *probe)
{
	const struct cf_policy *policy = probe->with->policy;

	return policy ? policy->rounding : CF_LEAST_ROUNDING;
}

bool
cf_is(const struct cf_figure *figure, const char *unit)
{
	return strcmp(figure->unit, unit) == 0;
}

bool
cf_is_result(const struct cf_figure *figure)
{
	static const char *const units[] = { "mean", "sd", "effect",
		"correlation", "percentage" };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (cf_is(figure, units[i]))
			return true;
	return false;
}

void
cf_report_figure(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_figure *f, const char *fmt, ...)
{
	char what[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	if (f->table)
		cf_report(probe, severity, f->path, "%s (row '%s', column "
			"'%s')", what, f->table->row[f->row].title,
			f->table->col[f->col].title);
	else
		cf_report(probe, severity, f->path, "%s", what);
}

void
cf_cell_path(char out[CF_CELL_PATH], const char *table, size_t row, size_t col)
{
	(void)snprintf(out, CF_CELL_PATH, "%.60s/rows/%zu/cells/%zu", table,
		row, col);
}

static enum cf_who
who_of(const char *word)
{
	if (word == NULL || strcmp(word, "pupils") == 0)
		return CF_PUPILS;
	if (strcmp(word, "staff") == 0)
		return CF_STAFF;
	return strcmp(word, "schools") == 0 ? CF_NOBODY : CF_PEOPLE;
}

/* --- tables ----------------------------------------------------------------- */

static const char *
unit_of(const char *holds)
{
	static const struct {
		const char *holds, *unit;
	} units[] = {
		{ "pupils", "person-count" }, { "staff", "person-count" },
		{ "people", "person-count" }, { "schools", "school-count" },
		{ "things", "thing-count" }, { "percent", "percentage" },
		{ "mean", "mean" }, { "sd", "sd" },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(holds, units[i].holds) == 0)
			return units[i].unit;
	return "other";
}

/* What a cell rests on: the cell of the column that its own names. */
static void
set_cell_base(struct cf_figure *f, const struct cf_table *t)
{
	const struct cf_heading *col = &t->col[f->col];
	const struct cf_cell *base;

	if (cf_holds_counts(col->holds) || strcmp(col->holds, "other") == 0)
		return;
	f->base_state = CF_BASE_MISSING;
	if (col->of == CF_NO_LINE || !cf_holds_people(t->col[col->of].holds))
		return;
	base = cf_table_cell(t, f->row, col->of);
	f->who = who_of(t->col[col->of].holds);
	f->base_state = base->count < 0 ? CF_BASE_HIDDEN : CF_BASE_GIVEN;
	f->base = base->count;
}

static void
cells(struct cf_probe *probe, const struct read_table *r, cf_figure_fn *each)
{
	const struct cf_table *t = &r->table;
	struct cf_figure f = { .table = t, .number = r->number,
		.sensitive = t->sensitive || probe->figures->sensitive };
	char path[CF_CELL_PATH];

	for (f.row = 0; f.row < t->rows; f.row++)
		for (f.col = 0; f.col < t->cols; f.col++) {
			const struct cf_cell *cell = cf_table_cell(t, f.row,
				f.col);
			const char *holds = t->col[f.col].holds;

			cf_cell_path(path, r->path, f.row, f.col);
			f.path = path;
			f.name = t->col[f.col].title;
			f.unit = unit_of(holds);
			f.who = cf_holds_people(holds) ? who_of(holds) :
				CF_PUPILS;
			f.value = cell->value;
			f.kind = cell->kind;
			f.base_state = CF_BASE_NONE;
			f.base = 0;
			f.whole = r->whole[f.row * t->cols + f.col];
			set_cell_base(&f, t);
			each(probe, &f);
		}
}

/* --- fields ----------------------------------------------------------------- */

static void
set_base(struct cf_figure *f, const json_t *bases)
{
	for (size_t i = 0; i < json_array_size(bases); i++) {
		json_t *base = json_object_get(f->object, json_string_value(
			json_array_get(bases, i)));
		int64_t n = json_is_integer(base) ? json_integer_value(base) :
			-1;

		if (n < 0 && f->base_state == CF_BASE_NONE)
			f->base_state = CF_BASE_MISSING;
		if (n >= 0 && (f->base_state != CF_BASE_GIVEN || n < f->base))
			f->base = n;
		if (n >= 0)
			f->base_state = CF_BASE_GIVEN;
	}
}

static void
add_field(struct walk *w, const json_t *value, const struct cf_field *field,
	const char *name, const json_t *object)
{
	struct cf_collected *c = w->out;
	struct field *f;

	if (field->unit == NULL)
		return;
	c->field = cf_grow(c->field, c->fields, &c->field_cap,
		sizeof *c->field);
	f = &c->field[c->fields++];
	f->path = cf_strdup(w->path.data);
	f->figure = (struct cf_figure){ .path = f->path, .name = name,
		.unit = field->unit, .object = object, .whole = -1, .value =
		json_number_value(value), .who = who_of(field->people) };
	set_base(&f->figure, field->base);
}

/* A number of people in a column that is `of` another: that one is the whole. */
static void
add_bases(struct read_table *r)
{
	const struct cf_table *t = &r->table;

	for (size_t i = 0; i < t->rows * t->cols; i++) {
		const struct cf_heading *col = &t->col[i % t->cols];
		int64_t n;

		if (col->of == CF_NO_LINE || !cf_holds_people(col->holds) ||
			!cf_holds_people(t->col[col->of].holds))
			continue;
		n = cf_table_cell(t, i / t->cols, col->of)->count;
		if (n >= 0 && (r->whole[i] < 0 || n < r->whole[i]))
			r->whole[i] = n;
	}
}

static void
find_wholes(struct read_table *r)
{
	const struct cf_table *t = &r->table;
	struct cf_totals totals;

	r->whole = cf_calloc(t->rows * t->cols + 1, sizeof *r->whole);
	for (size_t i = 0; i < t->rows * t->cols; i++)
		r->whole[i] = -1;
	cf_table_totals(&totals, t);
	for (size_t i = 0; i < totals.n; i++) {
		const struct cf_total *total = &totals.total[i];
		int64_t n = t->cell[total->total].count;

		for (size_t k = 0; k < total->n && n >= 0; k++) {
			int64_t *whole = &r->whole[total->part[k]];

			*whole = *whole < 0 || n < *whole ? n : *whole;
		}
	}
	cf_totals_clear(&totals);
	add_bases(r);
}

static void
add_table(struct walk *w, const json_t *value, size_t number)
{
	struct cf_collected *c = w->out;
	struct read_table *r;

	c->table = cf_grow(c->table, c->tables, &c->table_cap,
		sizeof *c->table);
	r = &c->table[c->tables++];
	r->path = cf_strdup(w->path.data);
	r->number = number;
	r->whole = NULL;
	r->good = cf_table_read(&r->table, &r->fault, value);
	if (r->good)
		find_wholes(r);
}

static void
add_list(struct walk *w, const json_t *where)
{
	struct cf_collected *c = w->out;

	c->traits = cf_grow(c->traits, c->lists, &c->list_cap,
		sizeof *c->traits);
	c->traits[c->lists++] = (struct list_of_traits){ where,
		cf_strdup(w->path.data) };
}

/* What a word or a yes says of the figures around it. */
static void
hear(struct walk *w, const json_t *value, const struct cf_field *field)
{
	const json_t *codes = field->sensitive;
	const char *word = json_string_value(value);

	if (json_is_true(codes) ? json_is_true(value) : codes && word &&
		cf_json_has(codes, word))
		w->sensitive = true;
	if (word && w->out->said == NULL && field->says)
		w->out->said = word;
}

static void walk(struct walk *w, const json_t *value,
	const struct cf_field *field, const char *name, const json_t *object);

static void
walk_list(struct walk *w, const json_t *list, const struct cf_field *field,
	const char *name)
{
	bool outside = w->sensitive;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		size_t n = w->path.len, from = w->out->fields;

		cf_json_pointer_index(&w->path, i);
		w->sensitive = false;
		if (field->tables)
			add_table(w, item, i);
		if (json_is_object(item))
			walk(w, item, field->items, name, item);
		for (; w->sensitive && from < w->out->fields; from++)
			w->out->field[from].figure.sensitive = true;
		w->path.len = n;
		w->path.data[n] = '\0';
	}
	w->sensitive = outside;
}

static void
walk(struct walk *w, const json_t *value, const struct cf_field *field,
	const char *name, const json_t *object)
{
	size_t next = 0;
	const char *member;
	json_t *part;

	if (field == NULL || w->path.full)
		return;
	if (json_is_number(value)) {
		add_field(w, value, field, name, object);
	} else if (json_is_array(value)) {
		if (field->population)
			add_list(w, value);
		else
			walk_list(w, value, field, name);
	} else if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, member, part) {
			size_t n = w->path.len;

			cf_json_pointer_add(&w->path, member);
			walk(w, part, cf_field_member(field, member, &next),
				member, value);
			w->path.len = n;
			w->path.data[n] = '\0';
		}
	} else {
		hear(w, value, field);
	}
}

/* --- for the rules ---------------------------------------------------------- */

static struct cf_collected *
collected(struct cf_probe *probe)
{
	struct walk w = { .path = CF_BUF(PATH) };

	if (probe->figures)
		return probe->figures;
	probe->figures = w.out = cf_calloc(1, sizeof *w.out);
	if (json_is_object(probe->body) && probe->schema) {
		cf_buf_puts(&w.path, "/body");
		walk(&w, probe->body, cf_fields_of(probe->schema), "body",
			probe->body);
		w.out->sensitive = w.sensitive;
	}
	cf_buf_clear(&w.path);
	return w.out;
}

void
cf_figures_forget(struct cf_probe *probe)
{
	struct cf_collected *c = probe->figures;

	if (c == NULL)
		return;
	for (size_t i = 0; i < c->fields; i++)
		free(c->field[i].path);
	for (size_t i = 0; i < c->tables; i++) {
		free(c->table[i].path);
		free(c->table[i].whole);
		cf_table_clear(&c->table[i].table);
	}
	for (size_t i = 0; i < c->lists; i++)
		free(c->traits[i].path);
	free(c->field);
	free(c->table);
	free(c->traits);
	free(c);
	probe->figures = NULL;
}

void
cf_figures(struct cf_probe *probe, cf_figure_fn *each)
{
	const struct cf_collected *c = collected(probe);

	for (size_t i = 0; i < c->fields; i++) {
		struct cf_figure f = c->field[i].figure;

		f.sensitive = f.sensitive || c->sensitive;
		if (c->said)
			f.who = who_of(c->said);
		each(probe, &f);
	}
	for (size_t i = 0; i < c->tables; i++)
		if (c->table[i].good)
			cells(probe, &c->table[i], each);
}

void
cf_tables(struct cf_probe *probe, cf_table_fn *each)
{
	const struct cf_collected *c = collected(probe);

	for (size_t i = 0; i < c->tables; i++)
		each(probe, &c->table[i].table, c->table[i].path,
			c->table[i].good ? NULL : &c->table[i].fault);
}

void
cf_traits(struct cf_probe *probe, cf_traits_fn *each)
{
	const struct cf_collected *c = collected(probe);

	for (size_t i = 0; i < c->lists; i++)
		each(probe, c->traits[i].where, c->traits[i].path);
}

bool
cf_figures_below(struct cf_probe *probe, double limit)
{
	const struct cf_collected *c = collected(probe);

	for (size_t i = 0; i < c->fields; i++)
		if (cf_is(&c->field[i].figure, "person-count") &&
			c->field[i].figure.value < limit)
			return true;
	return false;
}
