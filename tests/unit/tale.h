#ifndef TALE_H
#define TALE_H

/*
 * A tale: versions of one record by several trusts, each after those that it
 * builds on, as tests of the merge tell it. Sets of versions are bits.
 */
#include "expect.h"

#include "base/mem.h"
#include "json/json.h"

#define TALE_MOST 48

struct told {
	unsigned number;	/* its name; stays when others are left out */
	unsigned trust;
	uint64_t parents;	/* bits */
	json_t *body;		/* NULL: none */
	json_t *settled;	/* or NULL */
	bool stranger;		/* it does not count */
};

struct tale {
	struct told v[TALE_MOST];
	unsigned n;
};

/* The fields of the tales' records, by what their schema says. */
static const char tale_schema[] =
	"{\"type\": \"object\", \"required\": [\"q\"], \"$defs\": {"
	"\"words\": {\"type\": \"array\", \"x-merge\": \"set\"},"
	"\"text\": {\"x-merge\": \"text\"}, \"item\": {\"type\": \"object\","
	" \"properties\": {\"g\": {\"$ref\": \"#/$defs/words\"}}}},"
	"\"properties\": {"
	"\"g\": {\"$ref\": \"#/$defs/words\", \"maxItems\": 5},"
	"\"x\": {\"$ref\": \"#/$defs/text\"}, \"a\": {\"x-merge\": \"atomic\"},"
	"\"d\": {\"x-merge\": \"max\"}, \"e\": {\"x-merge\": \"min\"},"
	"\"r\": {\"x-merge\": {\"rank\": [\"c\", \"b\", \"a\"]}},"
	"\"i\": {\"x-merge\": {\"by\": \"id\"},"
	" \"items\": {\"$ref\": \"#/$defs/item\"}},"
	"\"l\": {\"x-merge\": {\"by\": \"id\", \"order\": \"author\"},"
	" \"items\": {\"allOf\": [{\"$ref\": \"#/$defs/item\"}]}}}}";

static inline uint64_t
tale_bit(unsigned i)
{
	return UINT64_C(1) << i;
}

/* All that the versions of a set build on, through those that do not count
 * too. */
static inline uint64_t
tale_past(const struct tale *t, uint64_t of)
{
	uint64_t past = 0, more = of, next;

	while (more) {
		next = 0;
		for (unsigned i = 0; i < t->n; i++)
			if (more & tale_bit(i))
				next |= t->v[i].parents;
		more = next & ~past;
		past |= next;
	}
	return past;
}

static inline uint64_t
tale_counting(const struct tale *t)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < t->n; i++)
		if (!t->v[i].stranger)
			set |= tale_bit(i);
	return set;
}

static inline uint64_t
tale_heads(const struct tale *t, uint64_t set)
{
	return set & ~tale_past(t, set);
}

static inline void
tale_copy(struct tale *to, const struct tale *from)
{
	*to = *from;
	for (unsigned i = 0; i < to->n; i++) {
		json_incref(to->v[i].body);
		json_incref(to->v[i].settled);
	}
}

static inline void
tale_clear(struct tale *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		json_decref(t->v[i].body);
		json_decref(t->v[i].settled);
	}
	t->n = 0;
}

/* Takes the references. */
static inline unsigned
tale_add(struct tale *t, unsigned trust, uint64_t parents, json_t *body,
	json_t *settled)
{
	unsigned number = 0;

	for (unsigned i = 0; i < t->n; i++)
		if (t->v[i].number >= number)
			number = t->v[i].number + 1;
	t->v[t->n] = (struct told){ number, trust, parents, body, settled,
		false };
	return t->n++;
}

/* Leaves out a version: what named it does so no more. */
static inline void
tale_drop(struct tale *t, unsigned at)
{
	json_decref(t->v[at].body);
	json_decref(t->v[at].settled);
	memmove(&t->v[at], &t->v[at + 1], (t->n - at - 1) * sizeof t->v[0]);
	t->n--;
	for (unsigned i = 0; i < t->n; i++) {
		uint64_t low = t->v[i].parents & (tale_bit(at) - 1);

		t->v[i].parents = low | (t->v[i].parents >> 1 &
			~(tale_bit(at) - 1));
	}
}

/* A document for 'confer debug merge'. */
static inline void
tale_print(const struct tale *t)
{
	json_t *schema = json_loads(tale_schema, 0, NULL);
	json_t *versions = json_array(), *doc;
	char *text;

	for (unsigned i = 0; i < t->n; i++) {
		const struct told *v = &t->v[i];
		json_t *parents = json_array();

		for (unsigned k = 0; k < t->n; k++)
			if (v->parents & tale_bit(k))
				json_array_append_new(parents, json_sprintf(
					"v%u", t->v[k].number));
		json_array_append_new(versions, json_pack(
			"{s:o, s:o, s:o, s:s, s:O*, s:O*}", "id",
			json_sprintf("v%u", v->number), "trust",
			json_sprintf("t%u", v->trust), "parents", parents,
			"modified", "2026-01-01T00:00:00Z", "body", v->body,
			"settled", v->settled));
		if (v->stranger)
			(void)printf("# v%u does not count\n", v->number);
	}
	doc = json_pack("{s:o, s:s, s:o}", "schema", schema, "owner", "t0",
		"versions", versions);
	text = json_dumps(doc, JSON_COMPACT);
	/* print_error would cut it. */
	(void)printf("# %s\n", text);
	free(text);
	json_decref(doc);
}

#endif
