/*
 * Rules that take the list of people behind the figures, which no record holds
 * and which nobody is asked for: where there are figures, each says what is to be
 * looked at there.
 */
#include <string.h>

#include "check/figures.h"
#include "check/rules.h"

struct any {
	struct cf_probe probe;	/* the walk hands this on: it stays first */
	bool found;
};

static void
one_figure(struct cf_probe *probe, const struct cf_figure *f)
{
	struct any *any = (struct any *)probe;

	any->found = any->found || f->who != CF_NOBODY;
}

static void
evidence_record(struct cf_probe *probe)
{
	const char *kind = cf_json_str(probe->doc, "kind");
	struct any any = { .probe = { .body = probe->body, .schema =
		probe->schema, .with = probe->with } };

	if (probe->not_run == NULL || !json_is_object(probe->body) ||
		kind == NULL || strcmp(kind, "finding") != 0)
		return;
	cf_figures(&any.probe, one_figure);
	cf_figures_forget(&any.probe);
	if (any.found)
		cf_not_run(probe, "this takes the list of people that the "
			"figures were made from, which stays with you. Look "
			"there: does one school make up nearly all of a "
			"figure? Do fewer than 10 people, or people with one "
			"and the same result, share what is said of a group?");
}

const struct cf_rule cf_rule_dom = {
	.id = "N-DOM",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "One or two make up nearly all",
	.found = "one or two make up nearly all of this figure",
	.detects = "A figure of which the two largest schools make up nine "
		"tenths. Nothing in a record tells it: look at the list that "
		"the figure was made from.",
	.why = "Who knows one of two schools knows the children of the other.",
	.remedy = "Give the figure for more schools together.",
	.example = "Exclusions of three schools: 90, 8 and 2",
	.record = evidence_record
};

const struct cf_rule cf_rule_pratio = {
	.id = "N-PRATIO",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "One can be reckoned from the rest",
	.found = "the largest can be reckoned from this figure",
	.detects = "A figure in which all but the two largest schools come to "
		"less than a tenth of the largest. Nothing in a record tells "
		"it: look at the list that the figure was made from.",
	.why = "The second largest takes its own number off and reads the "
		"largest, and with it its children, nearly exactly.",
	.remedy = "Give the figure for more schools together.",
	.example = "Exclusions of three schools: 60, 38 and 4",
	.record = evidence_record
};

const struct cf_rule cf_rule_kanon = {
	.id = "N-KANON",
	.severity = CF_NEVER,
	.local = true,
	.title = "Few people share all that is said",
	.found = "fewer than ten people share all that is said of them",
	.detects = "A group that is described by several things at once which "
		"fewer than 10 people share. Where the record has their number, "
		"other rules tell it; where not, look at the list that the "
		"figure was made from.",
	.why = "Girls in year 8 with free meals who are new to English may be "
		"three, and each of them is known.",
	.remedy = "Say fewer things of the group, or take a larger one.",
	.example = "Girls, year 8, free meals, new to English: mean 94",
	.record = evidence_record
};

const struct cf_rule cf_rule_ldiv = {
	.id = "N-LDIV",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "All of a group have one result",
	.found = "all of this group have one result",
	.detects = "A group in which nobody, or nearly nobody, has another "
		"result than the rest. Where the record shows it as 100%, "
		"another rule tells it; where not, look at the list that the "
		"figure was made from.",
	.why = "Who knows that a child is in the group knows its result.",
	.remedy = "Merge the group with another, or leave it out.",
	.example = "All 14 boys of the set were excluded once",
	.record = evidence_record
};
