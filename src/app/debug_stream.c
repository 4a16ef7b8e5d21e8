/*
 * Documents for the merge, one after another, and a line for each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/debug.h"

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where a reader of documents is in one. */
struct place {
	bool quoted, escaped;
	size_t depth;
	int last;	/* what stood before, no space */
	bool fresh;	/* at the beginning of a line */
};

/*
 * Whether a bracket begins the next document, the one before it being cut off: it
 * begins a line, inside of a text or where no value fits.
 */
static bool
begins_anew(const struct place *p, int c)
{
	return c == '{' && p->fresh && (p->quoted || (p->last != '[' &&
		p->last != ',' && p->last != ':'));
}

/* One more byte of it; true where it is the last one. */
static bool
step(struct place *p, int c)
{
	p->fresh = c == '\n';
	if (p->quoted) {
		p->quoted = p->escaped || c != '"';
		p->escaped = !p->escaped && c == '\\';
		p->last = '"';
		return false;
	}
	p->quoted = c == '"';
	if (!is_space(c))
		p->last = c;
	if (c == '{' || c == '[')
		p->depth++;
	return (c == '}' || c == ']') && (p->depth == 0 || --p->depth == 0);
}

/* Appends the next one: up to the bracket that closes it, or, where it begins
 * with none, up to the next space. Empty at the end. */
static void
next_document(struct cf_buf *out, FILE *file)
{
	struct place place = { 0 };
	int c;

	while (!out->full && (c = getc(file)) != EOF) {
		if (place.depth == 0 && is_space(c)) {
			if (out->len)
				return;
			continue;
		}
		if (place.depth && begins_anew(&place, c)) {
			(void)ungetc(c, file);
			return;
		}
		cf_buf_putc(out, (char)c);
		if (step(&place, c))
			return;
	}
}

/* One document's line: what it comes to, or why it comes to nothing. */
static const struct cf_err *
tell(struct cf_buf *line, size_t number, const struct cf_buf *text)
{
	json_t *result = NULL;
	const struct cf_err *err, *wrong = cf_debug_document(&result,
		(struct cf_str){ text->data, text->len });

	if (wrong) {
		wrong = cf_err_wrap(wrong, "document %zu", number);
		result = json_pack("{s:{s:I, s:s, s:s*}}", "error", "document",
			(json_int_t)number, "message", wrong->msg, "rule",
			wrong->rule[0] ? wrong->rule : NULL);
	}
	cf_buf_reset(line);
	err = cf_json_canonical(line, result, NULL);
	if (!err)
		err = cf_buf_check(line, "the result");
	json_decref(result);
	return err ? err : wrong;
}

/* All of a file; the first error is kept, and how many there were. */
struct faults {
	struct cf_err first;
	size_t n;
};

static void
read_all(struct faults *faults, FILE *in,
	void (*each)(void *payload, const char *line), void *payload)
{
	struct cf_buf line = CF_BUF(4 * CF_MAX_MERGE_TEXT);
	struct cf_buf text = CF_BUF(CF_MAX_MERGE_TEXT);
	const struct cf_err *err;

	for (size_t number = 1; !text.full; number++) {
		cf_buf_reset(&text);
		next_document(&text, in);
		if (text.len == 0)
			break;
		/* Where it ends nobody knows, so nothing after it is read. */
		err = text.full ? cf_err(CF_TOO_BIG, "document %zu: it is "
			"larger than %u bytes", number, CF_MAX_MERGE_TEXT) :
			tell(&line, number, &text);
		if (!text.full)
			each(payload, line.data);
		if (err && faults->n++ == 0)
			faults->first = *err;
	}
	cf_buf_clear(&text);
	cf_buf_clear(&line);
}

const struct cf_err *
cf_debug_merge(const char *file,
	void (*each)(void *payload, const char *line), void *payload)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *in = standard ? stdin : fopen(file, "re");
	struct faults faults = { .n = 0 };
	const struct cf_err *err = NULL;

	if (in == NULL)
		return errno == ENOENT ? cf_err(CF_NOT_FOUND, "there is no "
			"file %s", file) : cf_err_sys("cannot read %s", file);
	read_all(&faults, in, each, payload);
	if (ferror(in))
		err = cf_err_sys("cannot read %s", file);
	else if (faults.n)
		err = cf_err_rule(faults.first.code, faults.first.rule,
			"%s%s", faults.first.msg, faults.n > 1 ?
			" (and others after it)" : "");
	if (!standard)
		(void)fclose(in);
	return err;
}
