/*
 * Places in a body: one node for each path that some version writes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

char *
cf_canonical_text(const json_t *value)
{
	struct cf_buf text = CF_BUF(CF_MAX_JSON);
	const struct cf_err *err = cf_json_canonical(&text, value, NULL);

	/* Bodies were read strictly and are no larger than a record. */
	if (err)
		cf_bug("a body has no canonical form");
	return cf_buf_take(&text);
}

static void
take_rule(struct cf_node *node, const json_t *rule)
{
	const char *word = json_string_value(rule);
	static const struct {
		const char *word;
		enum cf_merges merges;
	} words[] = { { "atomic", CF_ATOMIC }, { "text", CF_TEXT },
		{ "max", CF_MAX }, { "min", CF_MIN }, { "set", CF_SET } };

	for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i].word) == 0)
			node->merges = words[i].merges;
	node->by = cf_json_str(rule, "by");
	node->rank = json_object_get(rule, "rank");
	if (node->by)
		node->merges = CF_KEYED;
	else if (node->rank)
		node->merges = CF_RANK;
	node->author = node->by && cf_json_str(rule, "order");
}

static struct cf_node *
node_new(struct cf_node *up, const struct cf_schema *schema)
{
	struct cf_node *node = cf_calloc(1, sizeof *node);

	node->up = up;
	node->schema = schema;
	node->index = json_object();
	if (schema)
		take_rule(node, cf_schema_annotation(schema, "x-merge"));
	return node;
}

struct cf_node *
cf_node_root(const struct cf_schema *schema)
{
	struct cf_node *root = node_new(NULL, schema);

	root->token = cf_strdup("");
	root->name = cf_strdup("");
	return root;
}

static void
clear_writes(struct cf_writes *writes)
{
	free(writes->write);
	*writes = (struct cf_writes){ 0 };
}

static void
clear_node(struct cf_node *node)
{
	for (size_t i = 0; i < node->n_base; i++)
		json_decref(node->base[i].value);
	node->n_base = 0;
	clear_writes(&node->put);
	clear_writes(&node->ins);
	clear_writes(&node->del);
	clear_writes(&node->order);
}

void
cf_node_reset(struct cf_node *node)
{
	clear_node(node);
	for (size_t i = 0; i < node->n; i++)
		cf_node_reset(node->child[i]);
}

void
cf_node_free(struct cf_node *node)
{
	if (node == NULL)
		return;
	for (size_t i = 0; i < node->n; i++)
		cf_node_free(node->child[i]);
	clear_node(node);
	json_decref(node->index);
	free(node->base);
	free(node->child);
	free(node->token);
	free(node->name);
	free(node);
}

static struct cf_node *
child(struct cf_node *node, const char *name)
{
	json_t *at = json_object_get(node->index, name);

	return at ? node->child[json_integer_value(at)] : NULL;
}

static struct cf_node *
adopt(struct cf_node *node, struct cf_node *kid, const char *name)
{
	node->child = cf_grow(node->child, node->n, &node->cap, sizeof kid);
	node->child[node->n] = kid;
	json_object_set_new(node->index, name,
		json_integer((json_int_t)node->n));
	node->n++;
	kid->name = cf_strdup(name);
	return kid;
}

struct cf_node *
cf_node_member(struct cf_node *node, const char *name)
{
	struct cf_node *kid = child(node, name);
	struct cf_buf token = CF_BUF(CF_MAX_JSON);

	if (kid)
		return kid;
	kid = node_new(node, node->schema ? cf_schema_member(node->schema,
		cf_str(name), "x-merge") : NULL);
	kid->required = node->schema &&
		cf_schema_requires(node->schema, cf_str(name));
	cf_json_pointer_add(&token, name);
	kid->token = cf_buf_take(&token);
	return adopt(node, kid, name);
}

/* A key in brackets: ~ / and ] would be taken for what they are in a path. */
static char *
bracket(const json_t *key, const char *canonical)
{
	const char *s = json_is_string(key) ? json_string_value(key) : canonical;
	struct cf_buf out = CF_BUF(CF_MAX_JSON);

	cf_buf_puts(&out, "/[");
	for (; *s != '\0'; s++) {
		if (*s == '~' || *s == '/' || *s == ']')
			cf_buf_puts(&out, *s == '~' ? "~0" :
				*s == '/' ? "~1" : "~2");
		else
			cf_buf_putc(&out, *s);
	}
	cf_buf_putc(&out, ']');
	return cf_buf_take(&out);
}

struct cf_node *
cf_node_element(struct cf_node *node, const json_t *key)
{
	char *name = cf_canonical_text(key);
	struct cf_node *kid = child(node, name);

	if (kid == NULL) {
		kid = node_new(node, node->schema && node->merges == CF_KEYED ?
			cf_schema_items(node->schema) : NULL);
		if (node->merges == CF_SET)
			kid->merges = CF_ELEMENT;
		kid->token = bracket(key, name);
		adopt(node, kid, name);
	}
	if (kid->key == NULL)
		kid->key = key;
	free(name);
	return kid;
}

/* One step of a path: the text up to the next slash. */
static struct cf_node *
step(struct cf_node *node, struct cf_str token)
{
	struct cf_buf name = CF_BUF(CF_MAX_JSON);
	struct cf_node *found = NULL;
	bool list = node->merges == CF_KEYED;

	if (list && (token.n < 2 || token.p[0] != '[' ||
		token.p[token.n - 1] != ']'))
		return NULL;
	for (size_t i = 0; list && i < node->n && !found; i++)
		if (cf_str_is((struct cf_str){ token.p, token.n },
			node->child[i]->token + 1))
			found = node->child[i];
	if (found || (!list && node->merges != CF_BY_MEMBER))
		return found;
	for (size_t i = list; i < token.n - list; i++) {
		static const char real[] = "~/]";
		char next = i + 1 < token.n ? token.p[i + 1] : '\0';

		if (token.p[i] == '~' && next >= '0' && next <= '2') {
			cf_buf_putc(&name, real[next - '0']);
			i++;
		} else {
			cf_buf_putc(&name, token.p[i]);
		}
	}
	if (!list) {
		found = cf_node_member(node, name.data);
	} else {
		json_t *key = json_string(name.data);

		found = cf_node_element(node, key);
		json_decref(key);
		/* Only its name is known; nothing there has this key. */
		found->key = NULL;
	}
	cf_buf_clear(&name);
	return found;
}

struct cf_node *
cf_node_at(struct cf_node *root, const char *path)
{
	struct cf_node *node = root;

	while (node && *path != '\0') {
		size_t n;

		if (*path++ != '/')
			return NULL;
		n = strcspn(path, "/");
		node = step(node, (struct cf_str){ path, n });
		path += n;
	}
	return node;
}

static void
add_path(struct cf_buf *out, const struct cf_node *node)
{
	if (node->up)
		add_path(out, node->up);
	cf_buf_puts(out, node->token);
}

char *
cf_node_path(const struct cf_node *node)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);

	add_path(&out, node);
	return cf_buf_take(&out);
}

bool
cf_node_structured(const struct cf_node *node)
{
	return node->merges == CF_BY_MEMBER || node->merges == CF_SET ||
		node->merges == CF_KEYED;
}

/* Whether a list has an object with a key of its own at every place. Anything
 * else is one value. */
static bool
is_keyed(const struct cf_node *node, const json_t *list)
{
	json_t *seen = json_object(), *item;
	bool ok = true;
	size_t i;

	json_array_foreach(list, i, item) {
		const json_t *key = json_object_get(item, node->by);
		char *name;

		ok = key && !json_is_object(key) && !json_is_array(key);
		if (!ok)
			break;
		name = cf_canonical_text(key);
		ok = json_object_get(seen, name) == NULL;
		json_object_set_new(seen, name, json_null());
		free(name);
		if (!ok)
			break;
	}
	json_decref(seen);
	return ok;
}

enum cf_form
cf_form_of(const struct cf_node *node, const json_t *value)
{
	if (value == NULL)
		return CF_NONE;
	switch (node->merges) {
	case CF_BY_MEMBER:
		return json_is_object(value) ? CF_STRUCTURE : CF_LEAF;
	case CF_SET:
		return json_is_array(value) ? CF_STRUCTURE : CF_LEAF;
	case CF_KEYED:
		return json_is_array(value) && is_keyed(node, value) ?
			CF_STRUCTURE : CF_LEAF;
	case CF_ATOMIC:
	case CF_TEXT:
	case CF_MAX:
	case CF_MIN:
	case CF_RANK:
	case CF_ELEMENT:
		break;
	}
	return CF_LEAF;
}

const json_t *
cf_node_value(const struct cf_node *node, const json_t *in)
{
	json_t *item;
	size_t i;

	if (node->up->merges == CF_BY_MEMBER)
		return json_object_get(in, node->name);
	json_array_foreach(in, i, item) {
		const json_t *key = json_object_get(item, node->up->by);
		char *name = key ? cf_canonical_text(key) : NULL;
		bool is = name && strcmp(name, node->name) == 0;

		free(name);
		if (is)
			return item;
	}
	return NULL;
}

const json_t *
cf_node_find(const struct cf_node *node, const json_t *body)
{
	if (node->up == NULL || body == NULL)
		return body;
	body = cf_node_find(node->up, body);
	return body ? cf_node_value(node, body) : NULL;
}
