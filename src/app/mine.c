/*
 * What "settings like mine" means: as an option says, a setting, or else our own
 * newest record.
 */
#include <stdlib.h>
#include <string.h>

#include "app/codes.h"
#include "app/search.h"
#include "base/mem.h"

#define SETTING "confer.mine"
#define LOOKED_AT 100	/* records of ours, the newest */

static const struct {
	const char *name, *member;
} parts[] = { { "phase", "phase" }, { "region", "region" },
	{ "size", "size_band" }, { "fsm", "fsm_band" },
	{ "send", "send_band" } };
#define PARTS (sizeof parts / sizeof *parts)

static const struct cf_err *
put_part(json_t *context, const char *where, struct cf_str word)
{
	struct cf_str name, code;
	const struct cf_err *err = NULL;

	if (!cf_str_cut(&name, &code, word, '='))
		name = code = (struct cf_str){ "", 0 };
	for (size_t i = 0; i < PARTS; i++) {
		char *text;

		if (!cf_str_is(name, parts[i].name))
			continue;
		text = cf_strndup(code.p, code.n);
		err = cf_code_known(parts[i].name, text);
		if (!err)
			json_object_set_new(context, parts[i].member,
				json_string(text));
		free(text);
		return err;
	}
	return cf_err(CF_USAGE, "%s is written as phase=primary,"
		"region=south_west,size=201_to_400,fsm=30_to_39,send=15_to_19; "
		"leave out what you do not want to compare, but not the "
		"phase", where);
}

static const struct cf_err *
parse(json_t **out, const char *where, const char *text)
{
	struct cf_str rest = cf_str(text), head;
	const struct cf_err *err = NULL;
	bool more = true;

	*out = json_object();
	while (more && !err) {
		more = cf_str_cut(&head, &rest, rest, ',');
		if (!more)
			head = rest;
		while (head.n && *head.p == ' ') {
			head.p++;
			head.n--;
		}
		err = put_part(*out, where, head);
	}
	if (!err && json_object_get(*out, "phase") == NULL)
		err = cf_err(CF_USAGE, "%s says no phase; only settings of one "
			"phase are compared. Say it too, as phase=primary",
			where);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}

static const struct cf_err *
from_record(struct cf_mine *out, struct cf_trust *trust)
{
	struct cf_index_filter ours = { .owner = trust->id,
		.status = "active", .limit = LOOKED_AT };
	const struct cf_err *err;
	json_t *rows = NULL;

	err = cf_index_list(&rows, trust->index, &ours);
	for (size_t i = 0; !err && i < json_array_size(rows) &&
		out->context == NULL; i++) {
		const char *id = cf_json_str(json_array_get(rows, i), "id");
		json_t *about;

		err = cf_index_about(&about, trust->index, id);
		if (json_object_get(json_object_get(about, "context"),
			"phase")) {
			out->context = json_incref(json_object_get(about,
				"context"));
			out->from = cf_strdup(id);
		}
		json_decref(about);
	}
	json_decref(rows);
	return err;
}

const struct cf_err *
cf_mine_read(struct cf_mine *out, struct cf_trust *trust, const char *option)
{
	const struct cf_err *err = NULL;
	char *setting = NULL;

	*out = (struct cf_mine){ 0 };
	if (option == NULL)
		err = cf_config_get(&setting, trust->store, SETTING);
	if (!err && (option || setting)) {
		err = parse(&out->context, option ? "--mine" : "the setting "
			SETTING, option ? option : setting);
		out->from = cf_strdup(option ? "option" : "setting");
	} else if (!err) {
		err = from_record(out, trust);
	}
	free(setting);
	if (err)
		cf_mine_clear(out);
	return err;
}

void
cf_mine_clear(struct cf_mine *mine)
{
	json_decref(mine->context);
	free(mine->from);
	*mine = (struct cf_mine){ 0 };
}
