#ifndef CF_FIGURE_H
#define CF_FIGURE_H

/*
 * What a single published figure gives away of the people behind it. All of it
 * in whole numbers: a value with two decimals is a number of hundredths.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cf_range {
	int64_t least, most;
};

/* Digits after the point, in the shortest form of the number. */
unsigned cf_decimals(double value);

/* Rounded half up to a multiple of base (1 or more). */
int64_t cf_round_to(int64_t n, int64_t base);
/* What was rounded to n: 30 to base 5 was 28 to 32. Never below 0. */
struct cf_range cf_unround(int64_t n, int64_t base);

/*
 * GRIM: how many sizes in n a mean of whole results can have had, 0 where its
 * results were not whole. `n` is at most CF_MEAN_SIZES wide.
 */
#define CF_MEAN_SIZES 1000
unsigned cf_mean_sizes(double mean, struct cf_range n);

/*
 * How many lists of whole results (in no order) have this mean and this standard
 * deviation (of a sample), for the size of n that has the most; counts to `enough`
 * and stops. Lists of more than 12 results are not counted. True where the search
 * was cut short: then there are more than can be tried.
 */
bool cf_mean_sd_lists(unsigned *lists, double mean, double sd,
	struct cf_range n, unsigned enough);

/* The numbers of people that a percentage of a group of this size can stand for;
 * false where there is none. */
bool cf_percent_people(struct cf_range *out, double percent, struct cf_range n);

/*
 * The whole percentage nearest to `percent` that a rounded number out of the
 * rounded number n makes; `percent` itself where it is one. n above 0.
 */
int64_t cf_percent_rounded(double percent, int64_t n, int64_t base);

#endif
