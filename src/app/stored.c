/*
 * A draft's body as it will be stored: lists in their order, texts in one
 * spelling. A letter with an accent that two people typed in two ways is then no
 * difference between them.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "base/mem.h"
#include "base/nfc.h"
#include "record/shape.h"

/* Calls `each` for the texts of a value; what it returns (or NULL) takes their
 * place. */
struct texts {
	json_t *(*each)(struct texts *texts, const char *text);
	json_t *found;		/* {text: true} */
};

static json_t *
walk(struct texts *t, json_t *value)
{
	json_t *item, *new;
	const char *name;
	void *next;
	size_t i;

	if (json_is_string(value))
		return t->each(t, json_string_value(value));
	json_object_foreach_safe(value, next, name, item) {
		new = walk(t, item);
		if (new)
			json_object_set_new(value, name, new);
	}
	json_array_foreach(value, i, item) {
		new = walk(t, item);
		if (new)
			json_array_set_new(value, i, new);
	}
	return NULL;
}

static json_t *
note(struct texts *t, const char *text)
{
	char *one = cf_nfc(text);

	if (strcmp(one, text) != 0)
		json_object_set_new(t->found, text, json_true());
	free(one);
	return NULL;
}

static json_t *
respell(struct texts *t, const char *text)
{
	char *one = cf_nfc(text);
	json_t *out = NULL;

	if (strcmp(one, text) != 0 && !json_object_get(t->found, text))
		out = json_string(one);
	free(one);
	return out;
}

void
cf_respell(json_t **value)
{
	struct texts t = { respell, json_object() };
	json_t *new = walk(&t, *value);

	if (new) {
		json_decref(*value);
		*value = new;
	}
	json_decref(t.found);
}

/* The spellings that a version of the record has: who edits something else does
 * not write these again. */
static const struct cf_err *
note_versions(struct texts *t, struct cf_trust *trust, const char *id)
{
	struct cf_versions all = { 0 };
	const struct cf_err *err = cf_index_versions(&all, trust->index, id);

	for (size_t i = 0; i < all.n && !err; i++) {
		json_t *doc = NULL;

		if (!all.version[i].held)
			err = cf_blob_json(&doc, trust, &all.version[i].blob);
		(void)walk(t, json_object_get(doc, "body"));
		json_decref(doc);
	}
	cf_versions_clear(&all);
	return err;
}

const struct cf_err *
cf_stored_body(json_t **out, struct cf_trust *trust, const json_t *draft)
{
	struct texts t = { note, json_object() };
	const char *id = cf_json_str(draft, "id");
	const struct cf_err *err = NULL;

	*out = json_deep_copy(json_object_get(draft, "body"));
	(void)walk(&t, *out);
	if (json_object_size(t.found)) {
		json_object_clear(t.found);
		if (id)
			err = note_versions(&t, trust, id);
		t.each = respell;
		(void)walk(&t, *out);
	}
	cf_shape_sort(cf_schema_doc(cf_json_str(draft, "kind")), *out);
	json_decref(t.found);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}
