/*
 * Rules across releases: what a draft gives away together with what was published
 * before: the figures as they are shown, and the exact numbers behind them where
 * this machine's ledger has them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/ledger.h"
#include "check/rules.h"

#define QUOTE 30		/* characters of words that are told again */

bool
cf_across_begin(struct cf_across *a, struct cf_probe *probe)
{
	const char *kind = cf_json_str(probe->doc, "kind");

	*a = (struct cf_across){ .releases = probe->with->past };
	if (a->releases == NULL) {
		cf_not_run(probe, probe->with->no_past ? probe->with->no_past :
			"what was published before is not known here");
		return false;
	}
	if (kind == NULL || strcmp(kind, "finding") != 0 ||
		!json_is_object(probe->body))
		return false;
	if (json_array_size(json_object_get(probe->body, "population")) == 0) {
		cf_not_run(probe, "the finding does not say which people it is "
			"about ('Which people'), so that it cannot be compared "
			"with earlier ones");
		return false;
	}
	cf_stats_read(&a->now, kind, probe->body, 0, true);
	a->past = probe->with->past_stats;
	if (a->past == NULL) {
		cf_stats_read_all(&a->own, a->releases, 0);
		a->past = &a->own;
	}
	if (json_array_size(a->releases) >= CF_MAX_RELEASES ||
		a->past->n >= CF_MAX_STATS)
		cf_not_run(probe, "so much was published that only the newest "
			"of it was compared with this");
	return true;
}

void
cf_across_end(struct cf_across *a)
{
	cf_stats_clear(&a->now);
	cf_stats_clear(&a->own);
}

/* The name of a draft without its folders, of a record NULL. */
static const char *
draft_name(const json_t *release)
{
	const char *file = cf_json_str(release, "file");
	const char *slash = file ? strrchr(file, '/') : NULL;

	return slash ? slash + 1 : file;
}

/* A reason is given for what was published, and not for a draft beside this. */
static void
tell_order(struct cf_probe *probe, const json_t *release, const char *remedy)
{
	const char *draft = draft_name(release);

	if (draft)
		cf_remedy(probe, "%s If it does no harm: publish %s first, and "
			"give the reason here after that.", remedy, draft);
}

const char *
cf_release_name(char out[CF_RELEASE_NAME], const struct cf_across *a,
	size_t number)
{
	const json_t *release = json_array_get(a->releases, number);
	const char *id = cf_json_str(release, "id");
	const char *draft = draft_name(release);

	if (draft)
		(void)snprintf(out, CF_RELEASE_NAME, "the draft %s", draft);
	else
		(void)snprintf(out, CF_RELEASE_NAME, "record %.13s", id ? id : "");
	return out;
}

static int64_t
apart(const struct cf_stat *a, const struct cf_stat *b)
{
	return a->value > b->value ? a->value - b->value : b->value - a->value;
}

bool
cf_stat_exact(int64_t *out, const struct cf_probe *probe,
	const struct cf_stat *stat)
{
	if (cf_ledger_get(out, probe->with->ledger, stat))
		return true;
	/* As it stands in a draft that nobody has rounded yet. */
	if (stat->hidden || stat->value % cf_rounding(probe) == 0)
		return false;
	*out = stat->value;
	return true;
}

/* Whether two numbers are a few people apart, 1 to 9: as they are shown, or by
 * the exact numbers behind them. */
static bool
is_near(const struct cf_probe *probe, const struct cf_stat *a,
	const struct cf_stat *b)
{
	int64_t by = apart(a, b), least = cf_least(probe), x, y;

	if (a->hidden || b->hidden)
		return false;
	if (by > 0 && by < least)
		return true;
	if (!cf_stat_exact(&x, probe, a) || !cf_stat_exact(&y, probe, b))
		return false;
	by = x > y ? x - y : y - x;
	return by > 0 && by < least;
}

/* Calls `each` for every pair of a number of the draft and an earlier one; a
 * number of the draft that was reported is done. */
typedef bool pair_fn(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_stat *then);

static void
each_pair(struct cf_probe *probe, pair_fn *each)
{
	struct cf_across a;

	if (!cf_across_begin(&a, probe))
		return;
	for (size_t i = 0; i < a.now.n; i++)
		for (size_t j = 0; j < a.past->n; j++)
			if (each(probe, &a, &a.now.stat[i], &a.past->stat[j]))
				break;
	cf_across_end(&a);
}

/* --- X-REVISE ---------------------------------------------------------------- */

static bool
revise_pair(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_stat *then)
{
	int64_t least = cf_least(probe);
	char name[CF_RELEASE_NAME];

	/* What is shown as before tells nothing new. */
	if (!then->ours || now->value == then->value ||
		!is_near(probe, now, then) || !cf_stats_compare(now, then) ||
		!cf_same_people(now->who, then->who))
		return false;
	cf_report(probe, CF_WAIVABLE, now->path, "another number for the same "
		"people stands in %s, and the two are fewer than %lld apart",
		cf_release_name(name, a, then->release), (long long)least);
	tell_order(probe, json_array_get(a->releases, then->release), "Give the "
		"same number in both.");
	return true;
}

static void
revise_record(struct cf_probe *probe)
{
	each_pair(probe, revise_pair);
}

const struct cf_rule cf_rule_revise = {
	.id = "X-REVISE",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "Slightly changed since",
	.found = "it differs by a few people from what was published before",
	.detects = "A number of people that differs by fewer than 10 from the one "
		"that the trust published for the same people, the same time "
		"and the same measure; also by the exact numbers, where this "
		"machine knows them.",
	.why = "The child who joined or left between two publications is the "
		"difference of the two.",
	.remedy = "Keep the number that was published, or wait until it differs "
		"by 10 or more.",
	.example = "Published 60 in spring, 65 now for the same pupils",
	.record = revise_record
};

/* --- X-SUBSET ---------------------------------------------------------------- */

static bool
subset_pair(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_stat *then)
{
	int64_t least = cf_least(probe);
	char name[CF_RELEASE_NAME];
	enum cf_relation relation;

	if (!then->ours || !is_near(probe, now, then) ||
		!cf_stats_compare(now, then))
		return false;
	relation = cf_people_relation(now->who, then->who);
	if (relation != CF_PART && relation != CF_WHOLE)
		return false;
	cf_report(probe, CF_NEVER, now->path, "together with %s it "
		"gives the number of those who are %s: fewer than %lld",
		cf_release_name(name, a, then->release), relation == CF_PART ?
		"left over there" : "left over here", (long long)least);
	return true;
}

static void
subset_record(struct cf_probe *probe)
{
	each_pair(probe, subset_pair);
}

const struct cf_rule cf_rule_subset = {
	.id = "X-SUBSET",
	.severity = CF_NEVER,
	.local = true,
	.title = "Whole less part",
	.found = "with an earlier record it gives a small group away",
	.detects = "A number of people that is by 1 to 9 larger or smaller than "
		"the one that the trust published for a part of these people, or "
		"for a group that they are part of; also by the exact numbers, "
		"where this machine knows them.",
	.why = "All pupils less the girls are the boys, and there may be three.",
	.remedy = "Hold the number back, or give it for people who were not "
		"published in parts.",
	.example = "All pupils 60 here, girls 55 in an earlier record",
	.record = subset_record
};

/* --- X-UNCOVER ---------------------------------------------------------------- */

static bool
uncover_pair(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_stat *then)
{
	char name[CF_RELEASE_NAME];

	if (now->hidden == then->hidden || !cf_stats_compare(now, then) ||
		!cf_same_people(now->who, then->who))
		return false;
	cf_report(probe, CF_NEVER, now->path, now->hidden ? "what is held back "
		"here stands in %s" : "what is shown here was held "
		"back in %s", cf_release_name(name, a, then->release));
	return true;
}

static void
uncover_record(struct cf_probe *probe)
{
	each_pair(probe, uncover_pair);
}

const struct cf_rule cf_rule_uncover = {
	.id = "X-UNCOVER",
	.severity = CF_NEVER,
	.local = true,
	.title = "Held back here, shown there",
	.found = "what is held back in one record is shown in another",
	.detects = "A cell that is held back in the draft and shown in a record "
		"of the trust or a partner for the same people, time and "
		"measure, or the other way round.",
	.why = "A number of children that one record holds back is read in the "
		"other.",
	.remedy = "Hold back the same cells in both, or leave the table out.",
	.example = "Girls c here, and 12 in an earlier record",
	.record = uncover_record
};

/* --- X-SERIES ---------------------------------------------------------------- */

static bool
series_pair(struct cf_probe *probe, const struct cf_across *a,
	const struct cf_stat *now, const struct cf_stat *then)
{
	int64_t least = cf_least(probe);
	char name[CF_RELEASE_NAME];

	if (!then->ours || now->value == then->value ||
		!is_near(probe, now, then) || strcmp(now->measure, then->measure) != 0 ||
		strcmp(now->time, then->time) == 0 ||
		!cf_same_people(now->who, then->who))
		return false;
	cf_report(probe, CF_ADVICE, now->path, "it differs by fewer than %lld "
		"from the number at another time (%s)",
		(long long)least, cf_release_name(name, a, then->release));
	return true;
}

static void
series_record(struct cf_probe *probe)
{
	each_pair(probe, series_pair);
}

const struct cf_rule cf_rule_series = {
	.id = "X-SERIES",
	.severity = CF_ADVICE,
	.local = true,
	.title = "From one time to the next",
	.found = "it differs by a few people from the time before",
	.detects = "A number of people that differs by fewer than 10 from the one "
		"for the same group at another time.",
	.why = "Where the group is the same but for one child who moved away, the "
		"difference is that child.",
	.remedy = "Publish such numbers once a year, rounded.",
	.example = "Autumn 60, spring 65, of the same year group",
	.record = series_record
};

/* --- X-PSEUDO ---------------------------------------------------------------- */

/* Whether any text in a value has these words. */
static bool
has_words(const json_t *value, const char *words)
{
	const char *name;
	json_t *part;
	size_t i;

	if (json_is_string(value))
		return strstr(json_string_value(value), words) != NULL;
	if (json_is_object(value))
		json_object_foreach((json_t *)(uintptr_t)value, name, part)
			if (has_words(part, words))
				return true;
	json_array_foreach((json_t *)(uintptr_t)value, i, part)
		if (has_words(part, words))
			return true;
	return false;
}

/* The other record of ours, or draft, that has them; or NULL. */
static const json_t *
told_before(const struct cf_probe *probe, const char *words)
{
	const char *own = cf_json_str(probe->doc, "id");

	for (size_t i = 0; i < json_array_size(probe->with->past); i++) {
		const json_t *release = json_array_get(probe->with->past, i);
		const char *id = cf_json_str(release, "id");

		if (json_is_true(json_object_get(release, "ours")) &&
			!(own && id && strcmp(own, id) == 0) && has_words(
			json_object_get(release, "body"), words))
			return release;
	}
	return NULL;
}

/* "Pupil K7", but not "Pupil A", which everybody uses; where it ends. */
static size_t
label_at(const struct cf_text *text, size_t at)
{
	static const char *const words[] = { "pupil ", "student ", "child ",
		"teacher ", "participant " };
	size_t n = 0, end;

	for (size_t i = 0; i < sizeof words / sizeof *words && n == 0; i++)
		if (strncmp((const char *)text->l + at, words[i],
			strlen(words[i])) == 0)
			n = strlen(words[i]);
	if (n == 0 || (at && isalnum(text->l[at - 1])))
		return 0;
	end = at + n;
	if (!(text->s[end] >= 'A' && text->s[end] <= 'Z') &&
		!isdigit(text->s[end]))
		return 0;
	while (isalnum(text->s[end]))
		end++;
	for (size_t i = at + n; i < end; i++)
		if (isdigit(text->s[i]))
			return end;
	return 0;
}

static void
tell(struct cf_probe *probe, const struct cf_text *text, size_t from,
	size_t to, const char *words)
{
	char *raw = cf_strndup(text->raw.p + text->at[from],
		text->at[to] - text->at[from]);
	const json_t *release = told_before(probe, raw);

	if (release) {
		cf_report_words(probe, CF_WAIVABLE, text, from, to, words);
		tell_order(probe, release, "Give new labels, or say it in your "
			"own words.");
	}
	free(raw);
}

static void
pseudo_text(struct cf_probe *probe, const struct cf_text *text)
{
	size_t open = text->n;

	if (json_array_size(probe->with->past) == 0)
		return;
	for (size_t i = 0; i < text->n; i++) {
		size_t label = label_at(text, i);

		if (label)
			tell(probe, text, i, label, "the same label for a "
				"person as in another record of yours");
		if (text->s[i] != '"')
			continue;
		if (open < i && i - open > QUOTE) {
			tell(probe, text, open + 1, i, "the same words of "
				"somebody as in another record of yours");
			open = text->n;
		} else {
			open = i;
		}
	}
}

static void
pseudo_record(struct cf_probe *probe)
{
	if (probe->with->past == NULL)
		cf_not_run(probe, probe->with->no_past ? probe->with->no_past :
			"what was published before is not known here");
}

const struct cf_rule cf_rule_pseudo = {
	.id = "X-PSEUDO",
	.severity = CF_WAIVABLE,
	.local = true,
	.needs = CF_HAS_DIGIT | CF_HAS_QUOTE,
	.title = "The same person in two records",
	.found = "the same label or words as in another record",
	.detects = "A label such as \"Pupil K7\", or words in quotation marks, "
		"that another record of the trust has too. \"Pupil A\" is left "
		"alone.",
	.why = "What two records tell of one child is put together, and together "
		"it is enough.",
	.remedy = "Give new labels in each record, A, B, C in the order of the "
		"text; say in your own words what somebody said.",
	.example = "\"Pupil K7\" in two records",
	.text = pseudo_text,
	.record = pseudo_record
};
