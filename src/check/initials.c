/*
 * Initials of pupils.
 */
#include <string.h>

#include "check/phrase.h"
#include "check/rules.h"

/* How far the next word is from the end of this one. */
static size_t
gap(const struct cf_text *text, size_t i)
{
	return i + 1 < text->words->n ? word(text, i + 1)->from -
		word(text, i)->to : SIZE_MAX;
}

static size_t
length(const struct cf_text *text, size_t i)
{
	return i < text->words->n ? word(text, i)->to - word(text, i)->from : 0;
}

#define NO_INITIALS "|cp|it|pe|re|rs|tv|uk|us|eu|ks|pp|ta|tas|la|ai|dt|cd|pc|id|" \
	"ed|hr|qa|ok|am|pm|ps|iq|ef|fs|me|we|no|mr|ms|dr|as|a|i|sen|eal|fsm|"

/* J.S. or J.S; the number of letters, and where it ends. */
static size_t
dotted(size_t *end, const struct cf_text *text, size_t i)
{
	size_t n = 0;

	while (i + 1 < text->n && cf_upper(text->s[i]) && text->s[i + 1] ==
		'.') {
		n++;
		i += 2;
		if (i < text->n && text->s[i] == ' ' && i + 2 < text->n &&
			cf_upper(text->s[i + 1]) && text->s[i + 2] == '.')
			i++;
	}
	if (n == 1 && i < text->n && cf_upper(text->s[i]) &&
		cf_ends_token(text, i + 1)) {
		n++;
		i++;
	}
	*end = i;
	return n;
}

/* The word right before is a pupil; or a year group stands right behind. */
static bool
is_pupil_before(const struct cf_text *text, size_t i)
{
	return i && is(text, i - 1, W_PUPIL) && gap(text, i - 1) <= 2;
}

/* "student J S": two capitals with a space between. */
static bool
spaced(const struct cf_text *text, size_t i)
{
	return length(text, i) == 1 && length(text, i + 1) == 1 &&
		word(text, i)->shape == CF_CAPITAL && word(text, i + 1)->shape
		== CF_CAPITAL && gap(text, i) == 1 && is_pupil_before(text, i);
}

static bool
year_behind(const struct cf_text *text, size_t end)
{
	size_t last = end + 14 < text->n ? end + 14 : text->n;
	struct cf_text rest = { .s = text->s + end, .l = text->l + end,
		.n = last - end, .member = "" };

	if (last > end + 3 && memcmp(text->s + end, " (", 2) == 0 &&
		((cf_digit(text->s[end + 2]) && !(last > end + 4 &&
		cf_digit(text->s[end + 3]) && cf_digit(text->s[end + 4]))) ||
		(text->l[end + 2] == 'y' && cf_digit(text->s[end + 3]))))
		return true;	/* (7B), (Y5 */
	return cf_near_words(&rest, 0, 0, "|year|yr|in year|aged|reception|");
}

static void
initials_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->words->n; i++) {
		const struct cf_word *w = word(text, i);
		size_t end = w->to, n = 0;

		if (w->shape == CF_CAPITAL && length(text, i) == 1)
			n = dotted(&end, text, w->from);
		if (n < 2 && spaced(text, i)) {
			n = 2;
			end = word(text, i + 1)->to;
		}
		else if (w->shape == CF_CAPITALS && length(text, i) == 2 &&
			!text->words->capitals && !cf_is_word(text->l + w->from, 2,
			NO_INITIALS))
			n = 2;
		if (n < 2 || n > 3 || (!is_pupil_before(text, i) &&
			!year_behind(text, end)))
			continue;
		if (i && is(text, i - 1, W_LABEL))
			continue;
		cf_report_text(probe, CF_WAIVABLE, text, w->from, end);
		while (i + 1 < text->words->n && word(text, i + 1)->from < end)
			i++;
	}
}

const struct cf_rule cf_rule_initials = {
	.id = "T-INITIALS",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_UPPER,
	.title = "Initials of a pupil",
	.found = "these look like the initials of a pupil",
	.detects = "Two or three initials right after \"pupil\", \"student\" "
		"and the like, or right before a year group. Abbreviations "
		"such as SEN and composers are left alone.",
	.why = "In one class, two initials are a name.",
	.remedy = "Write \"Pupil A\", \"Pupil B\", in the order of the text.",
	.instead = "A",
	.example = "Pupil J.S. was excluded twice.",
	.text = initials_text
};
