/*
 * Offers and needs, set beside one another.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/fit.h"

const char *const cf_fit_name[CF_FIT_PARTS] = { "problem", "field", "setting",
	"room", "way" };
const double cf_fit_weight[CF_FIT_PARTS] = { 0.45, 0.20, 0.15, 0.10, 0.10 };

#define UNSAID 0.5	/* what nobody said neither helps nor harms */

/* Words for one problem; the first stands for all. */
static const char *const synonyms[][6] = {
	{ "decodes_but_slow", "slow_reading", "reads_slowly", "not_fluent",
		"low_fluency", "weak_fluency" },
	{ "weak_inference", "weak_comprehension", "low_comprehension",
		"loses_meaning", "reads_without_understanding" },
	{ "low_volume_reading", "reads_little", "reluctant_readers",
		"avoids_reading" },
	{ "weak_vocabulary", "low_vocabulary", "word_gap", "few_words" },
	{ "weak_decoding", "weak_phonics", "cannot_decode" },
	{ "low_attendance", "absence", "persistent_absence",
		"poor_attendance" },
	{ "disruption", "low_level_disruption", "poor_behaviour",
		"behaviour_in_lessons" },
	{ "forgets", "weak_retention", "weak_recall", "does_not_remember" },
	{ "weak_writing", "low_writing", "short_writing" },
	{ "weak_number_facts", "weak_times_tables", "weak_number" },
	{ "staff_workload", "workload", "marking_load" },
	{ "staff_turnover", "staff_retention", "leavers" },
	{ "new_to_english", "eal_beginners", "early_english" },
	{ "transition_dip", "year_7_dip", "lost_in_transition" },
	{ "disadvantage_gap", "pp_gap", "fsm_gap", "pupil_premium_gap" },
};

char *
cf_problem_word(const char *tag)
{
	char *word = cf_strdup(tag);

	for (char *p = word; *p; p++)
		*p = (char)(*p == '-' ? '_' : *p);
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		for (size_t k = 1; k < 6 && synonyms[i][k]; k++)
			if (strcmp(synonyms[i][k], word) == 0) {
				free(word);
				return cf_strdup(synonyms[i][0]);
			}
	return word;
}

/* --- parts -------------------------------------------------------------------- */

/* A set of words of a list of strings. */
static json_t *
set_of(const json_t *list, char *(*fold)(const char *))
{
	json_t *out = json_object(), *one;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, one) {
		const char *text = json_string_value(one);
		char *word = text ? fold(text) : NULL;

		if (word)
			json_object_set_new(out, word, json_true());
		free(word);
	}
	return out;
}

/* What both have, as a share of what one of them has. Negative: one has none. */
static double
overlap(const json_t *a, const json_t *b, char *(*fold)(const char *))
{
	json_t *x = set_of(a, fold), *y = set_of(b, fold), *one;
	size_t n = json_object_size(x), m = json_object_size(y), both = 0;
	const char *word;
	double out = -1;

	json_object_foreach(x, word, one) {
		both += json_object_get(y, word) == one;
	}
	if (n && m)
		out = (double)both / (double)(n + m - both);
	json_decref(x);
	json_decref(y);
	return out;
}

static double
overlap_of(const json_t *a, const json_t *b, const char *member,
	char *(*fold)(const char *))
{
	return overlap(json_object_get(a, member), json_object_get(b, member),
		fold);
}

static void
set(struct cf_fit *f, enum cf_fit_part part, double value)
{
	f->unsaid[part] = value < 0;
	f->part[part] = value < 0 ? UNSAID : value > 1 ? 1 : value;
}

static void
field(struct cf_fit *f, const json_t *need, const json_t *offer)
{
	double area = overlap_of(need, offer, "areas", cf_strdup);
	double phase = overlap_of(need, offer, "phases", cf_strdup);

	set(f, CF_FIT_FIELD, area < 0 ? phase : phase < 0 ? area :
		(area + phase) / 2);
	if (phase == 0)
		f->out = "for another phase";
}

static void
setting(struct cf_fit *f, const json_t *need, const json_t *offer)
{
	struct cf_alike alike;

	cf_alike(&alike, json_object_get(need, "context"),
		json_object_get(offer, "context"));
	set(f, CF_FIT_SETTING, cf_alike_known(&alike) ? 1 - alike.distance :
		-1);
}

static const char *
text_at(const json_t *value, const char *pointer)
{
	return json_string_value(cf_json_at(value, pointer));
}

/* Months compare as texts; a day begins with its month. */
static void
room(struct cf_fit *f, const json_t *need, const json_t *offer,
	const char *day)
{
	const char *from = text_at(offer, "/capacity/from");
	const char *until = text_at(offer, "/capacity/until");
	const char *start = text_at(need, "/constraints/start");
	const json_t *all = cf_json_at(offer, "/capacity/days_per_term");
	const json_t *left = cf_json_at(offer, "/capacity/days_left");

	if (until && strncmp(until, day, 7) < 0)
		f->out = "offered until a month that is past";
	else if (until && start && strcmp(start, until) > 0)
		f->out = "offered until before it is needed";
	else if (from && start && strcmp(from, start) > 0 &&
		strncmp(from, day, 7) > 0)
		f->out = "offered only after it is needed";
	if (left == NULL)
		left = all;
	if (left && json_number_value(left) <= 0)
		f->out = "no days left";
	set(f, CF_FIT_ROOM, left == NULL ? -1 : all == NULL ||
		json_number_value(all) <= 0 ? 1 : json_number_value(left) /
		json_number_value(all));
}

/* What kind of help is looked for, and what offers are called that give it. */
static bool
is_wanted(const json_t *wanted, const char *type)
{
	static const struct {
		const char *type, *wanted;
	} pairs[] = { { "school_visit", "visit" },
		{ "project_place", "project_partner" },
		{ "data_analysis", "evidence" }, { "speaker", "training" } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (strcmp(pairs[i].type, type) == 0)
			return cf_json_has(wanted, pairs[i].wanted);
	return cf_json_has(wanted, type);
}

/* From afar, or in a region that they travel to; or one has to travel to them. */
static double
reach(const json_t *need, const json_t *offer)
{
	const json_t *modes = json_object_get(offer, "modes");
	const json_t *regions = json_object_get(offer, "regions");
	const char *region = text_at(need, "/context/region");

	if (cf_json_has(modes, "remote") || cf_json_has(modes, "written"))
		return 1;
	if (region && cf_json_has(regions, region))
		return 1;
	if (json_array_size(modes) == 0 || region == NULL ||
		json_array_size(regions) == 0)
		return -1;
	return cf_json_has(modes, "visit_host") ? 0.5 : 0;
}

static void
way(struct cf_fit *f, const json_t *need, const json_t *offer)
{
	const json_t *wanted = json_object_get(need, "looking_for");
	const char *type = cf_json_str(offer, "offer_type");
	double near = reach(need, offer), kind = -1;

	if (json_array_size(wanted) && type)
		kind = is_wanted(wanted, type) ? 1 : 0;
	set(f, CF_FIT_WAY, kind < 0 ? near : near < 0 ? kind :
		(kind + near) / 2);
	if (near == 0)
		f->out = "in regions that are not yours";
}

void
cf_fit(struct cf_fit *out, const json_t *need, const json_t *offer,
	const char *day)
{
	*out = (struct cf_fit){ 0 };
	set(out, CF_FIT_PROBLEM, overlap_of(need, offer, "problem_tags",
		cf_problem_word));
	field(out, need, offer);
	setting(out, need, offer);
	way(out, need, offer);
	room(out, need, offer, day);
	for (int i = 0; i < CF_FIT_PARTS; i++)
		out->sum += cf_fit_weight[i] * out->part[i];
}

/* --- texts ---------------------------------------------------------------------- */

/* Small letters and digits, one space between words; what is not ASCII stays. */
static char *
plain(const char *text)
{
	char *out = cf_asprintf("  %s ", text);
	size_t n = 2;

	for (const char *p = text; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') ||
			(*p >= '0' && *p <= '9') || (unsigned char)*p >= 0x80;

		if (*p >= 'A' && *p <= 'Z')
			out[n++] = (char)(*p + 32);
		else if (letter)
			out[n++] = *p;
		else if (out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (out[n - 1] != ' ')
		out[n++] = ' ';
	out[n] = '\0';
	return out;
}

static int
by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The triples of a text, sorted, each once. */
static unsigned *
triples(size_t *n, const char *text)
{
	char *p = plain(text);
	size_t length = strlen(p), kept = 0;
	unsigned *out = cf_calloc(length + 1, sizeof *out);

	*n = 0;
	for (size_t i = 0; i + 2 < length; i++)
		out[(*n)++] = (unsigned)(unsigned char)p[i] << 16 |
			(unsigned)(unsigned char)p[i + 1] << 8 |
			(unsigned char)p[i + 2];
	if (*n)
		qsort(out, *n, sizeof *out, by_number);
	for (size_t i = 0; i < *n; i++)
		if (kept == 0 || out[kept - 1] != out[i])
			out[kept++] = out[i];
	*n = kept;
	free(p);
	return out;
}

double
cf_same_text(const char *a, const char *b)
{
	size_t n, m, both = 0;
	unsigned *x = triples(&n, a), *y = triples(&m, b);

	for (size_t i = 0, k = 0; i < n && k < m;) {
		both += x[i] == y[k];
		if (x[i] < y[k])
			i++;
		else if (x[i] > y[k])
			k++;
		else {
			i++;
			k++;
		}
	}
	free(x);
	free(y);
	return both == 0 ? 0 : (double)both / (double)(n + m - both);
}
