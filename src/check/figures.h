#ifndef CF_FIGURES_H
#define CF_FIGURES_H

/*
 * The figures of a body, as the annotations of its schema and the headings of its
 * tables say; for the rules about figures.
 */
#include "check/figure.h"
#include "check/rule.h"
#include "check/table.h"

enum cf_who { CF_PUPILS, CF_STAFF, CF_PEOPLE, CF_NOBODY };

enum cf_base_state {
	CF_BASE_NONE,		/* nothing says that it needs one */
	CF_BASE_MISSING,	/* it needs one, and there is none */
	CF_BASE_HIDDEN,		/* it is held back */
	CF_BASE_GIVEN
};

/* Valid within the call that it is handed to. */
struct cf_figure {
	const char *path;	/* JSON Pointer from the top */
	const char *name;	/* of the field, or the heading of the column */
	const char *unit;	/* as x-unit */
	enum cf_who who;
	bool sensitive;
	double value;
	enum cf_cell_kind kind;	/* CF_CELL_NUMBER for a field */
	enum cf_base_state base_state;
	int64_t base;		/* the smallest of its bases, where given */
	int64_t whole;		/* of a cell: the least of its totals, or -1 */
	const json_t *object;	/* of a field: where it stands */
	const struct cf_table *table;	/* of a cell, or NULL */
	size_t row, col, number;	/* number: which table of its list */
};

typedef void cf_figure_fn(struct cf_probe *probe,
	const struct cf_figure *figure);
/* Every number, then every cell of a table whose parts fit each other. */
void cf_figures(struct cf_probe *probe, cf_figure_fn *each);

/* Every table, read; `fault` where its parts do not fit. */
typedef void cf_table_fn(struct cf_probe *probe, const struct cf_table *table,
	const char *path, const struct cf_table_fault *fault);
void cf_tables(struct cf_probe *probe, cf_table_fn *each);

/* As cf_report, at the figure; of a cell it names row and column. */
void cf_report_figure(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_figure *figure, const char *fmt, ...) CF_PRINTF(4, 5);

/* Every list that says which people (x-population). */
typedef void cf_traits_fn(struct cf_probe *probe, const json_t *where,
	const char *path);
void cf_traits(struct cf_probe *probe, cf_traits_fn *each);
/* Whether a field counts fewer people than that. */
bool cf_figures_below(struct cf_probe *probe, double limit);

bool cf_is(const struct cf_figure *figure, const char *unit);
/* Whether a figure rests on the results of people: mean, sd, effect … */
bool cf_is_result(const struct cf_figure *figure);

/* The smallest number of people shown, the step of rounding: by the policy. */
int64_t cf_least(const struct cf_probe *probe);
int64_t cf_rounding(const struct cf_probe *probe);

/* "/body/tables/0/rows/2/cells/1" */
#define CF_CELL_PATH 128
void cf_cell_path(char out[CF_CELL_PATH], const char *table, size_t row,
	size_t col);

#endif
