#ifndef CF_PAGE_H
#define CF_PAGE_H

/*
 * Where people read: stdout or stderr with a width. Whatever is written here is
 * safe to show on a terminal: control characters never pass, and only
 * cf_page_prose lets a text begin a new line, always indented, so that no
 * record can pretend to be a line of ours. Write errors stay in the stream.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

enum tone {
	TONE_PLAIN,
	TONE_STRONG,
	TONE_GOOD,
	TONE_WARN,
	TONE_BAD
};

struct page {
	FILE *to;
	unsigned width;		/* columns. No terminal: 80 on stdout; stderr is
				   not wrapped, so that logs can be searched */
	bool terminal, colour;
	bool begun, gap;	/* something is written; the last line is empty */
};

void cf_page_open(struct page *page, FILE *to);

/* An empty line, but never two, and none at the top. */
void cf_page_gap(struct page *page);
/* A line as it is, however long, with its spaces. */
void cf_page_line(struct page *page, enum tone tone, const char *fmt, ...)
	CF_PRINTF(3, 4);
/* A line that stands out: a title, the head of a list. Wrapped. */
void cf_page_head(struct page *page, enum tone tone, const char *fmt, ...)
	CF_PRINTF(3, 4);
/* A paragraph, wrapped, every line indented. */
void cf_page_text(struct page *page, unsigned indent, const char *fmt, ...)
	CF_PRINTF(3, 4);
/* A paragraph that begins with `lead` in a tone; its other lines are indented
 * by `hang` more. */
void cf_page_entry(struct page *page, unsigned indent, unsigned hang,
	enum tone tone, const char *lead, const char *fmt, ...)
	CF_PRINTF(6, 7);
/* Two columns: `left`, then from `column` on `right`, wrapped there. */
void cf_page_pair(struct page *page, unsigned indent, unsigned column,
	const char *left, const char *right);
/* A longer text that keeps its line breaks, wrapped and indented. */
void cf_page_prose(struct page *page, unsigned indent, const char *text);

/* How many columns a text takes. */
unsigned cf_columns(const char *text);
/* The text without control characters and line breaks; the caller frees. */
char *cf_one_line(const char *text);
/* Cuts a text (in place) to so many columns; the last one is then an ellipsis.
 * The text must come from malloc with 3 bytes to spare, as cf_one_line has. */
void cf_clip(char *text, unsigned columns);

#endif
