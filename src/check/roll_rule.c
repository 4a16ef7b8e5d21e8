/*
 * T-ROLL: the people of the trust's own roll.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/roll.h"
#include "check/rules.h"

#define CUE_REACH 40	/* characters between a birth date and its word */

struct look {
	struct cf_probe *probe;
	const struct cf_text *text;
	const unsigned char *s;		/* in the form of words */
	const size_t *at;
	size_t n;
	size_t last;			/* end of what was reported */
};

/* --- what stands around ------------------------------------------------------ */

/* The word that ends before `from`, and where it begins; 0 where there is none
 * in the same thought. */
static size_t
word_before(const struct look *l, size_t from, size_t *begin)
{
	size_t end = from;

	if (end == 0 || l->s[end - 1] != ' ')
		return 0;
	end--;
	for (*begin = end; *begin && l->s[*begin - 1] != ' ' &&
		l->s[*begin - 1] != '.'; (*begin)--)
		;
	return end - *begin;
}

static size_t
word_after(const struct look *l, size_t to, size_t *begin)
{
	size_t end;

	if (to >= l->n || l->s[to] != ' ')
		return 0;
	*begin = to + 1;
	for (end = *begin; end < l->n && l->s[end] != ' ' && l->s[end] != '.';
		end++)
		;
	return end - *begin;
}

static bool
is_one_of(const unsigned char *word, size_t n, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == n && memcmp(word, *list, n) == 0)
			return true;
	return false;
}

/* "Mr", and "Mr." before the name. */
static bool
has_title(const struct look *l, size_t from)
{
	static const char *const titles[] = { "mr", "mrs", "ms", "miss", "mx",
		"dr", "sir", "madam", "prof", "professor", NULL };
	size_t end = from, begin;

	while (end && (l->s[end - 1] == ' ' || l->s[end - 1] == '.'))
		end--;
	for (begin = end; begin && l->s[begin - 1] != ' ' &&
		l->s[begin - 1] != '.'; begin--)
		;
	return from - end == 1 && is_one_of(l->s + begin, end - begin, titles);
}

static bool
says_something(const struct look *l, size_t from, size_t to)
{
	static const char *const verbs[] = { "said", "says", "asked", "told",
		"wrote", "replied", "explained", "commented", "felt", "thought",
		"cried", "laughed", NULL };
	size_t begin = 0, n = word_after(l, to, &begin);

	if (n && is_one_of(l->s + begin, n, verbs))
		return true;
	n = word_before(l, from, &begin);
	return n && is_one_of(l->s + begin, n, verbs);
}

/* "in Year 8", "Y8", "8B", "class", "pupil" beside it. */
static bool
has_year(const struct look *l, size_t from, size_t to)
{
	static const char *const words[] = { "year", "class", "form", "pupil",
		"student", "aged", "reception", NULL };
	size_t begin = 0, n;

	for (int i = 0; i < 3; i++) {
		n = word_after(l, to, &begin);
		if (n == 0)
			break;
		if (is_one_of(l->s + begin, n, words) || (n <= 3 && l->s[begin]
			== 'y' && n > 1 && l->s[begin + 1] <= '9'))
			return true;
		to = begin + n;
	}
	n = word_before(l, from, &begin);
	return n && is_one_of(l->s + begin, n, words);
}

static bool
has_birth_word(const struct look *l, size_t from)
{
	static const char *const words[] = { "born", "birth", "dob", "birthday",
		NULL };
	size_t start = from > CUE_REACH ? from - CUE_REACH : 0, word = start;

	for (size_t i = start; i <= from; i++) {
		if (i < from && l->s[i] != ' ' && l->s[i] != '.')
			continue;
		if (is_one_of(l->s + word, i - word, words))
			return true;
		word = i + 1;
	}
	return false;
}

static bool
is_capital(const struct look *l, size_t at)
{
	unsigned char c = at < l->n ? l->text->s[l->at[at]] : 0;

	return c >= 'A' && c <= 'Z';
}

/* A capital word beside it makes another name of it: William Shakespeare, Stephen
 * King. Words that begin sentences do not. */
static bool
follows_a_name(const struct look *l, size_t from)
{
	static const char *const openers[] = { "a", "after", "and", "as", "at",
		"because", "before", "but", "by", "for", "from", "her", "his",
		"if", "in", "later", "my", "on", "once", "our", "so", "the",
		"their", "then", "to", "today", "when", "while", "with", NULL };
	size_t begin = 0, n = word_before(l, from, &begin);

	return n > 1 && is_capital(l, begin) &&
		!is_one_of(l->s + begin, n, openers);
}

static bool
precedes_a_name(const struct look *l, size_t to)
{
	size_t begin = 0;

	return word_after(l, to, &begin) && is_capital(l, begin);
}

/* Both names of a pair begin with a capital. */
static bool
both_capital(const struct look *l, size_t from, size_t to)
{
	const unsigned char *gap = memchr(l->s + from, ' ', to - from);

	return is_capital(l, from) && gap && is_capital(l, (size_t)(gap - l->s)
		+ 1);
}

/* --- what a hit is ---------------------------------------------------------- */

static void
report(struct look *l, enum cf_severity severity, size_t from, size_t to,
	const char *words)
{
	size_t end = l->at[to - 1] + 1;

	l->last = to;
	cf_report_words(l->probe, severity, l->text, l->at[from], end, words);
}

/* Whether the first or the last word of a pair is no everyday word. */
static bool
is_uncommon(const struct look *l, size_t from, size_t to)
{
	const unsigned char *gap = memchr(l->s + from, ' ', to - from);
	size_t middle = gap ? (size_t)(gap - l->s) : to;

	return !cf_roll_common(l->s + from, middle - from) &&
		!cf_roll_common(l->s + middle + 1, to > middle ? to - middle - 1
		: 0);
}

/* A research citation may name its author. */
static bool
in_sources(const struct look *l)
{
	return strstr(l->text->path, "/sources/") != NULL;
}

static void
pair(struct look *l, unsigned kinds, size_t from, size_t to)
{
	bool capital = both_capital(l, from, to);

	if (!capital && ((kinds & CF_ROLL_PAIR) == 0 ||
		!is_uncommon(l, from, to)))
		return;
	report(l, in_sources(l) ? CF_WAIVABLE : CF_NEVER, from, to,
		"these two names together are a person of your roll");
}

static void
alone(struct look *l, unsigned kinds, size_t from, size_t to)
{
	bool common = cf_roll_common(l->s + from, to - from);
	bool title = has_title(l, from);

	if (!is_capital(l, from) || (!title && follows_a_name(l, from)))
		return;
	if (title && kinds & CF_ROLL_SURNAME)
		report(l, in_sources(l) ? CF_WAIVABLE : CF_NEVER, from, to,
			"a title, and a surname of your roll");
	else if (says_something(l, from, to))
		report(l, CF_NEVER, from, to, "somebody who says something, "
			"with a name of your roll");
	else if (has_year(l, from, to))
		report(l, common ? CF_WAIVABLE : CF_NEVER, from, to, "a name of "
			"your roll beside a class or year group");
	else if (!common && kinds & CF_ROLL_FORENAME &&
		!precedes_a_name(l, to))
		report(l, CF_WAIVABLE, from, to, "a name of your roll");
}

static void
hit(void *payload, unsigned kinds, size_t from, size_t to)
{
	struct look *l = payload;

	if (kinds & CF_ROLL_NUMBER)
		report(l, CF_NEVER, from, to, "a number of your roll");
	else if (kinds & CF_ROLL_MAILBOX)
		report(l, CF_NEVER, from, to, "a mailbox of a person of your "
			"roll");
	else if (kinds & CF_ROLL_POSTCODE)
		report(l, CF_NEVER, from, to, "a postcode of your roll");
	else if (kinds & CF_ROLL_BIRTH)
		report(l, has_birth_word(l, from) ? CF_NEVER : CF_WAIVABLE, from,
			to, "a birth date of your roll");
	else if (kinds & (CF_ROLL_PAIR | CF_ROLL_TURNED))
		pair(l, kinds, from, to);
	else if (to > l->last)
		alone(l, kinds, from, to);
}

static void
roll_text(struct cf_probe *probe, const struct cf_text *text)
{
	struct cf_normal form = { cf_malloc(text->n + 1), NULL, 0 };
	struct look look = { .probe = probe, .text = text };

	if (probe->with->roll) {
		form.at = cf_calloc(text->n + 1, sizeof *form.at);
		cf_roll_normal(&form, text->l, text->n);
		look.s = form.text;
		look.at = form.at;
		look.n = form.n;
		cf_automaton_scan(probe->with->roll, form.text, form.n, hit,
			&look);
	}
	free(form.text);
	free(form.at);
}

static void
roll_record(struct cf_probe *probe)
{
	if (probe->with->roll == NULL)
		cf_not_run(probe, probe->with->no_roll ? probe->with->no_roll :
			"there is no roll here: 'confer roll import FILE' takes "
			"one from your information system");
}

const struct cf_rule cf_rule_roll = {
	.id = "T-ROLL",
	.severity = CF_NEVER,
	.local = true,
	.links = true,
	.needs = CF_HAS_LETTER | CF_HAS_DIGIT,
	.title = "Person of your own roll",
	.found = "a person of your roll",
	.detects = "Names, numbers, birth dates, postcodes and mailboxes of the "
		"people whom 'confer roll import' took in. Forename and surname "
		"together, a surname after a title, a name beside a class or a "
		"verb of saying; a name by itself, where it is no everyday word, "
		"needs a reason.",
	.why = "This child or colleague is at one of your schools, and everybody "
		"there will know who is meant.",
	.remedy = "Delete it. Where people must be told apart, write \"Pupil "
		"A\", \"Pupil B\" in the order of the text.",
	.instead = "[name removed]",
	.example = "The name of a pupil on your roll",
	.text = roll_text,
	.record = roll_record
};
