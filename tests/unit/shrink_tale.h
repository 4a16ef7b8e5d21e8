#ifndef SHRINK_TALE_H
#define SHRINK_TALE_H

/*
 * Asking a question about a tale; one that has an answer is made smaller before
 * it is shown, as a document for 'confer debug merge'.
 */
#include "merge_tale.h"

/* What is wrong with a tale, or NULL. */
typedef const char *(*question)(const struct tale *t);

/* --- shrinking ------------------------------------------------------------------ */

static inline bool
drop_member(struct tale *t, unsigned i, unsigned number)
{
	const char *name;
	json_t *value, *body = t->v[i].body;

	json_object_foreach(body, name, value) {
		json_t *less;

		if (number-- > 0 || strcmp(name, "q") == 0)
			continue;
		less = json_copy(body);
		json_object_del(less, name);
		json_decref(t->v[i].body);
		t->v[i].body = less;
		return true;
	}
	return false;
}

/* One step smaller, the `step`th there is; false: there are no more. */
static inline bool
smaller(struct tale *t, unsigned step)
{
	if (step < t->n) {
		tale_drop(t, step);
		return true;
	}
	step -= t->n;
	for (unsigned i = 0; i < t->n; i++) {
		if (step == 0 && t->v[i].settled) {
			json_decref(t->v[i].settled);
			t->v[i].settled = NULL;
			return true;
		}
		if (step < 16 && step > 0 && drop_member(t, i, step - 1))
			return true;
		if (step < 16)
			return smaller(t, t->n + 16 * (i + 1));
		step -= 16;
	}
	return false;
}

static inline void
shrink(struct tale *t, question ask)
{
	struct tale less;
	unsigned step = 0;

	for (;;) {
		bool more;

		tale_copy(&less, t);
		more = smaller(&less, step);
		if (!more) {
			tale_clear(&less);
			return;
		}
		if (ask(&less)) {
			tale_clear(t);
			*t = less;
			step = 0;
		} else {
			tale_clear(&less);
			step++;
		}
	}
}

static inline void
check(const struct tale *t, question ask)
{
	struct tale small;
	const char *wrong = ask(t);

	if (wrong == NULL)
		return;
	tale_copy(&small, t);
	shrink(&small, ask);
	wrong = ask(&small);
	print_error("%s\n", wrong ? wrong : "(only sometimes)");
	tale_print(&small);
	merge_print(&small);
	naive_print(&small);
	tale_clear(&small);
	fail();
}

#endif
