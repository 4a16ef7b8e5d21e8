/*
 * Telephones, addresses of machines, and accounts on the web.
 */
#include <string.h>

#include "base/limits.h"
#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

/* --- telephones ---------------------------------------------------------- */

#define PHONE_WORDS "|mobile|mob|phone|telephone|tel|call|ring|text|whatsapp|" \
	"cell|contact number|"

struct phone {
	char digit[CF_MAX_PHONE + 2];
	size_t n, to;
	bool mobile;
};

static bool
phone_sep(unsigned char c)
{
	return c == ' ' || c == '-' || c == '(' || c == ')' || c == '\n';
}

/* Whether the digits after the nought or the country are a British number:
 * [1-357-9] and nine more; some have one or three fewer. */
static bool
is_national(const char *d, size_t n)
{
	if (n == 10)
		return d[0] != '4' && d[0] != '6' && d[0] != '0';
	return (n == 9 && (d[0] == '1' || d[0] == '8')) ||
		(n == 7 && d[0] == '8');
}

static bool
is_mobile(const char *d, size_t n)
{
	return n == 10 && d[0] == '7' && d[1] != '0' && d[1] != '6';
}

/* How many digits stand in front of the national number; 0: none do. `plus`
 * was written before them. */
static size_t
trunk_of(const struct phone *p, bool plus)
{
	size_t n = 0;

	if (plus)
		n = p->n > 2 && p->digit[0] == '4' && p->digit[1] == '4' ? 2 : 0;
	else if (p->n > 4 && memcmp(p->digit, "0044", 4) == 0)
		n = 4;
	else if (p->digit[0] == '0')
		return 1;
	return n && p->n > n && p->digit[n] == '0' ? n + 1 : n;
}

/* At the end of a group of digits: is what stands so far a number? */
static bool
is_phone(struct phone *p, bool plus, const struct cf_text *text, size_t at)
{
	size_t skip = trunk_of(p, plus);
	const char *d = p->digit + skip;
	size_t n = p->n - skip;

	if (plus && skip == 0)
		return p->n >= 9;	/* another country's */
	p->mobile = is_mobile(d, n);
	if (skip == 0)
		return p->mobile && cf_near_words(text, at, at,
			PHONE_WORDS);	/* the nought was dropped */
	return is_national(d, n);
}

/* The longest number that begins here and ends with a group. Groups have two
 * digits at least: "0.77" and lists of single digits are none. */
static bool
phone_at(struct phone *out, const struct cf_text *text, size_t at)
{
	bool plus = text->s[at] == '+', found = false;
	size_t i = at + plus;
	struct phone p = { .n = 0 };

	while (i < text->n && p.n < CF_MAX_PHONE) {
		if (!cf_digit(text->s[i]))
			return found;
		while (i < text->n && cf_digit(text->s[i]) && p.n <= CF_MAX_PHONE)
			p.digit[p.n++] = (char)text->s[i++];
		if (p.n > CF_MAX_PHONE || (i < text->n && cf_letter(text->s[i])))
			return found;
		p.to = i;
		if (is_phone(&p, plus, text, at)) {
			*out = p;
			found = true;
		}
		for (unsigned gap = 0; i < text->n && gap < 3 &&
			phone_sep(text->s[i]); gap++)
			i++;
		if (i == p.to && i + 1 < text->n && text->s[i] == '.' &&
			p.n > 2)
			i++;	/* 01632.960.001 */
		if (i == p.to)
			return found;
	}
	return found;
}

/* Not inside a decimal, a date, a sum of money or a code. */
static bool
may_begin(const struct cf_text *text, size_t at)
{
	unsigned char before = at ? text->s[at - 1] : ' ';

	if (text->s[at] != '+' && !cf_digit(text->s[at]))
		return false;
	if (text->s[at] == '+')
		return !cf_alnum(before);
	if (cf_alnum(before) || before == '+')
		return false;
	return !(before == CF_SIGN || before == '$' || before == '/' ||
		before == '_' || ((before == '-' || before == '.' ||
		before == ',') && at > 1 && cf_alnum(text->s[at - 2])));
}

static void
phone_text(struct cf_probe *probe, const struct cf_text *text)
{
	struct phone phone;

	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t from = i - (i && text->s[i - 1] == '+');

		if (!may_begin(text, from) || !phone_at(&phone, text, from))
			continue;
		cf_report_words(probe, CF_WAIVABLE, text, from, phone.to,
			phone.mobile ? "this is the number of a mobile phone" :
			NULL);
		i = phone.to - 1;
	}
}

const struct cf_rule cf_rule_phone = {
	.id = "T-PHONE",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_DIGIT,
	.digits = 8,
	.title = "Telephone number",
	.found = "this is a telephone number",
	.detects = "A British telephone number in its usual ways of writing, "
		"or one of another country with its + in front. Dates, "
		"decimals and codes are left alone.",
	.why = "A telephone number reaches one family or one colleague.",
	.remedy = "Delete it. The field Contact says how to reach the trust.",
	.instead = "[telephone number removed]",
	.example = "Call 07700 900 982 before nine.",
	.text = phone_text
};

/* --- accounts and paths -------------------------------------------------- */

#define HANDLE_LEAST 3

static const char *const profiles[] = { "facebook.com/", "instagram.com/",
	"twitter.com/", "//x.com/", "tiktok.com/", "linkedin.com/in/",
	"snapchat.com/", "threads.net/", "youtube.com/@", "t.me/",
	"wa.me/", "discord.gg/", "bsky.app/profile/" };

static const char *const homes[] = { ":\\users\\", "/home/", "/users/",
	":\\documents and settings\\", "file://" };

static bool
at_is(const struct cf_text *text, size_t at, const char *word)
{
	size_t n;

	if (text->l[at] != (unsigned char)word[0])
		return false;
	n = strlen(word);
	return at + n <= text->n && memcmp(text->l + at, word, n) == 0;
}

static size_t
end_of_word(const struct cf_text *text, size_t at)
{
	while (at < text->n && !cf_space(text->s[at]) &&
		!strchr("\"'<>,;)", text->s[at]))
		at++;
	return at;
}

/* @name, where it is no e-mail address. */
static size_t
handle_at(const struct cf_text *text, size_t at)
{
	size_t i = at + 1;

	if (at && (cf_alnum(text->s[at - 1]) || text->s[at - 1] == '.' ||
		text->s[at - 1] == '_'))
		return 0;
	while (i < text->n && (cf_alnum(text->s[i]) || text->s[i] == '_'))
		i++;
	return i - at > HANDLE_LEAST && cf_letter(text->s[at + 1]) ? i : 0;
}

static size_t
profile_at(const struct cf_text *text, size_t at)
{
	for (size_t k = 0; k < sizeof profiles / sizeof *profiles; k++) {
		size_t n;

		if (!at_is(text, at, profiles[k]))
			continue;
		n = strlen(profiles[k]);
		if (at + n < text->n &&
			(cf_alnum(text->s[at + n]) ||
			text->s[at + n] == '@') && (at == 0 ||
			!cf_alnum(text->s[at - 1]) || profiles[k][0] == '/'))
			return end_of_word(text, at);
	}
	return 0;
}

/* "/missdunne4b", "/mrbarnes-teaches" in an address: a title and a surname. */
static size_t
titled_at(const struct cf_text *text, size_t at)
{
	static const char *const titles[] = { "mrs", "mr", "miss", "ms", "dr" };
	size_t to, end;

	if (text->s[at] != '/' || at + 1 >= text->n || !cf_lower(text->l[at +
		1]))
		return 0;
	for (size_t k = 0; k < sizeof titles / sizeof *titles; k++) {
		if (!at_is(text, at + 1, titles[k]))
			continue;
		to = at + 1 + strlen(titles[k]);
		to += to < text->n && strchr("-_.", text->s[to]) != NULL;
		for (end = to; end < text->n && cf_letter(text->s[end]); end++)
			;
		if (cf_kinds_of(text->l + to, end - to) & (W_SURNAME |
			W_SURNAME_WORD))
			return end_of_word(text, at);
	}
	return 0;
}

static size_t
home_at(const struct cf_text *text, size_t at)
{
	for (size_t k = 0; k < sizeof homes / sizeof *homes; k++) {
		size_t n;

		if (!at_is(text, at, homes[k]))
			continue;
		n = strlen(homes[k]);
		if (at + n < text->n &&
			(cf_alnum(text->s[at + n]) || homes[k][0] == 'f') &&
			(homes[k][0] != '/' || at == 0 ||
			!cf_alnum(text->s[at - 1])))
			return end_of_word(text, at);
	}
	/* \\server\share\... */
	if (at_is(text, at, "\\\\") && at + 2 < text->n &&
		cf_alnum(text->s[at + 2]))
		return end_of_word(text, at);
	return 0;
}

/* "snap: hannah_07", "Roblox username is hannah.s07": what stands behind the
 * network's word, where it has a digit or a sign in it as no usual word has. */
static size_t
behind_network(size_t *from, const struct cf_text *text, size_t k)
{
	const struct cf_word *w = &text->words->word[k];
	size_t i = w->to, signs = 0;

	if (!(w->is & W_NETWORK))
		return 0;
	for (unsigned more = 0; more < 3 && k + 1 < text->words->n; more++) {
		w = &text->words->word[++k];
		if (!cf_is_word(text->l + w->from, w->to - w->from, "|username|"
			"user|name|account|handle|id|is|was|as|"))
			break;
		i = w->to;
	}
	for (size_t gap = 0; i < text->n && gap < 3 && (cf_space(text->s[i]) ||
		text->s[i] == ':' || text->s[i] == '='); gap++)
		i++;
	*from = i;
	while (i < text->n && (cf_alnum(text->s[i]) || text->s[i] == '_' ||
		text->s[i] == '.' || text->s[i] == '#')) {
		signs += text->s[i] == '_' || cf_digit(text->s[i]);
		i++;
	}
	return i - *from > HANDLE_LEAST && signs && cf_letter(text->s[*from]) ?
		i : 0;
}

static void
handle_text(struct cf_probe *probe, const struct cf_text *text)
{
	bool paths = memchr(text->s, '/', text->n) ||
		memchr(text->s, '\\', text->n);

	for (size_t i = 0; i < text->n && (paths || text->has & CF_HAS_AT);
		i++) {
		size_t end = 0;

		if (text->s[i] == '@')
			end = handle_at(text, i);
		if (end == 0 && paths)
			end = profile_at(text, i);
		if (end == 0 && paths)
			end = titled_at(text, i);
		if (end)
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
		else if (paths && (end = home_at(text, i)) > 0)
			cf_report_words(probe, CF_WAIVABLE, text, i, end,
				"this is the path of a file on somebody's "
				"machine");
		if (end)
			i = end - 1;
	}
	for (size_t k = 0; k < text->words->n; k++) {
		size_t from = 0, end = behind_network(&from, text, k);

		if (end)
			cf_report_text(probe, CF_WAIVABLE, text, from, end);
	}
}

const struct cf_rule cf_rule_handle = {
	.id = "T-HANDLE",
	.severity = CF_WAIVABLE,
	.links = true,
	.needs = CF_HAS_AT | CF_HAS_MARK | CF_HAS_DIGIT,
	.title = "Account or path with a name in it",
	.found = "this is somebody's account on the web",
	.detects = "An account such as @name, a page of a person on a social "
		"network, or the path of a file, in which names of users "
		"stand. Pages of organisations are left alone.",
	.why = "An account or a path often holds the name of a pupil or a "
		"colleague.",
	.remedy = "Delete it, or give the page of the organisation.",
	.instead = "[account removed]",
	.example = "Results in C:\\Users\\jsmith\\Documents\\y9.csv.",
	.text = handle_text
};
