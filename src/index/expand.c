/*
 * Beginnings of words. FTS5 by itself puts all records of all such words together
 * before it gives the first one; word by word it need not.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/db.h"

#define LONGEST 64u		/* bytes of a word; FTS5 leaves longer ones whole */

/* The first word of a text as the index has it, without its ending cut off. */
struct first {
	char *word;
	size_t words;
};

static int
take_word(void *payload, int flags, const char *text, int n, int from, int to)
{
	struct first *first = payload;

	(void)flags;
	(void)from;
	(void)to;
	if (first->words++ == 0)
		first->word = cf_strndup(text, (size_t)n);
	return SQLITE_OK;
}

/* What a tokenizer of FTS5 makes of a text; NULL where that is not one word. */
static char *
cut(struct cf_index *index, const char *how, const char **args, int n_args,
	const char *text)
{
	struct first first = { 0 };
	Fts5Tokenizer *cutter = NULL;
	fts5_tokenizer type;
	void *context;

	if (index->fts->xFindTokenizer(index->fts, how, &context, &type) !=
		SQLITE_OK || type.xCreate(context, args, n_args, &cutter) !=
		SQLITE_OK)
		return NULL;
	(void)type.xTokenize(cutter, &first, FTS5_TOKENIZE_QUERY, text,
		(int)strlen(text), take_word);
	type.xDelete(cutter);
	if (first.words == 1)
		return first.word;
	free(first.word);
	return NULL;
}

/* Small letters, no accents. */
static char *
fold(struct cf_index *index, const char *text)
{
	const char *args[] = { "remove_diacritics", "2" };

	return cut(index, "unicode61", args, 2, text);
}

/* A word of the index as it is asked for. FTS5 cuts endings off once more, and
 * what is left (increa of increas) is a beginning, not the word. */
static char *
as_asked(struct cf_index *index, const char *term)
{
	const char *args[] = { "unicode61", "remove_diacritics", "2" };
	char *again = cut(index, "porter", args, 3, term);
	bool same = again && strcmp(again, term) == 0;

	free(again);
	return same ? cf_strdup(term) : cf_asprintf("%s*", term);
}

/* From each word to the next that can follow it: a word of a million records is
 * no more work than one of a single record. What is too long for a word is none
 * that anybody looks for. */
static const struct cf_err *
look_up(struct cf_query_word *word, struct cf_index *index, const char *text)
{
	char *from = cf_strdup(text);
	const struct cf_err *err;
	sqlite3_stmt *stmt;
	size_t cap = 0, steps = 0;
	bool row = true;

	err = cf_db_query(&stmt, index, "SELECT term FROM vocabulary WHERE "
		"term >= ? LIMIT 1", "");
	while (!err && row && word->n_like <= CF_MAX_BEGINNINGS) {
		(void)sqlite3_reset(stmt);
		(void)sqlite3_bind_text(stmt, 1, from, -1, SQLITE_TRANSIENT);
		err = cf_db_step(&row, index, stmt);
		row = row && cf_starts(cf_db_text(stmt, 0), text);
		if (err || !row)
			break;
		if (strlen(cf_db_text(stmt, 0)) <= LONGEST || ++steps >
			CF_MAX_BEGINNINGS) {
			word->like = cf_grow(word->like, word->n_like, &cap,
				sizeof *word->like);
			word->like[word->n_like++] = as_asked(index,
				cf_db_text(stmt, 0));
		}
		free(from);
		from = cf_asprintf("%s\001", cf_db_text(stmt, 0));
	}
	(void)sqlite3_finalize(stmt);
	free(from);
	return err;
}

const struct cf_err *
cf_db_expand(struct cf_query *query, struct cf_index *index)
{
	const struct cf_err *err = NULL;

	for (size_t i = 0; i < query->n && !err; i++) {
		struct cf_query_word *word = &query->word[i];
		char *text;

		if (!word->prefix || word->like)
			continue;
		text = fold(index, word->text);
		if (text)
			err = look_up(word, index, text);
		free(text);
		/* So many that FTS5 had better do it. */
		if (word->n_like > CF_MAX_BEGINNINGS)
			while (word->n_like && word->like)
				free(word->like[--word->n_like]);
	}
	return err;
}
