#ifndef RANDOM_TALE_H
#define RANDOM_TALE_H

/*
 * Random tales: 2 to 8 trusts that edit, decide, undo and see one another's work
 * late, in parts, or by way of others.
 */
#include "naive.h"

static inline json_t *
random_word(const char *of)
{
	return json_sprintf("%c", of[seed_below(strlen(of))]);
}

static inline json_t *
random_list(const char *of, unsigned most)
{
	json_t *out = json_array();
	size_t n = seed_below(most + 1);

	while (n-- > 0) {
		json_t *word = random_word(of);

		n_sorted(out, word);
		json_decref(word);
	}
	return out;
}

static inline json_t *
random_scalar(void)
{
	switch (seed_below(7)) {
	case 0:
		return json_null();
	case 1:
		return json_real((double)seed_below(4));
	case 2:
		return random_word("xyz");
	default:
		return json_integer((json_int_t)seed_below(4));
	}
}

/* Of a field without schema: any type, some structure. */
static inline json_t *
random_any(unsigned depth)
{
	json_t *out;

	switch (seed_below(depth ? 6 : 3)) {
	case 0:
		return random_list("abc", 2);
	case 1:
	case 2:
		return random_scalar();
	default:
		out = json_object();
		for (size_t n = seed_below(3); n-- > 0;) {
			json_t *name = random_word("pqr");

			json_object_set_new(out, json_string_value(name),
				random_any(depth - 1));
			json_decref(name);
		}
		return out;
	}
}

static inline json_t *
random_lines(const json_t *old)
{
	const char *text = json_is_string(old) ? json_string_value(old) :
		"one\ntwo\nthree\nfour\nfive\nsix\n";
	struct cf_buf out = CF_BUF(4096);
	json_t *made;

	if (seed_below(12) == 0)
		return random_any(0);
	for (unsigned line = 0; *text; line++) {
		size_t n = strcspn(text, "\n");

		n += text[n] == '\n';
		switch (seed_below(9)) {
		case 0:
			cf_buf_printf(&out, "new %u\n",
				(unsigned)seed_below(3));
			break;
		case 1:
			if (line > 8)
				break;
			cf_buf_printf(&out, "in %u\n", (unsigned)seed_below(2));
			cf_buf_add(&out, text, n);
			break;
		default:
			cf_buf_add(&out, text, n);
		}
		text += n;
	}
	made = json_string(out.data);
	cf_buf_clear(&out);
	return made;
}

static inline json_t *
random_item(const char *id)
{
	json_t *item = json_pack("{s:s}", "id", id);

	if (seed_below(2))
		json_object_set_new(item, "x", random_scalar());
	if (seed_below(3) == 0)
		json_object_set_new(item, "g", random_list("abc", 2));
	if (seed_below(4) == 0)
		json_object_set_new(item, "y", random_any(1));
	return item;
}

static inline void
change_item(json_t *item)
{
	static const char *const names[] = { "x", "y", "g" };
	const char *name = names[seed_below(3)];

	if (seed_below(5) == 0)
		json_object_del(item, name);
	else if (name[0] == 'g')
		json_object_set_new(item, name, random_list("abc", 2));
	else
		json_object_set_new(item, name, name[0] == 'x' ?
			random_scalar() : random_any(1));
}

/* By key, as a list is stored that does not keep the author's order. */
static inline void
sort_items(json_t *list)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++) {
		size_t at = 0;
		json_t *item;

		for (size_t k = 1; k < n - i; k++)
			if (cf_json_compare(json_object_get(json_array_get(list,
				k), "id"), json_object_get(json_array_get(list,
				at), "id")) < 0)
				at = k;
		item = json_incref(json_array_get(list, at));
		json_array_remove(list, at);
		json_array_append_new(list, item);
	}
}

/* Adds, removes, changes and (author's order) moves elements. */
static inline json_t *
random_items(const json_t *old, bool author)
{
	json_t *list = json_is_array(old) ? json_deep_copy(old) : json_array();
	bool turn = seed_below(2);
	json_t *item, *id;
	size_t n, at, to;

	for (size_t turns = 1 + seed_below(2); turns-- > 0;) {
		n = json_array_size(list);
		at = n ? seed_below(n) : 0;
		switch (seed_below(7)) {
		case 0:
			if (n > 3 || (n && seed_below(3) == 0))
				json_array_remove(list, at);
			break;
		case 1:
		case 4:
			id = random_word("abcdef");
			to = seed_below(n + 1);
			item = random_item(json_string_value(id));
			json_array_insert_new(list, to, item);
			for (size_t i = json_array_size(list); i-- > 0;)
				if (i != to && json_equal(id, json_object_get(
					json_array_get(list, i), "id"))) {
					json_array_remove(list, i);
					to -= i < to;
				}
			json_decref(id);
			break;
		case 2:
		case 3:
			if (n < 2)
				break;
			item = json_incref(json_array_get(list, at));
			json_array_remove(list, at);
			json_array_insert_new(list, seed_below(n), item);
			break;
		default:
			if (n)
				change_item(json_array_get(list, at));
		}
	}
	/* Everything in another order, so that orders contradict. */
	for (n = json_array_size(list); author && turn && n-- > 0;) {
		item = json_incref(json_array_get(list, 0));
		json_array_remove(list, 0);
		json_array_insert_new(list, seed_below(json_array_size(list) +
			1), item);
	}
	if (!author)
		sort_items(list);
	return list;
}

/* One member of an object without schema, or all of it. */
static inline json_t *
random_inside(const json_t *old)
{
	json_t *copy, *name;

	if (!json_is_object(old) || seed_below(3) == 0)
		return random_any(2);
	copy = json_deep_copy(old);
	name = random_word("pqr");
	if (seed_below(3) == 0)
		json_object_del(copy, json_string_value(name));
	else
		json_object_set_new(copy, json_string_value(name),
			random_inside(json_object_get(copy,
			json_string_value(name))));
	json_decref(name);
	return copy;
}

static const char tale_fields[] = "gxadeilrtukoqgill";
/* What a tale is about: most changes meet there. */
static char tale_focus[4];

static inline void
choose_focus(void)
{
	for (unsigned i = 0; i < 3; i++)
		tale_focus[i] = tale_fields[seed_below(sizeof tale_fields - 1)];
	if (seed_below(2))
		tale_focus[0] = "glol"[seed_below(4)];
}

static inline void
change_field(json_t *body)
{
	char name[2] = { seed_below(5) ? tale_focus[seed_below(3)] :
		tale_fields[seed_below(sizeof tale_fields - 1)], 0 };
	json_t *old = json_object_get(body, name), *value;

	if (seed_below(7) == 0 && name[0] != 'q') {
		json_object_del(body, name);
		return;
	}
	switch (name[0]) {
	case 'g':
		value = random_list("abcdefgh", 5);
		break;
	case 'x':
		value = random_lines(old);
		break;
	case 'd':
	case 'e':
		value = json_integer((json_int_t)seed_below(9));
		break;
	case 'r':
		value = random_word("abc");
		break;
	case 'i':
	case 'l':
		value = random_items(old, name[0] == 'l');
		break;
	case 'a':
		value = random_any(1);
		break;
	case 'q':
		value = random_scalar();
		break;
	default:
		value = random_inside(old);
	}
	json_object_set_new(body, name, value);
}

/* Puts a value (NULL: nothing) at a path; false where there is no place. */
static inline bool
set_at(json_t *body, const char *path, json_t *value)
{
	char *above = cf_strndup(path, (size_t)(strrchr(path, '/') - path));
	const char *token = strrchr(path, '/') + 1;
	json_t *box = n_find(body, above), *old;
	bool ok = box != NULL;

	free(above);
	if (json_is_object(box)) {
		if (value)
			json_object_set(box, token, value);
		else
			json_object_del(box, token);
	} else if (json_is_array(box)) {
		old = n_element(box, token);
		for (size_t i = 0; i < json_array_size(box); i++)
			if (json_array_get(box, i) == old) {
				json_array_remove(box, i);
				if (value)
					json_array_insert(box, i, value);
				return true;
			}
		if (value)
			json_array_append(box, value);
		if (strncmp(path, "/i/", 3) == 0)
			sort_items(box);
	} else {
		ok = false;
	}
	return ok;
}

#endif
