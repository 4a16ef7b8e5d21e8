/*
 * Finds what a document names: $id begins a resource, $anchor and
 * $dynamicAnchor name a place in it. Only where a schema stands; the same
 * words in an enum, an example or an unknown keyword name nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/format.h"
#include "json/schema_set.h"

struct scan {
	struct cf_schema_set *set;
	size_t depth;
};

static const struct cf_err *scan_schema(struct scan *s,
	struct cf_resource *resource, json_t *json);

/* Gives a resource a name; the newest is its base URI. Takes `uri`. */
static const struct cf_err *
add_name_take(struct cf_schema_set *set, struct cf_resource *resource,
	char *uri)
{
	const struct cf_err *err = NULL;
	size_t i = 0;

	while (i < set->n_names && strcmp(set->name[i].uri, uri) != 0)
		i++;
	if (i < set->n_names && set->name[i].resource != resource) {
		err = cf_err(CF_EXISTS, "two schemas have the name %s", uri);
		goto done;
	}
	if (i == set->n_names) {
		set->name = cf_grow(set->name, i, &set->cap_names,
			sizeof *set->name);
		set->name[i].uri = cf_schema_keep(set, cf_strdup(uri));
		set->name[i].resource = resource;
		set->n_names++;
	}
	resource->uri = set->name[i].uri;
done:
	free(uri);
	return err;
}

static const struct cf_err *
add_anchor(struct scan *s, struct cf_resource *resource, json_t *json,
	const char *keyword)
{
	json_t *value = json_object_get(json, keyword);
	struct cf_anchor *anchor;
	const char *name;

	if (value == NULL)
		return NULL;
	name = json_string_value(value);
	if (name == NULL || *name == '\0' || strchr(name, '/'))
		return cf_err(CF_INVALID, "in the schema %s a %s is not a name",
			resource->uri, keyword);
	for (anchor = resource->anchor; anchor; anchor = anchor->next)
		if (strcmp(anchor->name, name) == 0 && anchor->at != json)
			return cf_err(CF_INVALID, "in the schema %s two places "
				"have the %s %s", resource->uri, keyword, name);
	anchor = cf_schema_alloc(s->set, 1, sizeof *anchor);
	*anchor = (struct cf_anchor){ .next = resource->anchor, .name = name,
		.at = json, .dynamic = keyword[1] == 'd' };
	resource->anchor = anchor;
	return NULL;
}

/* The resource that `json` begins, if it has an $id; else the one it is in. */
static const struct cf_err *
enter(struct scan *s, struct cf_resource **resource, json_t *json)
{
	struct cf_resource *outer = *resource, *inner;
	json_t *value = json_object_get(json, "$id");
	const char *id = json_string_value(value);
	char *uri, *hash;

	if (value == NULL)
		return NULL;
	hash = id ? strchr(id, '#') : NULL;
	if (id == NULL || (hash && hash[1]))
		return cf_err(CF_INVALID, "in the schema %s an $id is not a "
			"URI without a fragment", outer->uri ? outer->uri : "");
	uri = cf_uri_resolve(outer->uri ? outer->uri : "", id);
	uri[strcspn(uri, "#")] = '\0';
	if (outer->root == json)
		return add_name_take(s->set, outer, uri);
	inner = cf_schema_alloc(s->set, 1, sizeof *inner);
	inner->root = json;
	inner->dialect = outer->dialect;
	cf_map_put(&s->set->root, json, NULL, inner);
	*resource = inner;
	return add_name_take(s->set, inner, uri);
}

static const struct cf_err *
scan_parts(struct scan *s, struct cf_resource *resource, json_t *value,
	enum cf_shape shape)
{
	const struct cf_err *err = NULL;
	const char *key;
	json_t *part;
	size_t i;

	if (shape == CF_ONE)
		return scan_schema(s, resource, value);
	if (shape == CF_LIST) {
		json_array_foreach(value, i, part)
			if (!err)
				err = scan_schema(s, resource, part);
	} else if (shape == CF_MAP) {
		json_object_foreach(value, key, part)
			if (!err)
				err = scan_schema(s, resource, part);
	}
	return err;
}

static const struct cf_err *
scan_schema(struct scan *s, struct cf_resource *resource, json_t *json)
{
	const struct cf_err *err;
	const char *key, *dialect;
	json_t *value;

	if (!json_is_object(json))
		return NULL;
	err = enter(s, &resource, json);
	if (!err)
		err = add_anchor(s, resource, json, "$anchor");
	if (!err)
		err = add_anchor(s, resource, json, "$dynamicAnchor");
	if (err)
		return err;
	dialect = cf_json_str(json, "$schema");
	if (dialect && resource->root == json)
		resource->dialect = dialect;
	if (++s->depth > CF_MAX_SCHEMA_DEPTH)
		return cf_err(CF_TOO_BIG, "the schema %s has more than %u "
			"levels", resource->uri, CF_MAX_SCHEMA_DEPTH);
	json_object_foreach(json, key, value) {
		const struct cf_keyword *keyword = cf_keyword_find(s->set, key);

		if (keyword && !err)
			err = scan_parts(s, resource, value, keyword->shape);
	}
	s->depth--;
	return err;
}

const struct cf_err *
cf_schema_scan(struct cf_schema_set *set, const char *uri, json_t *document)
{
	struct scan s = { .set = set };
	struct cf_resource *resource = cf_schema_alloc(set, 1,
		sizeof *resource);
	const struct cf_err *err = NULL;

	resource->root = document;
	if (json_is_object(document))
		cf_map_put(&set->root, document, NULL, resource);
	if (uri && cf_uri_has_scheme(uri)) {
		char *name = cf_strdup(uri);

		name[strcspn(name, "#")] = '\0';
		err = add_name_take(set, resource, name);
	}
	if (!err)
		err = scan_schema(&s, resource, document);
	if (!err && (resource->uri == NULL ||
		!cf_uri_has_scheme(resource->uri)))
		err = cf_err(CF_INVALID, "the schema %s has no absolute $id",
			uri ? uri : "without a name");
	return err;
}
