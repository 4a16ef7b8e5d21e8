/*
 * Addresses of machines, and what documents carry of who wrote them.
 */
#include <string.h>

#include "check/rules.h"
#include "check/token.h"
#include "check/words.h"

#define VERSION_WORDS "|version|versions|ver|v|release|build|section|" \
	"sections|chapter|step|clause|paragraph|firmware|"

static bool
hex(unsigned char c)
{
	return cf_digit(c) || (c >= 'a' && c <= 'f');
}

/* 192.168.0.1: four numbers up to 255. */
static size_t
ipv4_at(const struct cf_text *text, size_t at)
{
	size_t i = at;

	for (unsigned part = 0; part < 4; part++) {
		unsigned value = 0, digits = 0;

		while (i < text->n && cf_digit(text->s[i]) && digits < 4) {
			value = value * 10 + (unsigned)(text->s[i++] - '0');
			digits++;
		}
		if (digits == 0 || digits > 3 || value > 255)
			return 0;
		if (part < 3 && (i >= text->n || text->s[i++] != '.'))
			return 0;
	}
	if (!cf_ends_token(text, i) || (i + 1 < text->n &&
		text->s[i] == '.' && cf_digit(text->s[i + 1])))
		return 0;
	return i;
}

/* Six pairs of hexadecimal digits, the same sign between them. */
static size_t
mac_at(const struct cf_text *text, size_t at)
{
	if (at + 17 > text->n || !cf_ends_token(text, at + 17) ||
		(at + 17 < text->n && text->s[at + 17] == text->s[at + 2]))
		return 0;
	for (size_t i = 0; i < 17; i++) {
		unsigned char c = text->l[at + i];

		if (i % 3 < 2 ? !hex(c) : c != text->l[at + 2])
			return 0;
	}
	return text->s[at + 2] == ':' || text->s[at + 2] == '-' ? at + 17 : 0;
}

/* Groups of up to four hexadecimal digits: eight, or fewer with one "::". Times
 * have no letters and no "::". */
static size_t
ipv6_at(const struct cf_text *text, size_t at)
{
	size_t i = at, groups = 0, gaps = 0, digits = 0;

	while (i < text->n && (hex(text->l[i]) || text->s[i] == ':')) {
		if (text->s[i] != ':') {
			if (digits++ == 0)
				groups++;
			if (digits > 4)
				return 0;
		} else {
			if (i + 1 < text->n && text->s[i + 1] == ':') {
				gaps++;
				i++;
			}
			digits = 0;
		}
		i++;
	}
	if (i > at && text->s[i - 1] == ':' && gaps == 0)
		i--;
	if (!cf_ends_token(text, i))
		return 0;
	return (groups == 8 && gaps == 0) || (gaps == 1 && groups >= 2 &&
		groups < 8) ? i : 0;
}

static void
net_text(struct cf_probe *probe, const struct cf_text *text)
{
	for (size_t i = cf_next_start(text, 0); i < text->n;
		i = cf_next_start(text, i + 1)) {
		size_t end = 0;

		if (!hex(text->l[i]) || !cf_starts_token(text, i) || (i &&
			(text->s[i - 1] == '.' || text->s[i - 1] == ':')))
			continue;
		end = ipv4_at(text, i);
		if (end && cf_beside_words(text, i, i, VERSION_WORDS))
			end = 0;
		if (end == 0)
			end = mac_at(text, i);
		if (end == 0)
			end = ipv6_at(text, i);
		if (end) {
			cf_report_text(probe, CF_WAIVABLE, text, i, end);
			i = end - 1;
		}
	}
}

const struct cf_rule cf_rule_net = {
	.id = "T-NET",
	.severity = CF_WAIVABLE,
	.links = true,
	.needs = CF_HAS_DIGIT | CF_HAS_MARK,
	.title = "Address of a machine",
	.found = "this is the address of a machine",
	.detects = "An IP or MAC address. Numbers of versions and sections are "
		"left alone.",
	.why = "The address of a child's device or home can be followed to the "
		"child.",
	.remedy = "Delete it.",
	.instead = "[address removed]",
	.example = "Answers came from 192.168.0.17 only.",
	.text = net_text
};

/* --- what documents carry ------------------------------------------------ */

static const char *const traces[] = { "last saved by", "last modified by",
	"created by:", "author:", "saved by:", "desktop-", "laptop-",
	"macbook-pro", "docprops/", "exif:" };

/* Most words begin as none of them does. */
static bool
begins_trace(unsigned char c)
{
	switch (c) {
	case 'a': case 'c': case 'd': case 'e': case 'l': case 'm': case 's':
		return true;
	default:
		return false;
	}
}

/* "Author:" and a capital, "DESKTOP-7K2" and a digit: else they are words. */
static size_t
trace_at(const struct cf_text *text, size_t at)
{
	unsigned char first = text->l[at];

	if (!begins_trace(first))
		return 0;
	for (size_t k = 0; k < sizeof traces / sizeof *traces; k++) {
		size_t n, i, digits = 0;

		if (first != (unsigned char)traces[k][0])
			continue;
		n = strlen(traces[k]);
		i = at + n;
		if (i >= text->n || memcmp(text->l + at, traces[k], n) != 0)
			continue;
		if (traces[k][n - 1] != '-')
			while (i < text->n && (cf_space(text->s[i]) ||
				text->s[i] == ':'))
				i++;
		if (traces[k][n - 1] != '-' && (i >= text->n ||
			!cf_upper(text->s[i])))
			return 0;
		for (; i < text->n && cf_alnum(text->s[i]); i++)
			digits += cf_digit(text->s[i]);
		return traces[k][n - 1] == '-' && (digits == 0 ||
			!cf_upper(text->s[at])) ? 0 : i;
	}
	return 0;
}

static void
meta_text(struct cf_probe *probe, const struct cf_text *text)
{
	const struct cf_words *words = text->words;
	size_t end = 0;

	for (size_t k = 0; k < words->n; k++) {
		size_t from = words->word[k].from, to;

		if (from < end || (to = trace_at(text, from)) == 0)
			continue;
		end = to;
		cf_report_text(probe, CF_WAIVABLE, text, from, end);
	}
}

const struct cf_rule cf_rule_meta = {
	.id = "T-META",
	.severity = CF_WAIVABLE,
	.needs = CF_HAS_LETTER,
	.title = "Traces of who wrote a document",
	.found = "this says who wrote a document, or on which machine",
	.detects = "Lines that came over from a document: its author, who "
		"saved it last, the name of a machine.",
	.why = "A text that says who typed it says whose class it is about.",
	.remedy = "Delete it. Say who contributed, by role, in the field "
		"Contributors.",
	.instead = "[removed]",
	.example = "The file came from LAPTOP-7K2H.",
	.text = meta_text
};
