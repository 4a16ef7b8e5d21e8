/*
 * What came before a version in its main: how many there were, on which the
 * next must build, and whether the record was erased. Kept for the records that
 * change in a run, so that a main judged at once and one judged commit by commit
 * get the same verdict.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gate/step.h"

struct known {
	char path[CF_PATH_TEXT];
	struct cf_gate_past past;
};

/* The records one after the other, and where each is, by its path: open
 * addressing over numbers that are small, as most of a table is free. */
struct cf_pasts {
	struct known *known;
	size_t n, cap;
	uint32_t *slot;			/* place in `known` + 1; 0: free */
	size_t slots;
};

void
cf_gate_past_add(struct cf_gate_past *past, const char *id, bool tombstone)
{
	struct cf_digest version;

	past->count++;
	if (!cf_digest_parse(&version, cf_str(id)))
		return;
	if (strcmp(past->last.text, id) != 0) {
		past->before = past->last;
		past->last = version;
	}
	if (tombstone && !past->tombstone.text[0])
		past->tombstone = version;
}

struct cf_pasts *
cf_pasts_new(void)
{
	return cf_calloc(1, sizeof(struct cf_pasts));
}

void
cf_pasts_free(struct cf_pasts *pasts)
{
	free(pasts->known);
	free(pasts->slot);
	free(pasts);
}

static uint32_t *
slot_of(const struct cf_pasts *pasts, const char *path)
{
	size_t i = 5381;

	for (const char *p = path; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= pasts->slots - 1; pasts->slot[i]; i = (i + 1) &
		(pasts->slots - 1))
		if (strcmp(pasts->known[pasts->slot[i] - 1].path, path) == 0)
			break;
	return &pasts->slot[i];
}

static void
enlarge(struct cf_pasts *pasts)
{
	free(pasts->slot);
	pasts->slots = pasts->slots ? pasts->slots * 2 : 64;
	pasts->slot = cf_calloc(pasts->slots, sizeof *pasts->slot);
	for (size_t i = 0; i < pasts->n; i++)
		*slot_of(pasts, pasts->known[i].path) = (uint32_t)i + 1;
}

struct cf_gate_past *
cf_pasts_at(struct cf_pasts *pasts, const char *path)
{
	uint32_t *slot;

	if (pasts->n * 2 >= pasts->slots)
		enlarge(pasts);
	slot = slot_of(pasts, path);
	if (*slot == 0) {
		struct known *new;

		pasts->known = cf_grow(pasts->known, pasts->n, &pasts->cap,
			sizeof *pasts->known);
		new = &pasts->known[pasts->n++];
		*new = (struct known){ 0 };
		memcpy(new->path, path, strlen(path) + 1);
		*slot = (uint32_t)pasts->n;
	}
	return &pasts->known[*slot - 1].past;
}
