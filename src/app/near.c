/*
 * Records that say nearly the same: who is about to write one again may rather
 * adopt it, or link to it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "app/near.h"
#include "app/search.h"
#include "base/mem.h"
#include "index/fit.h"

#define CLOSE 0.6	/* of the triples of letters in common */
#define CANDIDATES 50
#define TOLD 3

/* Letters, digits and spaces of a text, in small letters: no sign is left that a
 * search would read. */
static char *
plain(const char *text)
{
	struct cf_str rest = cf_str(text);
	char *out = cf_strdup(text);
	size_t n = 0;

	while (rest.n && n + 4 < CF_MAX_QUERY) {
		const char *from = rest.p;
		int32_t c = cf_utf8_next(&rest);

		if (cf_query_letter(c) && c >= 0x80) {
			memcpy(out + n, from, (size_t)(rest.p - from));
			n += (size_t)(rest.p - from);
			continue;
		}
		out[n++] = (char)(!cf_query_letter(c) ? ' ' : c >= 'A' &&
			c <= 'Z' ? c + 32 : c);
	}
	out[n] = '\0';
	return out;
}

static const struct cf_err *
candidates(json_t *ids, struct cf_trust *trust, const char *kind,
	const char *text)
{
	const char *of[] = { kind, NULL };
	const char *const *groups[] = { of };
	struct cf_query query;
	struct cf_searching what = { &query, NULL, groups, 1, CANDIDATES };
	const struct cf_err *err;
	char *words = plain(text);
	json_t *found = NULL, *hit;
	size_t i;

	err = cf_query_parse(&query, words);
	/* No words, or too many: nothing to look for. */
	if (err && err->code == CF_USAGE && query.n <= CF_MAX_QUERY_WORDS)
		err = NULL;
	else if (err && err->code == CF_USAGE) {
		for (; query.n > CF_MAX_QUERY_WORDS; query.n--)
			free(query.word[query.n - 1].text);
		err = cf_index_search(&found, trust->index, &what);
	} else if (!err)
		err = cf_index_search(&found, trust->index, &what);
	json_array_foreach(json_array_get(found, 0), i, hit) {
		json_object_set_new(ids, cf_json_str(hit, "id"), json_true());
	}
	json_decref(found);
	cf_query_clear(&query);
	free(words);
	return err;
}

/* One of the areas is the same, or one of them says none. */
static bool
same_area(const json_t *a, const json_t *b)
{
	size_t i;
	json_t *area;

	if (json_array_size(a) == 0 || json_array_size(b) == 0)
		return true;
	json_array_foreach(a, i, area) {
		if (json_is_string(area) && cf_json_has(b,
			json_string_value(area)))
			return true;
	}
	return false;
}

/* How alike they are, by title or by problem. */
static double
alike(const json_t *body, const struct cf_found *f)
{
	const char *title = cf_json_str(body, "title");
	const char *problem = cf_json_str(body, "problem");
	const char *theirs = cf_json_str(f->about, "problem");
	double by_title, by_problem = 0;

	if (!same_area(json_object_get(body, "areas"),
		json_object_get(f->about, "areas")))
		return 0;
	by_title = cf_same_text(title ? title : "", cf_json_str(f->hit,
		"title"));
	if (problem && theirs)
		by_problem = cf_same_text(problem, theirs);
	return by_title > by_problem ? by_title : by_problem;
}

static const struct cf_err *
consider(struct cf_found_list *list, struct cf_trust *trust,
	const json_t *body, const char *id)
{
	struct cf_found *f;
	const struct cf_err *err = cf_found_add(&f, list, trust, id);

	if (err || f == NULL)
		return err;
	f->score = alike(body, f);
	if (f->score >= CLOSE && !f->sinks) {
		json_object_set_new(f->hit, "alike", json_real(f->score));
		return NULL;
	}
	json_decref(f->hit);
	json_decref(f->about);
	list->n--;
	return NULL;
}

static json_t *
tell(struct cf_found_list *list, const struct cf_trust *trust)
{
	json_t *out = json_array();

	cf_found_sort(list);
	for (size_t i = 0; i < list->n && i < TOLD; i++) {
		json_t *hit = list->found[i].hit;
		const char *id = cf_json_str(hit, "id");
		bool ours = strcmp(cf_json_str(hit, "owner"), trust->id) == 0;
		bool practice = strcmp(cf_json_str(hit, "kind"), "practice")
			== 0;

		json_object_set_new(hit, "ours", json_boolean(ours));
		json_object_set_new(hit, "command", json_sprintf(ours ?
			"confer new --from %s" : practice ?
			"confer new adoption --practice %s" :
			"confer show %s", id));
		json_array_append(out, hit);
	}
	return out;
}

const struct cf_err *
cf_near_draft(json_t **out, struct cf_trust *trust, const json_t *draft)
{
	const char *kind = cf_json_str(draft, "kind");
	const json_t *body = json_object_get(draft, "body");
	const char *own = cf_json_str(draft, "id");
	const char *const texts[] = { cf_json_str(body, "title"),
		cf_json_str(body, "problem") };
	struct cf_found_list list = { 0 };
	const struct cf_err *err = NULL;
	json_t *ids = json_object(), *one;
	const char *id;

	*out = NULL;
	for (size_t i = 0; i < 2 && !err; i++)
		if (texts[i] && kind && cf_kind_known(kind))
			err = candidates(ids, trust, kind, texts[i]);
	json_object_foreach(ids, id, one) {
		if (!err && !(own && strcmp(own, id) == 0))
			err = consider(&list, trust, body, id);
	}
	if (!err)
		*out = tell(&list, trust);
	cf_found_clear(&list);
	json_decref(ids);
	return err;
}

/* The practice that a draft is about, with the version that stands. */
static const struct cf_err *
set_practice(json_t *draft, struct cf_trust *trust, const char *practice)
{
	const char *kind = cf_json_str(draft, "kind");
	json_t *body = json_object_get(draft, "body"), *row = NULL, *heads;
	bool adoption = strcmp(kind, "adoption") == 0;
	const struct cf_err *err;
	struct cf_uuid id;

	if (!adoption && strcmp(kind, "finding") != 0)
		return cf_err(CF_USAGE, "--practice goes with an adoption or a "
			"finding");
	err = cf_resolve_id(&id, trust, practice);
	if (!err)
		err = cf_index_record(&row, trust->index, id.text);
	if (!err && (row == NULL || strcmp(cf_json_str(row, "kind"),
		"practice") != 0))
		err = cf_err(CF_INVALID, "the record %s is no practice",
			id.text);
	heads = json_object_get(row, "heads");
	if (!err)
		json_object_set_new(body, "practice", json_string(id.text));
	if (!err && adoption && json_array_size(heads) == 1)
		json_object_set(body, "practice_version", json_array_get(heads,
			0));
	json_decref(row);
	return err;
}

const struct cf_err *
cf_new_about(json_t **out, struct cf_trust *trust, const char *kind,
	const char *title, const char *practice, const char *file)
{
	const struct cf_err *err = NULL;
	json_t *draft, *similar = NULL;

	*out = NULL;
	if (!cf_kind_known(kind))
		return cf_err(CF_USAGE, "there is no kind '%s'; 'confer new' "
			"lists the kinds", kind);
	draft = cf_draft_empty(trust, kind);
	if (practice)
		err = set_practice(draft, trust, practice);
	if (!err && title) {
		json_object_set_new(json_object_get(draft, "body"), "title",
			json_string(title));
		err = cf_near_draft(&similar, trust, draft);
	}
	if (!err)
		err = cf_draft_place(out, trust, draft, file);
	if (!err && similar)
		json_object_set(*out, "similar", similar);
	json_decref(similar);
	json_decref(draft);
	return err;
}
