/*
 * How well a record matches, from the places of the words in it and nothing
 * else: how many of the words, how prominent, how often. FTS5's own bm25 goes
 * through every record that has a word before it ranks the first, which at a
 * million records takes longer than people wait.
 */
#include "index/db.h"

#define WORDS 1024		/* of an expression; what comes after counts not */
#define OFTEN 4			/* times; more often says nothing more */
#define FACETS 3		/* the column of codes: says nothing */
#define SHOWN_OF 1000		/* places in a record; of more none is shown */
#define PLACES 4000		/* of words in one record that are looked at */

/* title, problem, words: what one word there is worth. */
static const double worth[] = { 8, 4, 1 };

struct place {
	double best;
	unsigned often;
};

static void
look(struct place place[WORDS], const Fts5ExtensionApi *api,
	Fts5Context *context, int n)
{
	for (int i = 0; i < n && i < PLACES; i++) {
		int phrase, column, offset;

		if (api->xInst(context, i, &phrase, &column, &offset) !=
			SQLITE_OK)
			return;
		if (phrase < 0 || phrase >= WORDS || column >= FACETS)
			continue;
		place[phrase].often++;
		if (worth[column] > place[phrase].best)
			place[phrase].best = worth[column];
	}
}

static void
score(const Fts5ExtensionApi *api, Fts5Context *context,
	sqlite3_context *result, int n_values, sqlite3_value **values)
{
	struct place place[WORDS] = { { 0 } };
	double sum = 0;
	int n = 0;

	(void)n_values;
	(void)values;
	if (api->xInstCount(context, &n) != SQLITE_OK)
		n = 0;
	look(place, api, context, n);
	for (int i = 0; i < WORDS; i++) {
		unsigned more = place[i].often > OFTEN ? OFTEN :
			place[i].often;

		if (place[i].often)
			sum += place[i].best + 0.2 * (more - 1);
	}
	sqlite3_result_double(result, sum);
}

/* Which of the expression's first words, which are kinds, the record has. */
static void
kind(const Fts5ExtensionApi *api, Fts5Context *context,
	sqlite3_context *result, int n_values, sqlite3_value **values)
{
	int n = 0, first = WORDS;

	(void)n_values;
	(void)values;
	if (api->xInstCount(context, &n) != SQLITE_OK)
		n = 0;
	for (int i = 0; i < n; i++) {
		int phrase, column, offset;

		if (api->xInst(context, i, &phrase, &column, &offset) ==
			SQLITE_OK && column == FACETS && phrase < first)
			first = phrase;
	}
	sqlite3_result_int(result, first);
}

/* FTS5's snippet() takes the square of the places: a record that is nothing but
 * the word shows none. */
static void
few(const Fts5ExtensionApi *api, Fts5Context *context,
	sqlite3_context *result, int n_values, sqlite3_value **values)
{
	int n = 0;

	(void)n_values;
	(void)values;
	sqlite3_result_int(result, api->xInstCount(context, &n) == SQLITE_OK &&
		n < SHOWN_OF);
}

const struct cf_err *
cf_db_add_score(struct cf_index *index)
{
	const struct cf_err *err = NULL;
	sqlite3_stmt *stmt = NULL;
	fts5_api *api = NULL;

	index->fts = NULL;
	if (sqlite3_prepare_v2(index->db, "SELECT fts5(?1)", -1, &stmt, NULL)
		!= SQLITE_OK)
		return cf_err(CF_SYS, "SQLite on this machine has no full text "
			"search (FTS5); install Debian's libsqlite3-0");
	(void)sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr",
		NULL);
	(void)sqlite3_step(stmt);
	(void)sqlite3_finalize(stmt);
	if (api == NULL || api->xCreateFunction(api, "cf_score", NULL, score,
		NULL) != SQLITE_OK || api->xCreateFunction(api, "cf_kind",
		NULL, kind, NULL) != SQLITE_OK || api->xCreateFunction(api,
		"cf_few", NULL, few, NULL) != SQLITE_OK)
		err = cf_db_err(index);
	index->fts = api;
	return err;
}
