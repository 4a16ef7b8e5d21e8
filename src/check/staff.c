/*
 * Numbers that the state gives to adults and that drive cars: national
 * insurance, teachers, passports, driving licences, registrations.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"

/* --- NINO: national insurance number ------------------------------------- */

#define NINO 9
#define FIRST_LETTERS "ABCEGHJKLMNOPRSTWXYZ"
#define SECOND_LETTERS "ABCEGHJKLMNPRSTWXYZ"
#define NINO_WORDS "|ni|nino|national insurance|ni number|paye|payroll|hmrc|"
#define TEMP_WORDS "|ni|nino|national insurance|paye|payroll|temp|temporary|" \
	"trn|number is|reference|hmrc|"

enum nino { NOT_NINO, NINO_VALID, NINO_KEPT, NINO_TEMPORARY };

static bool
is_among(char c, const char *letters)
{
	return c && strchr(letters, c);
}

static bool
never_issued(const char *prefix)
{
	static const char *const bad[] = { "BG", "GB", "KN", "NK", "NT", "TN",
		"ZZ" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (memcmp(prefix, bad[i], 2) == 0)
			return true;
	return false;
}

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!cf_digit((unsigned char)s[i]))
			return false;
	return true;
}

/* What payroll data holds besides: prefix letter Q, suffixes F, M, U. */
static enum nino
nino_kind(const char s[NINO])
{
	bool first = is_among(s[0], FIRST_LETTERS);

	if (!is_among(s[1], SECOND_LETTERS "Q") || !all_digits(s + 2, 6) ||
		never_issued(s) || memcmp(s, "QQ123456C", NINO) == 0)
		return NOT_NINO;
	if (first && s[1] != 'Q' && is_among(s[8], "ABCD"))
		return NINO_VALID;
	if ((first || s[0] == 'Q') && (s[1] != 'Q' || s[0] == 'Q') &&
		is_among(s[8], "ABCDFMU"))
		return NINO_KEPT;
	return NOT_NINO;
}

/* "by 10 15 20 a day": little words before small numbers are no prefix. */
static bool
is_little_word(const struct cf_text *text, size_t at)
{
	static const char *const words[] = { "by", "my", "we", "he", "me",
		"be", "am", "as", "at", "an", "pm", "ex", "la", "ca" };

	if (!cf_lower(text->s[at]) || cf_alnum(text->s[at + 2]))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memcmp(text->s + at, words[i], 2) == 0)
			return true;
	return false;
}

static enum nino
nino_at(size_t *end, const struct cf_text *text, size_t at)
{
	char s[NINO];
	enum nino kind;

	*end = cf_take(s, 8, text, at);
	if (*end && all_digits(s, 2) && cf_upper((unsigned char)s[2]) &&
		all_digits(s + 3, 5) && cf_near_words(text, at, *end,
		TEMP_WORDS))
		return NINO_TEMPORARY;
	*end = cf_take(s, NINO, text, at);
	kind = *end ? nino_kind(s) : NOT_NINO;
	if (kind == NINO_KEPT && !cf_near_words(text, at, *end, NINO_WORDS))
		return NOT_NINO;
	if (kind != NOT_NINO && is_little_word(text, at) &&
		!cf_near_words(text, at, *end, NINO_WORDS))
		return NOT_NINO;
	return kind;
}

static void
nino_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		enum nino kind;
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		kind = nino_at(&end, text, i);
		if (kind == NOT_NINO)
			continue;
		cf_report_text(probe, kind == NINO_VALID ? CF_NEVER :
			CF_WAIVABLE, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_nino = {
	.id = "T-NINO",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_DIGIT,
	.digits = 6,
	.title = "National Insurance number",
	.found = "this is a National Insurance number",
	.detects = "A National Insurance number, with or without spaces. "
		"Temporary numbers and those that only payrolls use need a "
		"word such as \"NI\" beside them. The public example "
		"QQ 12 34 56 C is left alone.",
	.why = "It is all that somebody needs, with a name, to pass for a "
		"member of staff or a parent of a child.",
	.remedy = "Delete it.",
	.instead = "[number removed]",
	.example = "Her NI number is CS 10 07 00 A.",
	.text = nino_text
};

/* --- TRN: teacher reference number --------------------------------------- */

#define TRN 7
#define TRN_WORDS "|trn|teacher ref|teacher reference|teacher number|" \
	"teacher reference number|dfe teacher|qts number|"

/* 1234567, 12/34567, RP99/12345. */
static size_t
trn_at(const struct cf_text *text, size_t at)
{
	size_t i = at, n = 0, noughts = 0;

	if (text->l[i] == 'r' && i + 1 < text->n && text->l[i + 1] == 'p')
		i += 2;
	while (i < text->n && n < TRN) {
		if (cf_digit(text->s[i])) {
			noughts += text->s[i] == '0';
			n++;
		} else if (n == 0 || (text->s[i] != '/' &&
			text->s[i] != ' ' && text->s[i] != '-') ||
			i + 1 >= text->n || !cf_digit(text->s[i + 1])) {
			return 0;
		}
		i++;
	}
	return n == TRN && noughts < TRN && cf_ends_token(text, i) ? i : 0;
}

static void
trn_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = trn_at(text, i);
		if (end == 0 || !cf_near_words(text, i, end, TRN_WORDS))
			continue;
		cf_report_text(probe, CF_NEVER, text, i, end);
		i = end - 1;
	}
}

const struct cf_rule cf_rule_trn = {
	.id = "T-TRN",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.digits = TRN,
	.title = "Teacher number (TRN)",
	.found = "this is a teacher reference number (TRN)",
	.detects = "Seven digits beside \"TRN\", \"teacher ref\" or the like.",
	.why = "A teacher number names one colleague, and through the "
		"colleague the class and its children.",
	.remedy = "Delete it. \"A teacher\" is enough.",
	.instead = "[teacher number removed]",
	.example = "The mentor (teacher ref 12/34567) led the sessions.",
	.text = trn_text
};

/* --- passports and driving licences -------------------------------------- */

#define LICENCE 16
#define PASSPORT_WORDS "|passport|passports|passport number|passport no|" \
	"travel document|brp|"

static int
two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

/* MORGA 657054 SM 9 IJ: name, birth date (50 more in the month for women),
 * initials. */
static bool
is_licence(const char s[LICENCE])
{
	bool padded = false;
	int month, day;

	for (int i = 0; i < 5; i++) {
		if (s[i] == '9')
			padded = true;
		else if (padded || !cf_upper((unsigned char)s[i]))
			return false;
	}
	if (s[0] == '9' || !all_digits(s + 5, 6) ||
		!cf_upper((unsigned char)s[11]) ||
		(!cf_upper((unsigned char)s[12]) && s[12] != '9') ||
		!cf_digit((unsigned char)s[13]) ||
		!cf_upper((unsigned char)s[14]) ||
		!cf_upper((unsigned char)s[15]))
		return false;
	month = two(s + 6) % 50;
	day = two(s + 8);
	return two(s + 6) < 63 && month >= 1 && month <= 12 && day >= 1 &&
		day <= 31;
}

/* Two letters at most and six digits at least, eight to ten in all. */
static size_t
passport_at(const struct cf_text *text, size_t at)
{
	size_t i = at, letters = 0, digits = 0;

	while (i < text->n && letters < 3 && cf_letter(text->s[i])) {
		letters++;
		i++;
	}
	while (i < text->n && cf_digit(text->s[i])) {
		digits++;
		i++;
	}
	return letters < 3 && digits >= 6 && letters + digits >= 8 &&
		letters + digits <= 10 && cf_ends_token(text, i) ? i : 0;
}

/* "passport no 123 456 789". */
static size_t
spaced_passport(const struct cf_text *text, size_t at)
{
	char s[9];
	size_t end = cf_take(s, 9, text, at);

	return end && all_digits(s, 9) && cf_near_words(text, at, end,
		"|passport no|passport number|") ? end : 0;
}

static void
iddoc_text(struct cf_probe *probe, const struct cf_text *text)
{
	char s[LICENCE];

	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_alnum(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = cf_take(s, LICENCE, text, i);
		if (end && !is_licence(s))
			end = 0;
		if (end == 0) {
			end = passport_at(text, i);
			if (end && !cf_near_words(text, i, end,
				PASSPORT_WORDS))
				end = 0;
			if (end == 0)
				end = spaced_passport(text, i);
		}
		if (end) {
			cf_report_text(probe, CF_NEVER, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_iddoc = {
	.id = "T-IDDOC",
	.severity = CF_NEVER,
	.needs = CF_HAS_DIGIT,
	.digits = 6,
	.title = "Passport or driving licence",
	.found = "this is the number of a passport or a driving licence",
	.detects = "The number of a driving licence, known by its build, or a "
		"number beside the word \"passport\".",
	.why = "It is a key to one person's identity; a driving licence spells "
		"out name and birth date.",
	.remedy = "Delete it.",
	.instead = "[number removed]",
	.example = "My passport number is CD7654321.",
	.text = iddoc_text
};

/* --- cars ---------------------------------------------------------------- */

#define CAR_WORDS "|car|cars|reg|registration|vehicle|vehicles|plate|plates|" \
	"number plate|minibus|van|taxi|parked|parking|driver|drives|"

static bool
letters_only(const char *s, size_t n, const char *but)
{
	for (size_t i = 0; i < n; i++)
		if (!cf_upper((unsigned char)s[i]) || strchr(but, s[i]))
			return false;
	return true;
}

/* AB51 ABC since 2001, A123 BCD and ABC 123A before. */
static size_t
plate_at(const struct cf_text *text, size_t at)
{
	char s[7];
	size_t end = cf_take(s, 7, text, at);
	int age;

	if (end == 0)
		return 0;
	if (letters_only(s, 2, "IQZ") && all_digits(s + 2, 2) &&
		letters_only(s + 4, 3, "IQ")) {
		age = two(s + 2);
		return (age >= 2 && age <= 29) || (age >= 51 && age <= 79) ?
			end : 0;
	}
	if (letters_only(s, 1, "IOQUZ") && all_digits(s + 1, 3) &&
		letters_only(s + 4, 3, "IQZ"))
		return end;
	return letters_only(s, 3, "IQZ") && all_digits(s + 3, 3) &&
		letters_only(s + 6, 1, "IOQUZ") ? end : 0;
}

static void
vehicle_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end;

		if (!cf_letter(text->s[i]) || !cf_starts_token(text, i))
			continue;
		end = plate_at(text, i);
		if (end && cf_near_words(text, i, end, CAR_WORDS)) {
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_vehicle = {
	.id = "T-VEHICLE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.digits = 2,
	.title = "Registration of a vehicle",
	.found = "this looks like the registration of a vehicle",
	.detects = "A British registration beside a word such as \"car\" or "
		"\"plate\".",
	.why = "Whoever knows the car at the school gate knows the family.",
	.remedy = "Delete it. \"A car\" is enough.",
	.instead = "[registration removed]",
	.example = "The car, reg AB51 ABC, waited at the gate.",
	.text = vehicle_text
};
