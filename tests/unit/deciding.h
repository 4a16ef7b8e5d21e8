#ifndef DECIDING_H
#define DECIDING_H

/*
 * Laws of what is decided: it stays so, until somebody challenges it.
 */
#include "merge_tale.h"

/* A version over all heads that decides all conflicts. */
static inline unsigned
settle_all(struct tale *t, unsigned trust)
{
	struct cf_merged seen = merge_tale(t, false);
	json_t *body = json_deep_copy(seen.body), *settled = json_array(), *c;
	uint64_t all = tale_counting(t);
	size_t i;

	json_array_foreach(seen.conflicts, i, c) {
		if (strcmp(cf_json_str(c, "kind"), "schema") == 0)
			json_array_append_new(settled, json_string(""));
		else
			decide(body, c, settled);
	}
	cf_merged_clear(&seen);
	return tale_add(t, trust, tale_heads(t, all), body, settled);
}

static inline const char *
ask_settled(const struct tale *t)
{
	struct tale more;
	struct cf_merged got;
	const char *wrong = NULL;
	unsigned r, late;
	json_t *body;
	bool whole;

	/* Where the whole record is contested, any edit contests it again. */
	got = merge_tale(t, false);
	whole = json_array_size(got.conflicts) && !cf_json_str(json_array_get(
		got.conflicts, 0), "path")[0];
	cf_merged_clear(&got);
	tale_copy(&more, t);
	r = settle_all(&more, 1);
	got = merge_tale(&more, true);
	if (json_array_size(got.conflicts) ||
		!same(got.body, more.v[r].body))
		wrong = "what is decided is contested still";
	cf_merged_clear(&got);
	/* Somebody who has not seen it writes elsewhere, and somebody after. */
	late = (unsigned)seed_below(t->n);
	got = view_of(t, tale_bit(late) | tale_past(t, tale_bit(late)));
	body = got.body ? json_deep_copy(got.body) : json_object();
	json_object_set_new(body, "late", json_true());
	cf_merged_clear(&got);
	if (!t->v[late].stranger)
		tale_add(&more, 7, tale_bit(late), body, NULL);
	else
		json_decref(body);
	body = json_deep_copy(more.v[r].body);
	json_object_set_new(body, "after", json_true());
	tale_add(&more, 6, tale_bit(r), body, NULL);
	got = merge_tale(&more, true);
	if (!whole && json_array_size(got.conflicts))
		wrong = "what is decided comes back";
	cf_merged_clear(&got);
	tale_clear(&more);
	return wrong;
}

/* A version that changes nothing but /a against its one parent. */
static inline unsigned
change_a(struct tale *t, unsigned trust, uint64_t parents, const json_t *from,
	json_int_t a, bool settled)
{
	json_t *body = json_deep_copy(from);

	json_object_set_new(body, "a", json_integer(a));
	return tale_add(t, trust, parents, body, settled ?
		json_pack("[s]", "/a") : NULL);
}

/* The sides of /a as a text: "1 2". */
static inline void
sides_of_a(char out[64], const struct tale *t)
{
	struct cf_merged got = merge_tale(t, true);
	json_t *c, *side;
	size_t i, k;

	out[0] = '\0';
	json_array_foreach(got.conflicts, i, c) {
		if (strcmp(cf_json_str(c, "path"), "/a") != 0)
			continue;
		json_array_foreach(json_object_get(c, "sides"), k, side)
			(void)snprintf(out + strlen(out), 64 - strlen(out),
				"%d ", (int)json_integer_value(json_object_get(
				side, "value")));
	}
	cf_merged_clear(&got);
}

static inline const char *
ask_challenged(const struct tale *t)
{
	struct tale more;
	const char *wrong = NULL;
	unsigned top, v1, v2, r, same_again;
	char sides[64];
	const json_t *body;

	tale_copy(&more, t);
	top = settle_all(&more, 0);
	body = more.v[top].body;
	if (body == NULL) {
		tale_clear(&more);
		return NULL;
	}
	v1 = change_a(&more, 1, tale_bit(top), body, 101, false);
	v2 = change_a(&more, 2, tale_bit(top), body, 102, false);
	sides_of_a(sides, &more);
	if (strcmp(sides, "101 102 ") != 0)
		wrong = "two values are not two sides";
	r = change_a(&more, 3, tale_bit(v1) | tale_bit(v2), body, 102, true);
	sides_of_a(sides, &more);
	if (sides[0])
		wrong = "a decision does not decide";
	same_again = change_a(&more, 4, tale_bit(v1) | tale_bit(v2), body, 102,
		true);
	sides_of_a(sides, &more);
	if (sides[0])
		wrong = "two equal decisions are not one";
	(void)change_a(&more, 5, tale_bit(v1), body, 103, false);
	sides_of_a(sides, &more);
	if (strcmp(sides, "102 103 ") != 0)
		wrong = "a late challenger does not stand against the decision "
			"alone";
	(void)r;
	json_decref(more.v[same_again].body);
	more.v[same_again].body = json_deep_copy(body);
	json_object_set_new(more.v[same_again].body, "a", json_integer(104));
	sides_of_a(sides, &more);
	if (strcmp(sides, "102 103 104 ") != 0)
		wrong = "two unequal decisions are not two sides";
	tale_clear(&more);
	return wrong;
}

#endif
