/*
 * Searching the commons, problem first: needs, the practices that answered them,
 * where those were tried, and what was found.
 */
#include <stdlib.h>
#include <string.h>

#include "app/codes.h"
#include "app/search.h"
#include "base/clock.h"
#include "base/mem.h"

enum group {
	NEEDS,
	PRACTICES,
	ADOPTIONS,
	FINDINGS,
	OTHERS,
	GROUPS
};

static const char *const group_name[GROUPS] = { "problem", "practice",
	"adoption", "finding", "other" };

static const char *const needs[] = { "need", NULL };
static const char *const practices[] = { "practice", NULL };
static const char *const adoptions[] = { "adoption", NULL };
static const char *const findings[] = { "finding", NULL };
static const char *const others[] = { "project", "offer", "synthesis",
	"support", NULL };
static const char *const *const kinds[GROUPS] = { needs, practices, adoptions,
	findings, others };

#define SHOWN 10	/* of each group, unless one says */
#define LINKED 50	/* records that name one; the first are enough */

struct searching {
	struct cf_trust *trust;
	struct cf_query query;
	struct cf_searching index;
	const char *one[2];		/* the only kind that was asked for */
	const char *const *groups[GROUPS];
	struct cf_found_list list[GROUPS];
	struct cf_mine mine;
	unsigned limit;
};

static enum group
group_of(const char *kind)
{
	for (int g = 0; g < GROUPS; g++)
		for (size_t i = 0; kinds[g][i]; i++)
			if (strcmp(kinds[g][i], kind) == 0)
				return (enum group)g;
	return OTHERS;
}

/* --- what is asked -------------------------------------------------------------- */

/* An option and a word of the query ("phase:primary") are one thing. */
static const struct cf_err *
set_facet(struct searching *s, enum cf_facet facet, const char *code)
{
	if (code == NULL)
		return NULL;
	if (s->query.facet[facet])
		return cf_err(CF_USAGE, "%s stands in the search and among "
			"the options; keep one", cf_facet_name[facet]);
	s->query.facet[facet] = cf_strdup(code);
	return NULL;
}

static const struct cf_err *
check_kind(struct searching *s)
{
	char **kind = &s->query.facet[CF_FACET_KIND];

	if (*kind == NULL)
		return NULL;
	if (!cf_kind_known(*kind))
		return cf_err(CF_USAGE, "there is no kind '%.60s'; 'confer "
			"new' lists the kinds", *kind);
	s->one[0] = *kind;
	for (int g = 0; g < GROUPS; g++)
		s->groups[g] = g == (int)group_of(*kind) ? s->one :
			&s->one[1];
	return NULL;
}

/* Whether it is asked what was found, or how securely. */
static bool
of_findings(const struct searching *s)
{
	return s->query.facet[CF_FACET_OUTCOME] ||
		s->query.facet[CF_FACET_PADLOCKS];
}

static const struct cf_err *
check_padlocks(struct searching *s)
{
	const char *padlocks = s->query.facet[CF_FACET_PADLOCKS];
	const char *kind = s->query.facet[CF_FACET_KIND];

	if (padlocks && (padlocks[0] < '0' || padlocks[0] > '5' ||
		padlocks[1]))
		return cf_err(CF_USAGE, "padlocks are a number from 0 to 5, "
			"not '%.40s'", padlocks);
	if (of_findings(s) && kind && strcmp(kind, "finding") != 0 &&
		(padlocks || strcmp(kind, "synthesis") != 0))
		return cf_err(CF_USAGE, "only findings say what was measured "
			"and how secure it is. Leave out --kind: what leads to "
			"such findings is shown with them");
	return NULL;
}

static const struct cf_err *
check_facets(struct searching *s)
{
	char **facet = s->query.facet, *id = NULL;
	const struct cf_err *err;

	err = cf_code_known("phase", facet[CF_FACET_PHASE]);
	if (!err)
		err = cf_code_known("region", facet[CF_FACET_REGION]);
	if (!err)
		err = cf_code_known("area", facet[CF_FACET_AREA]);
	if (!err)
		err = cf_code_known("fsm", facet[CF_FACET_FSM]);
	if (!err)
		err = cf_code_among("cost", facet[CF_FACET_COST], cf_json_at(
			cf_schema_doc("practice"),
			"/properties/cost/properties/band/enum"));
	if (!err)
		err = cf_code_among("stage", facet[CF_FACET_STAGE], cf_json_at(
			cf_schema_doc("adoption"), "/properties/stage/enum"));
	if (!err)
		err = cf_code_known("size", facet[CF_FACET_SIZE]);
	if (!err)
		err = cf_code_known("outcome", facet[CF_FACET_OUTCOME]);
	if (!err)
		err = check_padlocks(s);
	if (!err && facet[CF_FACET_TRUST])
		err = cf_trust_named(&id, s->trust, facet[CF_FACET_TRUST]);
	if (!err && id) {
		free(facet[CF_FACET_TRUST]);
		facet[CF_FACET_TRUST] = id;
	}
	return err;
}

static const struct cf_err *
check_since(const char *since)
{
	uint64_t year, month, day;
	struct cf_str s = cf_str(since ? since : "2000-01-01");
	int64_t days;

	if (s.n == 10 && s.p[4] == '-' && s.p[7] == '-' &&
		cf_str_u64((struct cf_str){ s.p, 4 }, &year, 9999) &&
		cf_str_u64((struct cf_str){ s.p + 5 + (s.p[5] == '0'),
		s.p[5] == '0' ? 1 : 2 }, &month, 12) &&
		cf_str_u64((struct cf_str){ s.p + 8 + (s.p[8] == '0'),
		s.p[8] == '0' ? 1 : 2 }, &day, 31) &&
		cf_date_days(&days, (unsigned)year, (unsigned)month,
		(unsigned)day))
		return NULL;
	return cf_err(CF_USAGE, "--since takes a day such as 2026-01-31, not "
		"'%.40s'", since);
}

/* Options alone are enough to go by, as words such as "phase:primary" are. */
static bool
without_words(const char *query, const char *const asked[CF_FACETS])
{
	bool narrowed = false;

	for (size_t i = 0; i < CF_FACETS; i++)
		narrowed = narrowed || asked[i];
	return narrowed && query[strspn(query, " \t\n")] == '\0';
}

static const struct cf_err *
ask(struct searching *s, const struct cf_search_what *what)
{
	static const char *const orders[] = { "match", NULL };
	const char *const asked[CF_FACETS] = { [CF_FACET_KIND] = what->kind,
		[CF_FACET_PHASE] = what->phase, [CF_FACET_REGION] =
		what->region, [CF_FACET_AREA] = what->area, [CF_FACET_FSM] =
		what->fsm, [CF_FACET_SIZE] = what->size, [CF_FACET_OUTCOME] =
		what->outcome, [CF_FACET_PADLOCKS] = what->padlocks,
		[CF_FACET_TRUST] = what->trust };
	const struct cf_err *err = cf_order_allowed(what->sort, orders);

	memcpy(s->groups, kinds, sizeof kinds);
	s->limit = what->limit ? what->limit : SHOWN;
	s->index = (struct cf_searching){ &s->query, what->since, s->groups,
		GROUPS, 2 * s->limit };
	if (!err && !without_words(what->query, asked))
		err = cf_query_parse(&s->query, what->query);
	for (size_t i = 0; i < CF_FACETS && !err; i++)
		err = set_facet(s, (enum cf_facet)i, asked[i]);
	if (!err)
		err = check_kind(s);
	if (!err)
		err = check_facets(s);
	if (!err)
		err = check_since(what->since);
	return err ? err : cf_mine_read(&s->mine, s->trust, what->mine);
}

/* --- what is found ---------------------------------------------------------------- */

static const struct cf_err *
add_hits(struct searching *s, const json_t *groups)
{
	const struct cf_err *err = NULL;

	for (size_t g = 0; g < GROUPS && !err; g++) {
		const json_t *hits = json_array_get(groups, g), *hit;
		size_t i;

		json_array_foreach(hits, i, hit) {
			struct cf_found *f;

			err = cf_found_add(&f, &s->list[g], s->trust,
				cf_json_str(hit, "id"));
			if (err)
				break;
			if (f == NULL)
				continue;
			f->score = json_real_value(json_object_get(hit,
				"score"));
			f->some = strcmp(cf_json_str(hit, "found"), "some")
				== 0;
			json_object_set(f->hit, "found", json_object_get(hit,
				"found"));
			if (json_object_get(hit, "snippet"))
				json_object_set(f->hit, "snippet",
					json_object_get(hit, "snippet"));
		}
	}
	return err;
}

/* Whether it is what was asked for; what leads to a finding need not be one. */
static const struct cf_err *
passes(bool *out, struct searching *s, const char *id, enum group g)
{
	char **facet = s->query.facet, *outcome = facet[CF_FACET_OUTCOME];
	char *padlocks = facet[CF_FACET_PADLOCKS];
	const struct cf_err *err;

	if (g != FINDINGS)
		facet[CF_FACET_OUTCOME] = facet[CF_FACET_PADLOCKS] = NULL;
	err = cf_index_passes(out, s->trust->index, id, &s->index);
	facet[CF_FACET_OUTCOME] = outcome;
	facet[CF_FACET_PADLOCKS] = padlocks;
	return err;
}

/* A record that one that was found leads to. */
static const struct cf_err *
add_linked(struct searching *s, const struct cf_found *from, const char *id)
{
	struct cf_found *f = NULL;
	const struct cf_err *err;
	double score = from->score / 2;
	bool good, some = from->some;
	json_t *row = NULL;
	enum group g;

	err = cf_index_record(&row, s->trust->index, id);
	if (err || row == NULL)
		return err;
	g = group_of(cf_json_str(row, "kind"));
	json_decref(row);
	if (g == OTHERS || s->groups[g][0] == NULL ||
		cf_found_get(&s->list[g], id))
		return NULL;
	err = passes(&good, s, id, g);
	if (!err && good)
		err = cf_found_add(&f, &s->list[g], s->trust, id);
	if (f) {
		f->score = score;
		f->some = some;
		json_object_set_new(f->hit, "found", json_string("linked"));
	}
	return err;
}

/* Those that name the ith of a group in this way. */
static const struct cf_err *
add_naming(struct searching *s, enum group g, size_t i, const char *relation)
{
	struct cf_found from = s->list[g].found[i];
	struct cf_names names;
	const struct cf_err *err;

	err = cf_index_naming(&names, s->trust->index,
		cf_json_str(from.hit, "id"), relation, LINKED);
	for (size_t k = 0; k < names.n && !err; k++)
		err = add_linked(s, &from, names.name[k]);
	cf_names_clear(&names);
	return err;
}

/* Those that it names. */
static const struct cf_err *
add_named(struct searching *s, enum group g, size_t i, const char *member)
{
	struct cf_found from = s->list[g].found[i];
	const json_t *value = json_object_get(from.about, member), *one;
	const struct cf_err *err = NULL;
	size_t k;

	if (json_is_string(value))
		return add_linked(s, &from, json_string_value(value));
	json_array_foreach(value, k, one) {
		if (!err)
			err = add_linked(s, &from, json_string_value(one));
	}
	return err;
}

/* Along the way from the problem to the findings, and back to the practice. */
static const struct cf_err *
follow(struct searching *s)
{
	static const struct {
		enum group from;
		bool naming;
		const char *by;
	} ways[] = { { FINDINGS, false, "practice" },
		{ ADOPTIONS, false, "practice" },
		{ ADOPTIONS, false, "answers" }, { PRACTICES, false, "answers" },
		{ NEEDS, true, "answers" }, { PRACTICES, true, "practice" } };
	const struct cf_err *err = NULL;

	for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
		enum group g = ways[w].from;
		size_t n;

		/* Practices with no such finding are not asked for. */
		if (g == NEEDS && of_findings(s))
			continue;
		cf_found_sort(&s->list[g]);
		n = s->list[g].n < s->limit ? s->list[g].n : s->limit;
		for (size_t i = 0; i < n && !err; i++)
			err = ways[w].naming ? add_naming(s, g, i,
				ways[w].by) : add_named(s, g, i, ways[w].by);
	}
	return err;
}

static void
tell(json_t *out, const struct searching *s, enum group g)
{
	static const char *const told[] = { "answers", "practice", "problem",
		"stage", "context", "padlocks" };
	struct cf_day hidden = cf_year_ago();
	unsigned shown = 0;

	for (size_t i = 0; i < s->list[g].n && shown < s->limit; i++) {
		const struct cf_found *f = &s->list[g].found[i];
		const char *review = cf_json_str(f->hit, "reviewBy");

		/* What nobody has looked at for a year is not shown. */
		if (review && strcmp(review, hidden.text) < 0)
			continue;
		json_object_set_new(f->hit, "group",
			json_string(group_name[g]));
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			if (json_object_get(f->about, told[k]))
				json_object_set(f->hit, told[k],
					json_object_get(f->about, told[k]));
		json_array_append(out, f->hit);
		shown++;
	}
}

const struct cf_err *
cf_search(json_t **out, struct cf_trust *trust,
	const struct cf_search_what *what)
{
	struct searching s = { .trust = trust };
	const struct cf_err *err;
	json_t *hits = NULL;

	*out = NULL;
	err = ask(&s, what);
	if (!err)
		err = cf_index_search(&hits, trust->index, &s.index);
	if (!err)
		err = add_hits(&s, hits);
	if (!err)
		err = follow(&s);
	if (!err)
		*out = json_array();
	for (int g = 0; g < GROUPS; g++) {
		cf_found_sort(&s.list[g]);
		if (g == ADOPTIONS && s.mine.context)
			cf_found_compare(&s.list[g], &s.mine);
		if (!err)
			tell(*out, &s, (enum group)g);
		cf_found_clear(&s.list[g]);
	}
	cf_query_clear(&s.query);
	cf_mine_clear(&s.mine);
	json_decref(hits);
	return err;
}
