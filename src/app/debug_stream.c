/*
 * Documents for the merge, one after another, and a line for each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/debug.h"

/* Appends the next one: up to the bracket that closes it, or, where it begins
 * with none, up to the next space. Empty at the end. */
static void
next_document(struct cf_buf *out, FILE *file)
{
	bool quoted = false, escaped = false;
	size_t depth = 0;
	int c;

	while (!out->full && (c = getc(file)) != EOF) {
		bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';

		if (space && depth == 0 && out->len == 0)
			continue;
		if (space && depth == 0)
			return;
		cf_buf_putc(out, (char)c);
		if (quoted) {
			quoted = escaped || c != '"';
			escaped = !escaped && c == '\\';
			continue;
		}
		quoted = c == '"';
		if (c == '{' || c == '[')
			depth++;
		if ((c == '}' || c == ']') && (depth == 0 || --depth == 0))
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
		result = json_pack("{s:{s:I, s:s}}", "error", "document",
			(json_int_t)number, "message", wrong->msg);
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
