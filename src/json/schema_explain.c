/*
 * Collects faults: where, which keyword, and the sentence. Of the branches of
 * anyOf and oneOf only the one that comes nearest is explained.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/schema_words.h"

#define PATH_MAX_BYTES (4 * CF_MAX_JSON)

static void
add_path(struct cf_buf *out, const struct cf_spot *at)
{
	if (at->up == NULL)
		return;
	add_path(out, at->up);
	if (at->key)
		cf_json_pointer_add(out, at->key);
	else
		cf_buf_printf(out, "/%zu", at->index);
}

/* Takes the text. The same sentence about the same place comes once. */
static void
add(struct cf_schema_faults *faults, const struct cf_spot *at,
	const char *keyword, struct cf_buf *why)
{
	struct cf_buf path = CF_BUF(PATH_MAX_BYTES);
	struct cf_schema_fault *fault;

	add_path(&path, at);
	for (size_t i = 0; i < faults->n; i++)
		if (strcmp(faults->fault[i].path, path.data) == 0 &&
			strcmp(faults->fault[i].why, why->data) == 0)
			goto done;
	/* The room doubles whenever it is full: at 0, 1, 2, 4, … */
	if ((faults->n & (faults->n - 1)) == 0)
		faults->fault = cf_realloc(faults->fault, faults->n ?
			2 * faults->n : 1, sizeof *faults->fault);
	fault = &faults->fault[faults->n++];
	fault->path = cf_buf_take(&path);
	fault->keyword = cf_strdup(keyword);
	fault->why = cf_buf_take(why);
done:
	cf_buf_clear(&path);
	cf_buf_clear(why);
}

/* Counts a fault of a branch; those on what tells branches apart by itself. */
static void
tally(struct cf_tally *t, const struct cf_rule *rule, const struct cf_spot *at)
{
	t->all++;
	if (rule == NULL || !rule->keyword->settles)
		return;
	if (strcmp(rule->keyword->name, "type") == 0)
		t->type += at == t->base;
	else
		t->choice += at == t->base || at->up == t->base;
}

bool
cf_faults_full(const struct cf_schema_faults *faults)
{
	return faults->n >= faults->max || faults->n >= CF_MAX_FAULTS;
}

/* Whether this fault is to be written down. */
static bool
wanted(struct cf_run *run, const struct cf_rule *rule,
	const struct cf_spot *at)
{
	if (run->mode == CF_COUNTING)
		tally(&run->tally, rule, at);
	return run->mode == CF_EXPLAINING && !cf_faults_full(run->faults);
}

void
cf_schema_fault(struct cf_run *run, const struct cf_rule *rule,
	const struct cf_spot *at, const char *detail)
{
	struct cf_buf why = CF_BUF(CF_MAX_FAULT);

	if (!wanted(run, rule, at))
		return;
	cf_words_context(&why, at);
	rule->keyword->say(&why, rule, at, detail);
	add(run->faults, at, rule->keyword->name, &why);
}

void
cf_schema_refused(struct cf_run *run, const struct cf_spot *at)
{
	struct cf_buf why = CF_BUF(CF_MAX_FAULT);

	if (!wanted(run, NULL, at))
		return;
	cf_words_context(&why, at);
	cf_words_subject(&why, at);
	cf_buf_puts(&why, " is not allowed here");
	add(run->faults, at, "false", &why);
}

void
cf_schema_stuck(struct cf_run *run, const struct cf_spot *at, const char *why)
{
	struct cf_buf text = CF_BUF(CF_MAX_FAULT);

	run->stuck = why;
	if (!wanted(run, NULL, at))
		return;
	cf_words_context(&text, at);
	cf_words_subject(&text, at);
	cf_buf_printf(&text, " cannot be checked: %s", why);
	add(run->faults, at, "limit", &text);
}

static struct cf_tally
tally_of(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at)
{
	run->mode = CF_COUNTING;
	run->tally = (struct cf_tally){ .base = at };
	(void)cf_schema_holds(run, schema, at, 0);
	run->mode = CF_EXPLAINING;
	return run->tally;
}

static bool
nearer(const struct cf_tally *a, const struct cf_tally *b)
{
	if (a->type != b->type)
		return a->type < b->type;
	if (a->choice != b->choice)
		return a->choice < b->choice;
	return a->all < b->all;
}

void
cf_schema_nearest(struct cf_run *run, const struct cf_rule *rule,
	struct cf_spot *at, size_t marks)
{
	struct cf_tally best = { .type = SIZE_MAX }, t;
	bool types = true;
	size_t nearest = 0;

	if (run->mode != CF_EXPLAINING || run->stuck) {
		(void)wanted(run, rule, at);
		return;
	}
	if (cf_words_are_values(rule)) {
		cf_schema_fault(run, rule, at, "values");
		return;
	}
	for (size_t i = 0; i < rule->n; i++) {
		t = tally_of(run, rule->list[i], at);
		types = types && t.type && cf_words_types(rule->list[i]);
		if (!nearer(&t, &best))
			continue;
		best = t;
		nearest = i;
	}
	if (types)
		cf_schema_fault(run, rule, at, "types");
	else
		(void)cf_schema_holds(run, rule->list[nearest], at, marks);
}

void
cf_schema_faults_clear(struct cf_schema_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++) {
		free(faults->fault[i].path);
		free(faults->fault[i].keyword);
		free(faults->fault[i].why);
	}
	free(faults->fault);
	faults->fault = NULL;
	faults->n = 0;
}
