/*
 * What is in a text and cannot be read in it: signs without room, letters of
 * another script, comments, and data in disguise.
 */
#include <stdio.h>
#include <string.h>

#include "check/fold.h"
#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

/* --- what cannot be seen ------------------------------------------------- */

static const char *
name_of(int32_t cp)
{
	if (cp < 0xa0)
		return "a control character";
	if ((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 &&
		cp <= 0x2069) || cp == 0x200e || cp == 0x200f || cp == 0x61c)
		return "a character that turns the direction of writing";
	if (cp == 0xad)
		return "a soft hyphen";
	return "a character without width";
}

static void
tell_unseen(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->unseen_n; i++) {
		char words[96];
		size_t at = text->unseen[i].at;

		(void)snprintf(words, sizeof words, "here is %s (U+%04X), in",
			name_of(text->unseen[i].cp),
			(unsigned)text->unseen[i].cp);
		if (at >= text->n)
			at = text->n ? text->n - 1 : 0;
		if (text->n)
			cf_report_words(probe, CF_NEVER, text, at, at + 1,
				words);
		else
			cf_report(probe, CF_NEVER, text->path,
				"%s nothing else", words);
	}
}

/* A word of Latin letters in which one of another script stands that looks
 * like a Latin one, or any of the Cyrillic. Five digits beside such a letter are
 * enough; formulas have Greek letters beside one or two. */
static void
tell_twins(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->n;) {
		size_t from = i, latin = 0, twins = 0, other = 0, digits = 0;
		size_t cyrillic = 0;

		for (; i < text->n && cf_alnum(text->s[i]); i++) {
			struct cf_str raw = { text->raw.p + text->at[i],
				text->raw.n - text->at[i] };
			int32_t cp = (unsigned char)*raw.p < 0x80 ? *raw.p :
				cf_utf8_next(&raw);

			if (cp >= 0x250 && cf_twin(cp))
				twins++;
			else if (cf_is_cyrillic(cp))
				cyrillic++;
			else if (text->s[i] == CF_LETTER && cp >= 0x250)
				other++;
			else if (cf_digit(text->s[i]))
				digits++;
			else
				latin++;
		}
		if (other == 0 && ((cyrillic && latin > 1) || (twins &&
			cyrillic == 0 && (latin > 1 || digits > 4))))
			cf_report_words(probe, CF_NEVER, text, from, i,
				"letters of two scripts stand in one word");
		i += i == from;
	}
}

static void
tell_comments(struct cf_probe *probe, const struct cf_text *text)
{
	static const char *const hidden[] = { "<!--", "<script", "<style",
		"display:none", "[//]: #" };

	for (size_t i = 0; i < text->n; i++) {
		if (text->s[i] != '<' && text->s[i] != '[' &&
			text->l[i] != 'd')
			continue;
		for (size_t k = 0; k < sizeof hidden / sizeof *hidden; k++) {
			size_t n = strlen(hidden[k]);

			if (i + n <= text->n && memcmp(text->l + i, hidden[k],
				n) == 0)
				cf_report_words(probe, CF_NEVER, text, i,
					i + n, "here begins what a page does "
					"not show");
		}
	}
}

static void
hidden_text(struct cf_probe *probe, const struct cf_text *text)
{
	if (text->has & CF_HAS_HIDDEN) {
		tell_unseen(probe, text);
		tell_twins(probe, text);
	}
	/* Each of them has a sign in it. */
	if (text->has & CF_HAS_MARK)
		tell_comments(probe, text);
}

const struct cf_rule cf_rule_hidden = {
	.id = "T-HIDDEN",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_HIDDEN | CF_HAS_MARK,
	.title = "What cannot be seen",
	.found = "here is something that cannot be seen",
	.detects = "Characters without width or that turn the direction of "
		"writing, control characters, words that mix scripts, and "
		"comments of web pages. Accents, and scripts that need such "
		"characters, are left alone.",
	.why = "A name can travel in what nobody sees, and comes out when the "
		"text is copied.",
	.remedy = "Delete the word and type it again; copied text often brings "
		"such characters along.",
	.instead = "",
	.example = "The note says <!-- Hannah B, 7C --> nothing.",
	.text = hidden_text
};

/* --- data in disguise ---------------------------------------------------- */

#define BLOB CF_RUN
#define SEGMENT 24	/* letters in a row: longer than a word of a title */

static bool
blob_char(unsigned char c)
{
	return (cf_alnum(c) && c != CF_LETTER) || (c && strchr("+/=_-", c));
}

struct looks {
	size_t lower, upper, digits, others, longest;
	bool hex;
};

static struct looks
look(const struct cf_text *text, size_t from, size_t to)
{
	struct looks l = { .hex = true };
	size_t run = 0;

	for (size_t i = from; i < to; i++) {
		unsigned char c = text->s[i];

		l.lower += cf_lower(c);
		l.upper += cf_upper(c);
		l.digits += cf_digit(c);
		l.hex = l.hex && (cf_digit(c) || (text->l[i] >= 'a' &&
			text->l[i] <= 'f'));
		run = cf_alnum(c) ? run + 1 : 0;
		if (run > l.longest)
			l.longest = run;
	}
	return l;
}

/* "zQm…": a digest, a trust, a version; and public keys. */
static bool
is_ours(const struct cf_text *text, size_t from, size_t to)
{
	return (to - from == 47 && memcmp(text->s + from, "zQm", 3) == 0) ||
		(to - from == 48 && memcmp(text->s + from, "z6Mk", 4) == 0);
}

#define GIT_WORDS "|commit|commits|object|blob|tree|sha|git|revision|checkout|" \
	"hash of the commit|"

static bool
is_blob(const struct cf_text *text, size_t from, size_t to)
{
	struct looks l;

	if (to - from < BLOB || is_ours(text, from, to))
		return false;
	l = look(text, from, to);
	if (l.hex)
		return !((to - from == 40 || to - from == 64) &&
			cf_beside_words(text, from, to, GIT_WORDS));
	return l.longest >= SEGMENT && l.lower && l.upper && (l.digits ||
		l.longest >= BLOB);
}

/* data:text/csv;base64,… */
static size_t
data_uri_at(const struct cf_text *text, size_t at)
{
	size_t i = at + 5, slash = 0;

	if (text->l[at] != 'd' || i >= text->n ||
		memcmp(text->l + at, "data:", 5) != 0 ||
		!cf_starts_token(text, at))
		return 0;
	while (i < text->n && (cf_alnum(text->s[i]) ||
		strchr("/.+-;=", text->s[i]))) {
		slash += text->s[i] == '/';
		i++;
	}
	if (i >= text->n || text->s[i] != ',' || (slash == 0 &&
		text->s[i - 1] == ':'))
		return 0;
	if (slash == 0 && memchr(text->s + at, ';', i - at) == NULL)
		return 0;
	while (i < text->n && !cf_space(text->s[i]))
		i++;
	return i;
}

static void
blob_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = 0; i < text->n; i++) {
		size_t from = i, end = data_uri_at(text, i);

		if (end) {
			cf_report_words(probe, CF_NEVER, text, i, end,
				"a file is packed into this address");
			i = end - 1;
			continue;
		}
		while (i < text->n && blob_char(text->s[i]))
			i++;
		if (i > from && is_blob(text, from, i))
			cf_report_text(probe, CF_NEVER, text, from, i);
		i = i > from ? i - 1 : i;
	}
}

const struct cf_rule cf_rule_blob = {
	.id = "T-BLOB",
	.severity = CF_NEVER,
	.links = true,
	.needs = CF_HAS_RUN | CF_HAS_MARK,
	.title = "Packed data",
	.found = "this is packed data that nobody can read",
	.detects = "Forty or more characters of base64 or hexadecimal, or a "
		"file inside a web address. Digests, keys and ids of commits "
		"are left alone.",
	.why = "A whole class list fits into it, and nobody would see it.",
	.remedy = "Delete it. Say in words what it was, or link to a page.",
	.instead = "[data removed]",
	.example = "data:text/csv;base64,dXBuLG5hbWUKWCxIYW5uYWg=",
	.text = blob_text
};
