/*
 * Rules that take the list of people behind the figures, which no record holds.
 * Whoever has it can name it (check --evidence); where there are figures and no
 * list, each rule says what is to be looked at there. What is said of a find is
 * how the draft itself describes the group, and no number of the list.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/behind.h"
#include "check/past.h"
#include "check/rules.h"

#define DOMINANT 0.9	/* of a figure is what the two largest make up */
#define REST 0.1	/* of the largest is all but the two largest */
#define ONE_RESULT 2.0	/* as many results as that, evenly spread */
#define FAR 0.3		/* how different from all people of the list */
#define SMALL_GROUP 30

/* A group of people that the draft describes, and those of the list in it. */
struct group {
	struct cf_probe *probe;
	const char *path;
	const char *said;	/* "year=8, sex=f" */
	const size_t *row;
	size_t n;
};

typedef void group_fn(const struct group *group);

struct walk {
	struct cf_probe probe;	/* the walk hands this on: it stays first */
	struct cf_probe *to;
	group_fn *each;
	json_t *seen;		/* what was said of the groups so far */
	size_t *row;
	json_t *lacks;		/* names of traits that no column has */
	char *nobody;		/* the first group of whom nobody is in the list */
	size_t groups, counted;
};

/* --- groups ----------------------------------------------------------------- */

/* Those that a list can be asked for: "pupils" is no column. Takes `traits`. */
static json_t *
with_value_take(json_t *traits)
{
	json_t *out = json_array(), *trait;
	size_t i;

	json_array_foreach(traits, i, trait) {
		const char *text = json_string_value(trait);

		if (text[cf_trait_name(text)] == '=')
			json_array_append(out, trait);
	}
	json_decref(traits);
	return out;
}

/* "year=3/4, sex=f": of one name, either. */
static char *
said_of(const json_t *who)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD);

	for (size_t i = 0; i < json_array_size(who); i++) {
		const char *trait = json_string_value(json_array_get(who, i));
		size_t name = cf_trait_name(trait), k = 0;

		while (k < i && strncmp(json_string_value(json_array_get(who,
			k)), trait, name + 1) != 0)
			k++;
		if (k < i)
			continue;	/* said with the first of its name */
		cf_buf_printf(&out, "%s%s", i ? ", " : "", trait);
		for (k = i + 1; k < json_array_size(who); k++) {
			const char *other = json_string_value(json_array_get(
				who, k));

			if (strncmp(other, trait, name + 1) == 0)
				cf_buf_printf(&out, "/%s", other + name + 1);
		}
	}
	return cf_buf_take(&out);
}

static void
note_lack(json_t *lacks, const char *trait)
{
	char *name = cf_asprintf("'%.*s'", (int)cf_trait_name(trait), trait);

	if (!cf_json_has(lacks, name))
		json_array_append_new(lacks, json_string(name));
	free(name);
}

static void
count(struct walk *w, const json_t *who, const char *path)
{
	struct group g = { .probe = w->to, .path = path, .row = w->row };
	char *said = said_of(who);
	const char *lacks;

	if (!cf_json_has(w->seen, said)) {
		json_array_append_new(w->seen, json_string(said));
		g.said = said;
		lacks = cf_behind_pick(w->row, &g.n, w->to->with->behind, who);
		if (lacks)
			note_lack(w->lacks, lacks);
		if (!lacks && g.n == 0 && w->nobody == NULL)
			w->nobody = cf_strdup(said);
		if (!lacks && g.n) {
			w->counted++;
			w->each(&g);
		}
	}
	free(said);
}

/* A group of the subgroups as traits that a list has a column for. */
static json_t *
group_traits(const char *group)
{
	static const char *const same[][2] = { { "girls", "sex=f" },
		{ "boys", "sex=m" }, { "disadvantaged", "disadvantaged=yes" },
		{ "not_disadvantaged", "disadvantaged=no" },
		{ "special_needs", "special_needs=yes" },
		{ "additional_language", "additional_language=yes" } };

	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (strcmp(group, same[i][0]) == 0)
			return json_pack("[s]", same[i][1]);
	return json_pack("[s+]", "group=", group);
}

static void
figure(struct cf_probe *probe, const struct cf_figure *f)
{
	struct walk *w = (struct walk *)probe;
	const char *group = f->object ? cf_json_str(f->object, "group") : NULL;
	json_t *who, *closer;

	if (f->who == CF_NOBODY || cf_is(f, "school-count") || cf_is(f,
		"thing-count"))
		return;
	w->groups++;
	if (w->each == NULL || (f->table && (!cf_is_placed(f) || f->kind !=
		CF_CELL_NUMBER)))
		return;
	who = cf_traits_of(f, probe->body);
	if (group) {
		closer = group_traits(group);
		cf_traits_narrow(&who, closer);
		json_decref(closer);
	}
	who = with_value_take(who);
	if (json_array_size(who))
		count(w, who, f->table || group ? f->path : "/body/population");
	json_decref(who);
}

/* Why nothing, or not all, could be counted. */
static void
tell_gaps(const struct walk *w)
{
	char *reason = NULL, *lacks = said_of(w->lacks);

	if (lacks[0])
		reason = cf_asprintf("the list of people has no column %s, by "
			"which the draft describes them, so groups were left "
			"out. Add it, or use the list's word in the draft",
			lacks);
	else if (w->nobody)
		reason = cf_asprintf("nobody in the list of people is %s. See "
			"whether list and draft say it in the same words",
			w->nobody);
	else if (w->groups && w->counted == 0)
		reason = cf_strdup("the draft does not say which people its "
			"figures are of in words that can be looked up in the "
			"list. Fill in 'Which people' (population), for "
			"example: year=8");
	if (reason)
		cf_not_run(w->to, reason);
	free(reason);
	free(lacks);
}

static void
each_group(struct cf_probe *probe, group_fn *each)
{
	const char *kind = cf_json_str(probe->doc, "kind");
	const struct cf_behind *behind = probe->with->behind;
	struct walk w = { .probe = { .doc = probe->doc, .body = probe->body,
		.schema = probe->schema, .with = probe->with }, .to = probe,
		.each = behind ? each : NULL };

	if ((!probe->not_run && !behind) || !json_is_object(probe->body) ||
		kind == NULL || strcmp(kind, "finding") != 0)
		return;
	w.seen = json_array();
	w.lacks = json_array();
	w.row = cf_calloc((behind ? behind->rows : 0) + 1, sizeof *w.row);
	cf_figures(&w.probe, figure);
	cf_figures_forget(&w.probe);
	if (behind)
		tell_gaps(&w);
	else if (w.groups)
		cf_not_run(probe, "this takes the list of people that the "
			"figures were made from, which stays with you. Look "
			"there: does one school make up nearly all of a "
			"figure? Do fewer than 10 people, or people with one "
			"and the same result, share what is said of a group? "
			"Or let it be counted: 'confer check FILE --evidence "
			"LIST.csv' reads the list and keeps nothing of it");
	json_decref(w.seen);
	free(w.row);
	json_decref(w.lacks);
	free(w.nobody);
}

/* --- schools ---------------------------------------------------------------- */

/* The schools of a group, the largest first; 0 where there is nothing to say. */
static size_t
schools_of(struct cf_share *school, double *sum, const struct group *g)
{
	const struct cf_behind *behind = g->probe->with->behind;
	size_t n;

	*sum = 0;
	if (behind->school == CF_NO_COLUMN)
		return 0;
	n = cf_behind_shares(school, CF_MAX_BEHIND_TEXTS, behind,
		behind->school, g->row, g->n);
	if (n > CF_MAX_BEHIND_TEXTS)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (school[i].below)
			return 0;
		*sum += school[i].value;
	}
	return *sum > 0 ? n : 0;
}

/* Whether the list is of several schools. Where it is of one, the finding is, and
 * every figure of it. */
static bool
has_schools(const struct cf_behind *b)
{
	const struct cf_str *first = NULL;

	for (size_t i = 0; i < b->rows; i++) {
		const struct cf_str *cell = &b->cell[i * b->cols + b->school];

		if (cell->n && first && !cf_behind_same(*cell, *first))
			return true;
		if (cell->n && first == NULL)
			first = cell;
	}
	return false;
}

static void
dom_group(const struct group *g)
{
	struct cf_share school[CF_MAX_BEHIND_TEXTS];
	double sum;
	size_t n = schools_of(school, &sum, g);

	if (n == 1 && has_schools(g->probe->with->behind))
		cf_report(g->probe, CF_WAIVABLE, g->path, "all of those who are "
			"%s are at one school", g->said);
	if (n > 1 && school[0].value + school[1].value >= DOMINANT * sum)
		cf_report(g->probe, CF_WAIVABLE, g->path, "of those who are %s, "
			"two schools make up nearly all", g->said);
}

static void
pratio_group(const struct group *g)
{
	struct cf_share school[CF_MAX_BEHIND_TEXTS];
	double sum;
	size_t n = schools_of(school, &sum, g);

	if (n > 2 && sum - school[0].value - school[1].value < REST *
		school[0].value)
		cf_report(g->probe, CF_WAIVABLE, g->path, "of those who are %s, "
			"the second largest school can reckon the largest",
			g->said);
}

/* Whether the list says who is at which school. */
static void
need_schools(struct cf_probe *probe, group_fn *each)
{
	const struct cf_behind *behind = probe->with->behind;
	const char *kind = cf_json_str(probe->doc, "kind");

	if (behind == NULL || behind->school != CF_NO_COLUMN)
		each_group(probe, each);
	else if (kind && strcmp(kind, "finding") == 0)
		cf_not_run(probe, "the list of people has no column 'school'");
}

static void
dom_record(struct cf_probe *probe)
{
	need_schools(probe, dom_group);
}

static void
pratio_record(struct cf_probe *probe)
{
	need_schools(probe, pratio_group);
}

/* --- people ----------------------------------------------------------------- */

static void
kanon_group(const struct group *g)
{
	if (g->n < (size_t)cf_least(g->probe))
		cf_report(g->probe, CF_NEVER, g->path, "fewer than %d people in "
			"your list are all of %s", (int)cf_least(g->probe),
			g->said);
}

static void
kanon_record(struct cf_probe *probe)
{
	each_group(probe, kanon_group);
}

/* How many results there are, were they evenly spread: e to the entropy. */
static double
spread(const struct cf_share *result, size_t n, size_t people)
{
	double entropy = 0;

	for (size_t i = 0; i < n; i++) {
		double p = (double)result[i].n / (double)people;

		entropy -= p > 0 ? p * log(p) : 0;
	}
	return exp(entropy);
}

/* Half of what the shares of the results differ by. */
static double
distance(const struct cf_share *of, size_t n, size_t people,
	const struct cf_share *all, size_t m, size_t everybody)
{
	double out = 0;

	for (size_t i = 0; i < m; i++) {
		double share = 0;

		for (size_t k = 0; k < n; k++)
			if (cf_behind_same(of[k].text, all[i].text))
				share = (double)of[k].n / (double)people;
		out += fabs(share - (double)all[i].n / (double)everybody);
	}
	return out / 2;
}

static size_t
answers(const struct cf_share *result, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += result[i].n;
	return sum;
}

static void
ldiv_group(const struct group *g)
{
	const struct cf_behind *b = g->probe->with->behind;
	struct cf_share of[CF_MAX_BEHIND_TEXTS], all[CF_MAX_BEHIND_TEXTS];
	size_t *row = cf_calloc(b->rows + 1, sizeof *row), n, m, people;
	enum cf_severity severity = g->n < SMALL_GROUP ? CF_WAIVABLE :
		CF_ADVICE;
	double enough;

	for (size_t i = 0; i < b->rows; i++)
		row[i] = i;
	m = cf_behind_shares(all, CF_MAX_BEHIND_TEXTS, b, b->result, row,
		b->rows);
	n = cf_behind_shares(of, CF_MAX_BEHIND_TEXTS, b, b->result, g->row,
		g->n);
	free(row);
	people = answers(of, n <= CF_MAX_BEHIND_TEXTS ? n : 0);
	if (people == 0 || m > CF_MAX_BEHIND_TEXTS)
		return;		/* scores: each has its own */
	/* Of yes and no there are never two, evenly spread, but by chance. */
	enough = m > 2 ? ONE_RESULT : sqrt(ONE_RESULT);
	if (spread(of, n, people) < enough)
		cf_report(g->probe, severity, g->path, "nearly all in your list "
			"who are %s have one result", g->said);
	else if (distance(of, n, people, all, m, answers(all, m)) > FAR)
		cf_report(g->probe, severity, g->path, "those in your list who "
			"are %s have quite other results than the rest",
			g->said);
}

static void
ldiv_record(struct cf_probe *probe)
{
	const struct cf_behind *behind = probe->with->behind;
	const char *kind = cf_json_str(probe->doc, "kind");

	if (behind == NULL || behind->result != CF_NO_COLUMN)
		each_group(probe, ldiv_group);
	else if (kind && strcmp(kind, "finding") == 0)
		cf_not_run(probe, "the list of people has no column 'result'");
}

const struct cf_rule cf_rule_dom = {
	.id = "N-DOM",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "One or two make up nearly all",
	.found = "one or two make up nearly all of this figure",
	.detects = "A figure of which the two largest schools make up nine "
		"tenths. Nothing in a record tells it: it is counted in the "
		"list of people that the figure was made from (check "
		"--evidence).",
	.why = "Who knows one of two schools knows the children of the other.",
	.remedy = "Give the figure for more schools together.",
	.example = "Exclusions of three schools: 90, 8 and 2",
	.record = dom_record
};

const struct cf_rule cf_rule_pratio = {
	.id = "N-PRATIO",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "One can be reckoned from the rest",
	.found = "the largest can be reckoned from this figure",
	.detects = "A figure in which all but the two largest schools come to "
		"less than a tenth of the largest. Nothing in a record tells "
		"it: it is counted in the list of people that the figure was "
		"made from (check --evidence).",
	.why = "The second largest takes its own number off and reads the "
		"largest, and with it its children, nearly exactly.",
	.remedy = "Give the figure for more schools together.",
	.example = "Exclusions of three schools: 60, 38 and 4",
	.record = pratio_record
};

const struct cf_rule cf_rule_kanon = {
	.id = "N-KANON",
	.severity = CF_NEVER,
	.local = true,
	.title = "Few people share all that is said",
	.found = "fewer than ten people share all that is said of them",
	.detects = "A group that is described by several things at once which "
		"fewer than 10 people share. Where the record has their number, "
		"other rules tell it; where not, it is counted in the list "
		"of people that the figure was made from (check --evidence).",
	.why = "Girls in year 8 with free meals who are new to English may be "
		"three, and each of them is known.",
	.remedy = "Say fewer things of the group, or take a larger one.",
	.example = "Girls, year 8, free meals, new to English: mean 94",
	.record = kanon_record
};

const struct cf_rule cf_rule_ldiv = {
	.id = "N-LDIV",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "All of a group have one result",
	.found = "all of this group have one result",
	.detects = "A group in which nobody, or nearly nobody, has another "
		"result than the rest, or quite other results than all. Where "
		"the record shows it as 100%, another rule tells it; where "
		"not, it is counted in the list of people that the figure was "
		"made from (check --evidence).",
	.why = "Who knows that a child is in the group knows its result.",
	.remedy = "Merge the group with another, or leave it out.",
	.example = "All 14 boys of the set were excluded once",
	.record = ldiv_record
};

bool
cf_rule_takes_list(const char *id)
{
	static const struct cf_rule *const rules[] = { &cf_rule_dom,
		&cf_rule_pratio, &cf_rule_kanon, &cf_rule_ldiv };

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i]->id, id) == 0)
			return true;
	return false;
}
