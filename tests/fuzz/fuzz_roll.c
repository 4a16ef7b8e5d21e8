/*
 * Reading any bytes as a roll: as CSV, and as the words that a roll file keeps.
 * Words from CSV can always be read; whatever is found lies within the text and
 * begins and ends where words do.
 */
#include <string.h>

#include "check/roll.h"
#include "fuzz/fuzz.h"

struct span {
	const unsigned char *text;
	size_t n;
};

static void
check_hit(void *payload, unsigned kinds, size_t from, size_t to)
{
	const struct span *span = payload;

	MUST(kinds && from < to && to <= span->n);
	for (size_t i = from; i < to; i++)
		MUST(cf_symbol(span->text[i]) >= 0);
}

static void
scan(const struct cf_automaton *a, const uint8_t *data, size_t size)
{
	struct cf_normal form = { malloc(size + 1), malloc((size + 1) *
		sizeof(size_t)), 0 };
	struct span span;

	cf_roll_normal(&form, data, size);
	MUST(form.n <= size);
	span = (struct span){ form.text, form.n };
	cf_automaton_scan(a, form.text, form.n, check_hit, &span);
	free(form.text);
	free(form.at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_secret csv = { 0 };
	struct cf_needles words = { 0 };
	struct cf_roll_counts counts;
	struct cf_automaton *a;
	const struct cf_err *err;

	MUST(cf_sign_start() == NULL);
	a = cf_automaton_new((struct cf_str){ (const char *)data, size });
	if (a)
		scan(a, data, size);
	cf_automaton_free(a);
	cf_secret_set(&csv, (const char *)data, size);
	err = cf_roll_read(&words, &counts, &csv);
	if (err) {
		MUST(err->code == CF_INVALID &&
			strcmp(err->rule, "roll.columns") == 0);
	} else {
		a = cf_automaton_new((struct cf_str){ words.room.p,
			words.used });
		MUST(a != NULL);
		scan(a, data, size);
		cf_automaton_free(a);
	}
	cf_needles_clear(&words);
	cf_secret_clear(&csv);
	return 0;
}
