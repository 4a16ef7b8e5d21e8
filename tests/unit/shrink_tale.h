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

/* The body without a member, or without a part of one; *step is counted down by
 * those there are. */
static inline json_t *
smaller_body(json_t *body, size_t *step)
{
	const char *name;
	json_t *value;

	json_object_foreach(body, name, value) {
		json_t *less = json_deep_copy(body);
		json_t *part = json_object_get(less, name);
		size_t parts = json_is_array(value) ? json_array_size(value) :
			json_object_size(value);

		if (*step == 0 && strcmp(name, "q") != 0) {
			json_object_del(less, name);
			return less;
		}
		*step -= strcmp(name, "q") != 0;
		if (*step < parts && json_is_array(value)) {
			json_array_remove(part, *step);
			return less;
		}
		if (*step < parts) {
			void *at = json_object_iter(part);

			while ((*step)--)
				at = json_object_iter_next(part, at);
			json_object_del(part, json_object_iter_key(at));
			return less;
		}
		*step -= parts;
		json_decref(less);
	}
	return NULL;
}

/* One step smaller, the `step`th there is; false: there are no more. */
static inline bool
smaller(struct tale *t, size_t step)
{
	if (step < t->n) {
		tale_drop(t, (unsigned)step);
		return true;
	}
	step -= t->n;
	for (unsigned i = 0; i < t->n; i++) {
		json_t *less;

		if (step == 0 && t->v[i].settled) {
			json_decref(t->v[i].settled);
			t->v[i].settled = NULL;
			return true;
		}
		step -= t->v[i].settled != NULL;
		less = smaller_body(t->v[i].body, &step);
		if (less) {
			json_decref(t->v[i].body);
			t->v[i].body = less;
			return true;
		}
	}
	return false;
}

static inline void
shrink(struct tale *t, question ask)
{
	struct tale less;
	size_t step = 0;

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
