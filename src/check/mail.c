/*
 * Addresses of electronic mail, also as people write them to hide them from
 * machines.
 */
#include <string.h>

#include "base/limits.h"
#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"


/* Names of mailboxes that an office reads. */
#define SHARED "|info|office|admin|enquiries|enquiry|contact|hello|research|" \
	"reception|support|data|dpo|help|helpdesk|team|recruitment|hr|press|" \
	"media|mail|school|trust|finance|it|ict|admissions|attendance|" \
	"safeguarding|senco|send|head|headteacher|principal|governors|clerk|" \
	"exams|library|noreply|no-reply|postmaster|webmaster|feedback|events|" \
	"training|partnerships|evidence|projects|marketing|jobs|hr|estates|"

/* Where people have mailboxes of their own. */
#define PROVIDERS "|gmail|googlemail|hotmail|outlook|yahoo|icloud|live|aol|" \
	"btinternet|proton|protonmail|sky|talktalk|msn|virginmedia|ymail|" \
	"ntlworld|mail|me|"



struct mail {
	size_t from, at, to;	/* at: where the local part ends */
	size_t domain;
	bool spelt;		/* "at" and "dot" */
};

static bool
local_char(unsigned char c)
{
	return cf_alnum(c) || (c && strchr("._%+-'", c));
}

static bool
domain_char(unsigned char c)
{
	return cf_alnum(c) || c == '-';
}

/* The words of a domain from `at`, dots between them; where they end, or 0.
 * The last is of letters (or of another script in its ASCII form). */
static size_t
domain_at(const struct cf_text *text, size_t at)
{
	size_t i = at, label = at, labels = 0;

	while (i < text->n && i - at < CF_MAX_MAIL_DOMAIN &&
		domain_char(text->s[i])) {
		label = i;
		while (i < text->n && domain_char(text->s[i]))
			i++;
		labels++;
		if (i + 1 >= text->n || text->s[i] != '.' ||
			!domain_char(text->s[i + 1]))
			break;
		i++;
	}
	if (labels < 2 || i - label < 2)
		return 0;
	if (!cf_letter(text->s[label]))
		return 0;
	return i;
}

/* What addresses end in, so that "look at the dot plot" is none. */
static bool
is_ending(const struct cf_text *text, size_t from, size_t to)
{
	return to - from == 2 ? cf_letter(text->s[from]) :
		cf_is_word(text->l + from, to - from, "|com|org|net|sch|edu|"
		"gov|ac|info|example|school|academy|nhs|plc|email|online|"
		"local|invalid|test|education|community|ltd|mail|biz|site|"
		"cloud|app|dev|");
}

/* "sandra @ school.sch.uk": a space on both sides, and an ending as addresses
 * have it. */
static bool
is_wide(const struct cf_text *text, size_t at)
{
	size_t to, label;

	if (at < 2 || at + 2 >= text->n || text->s[at - 1] != ' ' ||
		text->s[at + 1] != ' ' || !local_char(text->s[at - 2]))
		return false;
	label = to = domain_at(text, at + 2);
	while (label && domain_char(text->s[label - 1]))
		label--;
	return to && is_ending(text, label, to);
}

static bool
plain_mail(struct mail *out, const struct cf_text *text, size_t at)
{
	bool wide = is_wide(text, at);
	size_t from = wide ? at - 1 : at;
	size_t to = domain_at(text, wide ? at + 2 : at + 1);

	at = from;
	while (from && at - from < CF_MAX_MAIL_LOCAL && local_char(text->s[from - 1]))
		from--;
	while (from < at && !cf_alnum(text->s[from]))
		from++;
	if (from == at || to == 0)
		return false;
	/* git@host:path is a repository */
	if (to + 1 < text->n && text->s[to] == ':' &&
		!cf_space(text->s[to + 1]) && !cf_digit(text->s[to + 1]))
		return false;
	*out = (struct mail){ .from = from, .at = at, .domain = wide ? at + 3 :
		at + 1,
		.to = to };
	return true;
}

/* Past "at" or "dot" with brackets or spaces around it; 0 where there is none.
 * `bracket` says whether somebody meant to hide an address. */
static size_t
spelt(const struct cf_text *text, size_t i, const char *word, bool *bracket)
{
	size_t n = strlen(word);
	bool open = false, space = false;

	while (i < text->n && (cf_space(text->s[i]) ||
		strchr("([{<", text->s[i]))) {
		open = open || !cf_space(text->s[i]);
		space = true;
		i++;
	}
	if (!space || i + n > text->n ||
		memcmp(text->l + i, word, n) != 0 ||
		(i + n < text->n && cf_alnum(text->s[i + n])))
		return 0;
	i += n;
	space = false;
	while (i < text->n && (cf_space(text->s[i]) ||
		strchr(")]}>", text->s[i]))) {
		space = true;
		i++;
	}
	*bracket = *bracket || open;
	return space ? i : 0;
}

/* The domain of a spelt address: its words with dots or "dot" between. */
static size_t
spelt_domain(const struct cf_text *text, size_t i, bool *bracket)
{
	size_t end = 0, labels = 0, next;

	while (i < text->n && domain_char(text->s[i]) && labels < 5) {
		size_t label = i;

		while (i < text->n && domain_char(text->s[i]))
			i++;
		labels++;
		if (labels > 1 && is_ending(text, label, i))
			end = i;
		next = spelt(text, i, "dot", bracket);
		if (next)
			*bracket = true;
		else if (i + 1 < text->n && text->s[i] == '.' &&
			domain_char(text->s[i + 1]))
			next = i + 1;
		if (next == 0)
			break;
		i = next;
	}
	return labels > 1 ? end : 0;
}

static bool
is_one_of(const struct cf_text *text, size_t from, size_t to,
	const char *words)
{
	return cf_is_word(text->l + from, to - from, words);
}

/* "j.smith (at) example (dot) org"; "john at gmail.com", but not "look at
 * example.org". `i` is where the local part ends. */
static bool
spelt_mail(struct mail *out, const struct cf_text *text, size_t i)
{
	size_t from = i, domain, to, label;
	bool bracket = false;

	domain = spelt(text, i, "at", &bracket);
	to = domain ? spelt_domain(text, domain, &bracket) : 0;
	if (to == 0)
		return false;
	while (from && local_char(text->s[from - 1]))
		from--;
	label = domain;
	while (label < to && domain_char(text->s[label]))
		label++;
	if (from == i || (!bracket && !is_one_of(text, domain, label,
		PROVIDERS)))
		return false;
	*out = (struct mail){ .from = from, .at = i, .domain = domain,
		.to = to, .spelt = true };
	return true;
}

/* Whether an office reads it: its name, or the first word of it, says so. */
static bool
is_shared(const struct cf_text *text, const struct mail *mail)
{
	size_t end = mail->from;

	while (end < mail->at && (cf_alnum(text->s[end]) ||
		text->s[end] == '-'))
		end++;
	return is_one_of(text, mail->from, mail->at, SHARED) ||
		is_one_of(text, mail->from, end, SHARED);
}

static void
tell(struct cf_probe *probe, const struct cf_text *text,
	const struct mail *mail)
{
	bool contact = text->holds && strcmp(text->holds, "mailbox") == 0;

	if (is_shared(text, mail)) {
		if (!contact)
			cf_report_words(probe, CF_WAIVABLE, text, mail->from,
				mail->to, "this is a shared mailbox, and there "
				"is a field for it (Contact)");
	} else if (contact || mail->spelt) {
		cf_report_text(probe, CF_WAIVABLE, text, mail->from, mail->to);
	} else {
		cf_report_text(probe, CF_NEVER, text, mail->from, mail->to);
	}
}

static void
email_text(struct cf_probe *probe, const struct cf_text *text)
{
	const struct cf_words *words = text->words;
	const unsigned char *sign = text->s, *end = text->s + text->n;
	struct mail mail;

	while (sign < end && (sign = memchr(sign, '@', (size_t)(end - sign)))) {
		if (plain_mail(&mail, text, (size_t)(sign - text->s)))
			tell(probe, text, &mail);
		sign++;
	}
	for (size_t k = 1; k < words->n; k++)
		if (cf_word_equals(text, k, "at") && spelt_mail(&mail, text,
			words->word[k - 1].to))
			tell(probe, text, &mail);
}

const struct cf_rule cf_rule_email = {
	.id = "T-EMAIL",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_LETTER,
	.title = "E-mail address",
	.found = "this is the e-mail address of a person",
	.detects = "An e-mail address, also with \"at\" and \"dot\" in words. "
		"A shared mailbox belongs in the field Contact; elsewhere, "
		"and for addresses in words, a reason may be given. Addresses "
		"of git repositories are left alone.",
	.why = "An address names a person, and through a colleague a class "
		"and its children.",
	.remedy = "Delete it. A shared mailbox such as research@trust.example "
		"belongs in the field Contact.",
	.instead = "[e-mail address removed]",
	.example = "Ask j.carter@school.example for the slides.",
	.text = email_text
};
