/*
 * Whether the lists of a body are as their annotations need them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

static bool
fits(struct cf_node *node, const json_t *value, struct cf_buf *why)
{
	const char *name;
	json_t *item;
	size_t i;
	bool ok = true;

	if (node->merges == CF_KEYED && json_is_array(value) &&
		cf_form_of(node, value) == CF_LEAF) {
		char *path = cf_node_path(node);

		cf_buf_printf(why, "in the list at \"%s\" each entry must be "
			"an object with a '%s' that no other has", path,
			node->by);
		free(path);
		return false;
	}
	if (cf_form_of(node, value) != CF_STRUCTURE)
		return true;
	if (node->merges == CF_BY_MEMBER)
		json_object_foreach((json_t *)(uintptr_t)value, name, item)
			ok = ok && fits(cf_node_member(node, name), item, why);
	json_array_foreach(value, i, item) {
		if (node->merges == CF_KEYED)
			ok = ok && fits(cf_node_element(node, json_object_get(
				item, node->by)), item, why);
		else
			(void)cf_node_element(node, item);
	}
	if (ok && node->merges == CF_SET && node->n < json_array_size(value)) {
		char *path = cf_node_path(node);

		cf_buf_printf(why, "the list at \"%s\" is a set and has "
			"something twice", path);
		free(path);
		ok = false;
	}
	return ok;
}

bool
cf_merge_fits(const struct cf_schema *schema, const json_t *body,
	struct cf_buf *why)
{
	struct cf_node *root = cf_node_root(schema);
	bool ok = fits(root, body, why);

	cf_node_free(root);
	return ok;
}
