/*
 * Reading and printing option tables.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/near.h"
#include "cli/opt.h"

#define CHOICES 256	/* bytes of a sentence that lists the choices */

/* An entry, and the struct of its set. */
struct found {
	const struct opt *opt;
	void *into;
};

/* By name, or by letter where the name is empty. */
static struct found
find(const struct opt_set *sets, size_t n, struct cf_str name, char letter)
{
	for (size_t i = 0; i < n; i++) {
		const struct opt *o = sets[i].opts;

		for (; o && o->name; o++)
			if (name.n ? cf_str_is(name, o->name) :
				     o->letter && o->letter == letter)
				return (struct found){ o, sets[i].into };
	}
	return (struct found){ NULL, NULL };
}

static const struct cf_err *
unknown(const struct opt_set *sets, size_t n, struct cf_str name)
{
	struct near near = { 0 };
	char *word = cf_strndup(name.p, name.n);
	const struct cf_err *err;

	for (size_t i = 0; i < n; i++) {
		const struct opt *o = sets[i].opts;

		for (; o && o->name; o++)
			if (!o->hidden)
				cf_near(&near, word, o->name);
	}
	err = cf_err(CF_USAGE, "there is no option --%s here%s%s%s", word,
		near.best ? ". Did you mean --" : "",
		near.best ? near.best : "", near.best ? "?" : "");
	free(word);
	return err;
}

/* NULL where `value` is one of the choices. */
static const struct cf_err *
check_choice(const struct opt *o, const char *value)
{
	struct cf_buf list = CF_BUF(CHOICES);
	struct cf_str rest = cf_str(o->choices), one;
	const struct cf_err *err = NULL;
	bool more = true, found = false;

	while (more) {
		more = cf_str_cut(&one, &rest, rest, '|');
		if (!more)
			one = rest;
		found = found || cf_str_is(one, value);
		cf_buf_puts(&list, !list.len ? "" : more ? ", " : " or ");
		cf_buf_add(&list, one.p, one.n);
	}
	if (!found)
		err = cf_err(CF_USAGE, "--%s cannot be '%s'; it can be %s",
			o->name, value, list.data);
	cf_buf_clear(&list);
	return err;
}

static const struct cf_err *
store_text(const struct found *f, const char *value)
{
	const char **to = (const char **)((char *)f->into + f->opt->offset);

	if (*to)
		return cf_err(CF_USAGE, "--%s is given twice: '%s' and '%s'",
			f->opt->name, *to, value);
	if (value[0] == '\0')
		return cf_err(CF_USAGE, "--%s has an empty value: write "
			"--%s %s", f->opt->name, f->opt->name, f->opt->value);
	*to = value;
	return f->opt->choices ? check_choice(f->opt, value) : NULL;
}

static const struct cf_err *
store_texts(const struct found *f, const char *value)
{
	struct opt_texts *to = (struct opt_texts *)((char *)f->into +
		f->opt->offset);

	if (value[0] == '\0')
		return cf_err(CF_USAGE, "--%s has an empty value: write "
			"--%s %s", f->opt->name, f->opt->name, f->opt->value);
	if (to->n >= OPT_TEXTS_MAX)
		return cf_err(CF_USAGE, "--%s may be given %d times",
			f->opt->name, OPT_TEXTS_MAX);
	to->text[to->n++] = value;
	return NULL;
}

static const struct cf_err *
store_number(const struct found *f, const char *value)
{
	unsigned *to = (unsigned *)((char *)f->into + f->opt->offset);
	uint64_t number;

	if (*to)
		return cf_err(CF_USAGE, "--%s is given twice", f->opt->name);
	if (!cf_str_u64(cf_str(value), &number, f->opt->max) || number == 0)
		return cf_err(CF_USAGE, "--%s takes a number from 1 to %u, "
			"not '%s'", f->opt->name, f->opt->max, value);
	*to = (unsigned)number;
	return NULL;
}

/*
 * Stores one option. `attached` is the value in the same word (--opt=value,
 * -ovalue) or NULL; otherwise it is the next word. A next word that begins with
 * "--" is an option: a forgotten value must not swallow it.
 */
static const struct cf_err *
store(struct opt_reader *r, const struct found *f, const char *attached)
{
	const struct opt *o = f->opt;
	const char *value = attached;

	if (o->type == OPT_FLAG) {
		if (attached)
			return cf_err(CF_USAGE, "--%s takes no value; write "
				"--%s alone", o->name, o->name);
		*(bool *)((char *)f->into + o->offset) = true;
		return NULL;
	}
	if (value == NULL) {
		value = r->argv[r->at];
		if (value == NULL || cf_starts(value, "--"))
			return cf_err(CF_USAGE, "--%s needs a value: write "
				"--%s %s", o->name, o->name, o->value);
		r->at++;
	}
	return o->type == OPT_TEXT ? store_text(f, value) :
		o->type == OPT_TEXTS ? store_texts(f, value) :
		store_number(f, value);
}

static const struct cf_err *
read_long(struct opt_reader *r, const char *word, const struct opt_set *sets,
	size_t n)
{
	const char *equals = strchr(word, '=');
	struct cf_str name = cf_str(word);
	struct found f;

	if (equals)
		name.n = (size_t)(equals - word);
	f = name.n ? find(sets, n, name, 0) : (struct found){ NULL, NULL };
	if (f.opt == NULL)
		return unknown(sets, n, name);
	return store(r, &f, equals ? equals + 1 : NULL);
}

static const struct cf_err *
read_letter(struct opt_reader *r, const char *word, const struct opt_set *sets,
	size_t n)
{
	struct found f = find(sets, n, CF_STR(""), word[0]);
	const char *attached = word[1] ? word + 1 : NULL;

	if (f.opt == NULL)
		return cf_err(CF_USAGE, "there is no option -%s here", word);
	if (attached && attached[0] == '=')
		attached++;
	return store(r, &f, attached);
}

const struct cf_err *
cf_opt_next(const char **operand, struct opt_reader *r,
	const struct opt_set *sets, size_t n)
{
	const struct cf_err *err = NULL;

	*operand = NULL;
	while (!err && r->argv[r->at]) {
		const char *word = r->argv[r->at++];

		if (r->ended || word[0] != '-' || word[1] == '\0') {
			*operand = word;
			return NULL;
		}
		if (strcmp(word, "--") == 0)
			r->ended = true;
		else if (word[1] == '-')
			err = read_long(r, word + 2, sets, n);
		else
			err = read_letter(r, word + 1, sets, n);
	}
	return err;
}

static bool
is_set(const struct opt *o, const void *into)
{
	const char *at = (const char *)into + o->offset;

	switch (o->type) {
	case OPT_FLAG:
		return *(const bool *)at;
	case OPT_TEXT:
		return *(const char *const *)at != NULL;
	case OPT_TEXTS:
		return ((const struct opt_texts *)(const void *)at)->n != 0;
	case OPT_NUMBER:
		return *(const unsigned *)at != 0;
	}
	return false;
}

const struct cf_err *
cf_opt_complete(const struct opt_set *set)
{
	for (const struct opt *o = set->opts; o && o->name; o++)
		if (o->required && !is_set(o, set->into))
			return cf_err(CF_USAGE, "--%s%s%s is missing", o->name,
				o->value ? " " : "", o->value ? o->value : "");
	return NULL;
}

void
cf_opt_synopsis(struct cf_buf *out, const struct opt *o)
{
	for (; o && o->name; o++) {
		if (o->hidden)
			continue;
		cf_buf_puts(out, out->len ? " " : "");
		cf_buf_puts(out, o->required ? "" : "[");
		if (o->letter)
			cf_buf_printf(out, "-%c", o->letter);
		else
			cf_buf_printf(out, "--%s", o->name);
		if (o->value)
			cf_buf_printf(out, " %s", o->value);
		cf_buf_puts(out, o->required ? "" : "]");
		cf_buf_puts(out, o->type == OPT_TEXTS ? "..." : "");
	}
}

void
cf_opt_left(struct cf_buf *out, const struct opt *o)
{
	if (o->letter)
		cf_buf_printf(out, "-%c, ", o->letter);
	cf_buf_printf(out, "--%s", o->name);
	if (o->value)
		cf_buf_printf(out, " %s", o->value);
}
