/*
 * Numbers of pupils and candidates that end or begin in a check letter.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"

/* --- UPN: unique pupil number -------------------------------------------- */

#define UPN 13
#define UPN_LETTERS "ABCDEFGHJKLMNPQRTUVWXYZ"	/* without I, O, S; A is 0 */

static int
upn_value(unsigned char letter)
{
	for (int i = 0; UPN_LETTERS[i]; i++)
		if ((unsigned char)UPN_LETTERS[i] == letter)
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

	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
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
	.digits = UPN - 2,
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
	.digits = UPN - 2,
	.title = "Nearly a pupil number (UPN)",
	.found = "this has the shape of a unique pupil number (UPN)",
	.detects = "13 characters in the shape of a unique pupil number whose "
		"check letter is wrong: perhaps one with a slip in it.",
	.why = "A pupil number with one wrong character is still enough to "
		"find the child.",
	.remedy = "Delete it.",
	.instead = "[number removed]",
	.example = "The pupil (B123456789012) joined in spring.",
	.text = upn_shape_text
};

/* --- UCI: unique candidate identifier of examinations -------------------- */

#define UCI 13
#define UCI_LETTERS "ABCDEFGHKLMRTVWXY"
#define UCI_WORDS "|uci|candidate|candidates|exam|exams|examination|centre|" \
	"entry|entries|"

static size_t
uci_at(char uci[UCI], const struct cf_text *text, size_t at)
{
	size_t end = cf_take(uci, UCI, text, at);
	int sum = 0;

	if (end == 0 || !cf_upper((unsigned char)uci[UCI - 1]))
		return 0;
	for (int i = 0; i < UCI - 1; i++) {
		unsigned char c = (unsigned char)uci[i];

		if (cf_digit(c))
			sum += (16 - i) * (c - '0');
		else if (i == 5 && strchr("ABCEG", c))
			sum += (16 - i) * (c - 'A' + 1);
		else
			return 0;
	}
	return UCI_LETTERS[sum % 17] == uci[UCI - 1] ? end : 0;
}

static void
uci_text(struct cf_probe *probe, const struct cf_text *text)
{
	char uci[UCI];

	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_digit(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = uci_at(uci, text, i);
		if (end == 0 || (end != i + UCI &&
			!cf_near_words(text, i, end, UCI_WORDS)))
			continue;
		cf_report_text(probe, cf_near_words(text, i, end, UCI_WORDS) ?
			CF_NEVER : CF_WAIVABLE, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_uci = {
	.id = "T-UCI",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_DIGIT,
	.digits = UCI - 2,
	.title = "Candidate number (UCI)",
	.found = "this is a unique candidate identifier (UCI)",
	.detects = "A unique candidate identifier of the examination boards: "
		"13 characters whose check letter is right. Without a word "
		"such as \"candidate\" beside it, a reason may be given.",
	.why = "A candidate number leads to the name, centre and results of "
		"one young person.",
	.remedy = "Delete it. \"One candidate\" is enough.",
	.instead = "[candidate number removed]",
	.example = "The candidate (UCI 999990140001B) sat both papers.",
	.text = uci_text
};
