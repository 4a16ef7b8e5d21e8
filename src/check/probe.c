/*
 * One check: the walk over the texts of a document, and what rules report.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/packed.h"
#include "check/rule.h"
#include "check/words.h"
#include "record/field.h"

#define WHAT 1024		/* bytes of a sentence about a find */
#define PATH (64u * 1024)	/* of a pointer; deeper is cut, and says so */
#define AROUND 64u		/* what is seen of a text around a packed piece */

/* --- what is reported ---------------------------------------------------- */

static bool
is_named(const json_t *names, const char *id)
{
	return names && cf_json_has(names, id);
}

static enum cf_severity
as_policy_says(const struct cf_probe *probe, enum cf_severity severity)
{
	const struct cf_policy *policy = probe->with->policy;

	if (policy && severity == CF_ADVICE &&
		is_named(policy->ask, probe->rule->id))
		severity = CF_WAIVABLE;
	if (policy && severity == CF_WAIVABLE &&
		is_named(policy->never, probe->rule->id))
		severity = CF_NEVER;
	return severity;
}

static bool
too_many(const struct cf_probe *probe)
{
	unsigned n = 0;

	if (probe->n == 0 || probe->found == NULL)
		return false;
	if (probe->n >= CF_MAX_ALL_FOUND)
		return true;
	for (size_t i = probe->n; i-- > 0 &&
		probe->found[i].rule == probe->rule;)
		n++;
	return n >= CF_MAX_FOUND;
}

static struct cf_found *
add_found(struct cf_probe *probe, enum cf_severity severity, const char *path)
{
	struct cf_found *f;

	if (severity < probe->rule->severity)
		severity = probe->rule->severity;
	severity = as_policy_says(probe, severity);
	probe->found = cf_grow(probe->found, probe->n, &probe->cap,
		sizeof *probe->found);
	f = &probe->found[probe->n++];
	*f = (struct cf_found){ .rule = probe->rule, .severity = severity,
		.path = cf_strdup(path) };
	if (severity == CF_WAIVABLE)
		f->accepted = cf_waiver_reason(probe, path);
	return f;
}

void
cf_report(struct cf_probe *probe, enum cf_severity severity, const char *path,
	const char *fmt, ...)
{
	char what[WHAT];
	va_list args;

	if (too_many(probe))
		return;
	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	cf_utf8_mend(what);
	add_found(probe, severity, path)->what = cf_strdup(what);
}

/* "A************, 13 characters": nobody should read again what is to go. */
static void
masked(struct cf_buf *out, const struct cf_text *text, size_t from, size_t to)
{
	size_t n = to - from;
	unsigned char first = text->s[from];

	cf_buf_puts(out, "\"");
	cf_buf_putc(out, first > ' ' && first < 0x7f ? (char)first : '*');
	for (size_t i = 1; i < n && i < 24; i++)
		cf_buf_putc(out, '*');
	cf_buf_printf(out, "%s\", %zu character%s", n > 24 ? "..." : "", n,
		n == 1 ? "" : "s");
}

/* Which paragraph of a text of several. */
static size_t
paragraph_of(const struct cf_text *text, size_t at)
{
	size_t n = 1;
	bool several = memchr(text->s, '\n', text->n) != NULL;

	for (size_t i = 0; i < at; i++)
		n += text->s[i] == '\n' && i + 1 < text->n &&
			text->s[i + 1] != '\n';
	return several ? n : 0;
}

void
cf_report_words(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_text *text, size_t from, size_t to, const char *words)
{
	struct cf_buf what = CF_BUF(WHAT);
	struct cf_found *f = probe->n ? &probe->found[probe->n - 1] : NULL;
	size_t first = text->at[from];
	size_t last = text->at[to];

	if (text->inside_to) {
		/* All of the piece stands where it begins. What lies before
		 * or behind it is found without unpacking, too. */
		if (first >= text->inside_to || (first < text->inside_from &&
			last <= text->inside_from))
			return;
		last = last > text->inside_to ? last : text->inside_to;
	}

	if (f && f->rule == probe->rule && !f->name == !text->name &&
		strcmp(f->path, text->path) == 0 && first < f->to) {
		if (last > f->to)
			f->to = last;
		if (severity < f->severity)
			f->severity = severity;
		return;
	}
	if (too_many(probe))
		return;
	/* The name of a draft's file is not published. */
	f = add_found(probe, text->file ? CF_ADVICE : severity, text->path);
	f->from = first;
	f->to = last;
	f->name = text->name ? cf_strdup(text->member) : NULL;
	f->file = text->file;
	f->paragraph = paragraph_of(text, from);
	cf_buf_printf(&what, "%s: ", words ? words : probe->rule->found);
	masked(&what, text, from, to);
	f->what = cf_buf_take(&what);
}

void
cf_report_text(struct cf_probe *probe, enum cf_severity severity,
	const struct cf_text *text, size_t from, size_t to)
{
	cf_report_words(probe, severity, text, from, to, NULL);
}

bool
cf_is_found(const struct cf_probe *probe, const struct cf_text *text,
	size_t from, size_t to)
{
	for (size_t i = probe->n; i-- > 0;) {
		const struct cf_found *f = &probe->found[i];

		if (!f->name == !text->name && strcmp(f->path, text->path) == 0 &&
			text->at[from] < f->to && f->from < text->at[to])
			return true;
	}
	return false;
}

void
cf_remedy(struct cf_probe *probe, const char *fmt, ...)
{
	struct cf_found *f = probe->n ? &probe->found[probe->n - 1] : NULL;
	char text[WHAT];
	va_list args;

	/* It has one already where the find itself was one too many. */
	if (f == NULL || f->rule != probe->rule || f->remedy)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	cf_utf8_mend(text);
	f->remedy = cf_strdup(text);
}

void
cf_propose_take(struct cf_probe *probe, const char *path, json_t *value)
{
	if (probe->proposals)
		json_array_append_new(probe->proposals, json_pack(
			"{s:s, s:s, s:o}", "rule", probe->rule->id, "path",
			path, "value", value));
	else
		json_decref(value);
}

void
cf_not_run(struct cf_probe *probe, const char *reason)
{
	if (probe->not_run)
		json_array_append_new(probe->not_run, json_pack("{s:s, s:s}",
			"rule", probe->rule->id, "reason", reason));
}

void
cf_probe_clear(struct cf_probe *probe)
{
	cf_figures_forget(probe);
	for (size_t i = 0; i < probe->n; i++) {
		free(probe->found[i].path);
		free(probe->found[i].what);
		free(probe->found[i].remedy);
		free(probe->found[i].name);
	}
	free(probe->found);
	probe->found = NULL;
	probe->n = probe->cap = 0;
}

/* --- the walk ------------------------------------------------------------ */

struct walk {
	struct cf_probe *probe;
	struct cf_buf path;
};

/* Each rule that may find something in the text. */
static void
ask_rules(struct cf_probe *probe, const struct cf_text *read)
{
	struct cf_text with_words = *read, *text = &with_words;
	struct cf_words words;

	cf_words_read(&words, read);
	with_words.words = &words;
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++) {
		const struct cf_rule *r = *rule;

		if (r->text == NULL || (r->local && !probe->with->file) ||
			(r->needs && !(r->needs & text->has)) ||
			text->digits < r->digits ||
			(r->kinds && !(r->kinds & words.is)) ||
			(text->holds && !r->links))
			continue;
		probe->rule = r;
		r->text(probe, text);
	}
	cf_words_clear(&words);
}

/* Letters that the reader cannot take for UTF-8 are as good as any. */
static void
put_folded(struct cf_buf *out, const struct cf_text *text, size_t from,
	size_t to)
{
	for (size_t i = from; i < to; i++)
		cf_buf_putc(out, text->s[i] < 0x80 ? (char)text->s[i] : 'x');
}

/* A text with one piece unpacked, and what stands around it. What is found in
 * the piece stands where the piece does. */
static void
ask_unpacked(struct cf_probe *probe, const struct cf_text *text,
	const struct cf_packed *packed)
{
	size_t before = packed->from > AROUND ? packed->from - AROUND : 0;
	size_t after = text->n - packed->to > AROUND ? packed->to + AROUND :
		text->n;
	struct cf_buf raw = CF_BUF(CF_MAX_RECORD);
	struct cf_text inner;
	size_t n;

	put_folded(&raw, text, before, packed->from);
	n = raw.len;
	cf_buf_add(&raw, packed->text, packed->n);
	put_folded(&raw, text, packed->to, after);
	cf_text_read(&inner, (struct cf_str){ raw.data, raw.len });
	for (size_t i = 0; i <= inner.n; i++) {
		size_t k = inner.at[i];

		inner.at[i] = text->at[k < n ? before + k : k < n + packed->n ?
			packed->from : packed->to];
	}
	inner.path = text->path;
	inner.member = text->member;
	inner.name = text->name;
	inner.file = text->file;
	inner.holds = text->holds;
	inner.unseen_n = 0;
	inner.inside_from = text->at[packed->from];
	inner.inside_to = text->at[packed->to];
	ask_rules(probe, &inner);
	cf_text_clear(&inner);
	cf_buf_clear(&raw);
}

static void
ask_packed(struct cf_probe *probe, const struct cf_text *text)
{
	struct cf_packed packed;
	size_t at = 0;

	while (cf_packed_next(&packed, text, &at)) {
		ask_unpacked(probe, text, &packed);
		free(packed.text);
	}
}

static void
read_text(struct walk *w, const char *raw, const char *member,
	const char *holds)
{
	struct cf_text text;

	cf_text_read(&text, cf_str(raw));
	text.path = w->path.data;
	text.member = member;
	text.holds = holds;
	ask_rules(w->probe, &text);
	ask_packed(w->probe, &text);
	cf_text_clear(&text);
}

/* A name that the schema does not know is a text that somebody wrote. */
static void
read_name(struct walk *w, const char *name, bool file)
{
	struct cf_text text;

	cf_text_read(&text, cf_str(name));
	text.path = w->path.data;
	text.member = name;
	text.name = true;
	text.file = file;
	ask_rules(w->probe, &text);
	ask_packed(w->probe, &text);
	cf_text_clear(&text);
}

/* Ids, keys and digests have one form, which the schema asks for. */
static bool
is_free(const char *holds)
{
	return holds == NULL || strcmp(holds, "url") == 0 ||
		strcmp(holds, "doi") == 0 || strcmp(holds, "mailbox") == 0;
}

static void walk(struct walk *w, const json_t *value,
	const struct cf_field *field, const char *member);

static void
walk_object(struct walk *w, json_t *object, const struct cf_field *field)
{
	size_t next = 0;
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		const struct cf_field *part = cf_field_member(field, name,
			&next);
		size_t n = w->path.len;

		if (part == NULL)
			read_name(w, name, false);
		cf_json_pointer_add(&w->path, name);
		walk(w, value, part, name);
		w->path.len = n;
		w->path.data[n] = '\0';
	}
}

static void
walk(struct walk *w, const json_t *value, const struct cf_field *field,
	const char *member)
{
	json_t *part = (json_t *)(uintptr_t)value, *item;
	const char *holds = field ? field->holds : NULL;
	size_t i;

	if (w->path.full)
		return;
	if (json_is_object(value)) {
		walk_object(w, part, field);
	} else if (json_is_array(value)) {
		json_array_foreach(part, i, item) {
			size_t n = w->path.len;

			cf_json_pointer_index(&w->path, i);
			walk(w, item, field ? field->items : NULL, member);
			w->path.len = n;
			w->path.data[n] = '\0';
		}
	} else if (json_is_string(value) && is_free(holds) &&
		!(field && field->chosen)) {
		read_text(w, json_string_value(value), member, holds);
	}
}

/* The keys that a path names are the author's; all else in it is the schema's. */
static void
read_keys(struct walk *w, const char *path)
{
	const char *open = path, *end;

	while ((open = strstr(open, "/[")) != NULL &&
		(end = strchr(open, ']')) != NULL) {
		char *key = cf_strndup(open + 2, (size_t)(end - open - 2));

		read_text(w, key, "settled", NULL);
		free(key);
		open = end;
	}
}

static void
read_settled(struct walk *w, json_t *list)
{
	json_t *path;
	size_t i;

	json_array_foreach(list, i, path) {
		size_t n = w->path.len;

		cf_json_pointer_index(&w->path, i);
		if (json_is_string(path))
			read_keys(w, json_string_value(path));
		w->path.len = n;
		w->path.data[n] = '\0';
	}
}

void
cf_probe_texts(struct cf_probe *probe)
{
	struct walk w = { .probe = probe, .path = CF_BUF(PATH) };
	const struct cf_field *whole = cf_fields_of(cf_schema_doc("record"));
	json_t *doc = (json_t *)(uintptr_t)probe->doc, *value;
	const char *name;
	size_t next = 0;

	json_object_foreach(doc, name, value) {
		bool body = strcmp(name, "body") == 0;
		bool settled = strcmp(name, "settled") == 0;
		const struct cf_field *part = cf_field_member(whole, name,
			&next);

		if (!body && !settled && strcmp(name, "withdrawal") != 0 &&
			part)
			continue;	/* of a form that the schema asks for */
		if (part == NULL)
			read_name(&w, name, false);
		cf_json_pointer_add(&w.path, name);
		if (settled)
			read_settled(&w, value);
		else
			walk(&w, value, body ? cf_fields_of(probe->schema) :
				part, name);
		cf_buf_reset(&w.path);
	}
	if (probe->with->file) {
		const char *slash = strrchr(probe->with->file, '/');

		read_name(&w, slash ? slash + 1 : probe->with->file, true);
	}
	cf_buf_clear(&w.path);
}
