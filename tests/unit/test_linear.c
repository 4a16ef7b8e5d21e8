/*
 * What figures give away together: the solver, against worked examples and
 * against trying every table.
 */
#include "expect.h"
#include "check/linear.h"

/* Rows as text: "1 1 0 0 | 1 0 1 0". */
static void
make(struct cf_matrix *m, size_t cols, const char *text)
{
	size_t rows = 1, i = 0;

	for (const char *p = text; *p; p++)
		rows += *p == '|';
	cf_matrix_init(m, rows, cols);
	for (const char *p = text; *p; p++) {
		bool minus = *p == '-';

		if (minus)
			p++;
		if (*p < '0' || *p > '9')
			continue;
		for (; *p >= '0' && *p <= '9'; p++)
			m->at[i] = m->at[i] * 10 + (*p - '0');
		m->at[i] = minus ? -m->at[i] : m->at[i];
		i++;
		p--;
	}
	assert_int_equal(i, rows * cols);
}

static void
expect_fixed(size_t cols, const char *text, const char *want)
{
	struct cf_matrix m;
	bool fixed[16];

	make(&m, cols, text);
	assert_true(cf_matrix_fixed(&m, fixed));
	for (size_t i = 0; i < cols; i++)
		assert_int_equal(fixed[i], want[i] == '1');
	cf_matrix_clear(&m);
}

/* Hidden cells of tables whose totals are shown. */
static void
test_what_totals_fix_is_found(void **state)
{
	(void)state;
	/* One hidden in a row. */
	expect_fixed(1, "1", "1");
	/* Two in one row, with nothing said of their columns. */
	expect_fixed(2, "1 1", "00");
	/* A square: a b / c d, all four sums. */
	expect_fixed(4, "1 1 0 0 | 0 0 1 1 | 1 0 1 0 | 0 1 0 1", "0000");
	/* A staircase, which unravels: a b / c, then d. */
	expect_fixed(4, "1 1 0 0 | 0 0 1 1 | 1 0 0 0 | 0 1 1 0", "1111");
	/* No single row says it: (a+b) + (b+c) - (a+c) = 2b. */
	expect_fixed(3, "1 1 0 | 0 1 1 | 1 0 1", "111");
	/* Three by three, a ring of six hidden: nothing is fixed. */
	expect_fixed(6, "1 1 0 0 0 0 | 0 0 1 1 0 0 | 0 0 0 0 1 1 | "
		"1 0 0 0 1 0 | 0 1 1 0 0 0 | 0 0 0 1 0 1", "000000");
	/* A hidden total of hidden cells tells nothing. */
	expect_fixed(3, "1 1 -1", "000");
}

/* Totals over groups of trusts: which sums of fewer than three come out. */
static bool
any_few_leak(const struct cf_matrix *m)
{
	bool chosen[16] = { false }, leak = false;

	for (size_t a = 0; a < m->cols; a++)
		for (size_t b = a; b < m->cols; b++) {
			chosen[a] = chosen[b] = true;
			leak = leak || cf_matrix_leaks(m, chosen);
			chosen[a] = chosen[b] = false;
		}
	return leak;
}

static void
test_releases_over_trusts_that_leave_one_are_found(void **state)
{
	struct cf_matrix m;

	(void)state;
	make(&m, 5, "1 1 1 1 0 | 1 1 1 1 1");	/* the difference is one */
	assert_true(any_few_leak(&m));
	cf_matrix_clear(&m);
	make(&m, 6, "1 1 1 0 0 0 | 0 0 0 1 1 1");
	assert_false(any_few_leak(&m));
	cf_matrix_clear(&m);
	/* Three releases, none inside another: 1+2-3 leaves two trusts, b and
	 * twice... a+b+c, c+d+e, a+b+d+e: half of it all is c. */
	make(&m, 5, "1 1 1 0 0 | 0 0 1 1 1 | 1 1 0 1 1");
	assert_true(any_few_leak(&m));
	cf_matrix_clear(&m);
	make(&m, 9, "1 1 1 1 1 1 0 0 0 | 0 0 0 1 1 1 1 1 1");
	assert_false(any_few_leak(&m));
	cf_matrix_clear(&m);
}

static enum cf_bounds
bounds(const struct cf_matrix *m, struct cf_bound *b, unsigned *steps)
{
	return cf_matrix_bounds(m, 0, m->cols - 1, b, steps);
}

static void
expect_bound(const struct cf_bound *b, int64_t least, int64_t most)
{
	assert_int_equal(b->least, least);
	assert_int_equal(b->most, most);
}

static void
test_bounds_of_hidden_cells(void **state)
{
	struct cf_bound b[8];
	unsigned steps = 100000;
	struct cf_matrix m;

	(void)state;
	make(&m, 3, "1 1 15");
	assert_int_equal(bounds(&m, b, &steps), CF_BOUNDS_FOUND);
	expect_bound(&b[0], 0, 15);
	cf_matrix_clear(&m);
	/* a b / c d with sums 20 30 / 10 40: a is 0 to 10. */
	make(&m, 5, "1 1 0 0 20 | 0 0 1 1 30 | 1 0 1 0 10 | 0 1 0 1 40");
	assert_int_equal(bounds(&m, b, &steps), CF_BOUNDS_FOUND);
	expect_bound(&b[0], 0, 10);
	expect_bound(&b[1], 10, 20);
	expect_bound(&b[2], 0, 10);
	expect_bound(&b[3], 20, 30);
	cf_matrix_clear(&m);
	make(&m, 4, "1 -1 0 0");	/* a = b, c alone */
	assert_int_equal(bounds(&m, b, &steps), CF_BOUNDS_FOUND);
	expect_bound(&b[0], 0, INT64_MAX);
	expect_bound(&b[2], 0, INT64_MAX);
	cf_matrix_clear(&m);
	make(&m, 3, "1 1 5 | 1 1 6");
	assert_int_equal(bounds(&m, b, &steps), CF_BOUNDS_NONE);
	cf_matrix_clear(&m);
	make(&m, 5, "1 1 0 0 20 | 0 0 1 1 30 | 1 0 1 0 10 | 0 1 0 1 40");
	steps = 1;
	assert_int_equal(bounds(&m, b, &steps), CF_BOUNDS_UNKNOWN);
	cf_matrix_clear(&m);
}

/* All tables of small numbers that the sums allow, tried one by one. */
struct all {
	const struct cf_matrix *m;
	int64_t x[9];
	struct cf_bound b[9];
	bool any;
};

static void
try_all(struct all *all, size_t at, int64_t most)
{
	size_t n = all->m->cols - 1;

	if (at < n) {
		for (all->x[at] = 0; all->x[at] <= most; all->x[at]++)
			try_all(all, at + 1, most);
		return;
	}
	for (size_t i = 0; i < all->m->rows; i++) {
		const int64_t *row = cf_matrix_row(all->m, i);
		int64_t sum = 0;

		for (size_t j = 0; j < n; j++)
			sum += row[j] * all->x[j];
		if (sum != row[n])
			return;
	}
	for (size_t j = 0; j < n; j++) {
		if (!all->any || all->x[j] < all->b[j].least)
			all->b[j].least = all->x[j];
		if (!all->any || all->x[j] > all->b[j].most)
			all->b[j].most = all->x[j];
	}
	all->any = true;
}

/* Hidden cells of a random table of three by three, with all sums. */
static void
random_table(struct cf_matrix *m)
{
	int64_t cell[9];
	bool hidden[9];
	size_t n = 0, at[9];

	for (size_t i = 0; i < 9; i++) {
		cell[i] = (int64_t)seed_below(4);
		hidden[i] = n < 6 && seed_below(2);
		at[i] = n;
		n += hidden[i];
	}
	cf_matrix_init(m, 6, n + 1);
	for (size_t i = 0; i < 9; i++)
		if (hidden[i]) {
			cf_matrix_row(m, i / 3)[at[i]] = 1;
			cf_matrix_row(m, i / 3)[n] += cell[i];
			cf_matrix_row(m, 3 + i % 3)[at[i]] = 1;
			cf_matrix_row(m, 3 + i % 3)[n] += cell[i];
		}
}

static void
test_bounds_are_those_of_all_tables(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		unsigned steps = 1000000;
		struct cf_bound b[9];
		struct cf_matrix m;
		struct all all = { .m = &m };

		random_table(&m);
		assert_int_equal(bounds(&m, b, &steps),
			CF_BOUNDS_FOUND);
		try_all(&all, 0, 9);
		assert_true(all.any);
		for (size_t j = 0; j + 1 < m.cols; j++)
			expect_bound(&b[j], all.b[j].least, all.b[j].most);
		cf_matrix_clear(&m);
	}
}

/* What is fixed is what has one value in all tables, whatever the sums are. */
static void
test_what_is_fixed_has_one_value(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		unsigned steps = 1000000;
		struct cf_bound b[9];
		struct cf_matrix m, left;
		bool fixed[9];

		random_table(&m);
		cf_matrix_init(&left, m.rows, m.cols - 1);
		for (size_t i = 0; i < m.rows; i++)
			for (size_t j = 0; j + 1 < m.cols; j++)
				cf_matrix_row(&left, i)[j] =
					cf_matrix_row(&m, i)[j];
		assert_true(cf_matrix_fixed(&left, fixed));
		assert_int_equal(bounds(&m, b, &steps),
			CF_BOUNDS_FOUND);
		for (size_t j = 0; j + 1 < m.cols; j++)
			if (fixed[j])
				assert_int_equal(b[j].least, b[j].most);
		cf_matrix_clear(&m);
		cf_matrix_clear(&left);
	}
}

/* Numbers past 64 bits: it cannot tell, and says so. */
static void
test_what_is_too_large_is_not_decided(void **state)
{
	bool fixed[3], chosen[3] = { true, false, false };
	struct cf_matrix m;

	(void)state;
	make(&m, 3, "4611686018427387903 3 1 | 4611686018427387901 5 7");
	assert_true(cf_matrix_leaks(&m, chosen));
	assert_false(cf_matrix_fixed(&m, fixed));
	cf_matrix_clear(&m);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_totals_fix_is_found),
		cmocka_unit_test(
			test_releases_over_trusts_that_leave_one_are_found),
		cmocka_unit_test(test_bounds_of_hidden_cells),
		cmocka_unit_test(test_bounds_are_those_of_all_tables),
		cmocka_unit_test(test_what_is_fixed_has_one_value),
		cmocka_unit_test(test_what_is_too_large_is_not_decided),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
