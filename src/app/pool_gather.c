/*
 * Which findings of the commons go into an estimate, and why the others do not.
 */
#include <stdlib.h>
#include <string.h>

#include "app/pool.h"
#include "base/mem.h"

struct gathering {
	struct cf_gathered *g;
	struct cf_trust *trust;
	const struct cf_pool_what *what;
	json_t *corrected;	/* {record: id of the finding that corrects it} */
	char why[256];
};

void
cf_gathered_clear(struct cf_gathered *g)
{
	json_decref(g->inputs);
	json_decref(g->bodies);
	json_decref(g->excluded);
	json_decref(g->not_read);
	free(g->study);
	free(g->trust);
	free(g->owner);
	free(g->exclude);
	*g = (struct cf_gathered){ 0 };
}

/* --- one finding -------------------------------------------------------------- */

/* Whether a filter lets the finding through; else why not. */
static const char *
filtered(struct gathering *g, const char **code, const json_t *body,
	const char *owner)
{
	const struct cf_pool_what *w = g->what;
	const struct {
		const char *name, *wanted, *at;
	} asked[] = { { "practice", w->practice ? g->g->practice.text : NULL,
			"/practice" },
		{ "phase", w->phase, "/context/phase" },
		{ "region", w->region, "/context/region" },
		{ "fsm", w->fsm, "/context/fsm_band" },
		{ "design", w->design, "/design/type" } };

	*code = "filter";
	if (g->g->owner && strcmp(g->g->owner, owner) != 0)
		return "it is of another trust than you asked for";
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		const char *has = json_string_value(cf_json_at(body,
			asked[i].at));

		if (asked[i].wanted == NULL ||
			(has && strcmp(has, asked[i].wanted) == 0))
			continue;
		(void)snprintf(g->why, sizeof g->why, has ? "its %s is %s" :
			"it does not say its %s", asked[i].name, has);
		return g->why;
	}
	if (w->area && !cf_json_has(json_object_get(body, "areas"), w->area))
		return "it belongs to other areas";
	return NULL;
}

static const char *
standing(struct gathering *g, const char **code, const json_t *row)
{
	const char *id = cf_json_str(row, "id");
	const char *status = cf_json_str(row, "status");
	const char *by = cf_json_str(g->corrected, id);

	*code = status;
	if (strcmp(status, "withdrawn") == 0)
		return "its owner has withdrawn it";
	if (strcmp(status, "superseded") == 0)
		return "its owner has put another record in its place";
	*code = "conflict";
	if (json_is_true(json_object_get(row, "conflict")))
		return "trusts contradict one another in it, and that is not "
			"settled yet";
	*code = "several-versions";
	if (json_array_size(json_object_get(row, "heads")) != 1)
		return "two versions of it stand side by side, and neither "
			"has taken in the other yet";
	*code = "corrected";
	if (by) {
		(void)snprintf(g->why, sizeof g->why, "its owner has "
			"corrected it in %s", by);
		return g->why;
	}
	*code = "asked";
	if (g->g->exclude && cf_pool_among(g->g->exclude, id))
		return "you left it out";
	return NULL;
}

json_t *
cf_gather_row(struct cf_trust *trust, const json_t *row, const json_t *body,
	const json_t *version)
{
	const char *owner = cf_json_str(row, "owner");
	const char *until = json_string_value(cf_json_at(body,
		"/period/until"));
	char *name = cf_trust_title(trust, owner);
	json_t *out = json_pack("{s:O, s:O*, s:s, s:s, s:O, s:o, s:s%}",
		"record", json_object_get(row, "id"), "version", version,
		"owner",
		owner, "ownerName", name, "title",
		json_object_get(row, "title"), "signers",
		cf_people(trust, json_object_get(row, "signers")), "year",
		until ? until : cf_json_str(row, "modified"), (size_t)4);

	free(name);
	return out;
}

static void
exclude_take(struct cf_gathered *g, json_t *row, const char *code,
	const char *why)
{
	json_object_del(row, "signers");
	json_object_del(row, "year");
	json_object_set_new(row, "code", json_string(code));
	json_object_set_new(row, "why", json_string(why));
	json_array_append_new(g->excluded, row);
}

const char *
cf_gather_add(struct cf_gathered *g, const char **code, json_t *row,
	json_t *body)
{
	struct cf_study study;
	const char *why = cf_study_read(&study, code, body, g->measure, 0);

	if (why)
		return why;
	if (g->n == g->cap)
		g->cap = g->cap ? 2 * g->cap : 64;
	g->study = cf_realloc(g->study, g->cap, sizeof *g->study);
	g->study[g->n++] = study;
	json_array_append(g->inputs, row);
	json_array_append(g->bodies, body);
	return NULL;
}

bool
cf_pool_effect(const json_t *doc)
{
	const char *type = json_string_value(cf_json_at(doc,
		"/body/finding_type"));

	return type && strcmp(type, "effect") == 0;
}

/* Takes doc. A finding on another outcome is no part of the question. */
static void
consider_take(struct gathering *g, const json_t *row, json_t *doc)
{
	json_t *body = json_object_get(doc, "body");
	const char *construct = json_string_value(cf_json_at(body,
		"/outcome/construct"));
	const char *why, *code = "";
	json_t *out;

	if (construct == NULL || !cf_pool_among(g->what->outcome, construct) ||
		!cf_pool_effect(doc)) {
		json_decref(doc);
		return;
	}
	out = cf_gather_row(g->trust, row, body, json_array_get(
		json_object_get(row, "heads"), 0));
	why = standing(g, &code, row);
	if (why == NULL)
		why = filtered(g, &code, body, cf_json_str(row, "owner"));
	if (why == NULL)
		why = cf_gather_add(g->g, &code, out, body);
	if (why)
		exclude_take(g->g, out, code, why);
	else
		json_decref(out);
	json_decref(doc);
}

/* --- all of them ---------------------------------------------------------------- */

const struct cf_err *
cf_pool_finding(json_t **out, struct cf_trust *trust, const json_t *row)
{
	char path[CF_PATH_TEXT];
	struct cf_uuid id;

	*out = NULL;
	if (!cf_uuid_parse(&id, cf_str(cf_json_str(row, "id"))))
		cf_bug("a row without an id");
	cf_commons_path(path, "finding", &id);
	return cf_commons_read(out, trust, path);
}

/* Only the owner of a finding corrects it. */
static void
note_correction(json_t *corrected, json_t *owners, const json_t *row,
	const json_t *doc)
{
	const char *of = json_string_value(cf_json_at(doc, "/body/corrects"));
	const char *theirs = of ? cf_json_str(owners, of) : NULL;
	const char *status = cf_json_str(row, "status");

	if (theirs && strcmp(theirs, cf_json_str(row, "owner")) == 0 &&
		(strcmp(status, "active") == 0 ||
		strcmp(status, "completed") == 0))
		json_object_set(corrected, of, json_object_get(row, "id"));
}

/* Two that rest on the same pupils: the main outcome stays, else the one that
 * was made first. `in`, `at` are places of inputs; true: `at` gives way. */
static bool
gives_way(const json_t *in, const json_t *at)
{
	const char *a = json_string_value(cf_json_at(in, "/outcome/role"));
	const char *b = json_string_value(cf_json_at(at, "/outcome/role"));
	bool first = a && strcmp(a, "primary") == 0;
	bool second = b && strcmp(b, "primary") == 0;

	return first || !second;
}

/* "owner or project, and word", or NULL where no pupils are shared. */
static char *
sample_of(const json_t *row, const json_t *body)
{
	const char *tag = cf_json_str(body, "shared_sample");
	const char *project = cf_json_str(body, "project");

	return tag ? cf_asprintf("%s %s", project ? project :
		cf_json_str(row, "owner"), tag) : NULL;
}

static void
drop_input(struct cf_gathered *g, size_t i, const char *stays)
{
	json_t *row = json_incref(json_array_get(g->inputs, i));
	char *why = cf_asprintf("it rests on the same pupils as %s, and "
		"nobody is counted twice", stays);

	exclude_take(g, row, "shared-sample", why);
	free(why);
	(void)json_array_remove(g->inputs, i);
	(void)json_array_remove(g->bodies, i);
	memmove(&g->study[i], &g->study[i + 1],
		(g->n - i - 1) * sizeof *g->study);
	g->n--;
}

static const char *
record_at(const struct cf_gathered *g, size_t i)
{
	return cf_json_str(json_array_get(g->inputs, i), "record");
}

static void
drop_shared(struct cf_gathered *g)
{
	json_t *seen = json_object();	/* {sample: record that stays} */

	for (size_t i = 0; i < g->n;) {
		json_t *body = json_array_get(g->bodies, i);
		char *sample = sample_of(json_array_get(g->inputs, i), body);
		const char *other = sample ? cf_json_str(seen, sample) : NULL;
		size_t j = 0;

		while (other && strcmp(record_at(g, j), other) != 0)
			j++;
		if (other && gives_way(json_array_get(g->bodies, j), body)) {
			drop_input(g, i, other);
		} else if (other) {
			json_object_set_new(seen, sample, json_string(
				record_at(g, i)));
			drop_input(g, j, record_at(g, i));
		} else {
			if (sample)
				json_object_set_new(seen, sample,
					json_string(record_at(g, i)));
			i++;
		}
		free(sample);
	}
	json_decref(seen);
}

void
cf_gather_end(struct cf_gathered *g)
{
	json_t *seen = json_object();

	g->trust = cf_calloc(g->n + 1, sizeof *g->trust);
	for (size_t i = 0; i < g->n; i++) {
		const char *owner = cf_json_str(json_array_get(g->inputs, i),
			"owner");
		const json_t *number = json_object_get(seen, owner);

		g->trust[i] = number ? (size_t)json_integer_value(number) :
			g->trusts;
		if (number == NULL)
			json_object_set_new(seen, owner, json_integer(
				(json_int_t)g->trusts++));
	}
	json_decref(seen);
}

static const struct cf_err *
gather_held(struct cf_gathered *g, struct cf_trust *trust)
{
	const struct cf_err *err;
	json_t *held = NULL, *one;
	size_t i;

	err = cf_index_held(&held, trust->index, NULL);
	json_array_foreach(held, i, one) {
		if (cf_starts(cf_json_str(one, "path"), "records/finding/"))
			json_array_append_new(g->not_read, json_pack(
				"{s:O, s:O, s:O}", "record",
				json_object_get(one, "id"), "trust",
				json_object_get(one, "trust"), "why",
				json_object_get(one, "why")));
	}
	json_decref(held);
	return err;
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(cf_json_str(*(const json_t *const *)a, "id"),
		cf_json_str(*(const json_t *const *)b, "id"));
}

static const struct cf_err *
read_all(struct gathering *g, const json_t *rows)
{
	size_t n = json_array_size(rows);
	const json_t **row = cf_calloc(n + 1, sizeof *row);
	json_t **doc = cf_calloc(n + 1, sizeof *doc), *owners = json_object();
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < n; i++) {
		row[i] = json_array_get(rows, i);
		json_object_set(owners, cf_json_str(row[i], "id"),
			json_object_get(row[i], "owner"));
	}
	if (n)
		qsort(row, n, sizeof *row, by_id);
	for (size_t i = 0; i < n && !err; i++) {
		err = cf_pool_finding(&doc[i], g->trust, row[i]);
		if (!err)
			note_correction(g->corrected, owners, row[i], doc[i]);
		if (g->trust->ui->progress && i % 256 == 0)
			g->trust->ui->progress(g->trust->ui->payload,
				"Reading findings", i, n);
	}
	for (size_t i = 0; i < n; i++)
		if (err)
			json_decref(doc[i]);
		else
			consider_take(g, row[i], doc[i]);
	json_decref(owners);
	free(row);
	free(doc);
	return err;
}

static int
by_record(const void *a, const void *b)
{
	return strcmp(cf_json_str(*(json_t *const *)a, "record"),
		cf_json_str(*(json_t *const *)b, "record"));
}

static void
sort_excluded(struct cf_gathered *g)
{
	size_t n = json_array_size(g->excluded);
	json_t **row = cf_calloc(n + 1, sizeof *row);
	json_t *sorted = json_array();

	for (size_t i = 0; i < n; i++)
		row[i] = json_array_get(g->excluded, i);
	if (n)
		qsort(row, n, sizeof *row, by_record);
	for (size_t i = 0; i < n; i++)
		json_array_append(sorted, row[i]);
	json_decref(g->excluded);
	g->excluded = sorted;
	free(row);
}

const struct cf_err *
cf_gather(struct cf_gathered *out, struct cf_trust *trust,
	const struct cf_pool_what *what)
{
	struct gathering g = { out, trust, what };
	struct cf_index_filter by = { .kind = "finding" };
	const struct cf_err *err;
	json_t *rows = NULL;

	*out = (struct cf_gathered){ json_array(), json_array(), json_array(),
		json_array() };
	err = cf_pool_asked(out, trust, what);
	if (!err)
		err = cf_index_list(&rows, trust->index, &by);
	g.corrected = json_object();
	if (!err)
		err = read_all(&g, rows);
	if (!err)
		err = gather_held(out, trust);
	drop_shared(out);
	sort_excluded(out);
	if (!err)
		err = cf_pool_asked_met(out);
	cf_gather_end(out);
	json_decref(g.corrected);
	json_decref(rows);
	return err;
}
