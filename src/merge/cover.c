/*
 * What removals cover: a removal takes away, at its place and below, the writes
 * of versions that its own has seen, and no others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/engine.h"

/* Whether a later removal of the same node sees all that this one sees. */
static bool
outdone(const struct cf_view *view, const struct cf_writes *dels, size_t i)
{
	for (size_t k = i + 1; k < dels->n; k++) {
		const struct cf_write *later = &dels->write[k];

		if (!later->ignored && cf_bit(view->in, later->version) &&
			cf_bit(view->e->past[later->version],
				dels->write[i].version))
			return true;
	}
	return false;
}

void
cf_cover(struct cf_cover *saved, struct cf_view *view, struct cf_node *node)
{
	size_t words = view->e->words;

	*saved = (struct cf_cover){ .covered = view->covered,
		.n_del = view->n_del };
	for (size_t i = 0; i < node->del.n; i++) {
		struct cf_write *del = &node->del.write[i];

		if (del->ignored || !cf_bit(view->in, del->version) ||
			outdone(view, &node->del, i))
			continue;
		if (saved->own == NULL) {
			saved->own = cf_calloc(words, sizeof(uint64_t));
			if (view->covered)
				memcpy(saved->own, view->covered,
					words * sizeof(uint64_t));
			view->covered = saved->own;
		}
		cf_bits_join(saved->own, view->e->past[del->version], words);
		view->del = cf_grow(view->del, view->n_del, &view->cap_del,
			sizeof *view->del);
		view->del[view->n_del++] = del;
	}
}

void
cf_uncover(const struct cf_cover *saved, struct cf_view *view)
{
	free(saved->own);
	view->covered = saved->covered;
	view->n_del = saved->n_del;
}

bool
cf_live(const struct cf_view *view, size_t version)
{
	return cf_bit(view->in, version) &&
		!(view->covered && cf_bit(view->covered, version));
}

static void
add_live(const struct cf_view *view, const struct cf_writes *writes,
	uint64_t *all, uint64_t *living)
{
	for (size_t i = 0; i < writes->n; i++) {
		size_t version = writes->write[i].version;

		if (!cf_live(view, version))
			continue;
		cf_bit_set(all, version);
		if (living)
			cf_bit_set(living, version);
	}
}

static void
add_values(const struct cf_view *view, const struct cf_writes *puts,
	uint64_t *living)
{
	for (size_t i = 0; i < puts->n; i++)
		if (puts->write[i].value && cf_live(view,
			puts->write[i].version))
			cf_bit_set(living, puts->write[i].version);
}

static void
add_moves(const struct cf_view *view, const struct cf_writes *orders,
	uint64_t *living)
{
	for (size_t i = 0; i < orders->n; i++)
		if (orders->write[i].moved && cf_live(view,
			orders->write[i].version))
			cf_bit_set(living, orders->write[i].version);
}

static void
life_below(struct cf_view *view, struct cf_node *node, uint64_t *all,
	uint64_t *living)
{
	for (size_t i = 0; i < node->n; i++) {
		struct cf_node *kid = node->child[i];
		struct cf_cover saved;

		if (kid->merges == CF_ELEMENT) {
			add_live(view, &kid->ins, all, living);
			add_live(view, &kid->del, all, NULL);
			continue;
		}
		cf_cover(&saved, view, kid);
		add_live(view, &kid->del, all, NULL);
		add_live(view, &kid->put, all, NULL);
		add_values(view, &kid->put, living);
		cf_life(view, kid, all, living);
		cf_uncover(&saved, view);
	}
}

void
cf_life(struct cf_view *view, struct cf_node *node, uint64_t *all,
	uint64_t *living)
{
	add_values(view, &node->put, all);
	add_live(view, &node->ins, all, living);
	add_live(view, &node->order, all, NULL);
	add_moves(view, &node->order, living);
	life_below(view, node, all, living);
}

bool
cf_in_set(const struct cf_view *view, const struct cf_node *element)
{
	for (size_t i = element->ins.n; i-- > 0;) {
		size_t added = element->ins.write[i].version;
		bool gone = !cf_live(view, added);

		for (size_t k = element->del.n; k-- > 0 && !gone;) {
			size_t removed = element->del.write[k].version;

			gone = cf_bit(view->in, removed) &&
				cf_bit(view->e->past[removed], added);
		}
		if (!gone)
			return true;
	}
	return false;
}
