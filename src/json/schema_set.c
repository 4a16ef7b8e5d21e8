/*
 * The set of schema documents: its memory, and what is found by name in it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/schema_set.h"

#define CHUNK 16384

struct cf_chunk {
	struct cf_chunk *next;
	size_t used, size;
	max_align_t memory[];
};

void *
cf_schema_alloc(struct cf_schema_set *set, size_t count, size_t size)
{
	struct cf_chunk *chunk = set->chunk;
	char *out;

	if (size && count > (SIZE_MAX / 2) / size)
		cf_bug("a schema asks for too much memory");
	size = (count * size + sizeof(max_align_t) - 1) /
		sizeof(max_align_t) * sizeof(max_align_t);
	if (chunk == NULL || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK ? size : CHUNK;

		chunk = cf_calloc(1, sizeof *chunk + room);
		chunk->size = room;
		chunk->next = set->chunk;
		set->chunk = chunk;
	}
	out = (char *)chunk->memory + chunk->used;
	chunk->used += size;
	return out;
}

const char *
cf_schema_keep(struct cf_schema_set *set, char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = cf_schema_alloc(set, n, 1);

	memcpy(copy, text, n);
	free(text);
	return copy;
}

/* The place of a pair: where it is, or the empty one where it belongs. */
static size_t
place_of(const struct cf_map *map, const void *a, const void *b)
{
	uint64_t h = (uint64_t)(uintptr_t)a * 0x9E3779B97F4A7C15u ^
		(uint64_t)(uintptr_t)b * 0xC2B2AE3D27D4EB4Fu;
	size_t i = (size_t)(h >> 32) & (map->cap - 1);

	while (map->entry[i].value &&
		(map->entry[i].a != a || map->entry[i].b != b))
		i = (i + 1) & (map->cap - 1);
	return i;
}

void *
cf_map_get(const struct cf_map *map, const void *a, const void *b)
{
	return map->cap ? map->entry[place_of(map, a, b)].value : NULL;
}

void
cf_map_put(struct cf_map *map, const void *a, const void *b, void *value)
{
	struct cf_map_entry *entry;

	if (map->n * 2 >= map->cap) {
		struct cf_map old = *map;

		map->cap = old.cap ? old.cap * 2 : 64;
		map->n = 0;
		map->entry = cf_calloc(map->cap, sizeof *map->entry);
		for (size_t i = 0; i < old.cap; i++)
			if (old.entry[i].value)
				cf_map_put(map, old.entry[i].a, old.entry[i].b,
					old.entry[i].value);
		free(old.entry);
	}
	entry = &map->entry[place_of(map, a, b)];
	if (entry->value == NULL)
		map->n++;
	*entry = (struct cf_map_entry){ a, b, value };
}

void
cf_map_clear(struct cf_map *map)
{
	free(map->entry);
	*map = (struct cf_map){ .n = 0 };
}

uint32_t
cf_hash_name(const char *name, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h ^ h >> 15;
}

/* Where the keyword is in the table, or the empty place where it belongs. */
static size_t
keyword_place(const struct cf_schema_set *set, const char *name)
{
	size_t i = cf_hash_name(name, strlen(name)) % CF_KEYWORD_PLACES;

	while (set->keyword[i] &&
		strcmp(cf_keywords[set->keyword[i] - 1].name, name) != 0)
		i = (i + 1) % CF_KEYWORD_PLACES;
	return i;
}

const struct cf_keyword *
cf_keyword_find(const struct cf_schema_set *set, const char *name)
{
	unsigned char found = set->keyword[keyword_place(set, name)];

	return found ? &cf_keywords[found - 1] : NULL;
}

struct cf_schema_set *
cf_schema_set_new(void)
{
	struct cf_schema_set *set = cf_calloc(1, sizeof *set);

	if (getentropy(&set->seed, sizeof set->seed) != 0)
		cf_bug("no random bytes");
	set->yes.set = set->no.set = set;
	set->no.never = true;
	for (size_t i = 0; cf_keywords[i].name; i++) {
		if (i >= CF_KEYWORDS_MAX)
			cf_bug("more keywords than CF_KEYWORDS_MAX");
		set->keyword[keyword_place(set, cf_keywords[i].name)] =
			(unsigned char)(i + 1);
	}
	return set;
}

void
cf_schema_set_free(struct cf_schema_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < CF_ROOMS_KEPT; i++)
		cf_room_free(set->idle[i]);
	for (size_t i = 0; i < set->n_regexes; i++)
		cf_regex_free(set->regex[i]);
	for (size_t i = 0; i < set->n_documents; i++)
		json_decref(set->document[i]);
	while (set->chunk) {
		struct cf_chunk *next = set->chunk->next;

		free(set->chunk);
		set->chunk = next;
	}
	cf_map_clear(&set->root);
	cf_map_clear(&set->node);
	free(set->document);
	free(set->name);
	free(set->schema);
	free(set->dynamic);
	free(set->regex);
	free(set);
}

void
cf_schema_set_formats(struct cf_schema_set *set, bool assert)
{
	set->annotate_formats = !assert;
}

const struct cf_err *
cf_schema_add(struct cf_schema_set *set, const char *uri, json_t *document)
{
	if (!json_is_object(document) && !json_is_boolean(document))
		return cf_err(CF_INVALID, "the schema %s is neither an object "
			"nor true or false", uri ? uri : "without a name");
	/* Held even where it is refused: what was found in it points to it. */
	set->document = cf_grow(set->document, set->n_documents,
		&set->cap_documents, sizeof(void *));
	set->document[set->n_documents++] = json_incref(document);
	return cf_schema_scan(set, uri, document);
}
