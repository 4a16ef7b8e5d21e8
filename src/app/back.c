/*
 * Versions that another machine of ours overtook before they were sent: the merge
 * decides what becomes of them, as of any draft that others were faster than.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/line.h"
#include "app/prepare.h"

/* One draft: published, or (CF_DECIDE draft.conflict) left where it is. */
static const struct cf_err *
publish_one(json_t *result, struct cf_trust *trust, const json_t *back)
{
	struct cf_item item = { .file = cf_json_str(back, "file"),
		.withdrawal = json_object_get(back, "withdrawal") };
	struct cf_job job = { .trust = trust, .item = &item, .n = 1,
		.incomplete = true };
	const struct cf_err *err = cf_item_read(&job, &item, item.file);

	cf_time_format(job.now, cf_now());
	if (!err)
		err = cf_job_write(result, &job);
	if (!err && json_is_true(json_object_get(back, "made")) &&
		unlink(item.file) != 0)
		err = cf_err_sys("cannot remove %s", item.file);
	cf_item_clear(&item);
	cf_past_clear(&job.past);
	return err;
}

static void
add(struct cf_trust *trust, const char *name, json_t *list)
{
	json_t *again = trust->host.again;

	if (json_array_size(list) == 0)
		return;
	if (again == NULL)
		again = trust->host.again = json_object();
	if (json_object_get(again, name))
		json_array_extend(json_object_get(again, name), list);
	else
		json_object_set(again, name, list);
}

const struct cf_err *
cf_publish_back(struct cf_trust *trust, json_t *drafts)
{
	json_t *again = json_pack("{s:[]}", "records"), *all = json_array();
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < json_array_size(drafts) && !err;) {
		json_t *one = json_array_get(drafts, i), *draft;
		size_t k;

		/* Who takes from what was left out looks at it first. */
		if (json_is_true(json_object_get(one, "left"))) {
			i++;
			continue;
		}
		err = publish_one(again, trust, one);
		if (err == NULL) {
			json_array_remove(drafts, i);
			continue;
		}
		json_array_foreach(json_object_get(again, "conflicts"), k,
			draft) {
			json_array_append(all, draft);
		}
		(void)json_object_del(again, "conflicts");
		if (strcmp(err->rule, "draft.conflict") == 0)
			err = NULL;
		i++;
	}
	add(trust, "records", json_object_get(again, "records"));
	add(trust, "conflicts", all);
	json_decref(all);
	json_decref(again);
	return err;
}

void
cf_take_again(json_t *result, struct cf_trust *trust)
{
	json_t *again = trust->host.again, *list;
	const char *name;

	json_object_foreach(again, name, list) {
		json_t *has = json_object_get(result, name);

		if (has)
			json_array_extend(has, list);
		else
			json_object_set(result, name, list);
	}
	json_decref(again);
	trust->host.again = NULL;
}
