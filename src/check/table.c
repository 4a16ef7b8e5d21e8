/*
 * Reading a table: its cells, and which row or column is the total of which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "check/table.h"


bool
cf_holds_people(const char *holds)
{
	return strcmp(holds, "pupils") == 0 || strcmp(holds, "staff") == 0 ||
		strcmp(holds, "people") == 0;
}

bool
cf_holds_counts(const char *holds)
{
	return cf_holds_people(holds) || strcmp(holds, "schools") == 0 ||
		strcmp(holds, "things") == 0;
}

static bool
begins(const char *text, const char *word)
{
	return strncasecmp(text, word, strlen(word)) == 0;
}

/* A number as people write it: 1200, 1,200, -0.14, 12%. */
static bool
read_number(struct cf_cell *out, const char *text)
{
	char plain[CF_MAX_CELL_DIGITS + 3];
	size_t n = 0, digits = 0;
	const char *p = text;
	bool point = false;

	if (*p == '-')
		plain[n++] = *p++;
	for (; *p; p++) {
		if (*p == ',' && !point && digits && strlen(p) >= 4)
			continue;
		if (*p == '%' && p[1] == '\0' && digits)
			break;
		if (*p == '.' && !point && digits && p[1])
			point = true;
		else if (*p < '0' || *p > '9' || ++digits > CF_MAX_CELL_DIGITS)
			return false;
		plain[n++] = *p;
	}
	plain[n] = '\0';
	if (digits == 0)
		return false;
	*out = (struct cf_cell){ CF_CELL_NUMBER, strtod(plain, NULL), -1 };
	if (!point && out->value >= 0)
		out->count = (int64_t)out->value;
	return true;
}

struct cf_cell
cf_cell_read(const char *text)
{
	static const struct {
		const char *symbol;
		enum cf_cell_kind kind;
	} symbols[] = {
		{ "c", CF_CELL_HIDDEN }, { "z", CF_CELL_NOTHING },
		{ "x", CF_CELL_UNKNOWN }, { "u", CF_CELL_UNKNOWN },
		{ "low", CF_CELL_LOW }, { "k", CF_CELL_LOW },
	};
	static const char *const masks[] = { "<", "\xe2\x89\xa4", "fewer ",
		"less ", "under ", "below ", "up to " };
	struct cf_cell cell = { CF_CELL_ODD, 0, -1 };

	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (strcmp(text, symbols[i].symbol) == 0) {
			cell.kind = symbols[i].kind;
			return cell;
		}
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
		if (begins(text, masks[i])) {
			cell.kind = CF_CELL_MASK;
			return cell;
		}
	(void)read_number(&cell, text);
	return cell;
}

static size_t
find_line(const struct cf_heading *line, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (key && strcmp(line[i].key, key) == 0)
			return i;
	return CF_NO_LINE;
}

/* Headings that say that a line is a total. */
static bool
is_total_heading(const char *title)
{
	static const char *const words[] = { "total", "all", "overall",
		"altogether", "sum", "both" };
	size_t n;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		n = strlen(words[i]);
		if (begins(title, words[i]) && (title[n] == '\0' ||
			title[n] == ' ' || title[n] == ':'))
			return true;
	}
	n = strlen(title);
	return n > 6 && strcasecmp(title + n - 6, " total") == 0;
}

/* Of what a line is the total: what it says, or all others of its sort that are
 * no totals themselves. */
static bool
read_sums(struct cf_table_fault *fault, struct cf_heading *line, size_t n,
	size_t at, const json_t *sums)
{
	struct cf_heading *own = &line[at];
	bool guess = sums == NULL && is_total_heading(own->title);

	own->part = cf_calloc(n + json_array_size(sums), sizeof *own->part);
	for (size_t i = 0; i < json_array_size(sums); i++) {
		const char *key = json_string_value(json_array_get(sums, i));
		size_t part = find_line(line, n, key);

		if (part == CF_NO_LINE || part == at) {
			(void)snprintf(fault->why, sizeof fault->why,
				"%s is given as the total of %.40s, which is "
				"not another one of them", own->key, key);
			return false;
		}
		own->part[own->n++] = part;
	}
	for (size_t i = 0; guess && i < n; i++)
		if (i != at && !is_total_heading(line[i].title) &&
			(own->holds == NULL || strcmp(own->holds,
			line[i].holds) == 0))
			own->part[own->n++] = i;
	if (guess && own->n < 2)
		own->n = 0;
	return true;
}

/* Keys, headings and totals of the rows or the columns. */
static bool
read_lines(struct cf_heading **out, struct cf_table_fault *fault,
	const json_t *list, const char *name)
{
	size_t n = json_array_size(list);
	struct cf_heading *line = cf_calloc(n + 1, sizeof *line);

	*out = line;
	for (size_t i = 0; i < n; i++) {
		const json_t *own = json_array_get(list, i);

		line[i] = (struct cf_heading){ .key = cf_json_str(own, "key"),
			.title = cf_json_str(own, "title"),
			.holds = cf_json_str(own, "holds"),
			.where = json_object_get(own, "where"),
			.of = CF_NO_LINE };
		(void)snprintf(fault->path, sizeof fault->path, "/%s/%zu",
			name, i);
		if (find_line(line, i, line[i].key) != CF_NO_LINE) {
			(void)snprintf(fault->why, sizeof fault->why, "there "
				"is another one with the key %s", line[i].key);
			return false;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const json_t *own = json_array_get(list, i);

		(void)snprintf(fault->path, sizeof fault->path, "/%s/%zu",
			name, i);
		line[i].of = find_line(line, n, cf_json_str(own, "of"));
		line[i].of_unknown = line[i].of == CF_NO_LINE &&
			cf_json_str(own, "of");
		if (!read_sums(fault, line, n, i, json_object_get(own, "sums")))
			return false;
	}
	return true;
}

static bool
read_cells(struct cf_table *out, struct cf_table_fault *fault,
	const json_t *rows)
{
	out->cell = cf_calloc(out->rows * out->cols + 1, sizeof *out->cell);
	for (size_t i = 0; i < out->rows; i++) {
		const json_t *cells = json_object_get(json_array_get(rows, i),
			"cells");

		if (json_array_size(cells) != out->cols) {
			(void)snprintf(fault->path, sizeof fault->path,
				"/rows/%zu/cells", i);
			(void)snprintf(fault->why, sizeof fault->why, "the row "
				"has %zu entries for %zu columns",
				json_array_size(cells), out->cols);
			return false;
		}
		for (size_t j = 0; j < out->cols; j++)
			*cf_table_cell(out, i, j) = cf_cell_read(
				json_string_value(json_array_get(cells, j)));
	}
	return true;
}

/* Whether each has its texts: a draft that is being written may lack them, and
 * its schema says so. */
static bool
has_texts(const json_t *list, bool column)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *line = json_array_get(list, i);
		const json_t *texts = json_object_get(line, column ? "sums" :
			"cells");

		if (!cf_json_str(line, "key") || !cf_json_str(line, "title") ||
			(column && !cf_json_str(line, "holds")))
			return false;
		for (size_t k = 0; k < 2; k++) {
			for (size_t j = 0; j < json_array_size(texts); j++)
				if (!json_is_string(json_array_get(texts, j)))
					return false;
			texts = json_object_get(line, "sums");
		}
	}
	return json_array_size(list) > 0 &&
		json_array_size(list) <= (column ? CF_MAX_TABLE_COLUMNS :
		CF_MAX_TABLE_ROWS);
}

bool
cf_table_read(struct cf_table *out, struct cf_table_fault *fault,
	const json_t *table)
{
	const json_t *rows = json_object_get(table, "rows");
	const json_t *columns = json_object_get(table, "columns");

	*fault = (struct cf_table_fault){ 0 };
	*out = (struct cf_table){ 0 };
	if (!cf_json_str(table, "title") || !has_texts(rows, false) ||
		!has_texts(columns, true))
		return false;
	*out = (struct cf_table){ .title = cf_json_str(table, "title"),
		.sensitive = json_is_true(json_object_get(table, "sensitive")),
		.rows = json_array_size(rows),
		.cols = json_array_size(columns) };
	return read_lines(&out->col, fault, columns, "columns") &&
		read_lines(&out->row, fault, rows, "rows") &&
		read_cells(out, fault, rows);
}

void
cf_table_clear(struct cf_table *table)
{
	for (size_t i = 0; table->row && i < table->rows; i++)
		free(table->row[i].part);
	for (size_t i = 0; table->col && i < table->cols; i++)
		free(table->col[i].part);
	free(table->row);
	free(table->col);
	free(table->cell);
	*table = (struct cf_table){ 0 };
}
