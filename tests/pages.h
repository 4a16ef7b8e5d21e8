#ifndef CF_TEST_PAGES_H
#define CF_TEST_PAGES_H

/*
 * Reading the man pages, for tests of what they claim. A comment in a page
 * names what stands behind it:
 *
 *	.\" example NAME	the literal block that follows
 *	.\" = WHAT		a number in the next line
 *
 * In a block, a line that ends in a backslash goes on in the next one, without
 * the spaces that it begins with.
 */
#include "unit/scratch.h"

#include "base/limits.h"

#define PAGE_MAX (1u << 20)

static const char *const pages[] = { "man/confer.1", "man/confer-records.5",
	"man/confer-sync.7" };
#define PAGES (sizeof pages / sizeof *pages)

static inline void
page_read(struct cf_buf *out, const char *path)
{
	cf_buf_init(out, PAGE_MAX);
	assert_ok(cf_file_read(out, path, false));
}

/* The next line of *rest without its newline; false at the end. */
static inline bool
page_line(struct cf_str *line, struct cf_str *rest)
{
	return cf_str_cut(line, rest, *rest, '\n');
}

static inline bool
starts(struct cf_str s, const char *prefix)
{
	return cf_str_skip(&s, prefix);
}

/* A line of a page as a reader sees it: \e is a backslash, \- a hyphen, \& is
 * nothing, \(aq and \(ga are quotes. */
static inline void
add_shown(struct cf_buf *out, struct cf_str line)
{
	static const char *const special[][2] = { { "\\e", "\\" },
		{ "\\-", "-" }, { "\\&", "" }, { "\\(aq", "'" },
		{ "\\(ga", "`" }, { "\\(ha", "^" }, { "\\(ti", "~" } };

	while (line.n) {
		size_t i = 0, n = sizeof special / sizeof *special;

		while (i < n && !cf_str_skip(&line, special[i][0]))
			i++;
		if (i < n) {
			cf_buf_puts(out, special[i][1]);
			continue;
		}
		assert_int_not_equal(line.p[0], '\\');
		cf_buf_putc(out, *line.p++);
		line.n--;
	}
}

/* Takes back the break where `out` ends in a backslash. */
static inline bool
unfold(struct cf_buf *out)
{
	if (out->len == 0 || out->data[out->len - 1] != '\\')
		return false;
	out->data[--out->len] = '\0';
	return true;
}

/* The block of that name in a page, its lines joined; fails without one. The
 * caller clears `out`. */
static inline void
page_example(struct cf_buf *out, const char *page, const char *name)
{
	char *mark = cf_asprintf(".\\\" example %s", name);
	struct cf_str rest, line = { 0 };
	bool found = false, folded = false;
	struct cf_buf text;

	page_read(&text, page);
	rest = (struct cf_str){ text.data, text.len };
	while (!found && page_line(&line, &rest))
		found = cf_str_is(line, mark);
	if (!found || !page_line(&line, &rest) || !starts(line, ".Bd -literal"))
		fail_msg("%s has no example %s", page, name);
	cf_buf_init(out, PAGE_MAX);
	while (page_line(&line, &rest) && !cf_str_is(line, ".Ed")) {
		if (folded)
			while (cf_str_skip(&line, " "))
				;
		add_shown(out, line);
		folded = unfold(out);
		if (!folded)
			cf_buf_putc(out, '\n');
	}
	cf_buf_clear(&text);
	free(mark);
}

#endif
