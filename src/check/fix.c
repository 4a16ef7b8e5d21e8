/*
 * Mending a draft where a rule knows what to write instead. The draft itself
 * stays as it is; what comes out is a proposal for a person.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/fold.h"
#include "check/mend.h"
#include "check/rule.h"

/* A piece of one text that is to go. */
struct cut {
	const struct cf_found *found;
	size_t from, to;
};

struct mending {
	json_t *draft;		/* the copy */
	json_t *schema;		/* of the body */
	json_t *changes;
};

/* What a person still has to answer, and a rule can write for. */
static bool
is_mendable(const struct cf_found *f)
{
	return f->severity != CF_ADVICE && f->accepted == NULL &&
		f->rule->instead != NULL && f->to > f->from && !f->name &&
		!f->file;
}

static int
by_place(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* The finds in the text at `path`, in their order; where two overlap, the
 * graver goes and takes the other along. */
static size_t
cuts_of(struct cut *out, const struct cf_probe *probe, const char *path)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < probe->n; i++) {
		const struct cf_found *f = &probe->found[i];

		if (is_mendable(f) && strcmp(f->path, path) == 0)
			out[n++] = (struct cut){ f, f->from, f->to };
	}
	if (n)
		qsort(out, n, sizeof *out, by_place);
	for (size_t i = 0; i < n; i++) {
		struct cut *last = kept ? &out[kept - 1] : NULL;

		if (last == NULL || out[i].from >= last->to) {
			out[kept++] = out[i];
			continue;
		}
		if (out[i].to > last->to)
			last->to = out[i].to;
		if (out[i].found->severity < last->found->severity)
			last->found = out[i].found;
	}
	return kept;
}

/* What cannot be seen goes, and nothing else: the words around it stay. */
static void
put_seen(struct cf_buf *out, struct cf_str s)
{
	while (s.n) {
		const char *at = s.p;
		int32_t cp = cf_utf8_next(&s);

		if (cp < 0)
			break;
		if (!cf_utf8_unseen(cp))
			cf_buf_add(out, at, (size_t)(s.p - at));
	}
}

static void
note(struct mending *m, const struct cut *cut)
{
	char *place = cf_place(m->schema, cut->found->path);

	json_array_append_new(m->changes, json_pack(
		"{s:s, s:s, s:s, s:s, s:s}", "rule", cut->found->rule->id,
		"path", cut->found->path, "place", place, "before",
		cut->found->what, "after", cut->found->rule->instead));
	free(place);
}

/* The text with its cuts made. */
static char *
mended(struct mending *m, const char *text, const struct cut *cut, size_t n)
{
	struct cf_buf out = CF_BUF(CF_MAX_RECORD), seen = CF_BUF(
		CF_MAX_RECORD);
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		bool unseen = cut[i].found->rule->instead[0] == '\0';

		cf_buf_add(&out, text + at, cut[i].from - at);
		if (unseen)
			cf_buf_add(&out, text + cut[i].from, cut[i].to -
				cut[i].from);
		else
			cf_buf_puts(&out, cut[i].found->rule->instead);
		at = cut[i].to;
		note(m, &cut[i]);
	}
	cf_buf_puts(&out, text + at);
	put_seen(&seen, (struct cf_str){ out.data, out.len });
	cf_buf_clear(&out);
	return cf_buf_take(&seen);
}

/* Sets the string at a pointer that leads to one. */
static void
set_text(json_t *draft, const char *path, const char *text)
{
	json_t *value = cf_json_at(draft, path);

	if (json_is_string(value))
		(void)json_string_set(value, text);
}

static void
mend_texts(struct mending *m, const struct cf_probe *probe)
{
	struct cut *cuts = cf_calloc(probe->n + 1, sizeof *cuts);

	for (size_t i = 0; i < probe->n; i++) {
		const char *path = probe->found[i].path;
		const char *text = json_string_value(cf_json_at(m->draft,
			path));
		bool seen = false;
		size_t n;
		char *fresh;

		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(probe->found[k].path, path) == 0;
		n = seen || text == NULL ? 0 : cuts_of(cuts, probe, path);
		if (n == 0)
			continue;
		fresh = mended(m, text, cuts, n);
		set_text(m->draft, path, fresh);
		free(fresh);
	}
	free(cuts);
}

json_t *
cf_check_fix(const json_t *draft, const struct cf_checking *with)
{
	const char *kind = cf_json_str(draft, "kind");
	struct mending m = { .draft = json_deep_copy(draft),
		.schema = kind && cf_kind_known(kind) ? cf_schema_doc(kind) :
		NULL, .changes = json_array() };
	struct cf_probe probe = { .doc = draft, .schema = m.schema,
		.body = json_object_get(draft, "body"), .with = with };

	cf_probe_run(&probe);
	mend_texts(&m, &probe);
	cf_mend_figures(m.draft, m.changes, with);
	cf_probe_clear(&probe);
	return json_pack("{s:o, s:o}", "draft", m.draft, "changes", m.changes);
}
