/*
 * Which words of a long list were perhaps meant: those that share pairs of
 * neighbouring letters with what was written.
 */
#include <string.h>

#include "json/schema_words.h"

#define WORD_MAX 64	/* a longer text is no word of a list */
#define SHARED 40	/* per cent of its pairs that a near word has */

/* Small letters and digits; anything else is a gap. */
static char
plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
}

static bool
has_pair(struct cf_str text, char a, char b)
{
	for (size_t i = 0; i + 1 < text.n; i++)
		if (plain(text.p[i]) == a && plain(text.p[i + 1]) == b)
			return true;
	return false;
}

/* Per cent of the pairs of `a` that `b` has, too. */
static size_t
shared(struct cf_str a, struct cf_str b)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < a.n; i++)
		n += has_pair(b, plain(a.p[i]), plain(a.p[i + 1]));
	return a.n > 1 ? 100 * n / (a.n - 1) : 0;
}

size_t
cf_words_close(const char *out[CF_CLOSE_WORDS], struct cf_str text,
	const json_t *list)
{
	size_t score[CF_CLOSE_WORDS] = { 0 }, n = 0, i;
	json_t *value;

	if (text.n > WORD_MAX)
		return 0;
	json_array_foreach((json_t *)(uintptr_t)list, i, value) {
		struct cf_str word = cf_str(json_is_string(value) ?
			json_string_value(value) : "");
		size_t is = shared(text, word), back = shared(word, text), at;

		if (is < SHARED)
			continue;
		is += back;	/* of two that have all of it, the shorter */
		for (at = n; at > 0 && score[at - 1] < is; at--)
			if (at < CF_CLOSE_WORDS) {
				score[at] = score[at - 1];
				out[at] = out[at - 1];
			}
		if (at == CF_CLOSE_WORDS)
			continue;
		score[at] = is;
		out[at] = word.p;
		n += n < CF_CLOSE_WORDS;
	}
	return n;
}
