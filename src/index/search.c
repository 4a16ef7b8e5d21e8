/*
 * Searching: which records, in which order. What a search costs is bounded: of
 * each group the newest candidates that match where it counts most are ranked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/db.h"

#define EXPRESSION (4 * 1024 * 1024)	/* bytes: beginnings are many words each */
#define HARDLY_ANY 3		/* hits: then some words may be missing */
#define SNIPPET 24		/* words */

#define IN_FRONT "title problem"	/* where words count most */
#define ANYWHERE "title problem words"

struct hit {
	long long n;		/* of the entry */
	double score;
	bool some;
};

struct group {
	struct hit *hit;
	size_t n, cap;
};

struct search {
	struct cf_index *index;
	const struct cf_searching *what;
	struct group *group;
	size_t hits;		/* in all groups */
	bool some;
};

/* --- candidates --------------------------------------------------------------- */

/* The kinds of one group, or (n) of all, are the first words: cf_kind counts on
 * it. */
static void
put_kinds(struct cf_buf *out, const struct cf_searching *what, size_t group)
{
	const char *between = "(facets : (";

	for (size_t i = 0; i < what->n; i++) {
		for (size_t k = 0; what->groups[i][k]; k++) {
			char token[CF_FACET_TEXT];

			if (group != i && group != what->n)
				continue;
			cf_facet_token(token, CF_FACET_KIND,
				what->groups[i][k]);
			cf_buf_printf(out, "%s\"%s\"", between, token);
			between = " OR ";
		}
	}
	cf_buf_puts(out, ")) AND ");
}

/* The group of the nth kind of all. */
static struct group *
group_of(struct search *s, long long kind)
{
	for (size_t i = 0; i < s->what->n; i++)
		for (size_t k = 0; s->what->groups[i][k]; k++)
			if (kind-- == 0)
				return &s->group[i];
	return NULL;
}

static bool
has(const struct group *g, long long n)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->hit[i].n == n)
			return true;
	return false;
}

static const struct cf_err *
candidates(sqlite3_stmt **out, struct search *s, const char *expression,
	unsigned most)
{
	if (s->what->since)
		return cf_db_query(out, s->index, "SELECT fulltext.rowid, "
			"cf_score(fulltext), cf_kind(fulltext) FROM fulltext "
			"CROSS JOIN entry ON entry.n = fulltext.rowid WHERE "
			"fulltext MATCH ?1 AND entry.modified >= ?3 "
			"ORDER BY fulltext.rowid DESC LIMIT ?2", "sis",
			expression, (long long)most, s->what->since);
	return cf_db_query(out, s->index, "SELECT rowid, cf_score(fulltext), "
		"cf_kind(fulltext) FROM fulltext WHERE fulltext MATCH ?1 "
		"ORDER BY rowid DESC LIMIT ?2", "si", expression,
		(long long)most);
}

/* The newest that match: of one group, or (NULL) sorted by their kinds. */
static const struct cf_err *
take(size_t *n, struct search *s, struct group *of, const char *expression)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	bool row;

	*n = 0;
	err = candidates(&stmt, s, expression, of ? CF_MAX_GROUP :
		CF_MAX_CANDIDATES);
	while (!err && (err = cf_db_step(&row, s->index, stmt)) == NULL &&
		row) {
		struct hit hit = { sqlite3_column_int64(stmt, 0),
			sqlite3_column_double(stmt, 1), s->some };
		struct group *g = of ? of : group_of(s,
			sqlite3_column_int64(stmt, 2));

		++*n;
		if (g == NULL || has(g, hit.n))
			continue;
		g->hit = cf_grow(g->hit, g->n, &g->cap, sizeof *g->hit);
		g->hit[g->n++] = hit;
		s->hits++;
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Of one group, or (n) of all. */
static const struct cf_err *
look(size_t *n, struct search *s, size_t group, const char *in,
	const char *words)
{
	struct cf_buf whole = CF_BUF(2 * EXPRESSION);
	const struct cf_err *err;

	put_kinds(&whole, s->what, group);
	cf_match_whole(&whole, s->what->query, in, words);
	err = cf_buf_check(&whole, "the search");
	if (!err)
		err = take(n, s, group < s->what->n ? &s->group[group] : NULL,
			whole.data);
	cf_buf_clear(&whole);
	return err;
}

/* Candidates of every group for an expression of words: all there are, or, where
 * there are too many, those of each group that match where it counts most. */
static const struct cf_err *
gather(struct search *s, const char *words)
{
	const struct cf_err *err;
	size_t n;

	err = look(&n, s, s->what->n, ANYWHERE, words);
	if (err || n < CF_MAX_CANDIDATES)
		return err;
	for (size_t i = 0; i < s->what->n && !err; i++) {
		/* Where a kind is asked for, groups without it are empty. */
		if (s->what->groups[i][0] == NULL)
			continue;
		if (words[0])
			err = look(&n, s, i, IN_FRONT, words);
		if (!err && s->group[i].n < s->what->limit)
			err = look(&n, s, i, ANYWHERE, words);
	}
	return err;
}

/* --- some of the words ----------------------------------------------------------- */

struct rare {
	struct cf_ask ask;
	long long records;	/* that have it, as far as it matters */
};

static int
by_records(const void *a, const void *b)
{
	const struct rare *x = a, *y = b;

	if (x->records != y->records)
		return x->records < y->records ? -1 : 1;
	return x->ask.first < y->ask.first ? -1 : 1;
}

static const struct cf_err *
count(struct rare *rare, struct cf_index *index)
{
	struct cf_buf text = CF_BUF(EXPRESSION);
	const struct cf_err *err;
	sqlite3_stmt *stmt = NULL;
	bool row = false;

	cf_match_ask(&text, &rare->ask);
	err = cf_buf_check(&text, "the search");
	if (!err)
		err = cf_db_query(&stmt, index, "SELECT count(*) FROM (SELECT "
			"1 FROM fulltext WHERE fulltext MATCH ? LIMIT ?)", "si",
			text.data, (long long)CF_COMMON_WORD);
	if (!err)
		err = cf_db_step(&row, index, stmt);
	rare->records = row ? sqlite3_column_int64(stmt, 0) : 0;
	(void)sqlite3_finalize(stmt);
	cf_buf_clear(&text);
	return err;
}

/* The rarest of the words that any record has: they tell most. */
static const struct cf_err *
choose(struct cf_ask *ask, size_t *n, struct cf_index *index)
{
	struct rare rare[CF_MAX_QUERY_WORDS];
	const struct cf_err *err = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < *n && !err; i++) {
		rare[kept].ask = ask[i];
		err = count(&rare[kept], index);
		kept += rare[kept].records > 0;
	}
	if (kept)
		qsort(rare, kept, sizeof *rare, by_records);
	*n = kept < CF_MAX_RELAXED ? kept : CF_MAX_RELAXED;
	for (size_t i = 0; i < *n; i++)
		ask[i] = rare[i].ask;
	return err;
}

static const struct cf_err *
relax(struct search *s, struct cf_ask *ask, size_t n)
{
	struct cf_buf words = CF_BUF(EXPRESSION);
	size_t asked = n;
	const struct cf_err *err = choose(ask, &n, s->index);

	s->some = true;
	for (size_t less = n < asked ? 0 : 1; !err && less <= n / 2 && n &&
		less < n && s->hits < HARDLY_ANY; less++) {
		cf_buf_reset(&words);
		cf_match_most(&words, ask, n, less);
		err = cf_buf_check(&words, "the search");
		if (!err)
			err = gather(s, words.data);
	}
	cf_buf_clear(&words);
	return err;
}

/* --- what is found ----------------------------------------------------------------- */

static int
by_score(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->some != y->some)
		return x->some ? 1 : -1;
	if (x->score < y->score || x->score > y->score)
		return x->score > y->score ? -1 : 1;
	return x->n > y->n ? -1 : x->n < y->n;
}

/* The place where the words are, without the marks around them; NULL: in neither
 * column. */
static json_t *
snippet_of(sqlite3_stmt *stmt)
{
	for (int column = 1; column <= 2; column++) {
		char *text = cf_strdup(cf_db_text(stmt, column));
		size_t kept = 0;
		json_t *out;
		bool found = strchr(text, '\001') != NULL;

		for (const char *p = text; *p; p++)
			if (*p != '\001')
				text[kept++] = (char)(*p == '\n' ? ' ' : *p);
		text[kept] = '\0';
		out = found ? json_string(text) : NULL;
		free(text);
		if (out)
			return out;
	}
	return NULL;
}

static const struct cf_err *
describe(json_t *list, struct search *s, const struct hit *hit,
	const char *words)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt = NULL;
	bool row = false;

	if (words[0])
		err = cf_db_query(&stmt, s->index, "SELECT (SELECT id FROM "
			"entry WHERE n = ?2), CASE WHEN cf_few(fulltext) THEN "
			"snippet(fulltext, 1, char(1), '', '…', ?3) ELSE '' "
			"END, CASE WHEN cf_few(fulltext) THEN snippet("
			"fulltext, 2, char(1), '', '…', ?3) ELSE '' END FROM "
			"fulltext WHERE fulltext MATCH ?1 AND rowid = ?2",
			"sii", words, hit->n, (long long)SNIPPET);
	else
		err = cf_db_query(&stmt, s->index, "SELECT id, '', '' FROM "
			"entry WHERE n = ?", "i", hit->n);
	if (!err)
		err = cf_db_step(&row, s->index, stmt);
	if (!err && row)
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:f, s:o*}", "id", cf_db_text(stmt, 0),
			"found", hit->some ? "some" : "all", "score",
			hit->score, "snippet", snippet_of(stmt)));
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Any of the words, to show where they are. */
static const struct cf_err *
any_words(struct cf_buf *out, const struct cf_ask *ask, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cf_buf_puts(out, i ? " OR " : "{title problem words} : (");
		cf_match_ask(out, &ask[i]);
	}
	cf_buf_puts(out, n ? ")" : "");
	return cf_buf_check(out, "the search");
}

static const struct cf_err *
describe_all(json_t *out, struct search *s, const char *words)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < s->what->n; i++) {
		struct group *g = &s->group[i];
		json_t *list = json_array();

		if (g->n)
			qsort(g->hit, g->n, sizeof *g->hit, by_score);
		for (size_t k = 0; k < g->n && k < s->what->limit && !err;
			k++)
			err = describe(list, s, &g->hit[k], words);
		json_array_append_new(out, list);
	}
	return err;
}

const struct cf_err *
cf_index_search(json_t **out, struct cf_index *index,
	const struct cf_searching *what)
{
	struct search s = { .index = index, .what = what,
		.group = cf_calloc(what->n, sizeof *s.group) };
	struct cf_buf words = CF_BUF(EXPRESSION), any = CF_BUF(EXPRESSION);
	struct cf_ask ask[CF_MAX_QUERY_WORDS];
	size_t n = cf_query_asks(ask, what->query);
	const struct cf_err *err = cf_db_expand(what->query, index);

	*out = json_array();
	cf_match_all(&words, ask, n);
	if (!err)
		err = cf_buf_check(&words, "the search");
	if (!err)
		err = any_words(&any, ask, n);
	if (!err)
		err = gather(&s, words.data);
	if (!err && s.hits < HARDLY_ANY && n > 1)
		err = relax(&s, ask, n);
	if (!err)
		err = describe_all(*out, &s, any.data);
	for (size_t i = 0; i < what->n; i++)
		free(s.group[i].hit);
	free(s.group);
	cf_buf_clear(&words);
	cf_buf_clear(&any);
	if (err) {
		json_decref(*out);
		*out = NULL;
	}
	return err;
}

/* Words with spaces between. */
static bool
has_word(const char *words, const char *word)
{
	struct cf_str rest = cf_str(words), head;

	while (cf_str_cut(&head, &rest, rest, ' '))
		if (cf_str_is(head, word))
			return true;
	return cf_str_is(rest, word);
}

const struct cf_err *
cf_index_passes(bool *out, struct cf_index *index, const char *id,
	const struct cf_searching *what)
{
	const struct cf_err *err;
	sqlite3_stmt *stmt;

	err = cf_db_query(&stmt, index, "SELECT facets FROM entry WHERE id = ? "
		"AND (?2 IS NULL OR modified >= ?2)", "ss", id, what->since);
	if (!err)
		err = cf_db_step(out, index, stmt);
	for (int i = 0; !err && *out && i < CF_FACETS; i++) {
		char token[CF_FACET_TEXT];

		if (what->query->facet[i] == NULL)
			continue;
		cf_facet_token(token, (enum cf_facet)i, what->query->facet[i]);
		*out = has_word(cf_db_text(stmt, 0), token);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}
