/*
 * The heart of validation: one schema at one place, rule by rule. The first
 * pass only decides; a second one explains, and only where there is a fault.
 */
#include "json/schema_set.h"

struct cf_spot
cf_spot_of(json_t *value, struct cf_spot *up)
{
	struct cf_spot at = { .value = value, .up = up,
		.type = cf_json_type(value) };

	if (at.type == CF_T_STRING)
		at.text = (struct cf_str){ json_string_value(value),
			json_string_length(value) };
	return at;
}

/* Whether nothing that follows can change what the caller learns. */
bool
cf_run_over(const struct cf_run *run)
{
	return run->stuck || run->mode == CF_ASKING ||
		(run->mode == CF_EXPLAINING && cf_faults_full(run->faults));
}

/* Counts the step; false where a limit is reached. */
static bool
may_step(struct cf_run *run, const struct cf_spot *at)
{
	if (run->level >= CF_MAX_SCHEMA_LEVELS)
		cf_schema_stuck(run, at, "its parts are nested too deeply");
	else if (++run->steps > CF_MAX_SCHEMA_STEPS)
		cf_schema_stuck(run, at, "there is too much to compare");
	return run->stuck == NULL;
}

static bool
run_rules(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at, size_t marks)
{
	bool ok = true;

	for (size_t i = 0; i < schema->n; i++) {
		const struct cf_rule *rule = &schema->rule[i];

		if (!(rule->keyword->on & at->type))
			continue;
		if (rule->keyword->holds(run, rule, at, marks))
			continue;
		ok = false;
		if (cf_run_over(run))
			break;
		if (rule->keyword->settles)
			break;
	}
	return ok;
}

bool
cf_schema_holds(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at, size_t marks)
{
	struct cf_room *room = run->room;
	size_t scope = room->n_scope, own = marks;
	bool ok;

	if (schema->n == 0) {
		if (schema->never)
			cf_schema_refused(run, at);
		return !schema->never;
	}
	if (!may_step(run, at))
		return false;
	run->level++;
	if (scope == 0 || room->scope[scope - 1] != schema->resource)
		cf_scope_push(room, schema->resource);
	if (schema->tracks && at->type & (CF_T_OBJECT | CF_T_ARRAY))
		own = cf_marks_push(room, at);
	if (run->mode == CF_EXPLAINING && at->schema == NULL)
		at->schema = schema;
	if (run->mode == CF_EXPLAINING && at->title == NULL)
		at->title = schema->title;
	ok = run_rules(run, schema, at, own);
	if (own != marks) {
		if (marks)
			cf_marks_join(room, marks, own, at);
		cf_marks_pop(room, own);
	}
	room->n_scope = scope;
	run->level--;
	return ok;
}

bool
cf_schema_decide(struct cf_run *run, const struct cf_schema *schema,
	struct cf_spot *at, size_t marks)
{
	enum cf_mode mode = run->mode;
	bool ok;

	run->mode = CF_ASKING;
	ok = cf_schema_holds(run, schema, at, marks);
	run->mode = mode;
	return ok;
}

const struct cf_rule *
cf_schema_rule(const struct cf_schema *schema, const char *keyword)
{
	for (size_t i = 0; i < schema->n; i++)
		if (cf_str_is(cf_str(schema->rule[i].keyword->name), keyword))
			return &schema->rule[i];
	return NULL;
}

bool
cf_schema_valid(const struct cf_schema *schema, const json_t *instance,
	struct cf_schema_faults *faults)
{
	/* jansson has no iterators for what is const; nothing is changed. */
	struct cf_spot root = cf_spot_of((json_t *)(uintptr_t)instance, NULL);
	struct cf_run run = { .seed = schema->set->seed, .faults = faults };
	bool ok;

	if (faults)
		cf_schema_faults_clear(faults);
	run.room = cf_room_take(schema->set);
	ok = cf_schema_holds(&run, schema, &root, 0) && !run.stuck;
	if (!ok && faults && faults->max) {
		run.mode = CF_EXPLAINING;
		run.steps = 0;
		run.stuck = NULL;
		root = cf_spot_of(root.value, NULL);
		(void)cf_schema_holds(&run, schema, &root, 0);
		if (faults->n == 0)
			cf_schema_stuck(&run, &root, run.stuck ? run.stuck :
				"it is not in a form that is expected");
	}
	cf_room_give(schema->set, run.room);
	return ok;
}
