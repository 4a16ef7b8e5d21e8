/*
 * Numbers that were given to one person: pupils, learners, candidates, patients,
 * employees. Each has its shape, most have a check digit.
 */
#include "check/rules.h"
#include "check/token.h"

/* --- UPN: unique pupil number ------------------------------------------------ */

#define UPN 13
#define UPN_LETTERS "ABCDEFGHJKLMNPQRTUVWXYZ"	/* without I, O, S; A is 0 */

static int
upn_value(unsigned char letter)
{
	for (int i = 0; UPN_LETTERS[i]; i++)
		if (UPN_LETTERS[i] == letter)
			return i;
	return -1;
}

/* Thirteen characters from `at`, in capitals, as they stand or in groups; where
 * the last ends. 0: they have not the shape of a UPN. */
static size_t
upn_at(char out[UPN], const struct cf_text *text, size_t at)
{
	size_t end = cf_take(out, UPN, text, at);

	if (end == 0 || upn_value((unsigned char)out[0]) < 0)
		return 0;
	for (size_t i = 1; i < UPN - 1; i++)
		if (!cf_digit((unsigned char)out[i]))
			return 0;
	if (!cf_digit((unsigned char)out[UPN - 1]) &&
		upn_value((unsigned char)out[UPN - 1]) < 0)
		return 0;
	return end;
}

static bool
upn_sum_is_right(const char upn[UPN])
{
	int sum = 0;

	for (int i = 1; i < UPN; i++)
		sum += (i + 1) * (cf_digit((unsigned char)upn[i]) ?
			upn[i] - '0' : upn_value((unsigned char)upn[i]));
	return UPN_LETTERS[sum % 23] == upn[0];
}

/* Every UPN-shaped run whose letter is right, or is not. One in groups is told
 * only where its letter is right: words and numbers stand side by side. */
static void
find_upn(struct cf_probe *probe, const struct cf_text *text, bool right)
{
	char upn[UPN];

	for (size_t i = 0; i < text->n; i++) {
		size_t end;

		if (!cf_letter(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = upn_at(upn, text, i);
		if (end == 0 || (!right && end != i + UPN) ||
			upn_sum_is_right(upn) != right)
			continue;
		cf_report_text(probe, probe->rule->severity, text, i, end);
		i = end - 1;
	}
}

static void
upn_text(struct cf_probe *probe, const struct cf_text *text)
{
	find_upn(probe, text, true);
}

static void
upn_shape_text(struct cf_probe *probe, const struct cf_text *text)
{
	find_upn(probe, text, false);
}

const struct cf_rule cf_rule_upn = {
	.id = "T-UPN",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_DIGIT,
	.title = "Pupil number (UPN)",
	.found = "this is a unique pupil number (UPN)",
	.detects = "A unique pupil number, permanent or temporary: 13 "
		"characters whose check letter is right.",
	.why = "A pupil number stays with one child from school to school: "
		"whoever has it can find the child.",
	.remedy = "Delete it. Where a pupil must be told apart, \"Pupil A\" is "
		"enough.",
	.instead = "[pupil number removed]",
	.example = "The pupil (A123456789012) joined in spring.",
	.text = upn_text
};

const struct cf_rule cf_rule_upn_shape = {
	.id = "T-UPN-SHAPE",
	.severity = CF_WAIVABLE,
	.links = true,
	.needs = CF_HAS_DIGIT,
	.title = "Nearly a pupil number (UPN)",
	.found = "this has the shape of a unique pupil number (UPN)",
	.detects = "13 characters in the shape of a unique pupil number whose "
		"check letter is wrong: perhaps one with a slip in it.",
	.why = "A pupil number with one wrong character is still enough to "
		"find the child.",
	.remedy = "Delete it. If it is a code of something else, say so with "
		"the reason not-a-person.",
	.instead = "[number removed]",
	.example = "The pupil (B123456789012) joined in spring.",
	.text = upn_shape_text
};
