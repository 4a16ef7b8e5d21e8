/*
 * Pooled estimates for people.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/pooled.h"
#include "cli/published.h"

#define LEFT 22u
#define SHOWN 40u	/* findings that were left out */

static double
number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

/* "0.18 [-0.02, 0.38]" */
static char *
interval(const json_t *from, const char *value, const char *range)
{
	const json_t *ends = json_object_get(from, range);
	double v = number(from, value);
	double low = json_number_value(json_array_get(ends, 0));
	double high = json_number_value(json_array_get(ends, 1));

	/* -0.00 would be a sign of nothing. */
	return cf_asprintf("%.2f [%.2f, %.2f]", v > -0.005 && v < 0 ? 0 : v,
		low > -0.005 && low < 0 ? 0 : low,
		high > -0.005 && high < 0 ? 0 : high);
}

static char *
p_value(double p)
{
	return p < 0.001 ? cf_strdup("p < 0.001") : cf_asprintf("p = %.3f", p);
}

static void
pair(struct page *page, const char *left, char *right_taken)
{
	cf_page_pair(page, 0, LEFT, left, right_taken);
	free(right_taken);
}

/* How much of the record ids tells these apart: the time of creation at least.
 * They are in order. */
static int
id_length(const json_t *rows)
{
	int length = 13;

	for (size_t i = 1; i < json_array_size(rows); i++) {
		const char *a = cf_get(json_array_get(rows, i - 1), "record");
		const char *b = cf_get(json_array_get(rows, i), "record");

		while (length < 23 && strncmp(a, b, (size_t)length) == 0)
			length += 5;
	}
	return length;
}

/* --- the findings ------------------------------------------------------------- */

/* Whose signatures an input bears; NULL: its owner's, and no more. The caller
 * frees. */
static char *
others_of(const json_t *in)
{
	const json_t *signers = cf_get_at(in, "signers"), *one;
	size_t n = json_array_size(signers), i;
	struct cf_buf names = CF_BUF(4096);

	if (n == 1 && strcmp(cf_get(json_array_get(signers, 0), "trust"),
		cf_get(in, "owner")) == 0)
		return NULL;
	if (n == 0)
		cf_buf_puts(&names, "no key that still counts");
	json_array_foreach(signers, i, one) {
		cf_join(&names, i, n, cf_get(one, "name"));
	}
	return cf_buf_take(&names);
}

static bool
signed_by_others(const json_t *inputs)
{
	const json_t *in;
	bool any = false;
	size_t i;

	json_array_foreach(inputs, i, in) {
		char *names = others_of(in);

		any |= names != NULL;
		free(names);
	}
	return any;
}

static void
print_input(struct rows *rows, const json_t *in, int length, bool others)
{
	char *id = cf_asprintf("%.*s", length, cf_get(in, "record"));
	char *effect = interval(in, "effect", "ci95");
	char *weight = json_object_get(in, "weight") ? cf_asprintf("%.1f%%",
		number(in, "weight")) : cf_strdup("-");

	cf_rows_add(rows, id);
	cf_rows_add(rows, effect);
	cf_rows_add(rows, weight);
	cf_rows_add(rows, cf_short_key(cf_get(in, "version")).text);
	cf_rows_add(rows, cf_get(in, "ownerName"));
	if (others) {
		char *names = others_of(in);

		cf_rows_add(rows, names ? names : cf_get(in, "ownerName"));
		free(names);
	}
	free(id);
	free(effect);
	free(weight);
}

/* One column for whose it is and who signed it where that is the same. */
static void
print_inputs(struct page *page, const json_t *result)
{
	const json_t *inputs = cf_get_at(result, "inputs"), *in;
	bool others = signed_by_others(inputs);
	struct rows rows = CF_ROWS(others ? 6 : 5);
	int length = id_length(inputs);
	size_t i;

	rows.whole = 1u << 1 | 1u << 2;
	cf_rows_add(&rows, "FINDING");
	cf_rows_add(&rows, "EFFECT");
	cf_rows_add(&rows, "WEIGHT");
	cf_rows_add(&rows, "VERSION");
	cf_rows_add(&rows, others ? "FROM" : "FROM, SIGNED BY");
	if (others)
		cf_rows_add(&rows, "SIGNED BY");
	json_array_foreach(inputs, i, in) {
		print_input(&rows, in, length, others);
	}
	cf_rows_print(&rows, page, 0, true);
}

void
cf_page_left_out(struct page *page, const json_t *result)
{
	const json_t *list = cf_get_at(result, "excluded"), *one;
	size_t i, held = cf_get_size(result, "notRead");
	int length = id_length(list);

	if (json_array_size(list)) {
		cf_page_gap(page);
		cf_page_head(page, TONE_STRONG, "Left out");
	}
	json_array_foreach(list, i, one) {
		char *lead = cf_asprintf("%.*s", length, cf_get(one,
			"record"));

		if (i < SHOWN)
			cf_page_entry(page, 2, 2, TONE_PLAIN, lead,
				"%s (%s): %s.", cf_get(one, "title"),
				cf_get(one, "ownerName"), cf_get(one, "why"));
		free(lead);
	}
	if (i > SHOWN)
		cf_page_text(page, 2, "and %zu more; --json lists them all",
			i - SHOWN);
	if (held)
		cf_page_text(page, 0, "%s held and not read; 'confer status' "
			"says why.", cf_count_spelt(held, "finding").text);
}

/* --- the estimate --------------------------------------------------------------- */

static char *
model_words(const json_t *result)
{
	const json_t *model = cf_get_at(result, "model");
	const char *how = cf_get_true(model, "byTrust") ?
		", three levels by trust" : cf_get_true(model,
		"knappHartung") ? ", Knapp-Hartung intervals" : "";

	return cf_asprintf("%s%s; %s", cf_get(model, "method"), how,
		cf_get(cf_get_at(result, "question"), "measureWords"));
}

static void
print_spread(struct page *page, const json_t *result)
{
	const json_t *q = cf_get_at(result, "q");
	const json_t *nested = cf_get_at(result, "nested");
	const json_t *tau2 = cf_get_at(result, "tau2Ci95");
	char *p = p_value(number(q, "p"));
	char *range = tau2 ? cf_asprintf(" [%.3f, %.3f]", json_number_value(
		json_array_get(tau2, 0)), json_number_value(json_array_get(
		tau2, 1))) : cf_strdup("");

	if (nested)
		pair(page, "Between findings", cf_asprintf("variance between "
			"trusts %.3f, within a trust %.3f; Q = %.2f (df "
			"%.0f), %s", number(nested, "between"),
			number(nested, "within"), number(q, "value"),
			number(q, "df"), p));
	else
		pair(page, "Between findings", cf_asprintf("tau2 = %.3f%s, "
			"I2 = %.0f%%, H2 = %.2f; Q = %.2f (df %.0f), %s",
			number(result, "tau2"), range, number(result, "i2"),
			number(result, "h2"), number(q, "value"),
			number(q, "df"), p));
	free(range);
	free(p);
}

static void
print_months(struct page *page, const json_t *result)
{
	const json_t *m = cf_get_at(result, "months");
	const json_t *s = cf_get_at(result, "security");
	unsigned long long without = cf_get_number(s, "unrated");
	double low = number(s, "lowest"), high = number(s, "highest");
	char *range, *rated;

	if (m == NULL)
		return;
	range = low < high ? cf_asprintf("%.0f to %.0f of 5, median %.3g", low,
		high, number(s, "median")) : cf_asprintf("%.0f of 5", low);
	rated = !cf_get_number(s, "rated") ?
		cf_strdup("none of the findings has padlocks") :
		cf_asprintf("padlocks of the findings: %s%s%s", range,
		without ? "; without: " : "", without ? cf_count(without,
		"finding").text : "");
	free(range);
	pair(page, "In months", cf_asprintf("%.0f, from %.0f to %.0f, as the "
		"EEF's Toolkit reads effect sizes; %s", number(m, "estimate"),
		number(m, "low"), number(m, "high"), rated));
	free(rated);
}

static void
print_sensitivity(struct page *page, const json_t *result)
{
	const json_t *list = cf_get_at(result, "sensitivity"), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		char *ci = interval(one, "estimate", "ci95");
		char *left = cf_asprintf("If likeness is %.2f",
			number(one, "icc"));

		pair(page, left, ci);
		free(left);
	}
}

static void
print_parts(struct page *page, const json_t *result)
{
	const json_t *groups = cf_get_at(result, "groups"), *one;
	const json_t *between = cf_get_at(result, "between");
	const json_t *m = cf_get_at(result, "moderator");
	const json_t *egger = cf_get_at(result, "egger");
	size_t i;

	json_array_foreach(groups, i, one) {
		char *ci = json_object_get(one, "estimate") ?
			interval(one, "estimate", "ci95") :
			cf_strdup("too few to pool");

		pair(page, i ? "" : "By group", cf_asprintf("%s: %s, k = %.0f",
			cf_get(one, "label"), ci, number(one, "k")));
		free(ci);
	}
	if (between) {
		char *p = p_value(number(between, "p"));

		pair(page, "Groups differ", cf_asprintf("Q = %.2f (df %.0f), "
			"%s", number(between, "value"), number(between, "df"),
			p));
		free(p);
	}
	if (m) {
		char *ci = cf_asprintf("%.4f [%.4f, %.4f]", number(m,
			"estimate"), json_number_value(json_array_get(
			cf_get_at(m, "ci95"), 0)), json_number_value(
			json_array_get(cf_get_at(m, "ci95"), 1)));
		char *p = p_value(number(m, "p"));

		pair(page, "Moderator", cf_asprintf("%s: %s for each unit, %s, "
			"k = %.0f", cf_get(m, "name"), ci, p,
			number(m, "k")));
		free(ci);
		free(p);
	}
	if (egger) {
		char *p = p_value(number(egger, "p"));

		pair(page, "Small studies", cf_asprintf("Egger's test: t = "
			"%.2f (df %.0f), %s", number(egger, "statistic"),
			number(egger, "df"), p));
		free(p);
	}
}

static void
print_estimate(struct page *page, const json_t *result)
{
	char *ci, *p;

	cf_page_gap(page);
	if (json_object_get(result, "estimate") == NULL) {
		cf_page_text(page, 0, "There is no estimate.");
		return;
	}
	ci = interval(result, "estimate", "ci95");
	p = p_value(number(result, "p"));
	cf_page_head(page, TONE_STRONG, "Pooled: %s, %s", ci, p);
	cf_page_text(page, 0, "From %s of %s. In brackets the 95%% confidence "
		"interval; above 0 is the better way.", cf_count(
		cf_get_number(result, "k"), "finding").text, cf_count(
		cf_get_number(result, "trusts"), "trust").text);
	cf_page_gap(page);
	pair(page, "Model", model_words(result));
	if (cf_get_at(result, "pi95")) {
		const json_t *pi = cf_get_at(result, "pi95");

		pair(page, "A new finding", cf_asprintf("is to be expected "
			"from %.2f to %.2f (95%% prediction interval)",
			json_number_value(json_array_get(pi, 0)),
			json_number_value(json_array_get(pi, 1))));
	}
	print_spread(page, result);
	print_parts(page, result);
	print_sensitivity(page, result);
	print_months(page, result);
	free(ci);
	free(p);
}

static void
print_warnings(struct page *page, const json_t *result)
{
	const json_t *list = cf_get_at(result, "warnings"), *one;
	size_t i;

	if (json_array_size(list))
		cf_page_gap(page);
	json_array_foreach(list, i, one) {
		cf_page_entry(page, 0, 2, TONE_WARN, "Note:", "%s",
			json_string_value(one));
	}
}

void
cf_page_pooled(struct page *page, const json_t *result, bool no_push)
{
	const json_t *plots = cf_get_at(result, "plots"), *one;
	size_t i;

	if (cf_get_size(result, "inputs"))
		print_inputs(page, result);
	cf_page_left_out(page, result);
	print_estimate(page, result);
	print_warnings(page, result);
	if (json_array_size(plots))
		cf_page_gap(page);
	json_array_foreach(plots, i, one) {
		cf_page_text(page, 0, "Drawn: %s", cf_from_here(
			json_string_value(one)));
	}
	if (cf_get_at(result, "published")) {
		cf_page_gap(page);
		cf_page_published(page, cf_get_at(result, "published"),
			"Published", no_push);
	} else if (cf_has(result, "draft")) {
		cf_page_text(page, 0, "The synthesis waits as a draft: %s",
			cf_from_here(cf_get(result, "draft")));
	}
}

/* What the same question would take in today. */
static void
print_since(struct page *page, const json_t *since)
{
	const json_t *gone = cf_get_at(since, "gone"), *one;
	size_t i, changed = cf_get_size(since, "changed");
	unsigned long long fresh = cf_get_number(since, "new");

	cf_page_gap(page);
	json_array_foreach(gone, i, one) {
		cf_page_entry(page, 0, 2, TONE_WARN, "Left out today:", "%s "
			"(%s): %s.", cf_get(one, "title"),
			cf_get(one, "record"),
			cf_get(one, "why"));
	}
	if (changed || fresh)
		cf_page_text(page, 0, "Since then %s of them changed, and %s "
			"on the same question came in. 'confer pool' without "
			"--replay takes these.", cf_count(changed,
			"finding").text, cf_count(fresh, "finding").text);
	else if (json_array_size(gone))
		cf_page_text(page, 0, "'confer pool' without --replay works "
			"it out as it stands today.");
	else
		cf_page_text(page, 0, "Nothing has changed since.");
}

void
cf_page_replayed(struct page *page, const json_t *result)
{
	const json_t *one;
	size_t i;

	cf_page_head(page, TONE_STRONG, "%s", cf_get(result, "title"));
	cf_page_gap(page);
	if (cf_get_true(result, "same"))
		cf_page_entry(page, 0, 2, TONE_GOOD, "The same:", "every "
			"version that it names was read again, and every "
			"number came out as it was published.");
	json_array_foreach(cf_get_at(result, "missing"), i, one) {
		cf_page_entry(page, 0, 2, TONE_BAD, "Missing:", "%s, version "
			"%s: %s.", cf_get(one, "record"), cf_short_key(cf_get(
			one, "version")).text, cf_get(one, "why"));
	}
	json_array_foreach(cf_get_at(result, "differences"), i, one) {
		cf_page_entry(page, 0, 2, TONE_BAD, "Differs:", "%s was "
			"published as %.9g and is %.9g.", cf_get(one, "field"),
			number(one, "published"), number(one, "now"));
	}
	if (cf_get_at(result, "result"))
		print_estimate(page, cf_get_at(result, "result"));
	print_since(page, cf_get_at(result, "since"));
}
