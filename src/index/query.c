/*
 * Reading a query, one word after another.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "index/query.h"

const char *const cf_facet_name[CF_FACETS] = { "kind", "phase", "region",
	"area", "fsm", "trust", "cost", "stage",
	"size", "outcome", "padlocks", "tag" };

/* Words that most texts have: asked for only where there is nothing else. */
static const char *const little[] = { "a", "about", "all", "also", "an", "and",
	"are", "as", "at", "be", "been", "but", "by", "can", "could", "do",
	"does", "for", "from", "get", "had", "has", "have", "her", "his", "how",
	"i", "if", "in", "into", "is", "it", "its", "me", "more", "my", "no",
	"not", "of", "on", "or", "our", "so", "some", "such", "that", "the",
	"their", "them", "then", "there", "these", "they", "this", "to", "too",
	"us", "very", "was", "we", "were", "what", "when", "where", "which",
	"who", "why", "will", "with", "would", "you", "your" };

/* Marks that word processors make of " and ', and what may stand for them. */
enum mark {
	MARK_NONE,
	MARK_QUOTE,
	MARK_APOSTROPHE
};

static enum mark
mark_of(int32_t c)
{
	if (c == '"' || (c >= 0x201c && c <= 0x201f) || c == 0xab || c == 0xbb)
		return MARK_QUOTE;
	if (c == '\'' || c == 0x2018 || c == 0x2019)
		return MARK_APOSTROPHE;
	return MARK_NONE;
}

static bool
is_space(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000;
}

/* Punctuation, currencies, arrows, drawings: no word of the index. */
static bool
is_sign(int32_t c)
{
	static const int32_t signs[][2] = { { 0x2000, 0x206f },
		{ 0x20a0, 0x20cf }, { 0x2190, 0x245f }, { 0x2500, 0x2775 },
		{ 0x2794, 0x2bff }, { 0x3000, 0x3003 }, { 0x1f300, 0x1faff } };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (c >= signs[i][0] && c <= signs[i][1])
			return true;
	return false;
}

/* What is not ASCII may be a letter of any language, but for the marks that are
 * used between words. */
bool
cf_query_letter(int32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z') || (c >= 0xaa && c != 0xab &&
		c != 0xbb && c != 0xbf && c != 0xd7 && c != 0xf7 &&
		!(c >= 0xac && c <= 0xb1) && c != 0xb4 &&
		!(c >= 0xb6 && c <= 0xb8) && !is_sign(c));
}

static bool
has_letter(struct cf_str s)
{
	while (s.n)
		if (cf_query_letter(cf_utf8_next(&s)))
			return true;
	return false;
}

/* How many characters. */
static size_t
length(struct cf_str s)
{
	size_t n = 0;

	for (; s.n; n++)
		(void)cf_utf8_next(&s);
	return n;
}

static bool
is_little(const char *text)
{
	char low[8];
	size_t n = strlen(text);

	if (n >= sizeof low)
		return false;
	for (size_t i = 0; i <= n; i++)
		low[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ?
			text[i] + 32 : text[i]);
	for (size_t i = 0; i < sizeof little / sizeof *little; i++)
		if (strcmp(little[i], low) == 0)
			return true;
	return false;
}

static struct cf_query_word *
add_word(struct cf_query *q, struct cf_str text)
{
	struct cf_query_word *w;

	q->word = cf_grow(q->word, q->n, &q->cap, sizeof *q->word);
	w = &q->word[q->n++];
	*w = (struct cf_query_word){ .text = cf_strndup(text.p, text.n) };
	return w;
}

/* --- one word ------------------------------------------------------------------ */

/* "teacher's" is looked for as "teacher": the index has the s by itself. */
static struct cf_str
without_possessive(struct cf_str word)
{
	struct cf_str rest = word;

	while (rest.n) {
		struct cf_str at = rest;

		if (mark_of(cf_utf8_next(&rest)) == MARK_APOSTROPHE &&
			rest.n == 1 && (*rest.p == 's' || *rest.p == 'S'))
			return (struct cf_str){ word.p,
				(size_t)(at.p - word.p) };
	}
	return word;
}

/* As facets are named. */
static bool
is_name(struct cf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return s.n != 0;
}

static bool
is_called(struct cf_str s, const char *name)
{
	return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* Whatever the case: some keyboards begin with a capital. CF_FACETS_ASKED: none. */
static size_t
facet_called(struct cf_str name)
{
	size_t i = 0;

	/* Everywhere but here it is called so. */
	if (is_called(name, "owner"))
		return CF_FACET_TRUST;
	while (i < CF_FACETS_ASKED && !is_called(name, cf_facet_name[i]))
		i++;
	return i;
}

static const struct cf_err *
no_facet(struct cf_str name)
{
	struct cf_buf names = CF_BUF(200);
	const struct cf_err *err;

	for (size_t i = 0; i < CF_FACETS_ASKED; i++)
		cf_buf_printf(&names, "%s%s:", i ? ", " : "",
			cf_facet_name[i]);
	err = cf_err(CF_USAGE, "'%.*s:' is nothing to search by; there are %s. "
		"To search for the word itself, put it in quotes twice: "
		"'\"...\"'", (int)(name.n < 40 ? name.n : 40), name.p, names.data);
	cf_buf_clear(&names);
	return err;
}

/* "phase:primary"; false where the word is none of that kind. */
static const struct cf_err *
read_facet(bool *is, struct cf_query *q, struct cf_str word)
{
	struct cf_str name, code;
	size_t facet = CF_FACETS_ASKED;

	/* "1:1" and "https://…" are words. */
	*is = cf_str_cut(&name, &code, word, ':') && code.n &&
		code.p[0] != '/';
	if (*is)
		facet = facet_called(name);
	*is = *is && (facet < CF_FACETS_ASKED || is_name(name));
	if (!*is)
		return NULL;
	if (facet == CF_FACETS_ASKED)
		return no_facet(name);
	if (q->facet[facet])
		return cf_err(CF_USAGE, "'%.*s:' stands there twice%s; "
			"search for one at a time", (int)name.n, name.p,
			facet == CF_FACET_TRUST ?
			" ('owner:' and 'trust:' are the same)" : "");
	q->facet[facet] = cf_strndup(code.p, code.n);
	return NULL;
}

static const struct cf_err *
read_prefix(struct cf_query *q, struct cf_str word, bool without)
{
	struct cf_query_word *w;

	while (word.n && word.p[word.n - 1] == '*')
		word.n--;
	if (memchr(word.p, '*', word.n))
		return cf_err(CF_USAGE, "* stands for the rest of a word, at "
			"its end, as in read*");
	if (length(word) < CF_MIN_PREFIX || !has_letter(word))
		return cf_err(CF_USAGE, "write at least %u letters before *, "
			"as in read*", CF_MIN_PREFIX);
	w = add_word(q, word);
	w->prefix = true;
	w->without = without;
	return NULL;
}

static const struct cf_err *
read_word(struct cf_query *q, struct cf_str word, bool without)
{
	const struct cf_err *err;
	struct cf_query_word *w;
	bool facet;

	while (word.n > 1 && *word.p == '-') {
		without = true;
		word.p++;
		word.n--;
	}
	/* What stands around a word in a sentence is no part of it. */
	while (word.n && strchr("()[],.;!?", word.p[word.n - 1]))
		word.n--;
	while (word.n && strchr("([", *word.p)) {
		word.p++;
		word.n--;
	}
	err = read_facet(&facet, q, word);
	if (err || facet)
		return err ? err : without ? cf_err(CF_USAGE, "'%.*s' can only "
			"be asked for, not left out", (int)(word.n < 60 ?
			word.n : 60), word.p) : NULL;
	if (memchr(word.p, '*', word.n))
		return read_prefix(q, word, without);
	word = without_possessive(word);
	if (!has_letter(word))
		return NULL;
	w = add_word(q, word);
	w->without = without;
	w->little = !without && is_little(w->text);
	return NULL;
}

/* --- all of them ----------------------------------------------------------------- */

struct reading {
	struct cf_str rest;
	bool without, or_next;	/* NOT, OR stood before */
};

/* The words between two quotes, whichever kind. */
static const struct cf_err *
read_phrase(struct cf_query *q, struct reading *r)
{
	const char *from = r->rest.p;
	struct cf_str inside;
	struct cf_query_word *w;

	for (;;) {
		struct cf_str at = r->rest;

		if (r->rest.n == 0)
			return cf_err(CF_USAGE, "a quotation begins in the "
				"search and does not end; add \" after it");
		if (mark_of(cf_utf8_next(&r->rest)) == MARK_QUOTE) {
			inside = (struct cf_str){ from,
				(size_t)(at.p - from) };
			break;
		}
	}
	if (!has_letter(inside))
		return NULL;
	w = add_word(q, inside);
	w->phrase = true;
	w->without = r->without;
	return NULL;
}

/* Up to a space or a quotation mark. */
static struct cf_str
next_word(struct cf_str *rest)
{
	const char *from = rest->p;
	struct cf_str at = *rest;

	while (rest->n) {
		int32_t c;

		at = *rest;
		c = cf_utf8_next(rest);
		if (is_space(c) || mark_of(c) == MARK_QUOTE) {
			*rest = at;
			break;
		}
		at = *rest;
	}
	return (struct cf_str){ from, (size_t)(at.p - from) };
}

static const struct cf_err *
end_or(struct cf_query *q, bool more)
{
	if (q->n == 0 || !more)
		return cf_err(CF_USAGE, "OR stands between two words: reading "
			"OR literacy");
	q->word[q->n - 1].or_next = true;
	return NULL;
}

/* Words joined by OR are asked for together, so none of them can be left out. */
static const struct cf_err *
join(struct cf_query *q, struct reading *r, size_t before)
{
	const struct cf_err *err = NULL;

	if (q->n == before)
		return NULL;
	if (r->or_next) {
		struct cf_query_word *w = &q->word[before];

		err = before == 0 ? end_or(q, false) : NULL;
		if (!err && (w->without || q->word[before - 1].without))
			err = cf_err(CF_USAGE, "OR cannot join a word that is "
				"left out (-word)");
		if (!err)
			q->word[before - 1].or_next = true;
	}
	r->without = r->or_next = false;
	return err;
}

static const struct cf_err *
read_one(struct cf_query *q, struct reading *r)
{
	const struct cf_err *err;
	struct cf_str at = r->rest, word;
	size_t before = q->n;
	bool minus = at.n > 1 && *at.p == '-';

	if (minus) {
		at.p++;
		at.n--;
	}
	if (mark_of(cf_utf8_next(&at)) == MARK_QUOTE) {
		r->rest = at;
		r->without |= minus;
		err = read_phrase(q, r);
		return err ? err : join(q, r, before);
	}
	word = next_word(&r->rest);
	if (cf_str_is(word, "AND"))
		return NULL;
	if (cf_str_is(word, "OR")) {
		r->or_next = true;
		return before ? NULL : end_or(q, false);
	}
	if (cf_str_is(word, "NOT")) {
		r->without = true;
		return NULL;
	}
	err = read_word(q, word, r->without);
	return err ? err : join(q, r, before);
}

static const struct cf_err *
check(const struct cf_query *q, const struct reading *r)
{
	bool wanted = false;

	if (r->or_next)
		return cf_err(CF_USAGE, "OR stands between two words: reading "
			"OR literacy");
	if (r->without)
		return cf_err(CF_USAGE, "NOT wants a word after it: fluency "
			"NOT phonics");
	if (q->n > CF_MAX_QUERY_WORDS)
		return cf_err(CF_USAGE, "the search has more than %u words; "
			"keep those that matter", CF_MAX_QUERY_WORDS);
	for (size_t i = 0; i < q->n; i++)
		wanted |= !q->word[i].without;
	for (size_t i = 0; i < CF_FACETS_ASKED; i++)
		wanted |= q->facet[i] != NULL;
	return wanted ? NULL : cf_err(CF_USAGE, q->n ? "say what to look for, "
		"not only what to leave out" : "there is no word in it to "
		"search for. For example: confer search \"pupils read "
		"accurately but lose meaning\"");
}

const struct cf_err *
cf_query_parse(struct cf_query *out, const char *text)
{
	struct reading r = { .rest = cf_str(text) };
	const struct cf_err *err = NULL;

	*out = (struct cf_query){ 0 };
	if (r.rest.n > CF_MAX_QUERY)
		return cf_err(CF_USAGE, "the search is too long (%u characters "
			"at most); keep the words that matter", CF_MAX_QUERY);
	for (struct cf_str s = r.rest; s.n;)
		if (cf_utf8_next(&s) < 0)
			return cf_err(CF_USAGE, "the search is not written in "
				"UTF-8; type it anew");
	while (!err && r.rest.n) {
		struct cf_str at = r.rest;

		if (is_space(cf_utf8_next(&at)))
			r.rest = at;
		else
			err = read_one(out, &r);
		if (!err && out->n > CF_MAX_QUERY_WORDS)
			break;
	}
	return err ? err : check(out, &r);
}

void
cf_query_clear(struct cf_query *query)
{
	for (size_t i = 0; i < query->n; i++) {
		for (size_t k = 0; k < query->word[i].n_like; k++)
			free(query->word[i].like[k]);
		free(query->word[i].like);
		free(query->word[i].text);
	}
	free(query->word);
	for (size_t i = 0; i < CF_FACETS; i++)
		free(query->facet[i]);
	*query = (struct cf_query){ 0 };
}

size_t
cf_query_asks(struct cf_ask *out, const struct cf_query *query)
{
	size_t n = 0;

	for (int with_little = 0; with_little < 2 && n == 0; with_little++) {
		for (size_t i = 0; i < query->n; i++) {
			struct cf_ask ask = { &query->word[i], 1 };

			while (query->word[i].or_next) {
				ask.n++;
				i++;
			}
			if (!ask.first->without && (ask.n > 1 || with_little ||
				!ask.first->little))
				out[n++] = ask;
		}
	}
	return n;
}
