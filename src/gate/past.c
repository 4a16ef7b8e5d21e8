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

struct slot {
	char path[CF_PATH_TEXT];	/* "": free */
	struct cf_gate_past past;
};

struct cf_pasts {		/* open addressing by the path */
	struct slot *slot;
	size_t n, cap;
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
	free(pasts->slot);
	free(pasts);
}

static struct slot *
slot_of(const struct cf_pasts *pasts, const char *path)
{
	size_t i = 5381;

	for (const char *p = path; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= pasts->cap - 1; pasts->slot[i].path[0]; i = (i + 1) &
		(pasts->cap - 1))
		if (strcmp(pasts->slot[i].path, path) == 0)
			break;
	return &pasts->slot[i];
}

static void
enlarge(struct cf_pasts *pasts)
{
	struct cf_pasts bigger = { .cap = pasts->cap ? pasts->cap * 2 : 64,
		.n = pasts->n };

	bigger.slot = cf_calloc(bigger.cap, sizeof *bigger.slot);
	for (size_t i = 0; i < pasts->cap; i++)
		if (pasts->slot[i].path[0])
			*slot_of(&bigger, pasts->slot[i].path) =
				pasts->slot[i];
	free(pasts->slot);
	*pasts = bigger;
}

struct cf_gate_past *
cf_pasts_at(struct cf_pasts *pasts, const char *path)
{
	struct slot *slot;

	if (pasts->n * 2 >= pasts->cap)
		enlarge(pasts);
	slot = slot_of(pasts, path);
	if (!slot->path[0]) {
		memcpy(slot->path, path, strlen(path) + 1);
		pasts->n++;
	}
	return &slot->past;
}
