#ifndef CF_WORDDIFF_H
#define CF_WORDDIFF_H

/*
 * What became of a text, word by word: "We meet [-twice-] {+once+} a week." Long
 * stretches that are the same are left out, with an ellipsis. Lines stay lines.
 */

/* The caller frees. */
char *cf_word_diff(const char *before, const char *after);

/* How many of a hundred words stayed: where few did, the two are easier to read
 * one after the other. */
unsigned cf_words_kept(const char *before, const char *after);

#endif
