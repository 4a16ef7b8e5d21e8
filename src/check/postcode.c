/*
 * Postcodes, whole and in part.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

/* The 124 areas, and BF and BX, which belong to no place. */
#define AREAS "|ab|al|b|ba|bb|bd|bf|bh|bl|bn|br|bs|bt|bx|ca|cb|cf|ch|cm|co|cr|" \
	"ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|e|ec|eh|en|ex|fk|fy|g|gl|gu|gy|" \
	"ha|hd|hg|hp|hr|hs|hu|hx|ig|im|ip|iv|ka|je|kt|kw|ky|l|la|ld|le|ll|ln|" \
	"ls|lu|m|me|mk|ml|n|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|" \
	"rm|s|sa|se|sg|sk|sl|sm|sn|so|sp|sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|" \
	"tw|ub|w|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze|"

#define PLACE_WORDS "|live|lives|living|lived|postcode|postcodes|families|" \
	"post code|family|area|areas|estate|ward|catchment|neighbourhood|" \
	"streets|" \
	"households|households|addresses|home|homes|reside|residents|"
#define LABELS "|ks|key stage|set|sets|group|groups|class|classes|year|room|" \
	"unit|cohort|band|lesson|week|form|team|table|stage|phase|band|" \
	"grade|level|tier|block|"

/* The outward half from `at`: area, digit, a digit or letter more. Where it
 * ends, or 0. */
static size_t
outward_at(const struct cf_text *text, size_t at)
{
	size_t i = at;

	while (i < text->n && i - at < 3 && text->l[i] >= 'a' &&
		text->l[i] <= 'z')
		i++;
	if (i == at || i >= text->n || !cf_digit(text->s[i]) ||
		!cf_is_word(text->l + at, i - at, AREAS))
		return 0;
	return i + 1;
}

/* The inward half: a digit and two letters of which none looks like another.
 * "2nd" and "5th" are no such thing. */
static bool
is_inward(const struct cf_text *text, size_t at)
{
	unsigned char a, b;

	if (at + 3 > text->n || !cf_digit(text->s[at]) ||
		!cf_ends_token(text, at + 3))
		return false;
	a = text->l[at + 1];
	b = text->l[at + 2];
	if (!cf_lower(a) || !cf_lower(b) || strchr("cikmov", a) ||
		strchr("cikmov", b))
		return false;
	return !(cf_lower(text->s[at + 1]) && cf_lower(text->s[at + 2]) &&
		cf_is_word(text->l + at + 1, 2, "|st|nd|rd|th|"));
}

/* Where the inward half begins after a space, or at once. */
static size_t
skip_space(const struct cf_text *text, size_t at)
{
	size_t from = at;

	while (at < text->n && at < from + 2 && (cf_space(text->s[at]) ||
		text->s[at] == '-'))
		at++;
	return at;
}

static size_t
postcode_at(const struct cf_text *text, size_t at)
{
	size_t half = outward_at(text, at), inward;

	if (at + 3 < text->n && memcmp(text->l + at, "gir", 3) == 0) {
		inward = skip_space(text, at + 3);
		return inward + 3 <= text->n && memcmp(text->l + inward, "0aa",
			3) == 0 && cf_ends_token(text, inward + 3) ?
			inward + 3 : 0;
	}
	if (half == 0)
		return 0;
	/* One more digit or letter may belong to the outward half. */
	if (half < text->n && (cf_digit(text->s[half]) ||
		(cf_lower(text->l[half]) &&
		!strchr("ilqoz", text->l[half])))) {
		inward = skip_space(text, half + 1);
		if (is_inward(text, inward))
			return inward + 3;
	}
	inward = skip_space(text, half);
	return is_inward(text, inward) ? inward + 3 : 0;
}

/* "Set L1 2ND", "KS2 3RD": the word before says that it is no place. */
static bool
is_label(const struct cf_text *text, size_t at)
{
	size_t end = at, from;

	while (end && cf_space(text->s[end - 1]))
		end--;
	from = end;
	while (from && cf_letter(text->s[from - 1]))
		from--;
	return from < end && cf_is_word(text->l + from, end - from, LABELS);
}

static void
postcode_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_letter(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = postcode_at(text, i);
		if (end == 0 || (is_label(text, i) &&
			!cf_near_words(text, i, end, "|postcode|")))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_postcode = {
	.id = "T-POSTCODE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.title = "Postcode",
	.found = "this is a postcode",
	.detects = "A whole British postcode, with or without its space.",
	.why = "A postcode stands for some fifteen homes: with an age it is "
		"often one child.",
	.remedy = "Delete it, or name the region.",
	.instead = "[postcode removed]",
	.example = "Most of the group live in EH1 2NG.",
	.text = postcode_text
};

/* --- a part of one ------------------------------------------------------- */

/* "NE69 7", or "NE69" alone beside a word for places. */
static size_t
part_at(const struct cf_text *text, size_t at)
{
	size_t end = outward_at(text, at);

	if (end == 0)
		return 0;
	if (end < text->n && cf_alnum(text->s[end]) && !cf_ends_token(text,
		end))
		end++;
	if (!cf_ends_token(text, end))
		return 0;
	if (end + 1 < text->n && text->s[end] == ' ' &&
		cf_digit(text->s[end + 1]) && cf_ends_token(text, end + 2))
		return end + 2;
	return end;
}

static void
part_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_upper(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = part_at(text, i);
		if (end == 0 || is_label(text, i) || cf_is_found(probe, text, i, end) ||
			postcode_at(text, i) ||
			!cf_near_words(text, i, end, PLACE_WORDS))
			continue;
		/* "the B1 group": a short one needs more than a place */
		if (end - i == 2 && !cf_near_words(text, i, end,
			"|postcode|postcodes|live|lives|living|lived|"))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_postcode_part = {
	.id = "T-POSTCODE-PART",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.title = "Part of a postcode",
	.found = "this is a part of a postcode",
	.detects = "The first half of a postcode, or a sector such as NE69 7, "
		"beside a word such as \"live\". Names of sets and groups are "
		"left alone.",
	.why = "A part of a postcode narrows a group down to some streets, "
		"where neighbours know each child.",
	.remedy = "Name the region instead.",
	.instead = "[area removed]",
	.example = "Most families live in NE69 7.",
	.text = part_text
};
