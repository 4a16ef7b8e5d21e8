/*
 * The memory of a validation, kept by the set from one to the next: after the
 * first few nothing is allocated. Threads take different rooms; more than the
 * set keeps are freed.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/schema_set.h"

struct cf_room *
cf_room_take(struct cf_schema_set *set)
{
	struct cf_room *room = NULL;

	for (size_t i = 0; i < CF_ROOMS_KEPT && room == NULL; i++)
		if (atomic_load_explicit(&set->idle[i], memory_order_relaxed))
			room = atomic_exchange(&set->idle[i], NULL);
	if (room == NULL) {
		room = cf_calloc(1, sizeof *room);
		room->regex = cf_regex_room_new();
	}
	return room;
}

void
cf_room_give(struct cf_schema_set *set, struct cf_room *room)
{
	room->n_scope = room->n_word = 0;
	for (size_t i = 0; i < CF_ROOMS_KEPT && room; i++) {
		struct cf_room *none = NULL;

		if (atomic_compare_exchange_strong(&set->idle[i], &none, room))
			room = NULL;
	}
	cf_room_free(room);
}

void
cf_room_free(struct cf_room *room)
{
	if (room == NULL)
		return;
	cf_regex_room_free(room->regex);
	free(room->scope);
	free(room->word);
	free(room->slot);
	free(room);
}

static size_t
words_of(const struct cf_spot *at)
{
	size_t n = at->type == CF_T_OBJECT ? json_object_size(at->value) :
		json_array_size(at->value);

	return n / 64 + 1;
}

/* The number of marks is the place of their first word, plus one. */
size_t
cf_marks_push(struct cf_room *room, const struct cf_spot *at)
{
	size_t start = room->n_word, n = words_of(at);

	while (room->cap_word < start + n)
		room->word = cf_grow(room->word, room->cap_word,
			&room->cap_word, sizeof *room->word);
	for (size_t i = 0; i < n; i++)
		room->word[start + i] = 0;
	room->n_word = start + n;
	return start + 1;
}

void
cf_marks_pop(struct cf_room *room, size_t marks)
{
	room->n_word = marks - 1;
}

void
cf_mark(struct cf_room *room, size_t marks, size_t i)
{
	if (marks)
		room->word[marks - 1 + i / 64] |= (uint64_t)1 << i % 64;
}

bool
cf_marked(const struct cf_room *room, size_t marks, size_t i)
{
	return (room->word[marks - 1 + i / 64] >> i % 64 & 1) != 0;
}

void
cf_marks_join(struct cf_room *room, size_t into, size_t from,
	const struct cf_spot *at)
{
	for (size_t i = 0, n = words_of(at); i < n; i++)
		room->word[into - 1 + i] |= room->word[from - 1 + i];
}

void
cf_scope_push(struct cf_room *room, struct cf_resource *resource)
{
	room->scope = cf_grow(room->scope, room->n_scope, &room->cap_scope,
		sizeof(void *));
	room->scope[room->n_scope++] = resource;
}
