/*
 * What is told of somebody's family.
 */
#include "check/phrase.h"
#include "check/rules.h"

/* "mother tongue", "Mother's Day", "parent company". */
static bool
is_saying(const struct cf_text *text, size_t i)
{
	static const char *const after[] = { "tongue", "tongues", "day",
		"nature", "christmas", "figure", "school" };

	for (size_t k = 0; k < sizeof after / sizeof *after; k++)
		if (cf_word_equals(text, i + 1, after[k]))
			return true;
	return false;
}

/* "his twin sister", "a boy's mother", "my dad". */
static bool
is_somebodys(const struct cf_text *text, size_t i)
{
	for (size_t k = 1; k <= 2 && k <= i; k++) {
		if (word(text, i - k)->ends)
			return false;
		if (k == 1 && cf_word_equals(text, i, "twins") && is_one_of(text,
			i - 1, "|the|two|our|a|of|"))
			return true;
		if (cf_word_equals(text, i - k, "whose") && is(text, i,
			W_KIN) && !is(text, i, W_PARENTS))
			return true;
		if (is(text, i - k, W_WHOSE) || (is(text, i - k, W_PUPIL |
			W_ANY_FORENAME) && is_possessive(text, i - k) &&
			!cf_word_equals(text, i - k - 1, "each")))
			return true;
		if (cf_word_equals(text, i - k, "their") && is(text, i,
			W_KIN) && !is(text, i, W_PARENTS))
			return true;
	}
	return false;
}

/* "He is a twin." */
static bool
is_a_twin(const struct cf_text *text, size_t i)
{
	return i > 1 && is_one_of(text, i, "|twin|triplet|") && is_one_of(text,
		i - 1, "|a|one|") && is_one_of(text, i - 2, "|is|was|being|");
}

/* "Mum is a teaching assistant": no article stands before, so it is one child's. */
static bool
is_mum(const struct cf_text *text, size_t i)
{
	return is_one_of(text, i, "|mum|dad|mam|mummy|daddy|nan|nana|") && (i ==
		0 || word(text, i - 1)->ends || is_one_of(text, i - 1, "|and|"
		"but|when|because|as|while|after|since|that|")) &&
		!word(text, i)->ends && is_one_of(text, i + 1, "|is|was|has|"
		"had|works|worked|came|comes|said|told|drinks|does|did|says|");
}

/* What happened to a family, near the one who is named. */
static size_t
circumstance(const struct cf_text *text, size_t i)
{
	if (cf_word_equals(text, i + 1, "lost") && !word(text, i)->ends &&
		!cf_beside_words(text, word(text, i)->from, word(text, i)->to,
		"|story|novel|poem|play|book|text|film|character|") &&
		is_one_of(text, i + 2, "|her|his|their|") && is_one_of(text,
		i + 3, "|job|jobs|home|house|licence|work|"))
		return i + 3;
	return word(text, i)->ends ? text->words->n :
		cf_word_after(text->words, i + 1, 5, W_CIRCUMSTANCE);
}

/* "parents are divorced", but not "parents' views are split". */
static bool
of_parents(const struct cf_text *text, size_t i)
{
	const struct cf_word *w = word(text, i);

	return is(text, i, W_PARENTS) && (w->to >= text->n ||
		text->s[w->to] != '\'') && i && (is(text, i - 1, W_WHOSE) ||
		(is(text, i - 1, W_PUPIL) && is_possessive(text, i - 1) &&
		circumstance(text, i) < text->words->n));
}

/* "she was adopted", "the boy had been taken into care", "the family were
 * evicted", "he came after a placement with foster carers": the last word of what
 * befell a child at home, or n. */
static size_t
befell(const struct cf_text *text, size_t i)
{
	bool family = cf_word_equals(text, i, "family");
	size_t k = i + 1, last;

	if ((!family && !is_one_of(text, i, "|he|she|") && !is(text, i,
		W_PUPIL)) || word(text, i)->ends)
		return text->words->n;
	if (is_one_of(text, k, "|was|were|is|are|had|has|lost|fled|split|") &&
		!word(text, k)->ends) {
		last = cf_word_after(text->words, k + 1, 3, W_CIRCUMSTANCE);
		if (family && last < text->words->n)
			return last;
		for (k++; !family && k <= i + 4 && k < text->words->n; k++)
			if (is_one_of(text, k, "|adopted|fostered|orphaned|"
				"evicted|bereaved|homeless|") ||
				(cf_word_equals(text, k, "care") &&
				is_one_of(text, k - 1, "|in|into|")))
				return k;
			else if (word(text, k)->ends)
				break;
	}
	for (k = i + 1; !family && k < i + 10 && k + 1 < text->words->n &&
		!word(text, k)->ends; k++)
		if (is_one_of(text, k, "|foster|adoptive|kinship|") &&
			is_one_of(text, k + 1, "|carer|carers|parents|family|"
			"mum|dad|placement|home|"))
			return k + 1;
	return text->words->n;
}

static void
kin_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		size_t last = befell(text, i), what, from = i;

		if (last < text->words->n) {
			cf_report_text(probe, CF_WAIVABLE, text, word(text,
				i)->from, word(text, last)->to);
			i = last;
			continue;
		}
		last = i;
		if ((!is(text, i, W_KIN) && !of_parents(text, i) &&
			!(i && is(text, i, W_PARENTS) && cf_word_equals(text,
			i - 1, "whose"))) ||
			is_saying(text, i))
			continue;
		what = circumstance(text, i);
		if (!is_somebodys(text, i) && !of_parents(text, i) &&
			!is_a_twin(text, i) && !is_mum(text, i) &&
			what == text->words->n)
			continue;
		if (what < text->words->n)
			last = what;
		while (is(text, last + 1, W_KIN) && !word(text, last)->ends)
			last++;
		if (i && !word(text, i - 1)->ends)
			from = i - 1;
		cf_report_text(probe, CF_WAIVABLE, text,
			word(text, from)->from, word(text, last)->to);
		i = last;
	}
}

const struct cf_rule cf_rule_kin = {
	.id = "T-KIN",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.kinds = W_KIN | W_PARENTS | W_CARE | W_CIRCUMSTANCE,
	.title = "Somebody's family",
	.found = "this tells of somebody's family",
	.detects = "A relation of one person (\"his twin sister\"), or what "
		"happened in a family. Parents of a whole group, and events "
		"such as parents' evening, are left alone.",
	.why = "What happens in a family is known in the street, and so then "
		"is the child.",
	.remedy = "Leave it out.",
	.example = "He sat with his twin sister in the same class.",
	.text = kin_text
};
