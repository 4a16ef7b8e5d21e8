/*
 * Reading and counting the list of people behind the figures.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/behind.h"
#include "check/csv.h"
#include "check/past.h"

/* --- words ------------------------------------------------------------------ */

static char
small(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	return c == ' ' || c == '-' ? '_' : c;
}

bool
cf_behind_same(struct cf_str a, struct cf_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (small(a.p[i]) != small(b.p[i]))
			return false;
	return true;
}

/* Words for one thing, as systems export them; between bars. */
static const char *const alike[] = { "|1|y|yes|true|t|", "|0|n|no|false|",
	"|f|female|girl|girls|", "|m|male|boy|boys|" };

static bool
is_among(const char *words, struct cf_str s)
{
	const char *from = words + 1, *bar;

	for (; (bar = strchr(from, '|')) != NULL; from = bar + 1)
		if (cf_behind_same((struct cf_str){ from, (size_t)(bar - from) }, s))
			return true;
	return false;
}

/* "Year 8", "Y8" and "yr 8" are 8. */
static struct cf_str
without_year(struct cf_str s)
{
	static const char *const words[] = { "year", "yr", "y" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);

		if (s.n <= n || !cf_behind_same((struct cf_str){ s.p, n },
			cf_str(words[i])))
			continue;
		n += s.p[n] == ' ';
		if (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			return (struct cf_str){ s.p + n, s.n - n };
	}
	return s;
}

static bool
is_value(struct cf_str cell, struct cf_str want)
{
	if (cf_behind_same(without_year(cell), without_year(want)))
		return true;
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		if (is_among(alike[i], cell) && is_among(alike[i], want))
			return true;
	return false;
}

/* --- reading ---------------------------------------------------------------- */

static size_t
column(const struct cf_behind *b, const char *words)
{
	for (size_t k = 0; k < b->cols; k++)
		if (is_among(words, b->heading[k]))
			return k;
	return CF_NO_COLUMN;
}

static const struct cf_err *
read_rows(struct cf_behind *out, struct cf_csv *csv)
{
	struct cf_str field[CF_MAX_BEHIND_COLUMNS];
	size_t n, cap = 0;

	while (cf_csv_row(csv, field, CF_MAX_BEHIND_COLUMNS, &n)) {
		if (n == 1 && field[0].n == 0)
			continue;
		if (out->rows == CF_MAX_BEHIND_ROWS)
			return cf_err(CF_TOO_BIG, "the list has more than %u "
				"rows; take the people of this draft alone",
				CF_MAX_BEHIND_ROWS);
		while (cap < (out->rows + 1) * out->cols)
			out->cell = cf_grow(out->cell, cap, &cap,
				sizeof *out->cell);
		for (size_t k = 0; k < out->cols; k++)
			out->cell[out->rows * out->cols + k] = k < n ? field[k] :
				(struct cf_str){ "", 0 };
		out->rows++;
	}
	return NULL;
}

const struct cf_err *
cf_behind_read(struct cf_behind *out, char *bytes, size_t n)
{
	struct cf_str field[CF_MAX_BEHIND_COLUMNS];
	const struct cf_err *err = NULL;
	struct cf_csv csv;

	*out = (struct cf_behind){ .rows = 0 };
	cf_csv_start(&csv, bytes, n);
	if (cf_csv_row(&csv, field, CF_MAX_BEHIND_COLUMNS, &out->cols)) {
		if (out->cols > CF_MAX_BEHIND_COLUMNS)
			err = cf_err(CF_TOO_BIG, "the list has more than %u "
				"columns; keep those that the draft speaks of",
				CF_MAX_BEHIND_COLUMNS);
		else
			out->heading = cf_malloc(out->cols * sizeof *field);
		if (!err)
			memcpy(out->heading, field, out->cols * sizeof *field);
	}
	if (!err && out->cols)
		err = read_rows(out, &csv);
	if (!err && out->rows == 0)
		err = cf_err_rule(CF_INVALID, "evidence.empty", "the list of "
			"people is empty: it takes a line of headings and a "
			"row for each person");
	if (err) {
		cf_behind_clear(out);
		return err;
	}
	out->school = column(out, "|school|school_name|academy|site|centre|"
		"establishment|urn|laestab|");
	out->result = column(out, "|result|outcome|grade|level|mark|score|");
	out->value = column(out, "|value|amount|sessions|incidents|number|");
	return NULL;
}

void
cf_behind_clear(struct cf_behind *behind)
{
	free(behind->heading);
	free(behind->cell);
	*behind = (struct cf_behind){ .rows = 0 };
}

/* --- who -------------------------------------------------------------------- */

static size_t
column_of(const struct cf_behind *b, const char *trait)
{
	struct cf_str name = { trait, cf_trait_name(trait) };

	for (size_t k = 0; k < b->cols; k++)
		if (cf_behind_same(b->heading[k], name))
			return k;
	return CF_NO_COLUMN;
}

/* For each name among the traits, the row has one of its values. */
static bool
has_all(const struct cf_behind *b, size_t row, const json_t *traits)
{
	for (size_t i = 0; i < json_array_size(traits); i++) {
		const char *trait = json_string_value(json_array_get(traits, i));
		size_t col = column_of(b, trait), name = cf_trait_name(trait);
		bool has = col == CF_NO_COLUMN;

		for (size_t j = 0; j < json_array_size(traits) && !has; j++) {
			const char *other = json_string_value(json_array_get(
				traits, j));

			has = cf_trait_name(other) == name && strncmp(other,
				trait, name) == 0 && is_value(b->cell[row *
				b->cols + col], cf_str(other + name + 1));
		}
		if (!has)
			return false;
	}
	return true;
}

const char *
cf_behind_pick(size_t *row, size_t *n, const struct cf_behind *behind,
	const json_t *traits)
{
	*n = 0;
	for (size_t i = 0; i < json_array_size(traits); i++) {
		const char *trait = json_string_value(json_array_get(traits, i));

		if (column_of(behind, trait) == CF_NO_COLUMN &&
			!cf_trait_is_time(trait))
			return trait;
	}
	for (size_t k = 0; k < behind->rows; k++)
		if (has_all(behind, k, traits))
			row[(*n)++] = k;
	return NULL;
}

/* --- how many --------------------------------------------------------------- */

/* "12", "-3", "4.5"; 0 where it is no number. */
static double
number(struct cf_str s)
{
	double value = 0, scale = 0;
	bool minus = s.n && s.p[0] == '-';

	for (size_t i = minus; i < s.n && i < CF_MAX_BEHIND_DIGITS; i++) {
		if (s.p[i] == '.' && scale == 0) {
			scale = 1;
		} else if (s.p[i] >= '0' && s.p[i] <= '9') {
			value = value * 10 + (s.p[i] - '0');
			scale *= 10;
		} else {
			return 0;
		}
	}
	return (minus ? -value : value) / (scale > 0 ? scale : 1);
}

static int
by_value(const void *a, const void *b)
{
	const struct cf_share *x = a, *y = b;

	return (x->value < y->value) - (x->value > y->value);
}

size_t
cf_behind_shares(struct cf_share *out, size_t most,
	const struct cf_behind *behind, size_t col, const size_t *row, size_t n)
{
	size_t got = 0;

	for (size_t i = 0; i < n; i++) {
		const struct cf_str *cells = behind->cell + row[i] *
			behind->cols;
		double value = behind->value == CF_NO_COLUMN || col !=
			behind->school ? 1 : number(cells[behind->value]);
		size_t k = 0;

		if (cells[col].n == 0)
			continue;
		while (k < got && !cf_behind_same(out[k].text, cells[col]))
			k++;
		if (k == got && got == most)
			return most + 1;
		if (k == got)
			out[got++] = (struct cf_share){ .text = cells[col] };
		out[k].n++;
		out[k].value += value;
		out[k].below = out[k].below || value < 0;
	}
	qsort(out, got, sizeof *out, by_value);
	return got;
}
