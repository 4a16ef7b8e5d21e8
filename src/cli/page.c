/*
 * Cleaning, measuring and wrapping text for a terminal or a file.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/page.h"

#define WIDTH 80
#define NARROWEST 40u
#define WIDEST 1000u
#define LINE_MAX_PROSE 96u	/* longer lines tire who reads them */
#define DEEPEST 12u	/* spaces that a line of a text may begin with */
#define ELLIPSIS "\xe2\x80\xa6"

void
cf_page_open(struct page *page, FILE *to)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	*page = (struct page){ .to = to };
	page->width = to == stderr ? WIDEST : WIDTH;
	page->terminal = isatty(fileno(to)) == 1;
	if (!page->terminal)
		return;
	page->colour = (no_colour == NULL || no_colour[0] == '\0') && term &&
		strcmp(term, "dumb") != 0;
	if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col)
		page->width = size.ws_col < NARROWEST ? NARROWEST :
			size.ws_col > WIDEST ? WIDEST : size.ws_col;
}

/* Columns of one character: combining marks take none, East Asian wide
 * characters and pictures two. */
static unsigned
columns_of(int32_t c)
{
	static const struct { int32_t from, to; unsigned char n; } range[] = {
		{ 0x300, 0x36f, 0 }, { 0x483, 0x489, 0 }, { 0x591, 0x5bd, 0 },
		{ 0x610, 0x61a, 0 }, { 0x64b, 0x65f, 0 }, { 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 }, { 0x1dc0, 0x1dff, 0 },
		{ 0x200b, 0x200d, 0 }, { 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0x303e, 2 }, { 0x3041, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 }, { 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 }, { 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
		{ 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof range / sizeof *range; i++)
		if (c >= range[i].from && c <= range[i].to)
			return range[i].n;
	return 1;
}

/* The character at *s, which is UTF-8 or one bad byte; moves past it. */
static unsigned
step(struct cf_str *s)
{
	int32_t c = cf_utf8_next(s);

	if (c >= 0)
		return columns_of(c);
	s->p++;
	s->n--;
	return 1;
}

static unsigned
columns_in(struct cf_str s)
{
	unsigned n = 0;

	while (s.n)
		n += step(&s);
	return n;
}

unsigned
cf_columns(const char *text)
{
	return columns_in(cf_str(text));
}

/* Tabs become spaces; line breaks become one \n, or a space. */
static char *
clean(const char *text, bool keep_lines)
{
	char *copy = cf_malloc(strlen(text) + 1), *to = copy, *out;

	for (const char *p = text; *p; p++) {
		if (*p == '\r' && p[1] == '\n')
			continue;
		if (*p == '\n' || *p == '\r')
			*to++ = keep_lines ? '\n' : ' ';
		else
			*to++ = *p == '\t' ? ' ' : *p;
	}
	*to = '\0';
	out = cf_printable(copy);
	free(copy);
	return out;
}

char *
cf_one_line(const char *text)
{
	char *line = clean(text, false);

	return cf_realloc(line, strlen(line) + sizeof ELLIPSIS, 1);
}

void
cf_clip(char *text, unsigned columns)
{
	struct cf_str s = cf_str(text);
	unsigned n = 0;
	size_t keep = 0;

	if (columns_in(s) <= columns)
		return;
	while (s.n) {
		n += step(&s);
		if (n >= columns)
			break;
		keep = (size_t)(s.p - text);
	}
	while (keep && text[keep - 1] == ' ')
		keep--;
	memcpy(text + keep, ELLIPSIS, sizeof ELLIPSIS);
}

static void
raw(struct page *page, const char *s, size_t n)
{
	(void)fwrite(s, 1, n, page->to);
	page->begun = true;
	page->gap = false;
}

static void
pad(struct page *page, unsigned n)
{
	while (n--)
		raw(page, " ", 1);
}

static void
tone_on(struct page *page, enum tone tone)
{
	static const char *const code[] = { "", "\033[1m", "\033[32m",
		"\033[33m", "\033[31m" };

	if (page->colour && tone != TONE_PLAIN)
		(void)fputs(code[tone], page->to);
}

static void
tone_off(struct page *page, enum tone tone)
{
	if (page->colour && tone != TONE_PLAIN)
		(void)fputs("\033[0m", page->to);
}

void
cf_page_gap(struct page *page)
{
	if (!page->begun || page->gap)
		return;
	raw(page, "\n", 1);
	page->gap = true;
}

/* What printf would write, cleaned, on one line; the caller frees. */
CF_PRINTF(1, 0) static char *
formatted(const char *fmt, va_list ap)
{
	char *text, *line;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		cf_bug("bad format");
	text = cf_malloc((size_t)n + 1);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	line = cf_one_line(text);
	free(text);
	return line;
}

void
cf_page_line(struct page *page, enum tone tone, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = formatted(fmt, ap);
	va_end(ap);
	tone_on(page, tone);
	raw(page, line, strlen(line));
	tone_off(page, tone);
	raw(page, "\n", 1);
	free(line);
}

/*
 * Writes words from column `at` on, and a newline. A word that does not fit
 * goes to the next line; one that is longer than a line is not broken, so that
 * addresses and ids can be copied.
 */
static void
flow(struct page *page, unsigned at, unsigned indent, struct cf_str text)
{
	unsigned width = page->terminal && page->width > LINE_MAX_PROSE ?
		LINE_MAX_PROSE : page->width;
	bool first = true;

	while (text.n) {
		struct cf_str word = text;
		unsigned n;

		while (word.n && word.p[0] == ' ')
			word = (struct cf_str){ word.p + 1, word.n - 1 };
		text = word;
		while (text.n && text.p[0] != ' ')
			text = (struct cf_str){ text.p + 1, text.n - 1 };
		word.n -= text.n;
		if (word.n == 0)
			break;
		n = columns_in(word);
		if (!first && at + 1 + n > width) {
			raw(page, "\n", 1);
			pad(page, indent);
			at = indent;
		} else if (!first) {
			raw(page, " ", 1);
			at++;
		}
		raw(page, word.p, word.n);
		at += n;
		first = false;
	}
	raw(page, "\n", 1);
}

void
cf_page_head(struct page *page, enum tone tone, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = formatted(fmt, ap);
	va_end(ap);
	tone_on(page, tone);
	flow(page, 0, 0, cf_str(line));
	tone_off(page, tone);
	free(line);
}

void
cf_page_text(struct page *page, unsigned indent, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = formatted(fmt, ap);
	va_end(ap);
	pad(page, indent);
	flow(page, indent, indent, cf_str(line));
	free(line);
}

void
cf_page_entry(struct page *page, unsigned indent, unsigned hang,
	enum tone tone, const char *lead, const char *fmt, ...)
{
	char *first = cf_one_line(lead), *line;
	unsigned at = indent + cf_columns(first);
	va_list ap;

	va_start(ap, fmt);
	line = formatted(fmt, ap);
	va_end(ap);
	pad(page, indent);
	tone_on(page, tone);
	raw(page, first, strlen(first));
	tone_off(page, tone);
	if (line[0]) {
		raw(page, " ", 1);
		at++;
	}
	flow(page, at, indent + hang, cf_str(line));
	free(line);
	free(first);
}

void
cf_page_pair(struct page *page, unsigned indent, unsigned column,
	const char *left, const char *right)
{
	char *first = cf_one_line(left), *text = cf_one_line(right);
	unsigned at = indent + cf_columns(first);

	pad(page, indent);
	raw(page, first, strlen(first));
	if (at >= column) {
		raw(page, "\n", 1);
		at = 0;
	}
	pad(page, column - at);
	flow(page, column, column, cf_str(text));
	free(text);
	free(first);
}

void
cf_page_prose(struct page *page, unsigned indent, const char *text)
{
	char *copy = clean(text, true);
	struct cf_str rest = cf_str(copy), line;
	unsigned inner;
	bool more = true;

	while (rest.n && rest.p[rest.n - 1] == '\n')
		rest.n--;
	while (more) {
		more = cf_str_cut(&line, &rest, rest, '\n');
		if (!more)
			line = rest;
		if (line.n == 0) {
			cf_page_gap(page);
			continue;
		}
		inner = indent;
		for (; line.n && line.p[0] == ' ' && inner < indent + DEEPEST;
			inner++)
			(void)cf_str_skip(&line, " ");
		pad(page, inner);
		flow(page, inner, inner, line);
	}
	free(copy);
}
