/*
 * The automaton: a trie of the words, numbered breadth first so that the children
 * of a node stand side by side and are found by counting bits, with links to the
 * longest suffix that is a node too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "check/automaton.h"

/* While words go in: children as a list. */
struct twig {
	uint32_t child, next;
	unsigned char symbol, kinds;
};

struct node {
	uint64_t children;	/* a bit for each symbol */
	uint32_t first;		/* the child with the lowest symbol */
	uint32_t fail;		/* the longest suffix */
	uint32_t end;		/* the longest suffix that is a word, or 0 */
	unsigned char kinds, depth;
};

struct cf_automaton {
	struct cf_secret room;
	const struct node *node;
};

/* 0: none of them; 1 and up: the symbol after it. */
static const unsigned char symbols[256] = {
	['a'] = 1, ['b'] = 2, ['c'] = 3, ['d'] = 4, ['e'] = 5, ['f'] = 6,
	['g'] = 7, ['h'] = 8, ['i'] = 9, ['j'] = 10, ['k'] = 11, ['l'] = 12,
	['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16, ['q'] = 17,
	['r'] = 18, ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22,
	['w'] = 23, ['x'] = 24, ['y'] = 25, ['z'] = 26, ['0'] = 27,
	['1'] = 28, ['2'] = 29, ['3'] = 30, ['4'] = 31, ['5'] = 32,
	['6'] = 33, ['7'] = 34, ['8'] = 35, ['9'] = 36, [' '] = 37,
	['.'] = 38
};

int
cf_symbol(unsigned char c)
{
	return symbols[c] - 1;
}

void
cf_needles_add(struct cf_needles *words, unsigned char kinds, const char *word,
	size_t n)
{
	struct cf_secret more = { 0 };

	if (n == 0 || n > CF_MAX_NEEDLE)
		return;
	if (words->used + n + 2 > words->room.n) {
		cf_secret_room(&more, words->room.n * 2 + 4096);
		if (words->used)
			memcpy(more.p, words->room.p, words->used);
		cf_secret_clear(&words->room);
		words->room = more;
	}
	words->room.p[words->used] = (char)kinds;
	words->room.p[words->used + 1] = (char)n;
	memcpy(words->room.p + words->used + 2, word, n);
	words->used += n + 2;
	words->n++;
}

void
cf_needles_clear(struct cf_needles *words)
{
	cf_secret_clear(&words->room);
	*words = (struct cf_needles){ 0 };
}

/* --- building --------------------------------------------------------------- */

static uint32_t
child_of(struct twig *twig, uint32_t *n, uint32_t at, unsigned char symbol)
{
	uint32_t *link = &twig[at].child, found;

	/* By symbol, so that they are in order later on. */
	while (*link && twig[*link].symbol < symbol)
		link = &twig[*link].next;
	found = *link;
	if (found && twig[found].symbol == symbol)
		return found;
	twig[*n] = (struct twig){ .next = *link, .symbol = symbol };
	*link = *n;
	return (*n)++;
}

/* All words into the trie; false where the bytes have another form. */
static bool
grow_trie(struct twig *twig, uint32_t *n, struct cf_str words)
{
	*n = 1;
	while (words.n) {
		const unsigned char *p = (const unsigned char *)words.p;
		size_t length = words.n < 2 ? 0 : p[1];
		uint32_t at = 0;

		if (length == 0 || words.n < length + 2)
			return false;
		for (size_t i = 0; i < length; i++) {
			int symbol = cf_symbol(p[2 + i]);

			if (symbol < 0)
				return false;
			at = child_of(twig, n, at, (unsigned char)symbol);
		}
		twig[at].kinds |= p[0];
		words = (struct cf_str){ words.p + length + 2,
			words.n - length - 2 };
	}
	return true;
}

static bool
is_gap(unsigned char symbol)
{
	return symbol >= 36;
}

/* `begins`: a word may begin here; else nothing begins from the root. */
static uint32_t
step(const struct node *node, uint32_t at, int symbol, bool begins)
{
	uint64_t bit = (uint64_t)1 << symbol;

	while (at && !(node[at].children & bit))
		at = node[at].fail;
	if (!(node[at].children & bit) || (at == 0 && !begins))
		return 0;
	return node[at].first + (uint32_t)__builtin_popcountll(
		node[at].children & (bit - 1));
}

/* Breadth first: of[i] is the twig of node i. */
static void
number_nodes(struct node *node, uint32_t *of, const struct twig *twig)
{
	uint32_t n = 1;

	for (uint32_t i = 0; i < n; i++) {
		node[i].first = n;
		node[i].kinds = twig[of[i]].kinds;
		for (uint32_t c = twig[of[i]].child; c; c = twig[c].next) {
			node[i].children |= (uint64_t)1 << twig[c].symbol;
			node[n].depth = (unsigned char)(node[i].depth + 1);
			/* Its fail link starts from its parent's. */
			node[n].fail = i;
			of[n++] = c;
		}
	}
	for (uint32_t i = 1; i < n; i++) {
		uint32_t parent = node[i].fail;

		node[i].fail = parent == 0 ? 0 : step(node, node[parent].fail,
			twig[of[i]].symbol, is_gap(twig[of[i]].symbol) ||
			is_gap(twig[of[parent]].symbol));
		node[i].end = node[node[i].fail].kinds ? node[i].fail :
			node[node[i].fail].end;
	}
}

struct cf_automaton *
cf_automaton_new(struct cf_str words)
{
	struct cf_secret twigs = { 0 }, of = { 0 };
	struct cf_automaton *a = cf_calloc(1, sizeof *a);
	uint32_t n = 0;
	bool good;

	/* A byte makes one node at the most. */
	cf_secret_room(&twigs, (words.n + 1) * sizeof(struct twig));
	good = grow_trie((void *)twigs.p, &n, words);
	if (good) {
		cf_secret_room(&a->room, n * sizeof(struct node));
		cf_secret_room(&of, n * sizeof(uint32_t));
		number_nodes((void *)a->room.p, (void *)of.p,
			(void *)twigs.p);
		a->node = (void *)a->room.p;
	}
	cf_secret_clear(&twigs);
	cf_secret_clear(&of);
	if (!good) {
		free(a);
		return NULL;
	}
	return a;
}

void
cf_automaton_free(struct cf_automaton *a)
{
	if (a == NULL)
		return;
	cf_secret_clear(&a->room);
	free(a);
}

/* --- looking ---------------------------------------------------------------- */

static bool
in_word(unsigned char c)
{
	return symbols[c] && symbols[c] <= 36;
}

void
cf_automaton_scan(const struct cf_automaton *a, const unsigned char *text,
	size_t n, cf_hit_fn *hit, void *payload)
{
	const struct node *node = a->node;
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++) {
		bool inside = i && in_word(text[i]) && in_word(text[i - 1]);

		/* What no word begins with is passed to its end. */
		if (at == 0 && inside) {
			while (i + 1 < n && in_word(text[i + 1]))
				i++;
			continue;
		}
		at = symbols[text[i]] == 0 ? 0 : step(node, at,
			symbols[text[i]] - 1, !inside);
		if (i + 1 < n && in_word(text[i]) && in_word(text[i + 1]))
			continue;	/* inside a word nothing ends */
		for (uint32_t e = node[at].kinds ? at : node[at].end; e;
			e = node[e].end)
			hit(payload, node[e].kinds, i + 1 - node[e].depth,
				i + 1);
	}
}
