/*
 * Texts joined by line, against the plain table of what two texts have in common.
 */
#include "expect.h"

#include "base/mem.h"
#include "merge/engine.h"

#define MOST 300u

static unsigned
draw(unsigned n)
{
	return (unsigned)seed_below(n);
}

struct naive {
	char line[MOST];	/* a letter each */
	size_t n;
};

struct hunk {
	size_t from, to, first, last;	/* lines from..to become first..last */
	const struct naive *of;
};

static void
read_text(struct naive *out, const char *text)
{
	out->n = 0;
	for (; *text; text += 2)
		out->line[out->n++] = *text;
}

/* One letter and a newline for each line; with `near`, that text changed. */
static char *
random_text(const char *near, unsigned letters, unsigned most)
{
	char *text = cf_calloc(2 * MOST + 40, 1);
	size_t n = 0;

	if (near && draw(4))
		(void)snprintf(text, 2 * MOST + 40, "%s", near);
	else
		for (unsigned i = draw(most); i > 0; i--) {
			text[n++] = (char)('a' + draw(letters));
			text[n++] = '\n';
		}
	for (unsigned i = draw(5); near && i > 0; i--) {
		size_t at;

		n = strlen(text);
		at = n ? draw((unsigned)n / 2) * 2 : 0;
		if (n && draw(2)) {
			memmove(text + at, text + at + 2, n - at - 1);
		} else if (n < 2 * (size_t)MOST - 2) {
			memmove(text + at + 2, text + at, n - at + 1);
			text[at] = (char)('a' + draw(letters));
			text[at + 1] = '\n';
		}
	}
	return text;
}

static size_t
find_hunks(struct hunk *out, size_t n, const struct naive *a,
	const struct naive *b)
{
	static unsigned have[MOST + 1][MOST + 1];
	size_t i, j;

	for (i = a->n + 1; i-- > 0;)
		for (j = b->n + 1; j-- > 0;)
			have[i][j] = i == a->n || j == b->n ? 0 :
				a->line[i] == b->line[j] ? have[i + 1][j + 1] +
				1 : have[i + 1][j] > have[i][j + 1] ?
				have[i + 1][j] : have[i][j + 1];
	for (i = j = 0; i < a->n || j < b->n;) {
		struct hunk h = { i, i, j, j, b };

		while ((i < a->n || j < b->n) && !(i < a->n && j < b->n &&
			a->line[i] == b->line[j])) {
			if (j == b->n || (i < a->n &&
				have[i + 1][j] >= have[i][j + 1]))
				i++;
			else
				j++;
		}
		h.to = i;
		h.last = j;
		if (h.from < h.to || h.first < h.last)
			out[n++] = h;
		for (; i < a->n && j < b->n && a->line[i] == b->line[j]; j++)
			i++;
	}
	return n;
}

static bool
same(const struct hunk *a, const struct hunk *b)
{
	size_t n = a->last - a->first;

	return a->from == b->from && a->to == b->to && n == b->last -
		b->first && memcmp(a->of->line + a->first, b->of->line +
		b->first, n) == 0;
}

/* false: changes touch. */
static bool
join(char *out, const struct naive *base, const struct naive side[2])
{
	static struct hunk h[4 * MOST];
	size_t n = find_hunks(h, find_hunks(h, 0, base, &side[0]), base,
		&side[1]), at = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			if (same(&h[i], &h[k])) {
				h[k--] = h[--n];
				continue;
			}
			if (h[i].from <= h[k].to && h[k].from <= h[i].to)
				return false;
		}
	while (at <= base->n) {
		const struct hunk *here = NULL;

		for (size_t i = 0; i < n; i++)
			here = h[i].from == at ? &h[i] : here;
		for (size_t k = here ? here->first : 0; here && k < here->last;
			k++) {
			*out++ = here->of->line[k];
			*out++ = '\n';
		}
		if (here && here->to > at) {
			at = here->to;
			continue;
		}
		if (at < base->n) {
			*out++ = base->line[at];
			*out++ = '\n';
		}
		at++;
	}
	*out = '\0';
	return true;
}

static void
test_joins(void **state)
{
	unsigned joined = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		unsigned letters = 1 + draw(6);
		unsigned most = round % 40 ? 12 : 200;
		char *base = random_text(NULL, letters, most);
		char *text[] = { random_text(base, letters, most),
			random_text(base, letters, most) };
		char want[4 * MOST + 100];
		struct naive a, side[2];
		json_t *got = cf_join_texts(base, (const char *const *)text,
			2);
		bool ok;

		read_text(&a, base);
		read_text(&side[0], text[0]);
		read_text(&side[1], text[1]);
		ok = join(want, &a, side);
		if (ok != (got != NULL) || (ok && strcmp(want,
			json_string_value(got)) != 0))
			fail_msg("round %u:\n%s\n%s\n%s", round, base, text[0],
				text[1]);
		joined += ok;
		json_decref(got);
		free(base);
		free(text[0]);
		free(text[1]);
	}
	assert_true(joined > 2000 && joined < 18000);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joins),
	};

	seed_start(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
