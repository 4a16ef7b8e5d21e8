/*
 * Queries as expressions of FTS5. Whatever a person typed stands between double
 * quotes, its own doubled: the index cuts it into words and never reads signs.
 */
#include <string.h>

#include "base/limits.h"
#include "index/query.h"

static void
quote(struct cf_buf *out, const char *text, size_t n)
{
	cf_buf_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			cf_buf_putc(out, '"');
		cf_buf_putc(out, text[i]);
	}
	cf_buf_putc(out, '"');
}

/*
 * The index keeps English words without their endings (accur for accurately), so
 * what somebody typed of a word may reach beyond what is kept of it. These are
 * endings, or beginnings of them, that may stand after it.
 */
static const char *const endings[] = { "able", "ably", "al", "ally", "ance",
	"ant", "ate", "ated", "ately", "ates", "ating", "ation", "ational",
	"ations", "ator", "ators", "ed", "edly", "ement", "ence", "ent", "er",
	"ers", "es", "ful", "fully", "fulness", "iable", "ial", "ible", "ibly",
	"ic", "ical", "ically", "icate", "ied", "ier", "ies", "ily", "iness",
	"ing", "ingly", "ings", "ion", "ions", "ism", "ist", "ists", "ities",
	"ity", "ive", "ively", "iveness", "ization", "ize", "ized", "izing",
	"ly", "ment", "ments", "ness", "ous", "ously", "ousness", "s", "y" };

static bool
begins_ending(const char *rest, size_t n)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (strncmp(endings[i], rest, n) == 0)
			return true;
	return false;
}

#define STEM 3		/* letters: less is no stem of a word */

static void
match_prefix(struct cf_buf *out, const struct cf_query_word *word)
{
	const char *text = word->text;
	size_t n = strlen(text);

	cf_buf_putc(out, '(');
	for (size_t i = 0; i < word->n_like; i++) {
		cf_buf_puts(out, i ? " OR " : "");
		quote(out, word->like[i], strcspn(word->like[i], "*"));
		if (strchr(word->like[i], '*'))
			cf_buf_putc(out, '*');
	}
	if (word->n_like == 0) {
		quote(out, text, n);
		cf_buf_putc(out, '*');
	}
	for (size_t stem = STEM; stem < n; stem++)
		if (begins_ending(text + stem, n - stem)) {
			cf_buf_puts(out, " OR ");
			quote(out, text, stem);
		}
	cf_buf_putc(out, ')');
}

void
cf_match_ask(struct cf_buf *out, const struct cf_ask *ask)
{
	if (ask->n > 1)
		cf_buf_putc(out, '(');
	for (size_t i = 0; i < ask->n; i++) {
		const struct cf_query_word *w = &ask->first[i];

		if (i)
			cf_buf_puts(out, " OR ");
		if (w->prefix)
			match_prefix(out, w);
		else
			quote(out, w->text, strlen(w->text));
	}
	if (ask->n > 1)
		cf_buf_putc(out, ')');
}

void
cf_match_all(struct cf_buf *out, const struct cf_ask *ask, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			cf_buf_puts(out, " AND ");
		cf_match_ask(out, &ask[i]);
	}
}

static unsigned
ones(unsigned set)
{
	unsigned n = 0;

	for (; set; set &= set - 1)
		n++;
	return n;
}

void
cf_match_most(struct cf_buf *out, const struct cf_ask *ask, size_t n,
	size_t less)
{
	const char *between = "";

	for (unsigned set = 1; set < 1u << n; set++) {
		struct cf_ask some[CF_MAX_RELAXED];
		size_t k = 0;

		if (ones(set) != n - less)
			continue;
		for (size_t i = 0; i < n; i++)
			if (set & 1u << i)
				some[k++] = ask[i];
		cf_buf_printf(out, "%s(", between);
		cf_match_all(out, some, k);
		cf_buf_putc(out, ')');
		between = " OR ";
	}
}

void
cf_facet_token(char out[CF_FACET_TEXT], enum cf_facet facet, const char *code)
{
	const char *from[] = { "x", cf_facet_name[facet], code };
	size_t n = 0;

	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		for (const char *p = from[i]; *p && n + 2 < CF_FACET_TEXT; p++)
			if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' &&
				*p <= 'Z') || (*p >= '0' && *p <= '9'))
				out[n++] = *p;
	/* A digit at the end is no ending of an English word. */
	out[n++] = '0';
	out[n] = '\0';
}

void
cf_match_whole(struct cf_buf *out, const struct cf_query *query,
	const char *columns, const char *words)
{
	const char *between = "";

	cf_buf_putc(out, '(');
	for (size_t i = 0; i < CF_FACETS; i++) {
		char token[CF_FACET_TEXT];

		if (query->facet[i] == NULL)
			continue;
		cf_facet_token(token, (enum cf_facet)i, query->facet[i]);
		cf_buf_printf(out, "%sfacets : \"%s\"", between, token);
		between = " AND ";
	}
	if (words[0])
		cf_buf_printf(out, "%s{%s} : (%s)", between, columns, words);
	cf_buf_putc(out, ')');
	between = " NOT ({title problem words} : (";
	for (size_t i = 0; i < query->n; i++) {
		struct cf_ask one = { &query->word[i], 1 };

		if (!query->word[i].without)
			continue;
		cf_buf_puts(out, between);
		cf_match_ask(out, &one);
		between = " OR ";
	}
	if (strcmp(between, " OR ") == 0)
		cf_buf_puts(out, "))");
}
