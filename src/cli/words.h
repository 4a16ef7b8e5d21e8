#ifndef CF_WORDS_H
#define CF_WORDS_H

/*
 * Words for people: plurals, counts, dates, short names of keys. A result is a
 * small struct, so that it can stand in a call: put("%s", cf_count(3,
 * "finding").text). Nothing here is safe to show until the page has cleaned it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct word {
	char text[96];
};

/* "finding" or "findings"; "practice", "synthesis", "enquiry" come out right. */
struct word cf_plural(unsigned long long n, const char *noun);
/* "1 finding", "3 findings", "12,000 findings", "no findings". */
struct word cf_count(unsigned long long n, const char *noun);
/* "One finding", "Three findings"; digits above ten. Begins a sentence. */
struct word cf_count_spelt(unsigned long long n, const char *noun);

/* "512 bytes", "34 KB", "1.2 MB", in thousands. */
struct word cf_bytes(unsigned long long n);

/* "1 May 2026" of a time or date as records have it; other text as it is. */
struct word cf_date(const char *time);
/* "1 May 2026", "22 Nov 2026": for tables. */
struct word cf_date_short(const char *time);
/* "today", "yesterday", "in 3 days", "3 days ago", else the date. */
struct word cf_when(const char *time, int64_t now);

/* "z6MkhaXgBZ…" of did:key:z6Mk…, "zQmYtUc4iT…" of a trust id. */
struct word cf_short_key(const char *key);
/* The first ten characters of a commit. */
struct word cf_short_commit(const char *commit);

/* The next of a list of n to `out`: "a", then ", b", then " and c". */
void cf_join(struct cf_buf *out, size_t index, size_t n, const char *item);

/* A path as it is called from the current folder; borrowed from `path`. */
const char *cf_from_here(const char *path);

/* A sentence: begins with a capital letter, ends in a full stop. The caller
 * frees. */
char *cf_sentence(const char *text);

/* "when_weeks" and "whenWeeks" as "When weeks". The caller frees. */
char *cf_spaced(const char *name);

#endif
