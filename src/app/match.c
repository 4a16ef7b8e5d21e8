/*
 * Offers for our needs, and needs for our offers.
 */
#include <stdlib.h>
#include <string.h>

#include "app/search.h"
#include "base/mem.h"
#include "index/fit.h"
#include "sign/sign.h"

#define SHOWN 5		/* proposals for each, unless one says */

struct matching {
	struct cf_trust *trust;
	struct cf_day today;
	json_t *blocked;	/* trust ids that our settings name */
	json_t *others[2];	/* [{id, about}]: needs, offers that are not ours */
	unsigned limit;
};

struct proposal {
	const char *id;
	struct cf_fit fit;
	const char *state;
	unsigned char drawn[32];
};

static const char *const kind[2] = { "need", "offer" };

/* Partners of whom we want no proposals. */
static const struct cf_err *
read_blocked(struct matching *m)
{
	char *text = NULL, *rest = NULL;
	const struct cf_err *err;

	m->blocked = json_array();
	err = cf_config_get(&text, m->trust->store, "confer.notMatched");
	for (char *word = text ? strtok_r(text, " ,", &rest) : NULL;
		word && !err; word = strtok_r(NULL, " ,", &rest)) {
		char *id = NULL;

		err = cf_trust_named(&id, m->trust, word);
		if (!err)
			json_array_append_new(m->blocked, json_string(id));
		else if (err->code != CF_NOT_FOUND)
			err = cf_err_wrap(err, "the setting confer.notMatched");
		else
			err = cf_err(CF_INVALID, "the setting "
				"confer.notMatched names '%.60s', and there is "
				"no such partner; 'confer partner list' shows "
				"them", word);
		free(id);
	}
	free(text);
	return err;
}

/* Active records of a kind that nobody should have looked at again by now: ours,
 * or those of others that are not blocked. */
static const struct cf_err *
read_list(json_t **out, struct matching *m, const char *of, bool ours)
{
	struct cf_index_filter filter = { .kind = of, .status = "active",
		.owner = ours ? m->trust->id : NULL, .limit = CF_MAX_MATCHED };
	const struct cf_err *err;
	json_t *rows = NULL;

	*out = json_array();
	err = cf_index_list(&rows, m->trust->index, &filter);
	for (size_t i = 0; i < json_array_size(rows) && !err; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *owner = cf_json_str(row, "owner"), *review;
		json_t *about = NULL;

		if (!ours && (strcmp(owner, m->trust->id) == 0 ||
			cf_json_has(m->blocked, owner)))
			continue;
		err = cf_index_about(&about, m->trust->index,
			cf_json_str(row, "id"));
		review = cf_json_str(about, "review_by");
		if (about && !(review && strcmp(review, m->today.text) < 0))
			json_array_append_new(*out, json_pack(
				"{s:O, s:O, s:O}", "id", json_object_get(row,
				"id"), "title", json_object_get(row, "title"),
				"about", about));
		json_decref(about);
	}
	json_decref(rows);
	return err;
}

/* How far it has come, as one of the two records says; NULL: not begun. */
static const char *
state_of(const json_t *about, const char *id)
{
	const json_t *matches = json_object_get(about, "matches"), *match;
	size_t i;

	json_array_foreach(matches, i, match) {
		if (strcmp(cf_json_str(match, "record"), id) == 0)
			return cf_json_str(match, "state");
	}
	return NULL;
}

/* Something must lead from one to the other. */
static bool
belongs(const struct cf_fit *fit)
{
	return fit->out == NULL && ((!fit->unsaid[CF_FIT_PROBLEM] &&
		fit->part[CF_FIT_PROBLEM] > 0) ||
		(!fit->unsaid[CF_FIT_FIELD] && fit->part[CF_FIT_FIELD] > 0));
}

/* Among equals an order that says nothing about whose they are, and is another
 * for each record of ours: by their ids the oldest would be shown to everybody, and
 * what comes after the limit to nobody. */
static void
draw(struct proposal *p, const char *mine)
{
	char *text = cf_asprintf("%s %s", mine, p->id);

	cf_sha256(p->drawn, text, strlen(text));
	free(text);
}

static int
by_fit(const void *a, const void *b)
{
	const struct proposal *x = a, *y = b;

	if (x->fit.sum < y->fit.sum || x->fit.sum > y->fit.sum)
		return x->fit.sum > y->fit.sum ? -1 : 1;
	return memcmp(x->drawn, y->drawn, sizeof x->drawn);
}

static json_t *
fit_json(const struct cf_fit *fit)
{
	json_t *parts = json_array();

	for (int i = 0; i < CF_FIT_PARTS; i++)
		json_array_append_new(parts, json_pack("{s:s, s:f, s:f, s:b}",
			"part", cf_fit_name[i], "weight", cf_fit_weight[i],
			"value", fit->part[i], "said", !fit->unsaid[i]));
	return json_pack("{s:f, s:o}", "sum", fit->sum, "parts", parts);
}

static const struct cf_err *
tell(json_t *list, struct matching *m, const struct proposal *p)
{
	struct cf_found_list found = { 0 };
	struct cf_found *f;
	const struct cf_err *err = cf_found_add(&f, &found, m->trust, p->id);

	if (f) {
		json_object_set_new(f->hit, "fit", fit_json(&p->fit));
		if (p->state)
			json_object_set_new(f->hit, "state",
				json_string(p->state));
		if (json_object_get(f->about, "contact"))
			json_object_set(f->hit, "contact", json_object_get(
				f->about, "contact"));
		if (json_object_get(f->about, "context"))
			json_object_set(f->hit, "context", json_object_get(
				f->about, "context"));
		json_array_append(list, f->hit);
	}
	cf_found_clear(&found);
	return err;
}

/* Proposals for one of our records; `offers`: it is a need. */
static const struct cf_err *
propose(json_t *out, struct matching *m, const json_t *mine, bool offers)
{
	const json_t *others = m->others[offers], *other;
	struct proposal *p = cf_calloc(json_array_size(others) + 1, sizeof *p);
	const json_t *about = json_object_get(mine, "about");
	const struct cf_err *err = NULL;
	json_t *list = json_array();
	size_t i, n = 0;

	json_array_foreach(others, i, other) {
		const json_t *theirs = json_object_get(other, "about");
		const char *id = cf_json_str(other, "id");
		const char *state = state_of(about, id);

		if (state == NULL)
			state = state_of(theirs, cf_json_str(mine, "id"));
		if (state && (strcmp(state, "declined") == 0 ||
			strcmp(state, "done") == 0))
			continue;
		p[n] = (struct proposal){ .id = id, .state = state };
		draw(&p[n], cf_json_str(mine, "id"));
		cf_fit(&p[n].fit, offers ? about : theirs,
			offers ? theirs : about, m->today.text);
		n += belongs(&p[n].fit);
	}
	if (n)
		qsort(p, n, sizeof *p, by_fit);
	for (i = 0; i < n && i < m->limit && !err; i++)
		err = tell(list, m, &p[i]);
	json_array_append_new(out, json_pack("{s:O, s:O, s:s, s:o, s:I}", "id",
		json_object_get(mine, "id"), "title", json_object_get(mine,
		"title"), "kind", kind[!offers], "proposals", list, "more",
		(json_int_t)(n > m->limit ? n - m->limit : 0)));
	free(p);
	return err;
}

static const struct cf_err *
match_all(json_t *out, struct matching *m, const char *only)
{
	const struct cf_err *err = NULL;
	size_t told = 0;

	for (int k = 0; k < 2 && !err; k++) {
		json_t *mine = NULL, *one;
		size_t i;

		err = read_list(&mine, m, kind[k], true);
		json_array_foreach(mine, i, one) {
			if (err || (only && strcmp(only, cf_json_str(one,
				"id")) != 0))
				continue;
			err = propose(out, m, one, k == 0);
			told++;
		}
		json_decref(mine);
	}
	if (!err && only && told == 0)
		err = cf_err(CF_NOT_FOUND, "%s is no need or offer of yours "
			"that is active and not past the day on which you "
			"meant to look at it again", only);
	return err;
}

const struct cf_err *
cf_match(json_t **out, struct cf_trust *trust, const struct cf_match_what *what)
{
	static const char *const orders[] = { "fit", NULL };
	struct matching m = { .trust = trust, .today = cf_today(),
		.limit = what->limit ? what->limit : SHOWN };
	const struct cf_err *err = cf_order_allowed(what->sort, orders);
	struct cf_uuid id = { "" };
	json_t *result = json_array();

	*out = NULL;
	if (!err && what->id)
		err = cf_resolve_id(&id, trust, what->id);
	if (!err)
		err = read_blocked(&m);
	for (int k = 0; k < 2 && !err; k++)
		err = read_list(&m.others[k], &m, kind[k], false);
	if (!err)
		err = match_all(result, &m, what->id ? id.text : NULL);
	if (!err)
		*out = json_incref(result);
	json_decref(result);
	json_decref(m.blocked);
	json_decref(m.others[0]);
	json_decref(m.others[1]);
	return err;
}
