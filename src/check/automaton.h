#ifndef CF_AUTOMATON_H
#define CF_AUTOMATON_H

/*
 * Looking for very many words at once: Aho and Corasick's automaton, in memory
 * that no core dump and no swap gets to see. Time is linear in the text, whatever
 * the words are.
 */
#include <stddef.h>
#include <stdint.h>

#include "sign/sign.h"

/* The characters of words and texts: a to z, 0 to 9, space, and a full stop for
 * all else. */
int cf_symbol(unsigned char c);		/* -1: none of them */

struct cf_automaton;

/* Words are collected first: each with bits that say what it is. */
struct cf_needles {
	struct cf_secret room;
	size_t used;
	size_t n;
};
void cf_needles_add(struct cf_needles *words, unsigned char kinds, const char *word,
	size_t n);
void cf_needles_clear(struct cf_needles *words);

/* Of words as cf_needles holds them; NULL where the bytes have another form. */
struct cf_automaton *cf_automaton_new(struct cf_str words);
void cf_automaton_free(struct cf_automaton *a);

/* Every occurrence of a word that begins and ends where words do. */
typedef void cf_hit_fn(void *payload, unsigned kinds, size_t from, size_t to);
void cf_automaton_scan(const struct cf_automaton *a, const unsigned char *text,
	size_t n, cf_hit_fn *hit, void *payload);

#endif
