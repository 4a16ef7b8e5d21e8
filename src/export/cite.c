/*
 * Citations: CSL-JSON and BibTeX. What is cited is a record in the version that
 * stands; who is cited are trusts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/document.h"

#define KEY_WORD 24u	/* bytes of each word of a key */

static const char *
at(const json_t *item, const char *pointer)
{
	return json_string_value(cf_json_at(item, pointer));
}

bool
cf_citable(const json_t *item)
{
	return at(item, "/record/body/title") != NULL;
}

static bool
withdrawn(const json_t *item)
{
	return strcmp(at(item, "/record/status"), "withdrawn") == 0;
}

/* --- keys ----------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first word of at least so many ASCII letters, in lower case. */
static void
add_word(struct cf_buf *out, const char *text, size_t least)
{
	while (text && *text) {
		size_t n = 0;

		while (is_letter(text[n]))
			n++;
		if (n >= least) {
			for (size_t i = 0; i < n && i < KEY_WORD; i++)
				cf_buf_putc(out, (char)(text[i] | 0x20));
			return;
		}
		text += n ? n : 1;
	}
}

char *
cf_cite_key(const json_t *item)
{
	struct cf_buf out = CF_BUF(256);
	const char *id = at(item, "/record/id");

	add_word(&out, at(item, "/provenance/ownerName"), 2);
	cf_buf_printf(&out, "%.4s", at(item, "/provenance/modified"));
	add_word(&out, at(item, "/record/body/title"), 4);
	cf_buf_printf(&out, "-%s", id + strlen(id) - 12);
	return cf_buf_take(&out);
}

/* --- who and when --------------------------------------------------------- */

/* The owner, and the other trusts that stand behind what stands. */
static json_t *
authors_of(const json_t *item)
{
	const json_t *versions = cf_json_at(item, "/provenance/versions");
	json_t *out = json_array(), *seen = json_array();

	json_array_append(out, cf_json_at(item, "/provenance/ownerName"));
	json_array_append(seen, cf_json_at(item, "/record/owner"));
	for (size_t i = 0; i < json_array_size(versions); i++) {
		const json_t *all = json_object_get(json_array_get(versions,
			i), "signatures");

		for (size_t j = 0; j < json_array_size(all); j++) {
			const json_t *one = json_array_get(all, j);

			if (cf_json_has(seen, cf_json_str(one, "trust")))
				continue;
			json_array_append(seen, json_object_get(one, "trust"));
			json_array_append(out, json_object_get(one, "name"));
		}
	}
	json_decref(seen);
	return out;
}

static unsigned
digits(const char *text, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	return (unsigned)value;
}

static char *
title_of(const json_t *item)
{
	return cf_asprintf("%s%s", withdrawn(item) ? "Withdrawn: " : "",
		at(item, "/record/body/title"));
}

static const char *
genre_of(const json_t *item)
{
	return cf_json_str(cf_schema_doc(at(item, "/record/kind")), "title");
}

/* In a sentence what a reader needs to find the very version. */
static char *
note_of(const json_t *item)
{
	const char *version = at(item, "/provenance/version");
	const char *reason = at(item, "/record/withdrawal/reason");
	const char *state = at(item, "/provenance/signature");
	bool conflict = json_is_true(cf_json_at(item,
		"/provenance/conflict"));
	const char *signed_as = !version ? "merged from several signed versions"
		: strcmp(state ? state : "", "verified") == 0 ?
		"signature verified" : "no signature of it counts any more";

	return cf_asprintf("%s%s%sRecord %s%s%s, %s%s", withdrawn(item) ?
		"Withdrawn: " : "", withdrawn(item) && reason ? reason : "",
		withdrawn(item) ? " " : "", at(item, "/record/id"), version ?
		", version " : "", version ? version : "",
		signed_as, conflict ? ", contested" : "");
}

/* --- CSL-JSON ------------------------------------------------------------- */

static json_t *
provenance_of(const json_t *item)
{
	const json_t *from = json_object_get(item, "provenance");

	return json_pack("{s:O*, s:O*, s:O*, s:O*, s:O*, s:O*, s:O*}",
		"record", cf_json_at(item, "/record/id"), "version",
		json_object_get(from, "version"), "commit",
		json_object_get(from, "commit"), "key",
		json_object_get(from, "key"), "signature",
		json_object_get(from, "signature"), "conflict",
		json_object_get(from, "conflict"), "licence",
		cf_json_at(item, "/record/licence"));
}

const struct cf_err *
cf_cite_csl(struct cf_buf *out, const json_t *item, bool first)
{
	const char *when = at(item, "/provenance/modified");
	const char *kind = at(item, "/record/kind");
	bool report = strcmp(kind, "finding") == 0 ||
		strcmp(kind, "synthesis") == 0;
	json_t *authors = authors_of(item), *names = json_array(), *entry;
	char *key = cf_cite_key(item), *title = title_of(item);
	char *note = note_of(item);
	const struct cf_err *err;

	for (size_t i = 0; i < json_array_size(authors); i++)
		json_array_append_new(names, json_pack("{s:O}", "literal",
			json_array_get(authors, i)));
	entry = json_pack("{s:s, s:s, s:s, s:o, s:{s:[[i, i, i]]}, s:s, s:O*, "
		"s:s, s:s, s:s*, s:O*, s:s*, s:o}", "id", key, "type",
		report ? "report" : "document", "title", title, "author",
		names, "issued", "date-parts", (int)digits(when, 4),
		(int)digits(when + 5, 2), (int)digits(when + 8, 2), "genre",
		genre_of(item), "version", cf_json_at(item,
		"/provenance/version"), "note", note, "language", "en-GB", "URL",
		at(item, "/provenance/url"), "abstract", cf_json_at(item,
		"/record/body/summary"), "status", withdrawn(item) ?
		"withdrawn" : NULL, "custom", provenance_of(item));
	if (entry == NULL)
		cf_bug("a citation does not pack");
	cf_buf_puts(out, first ? "\n" : ",\n");
	err = cf_json_canonical(out, entry, NULL);
	json_decref(entry);
	json_decref(authors);
	free(key);
	free(title);
	free(note);
	return err ? err : cf_buf_check(out, "a citation");
}

/* --- BibTeX --------------------------------------------------------------- */

void
cf_bibtex_text(struct cf_buf *out, const char *text)
{
	static const struct {
		char c;
		const char *tex;
	} special[] = { { '\\', "{\\textbackslash}" },
		{ '{', "{\\textbraceleft}" }, { '}', "{\\textbraceright}" },
		{ '~', "{\\textasciitilde}" }, { '^', "{\\textasciicircum}" },
		{ '<', "{\\textless}" }, { '>', "{\\textgreater}" },
		{ '|', "{\\textbar}" }, { '$', "\\$" }, { '&', "\\&" }, { '#', "\\#" },
		{ '%', "\\%" }, { '_', "\\_" } };

	for (; *text; text++) {
		const char *tex = NULL;

		for (size_t i = 0; i < sizeof special / sizeof *special; i++)
			if (special[i].c == *text)
				tex = special[i].tex;
		if (tex)
			cf_buf_puts(out, tex);
		else
			cf_buf_putc(out, (unsigned char)*text < 0x20 ? ' ' :
				*text);
	}
}

static void
field(struct cf_buf *out, const char *name, const char *text, bool whole)
{
	if (text == NULL)
		return;
	cf_buf_printf(out, ",\n  %s = {%s", name, whole ? "{" : "");
	cf_bibtex_text(out, text);
	cf_buf_puts(out, whole ? "}}" : "}");
}

/* An address is taken as it is; what would end the field is not an address's. */
static void
url_field(struct cf_buf *out, const char *url)
{
	if (url && strpbrk(url, "{}\\ ") == NULL)
		cf_buf_printf(out, ",\n  url = {%s}", url);
}

void
cf_cite_bibtex(struct cf_buf *out, const json_t *item)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr",
		"may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
	const char *when = at(item, "/provenance/modified");
	unsigned month = digits(when + 5, 2);
	json_t *authors = authors_of(item);
	char *key = cf_cite_key(item), *title = title_of(item);
	char *note = note_of(item);

	cf_buf_printf(out, "\n@misc{%s,\n  author = {", key);
	for (size_t i = 0; i < json_array_size(authors); i++) {
		cf_buf_puts(out, i ? " and {" : "{");
		cf_bibtex_text(out, json_string_value(json_array_get(authors,
			i)));
		cf_buf_puts(out, "}");
	}
	cf_buf_puts(out, "}");
	field(out, "title", title, true);
	cf_buf_printf(out, ",\n  year = {%.4s},\n  month = %s", when,
		months[(month + 11) % 12]);
	field(out, "howpublished", genre_of(item), false);
	field(out, "note", note, false);
	url_field(out, at(item, "/provenance/url"));
	field(out, "abstract", at(item, "/record/body/summary"), false);
	field(out, "version", at(item, "/provenance/version"), false);
	field(out, "commit", at(item, "/provenance/commit"), false);
	field(out, "signingkey", at(item, "/provenance/key"), false);
	field(out, "signature", at(item, "/provenance/signature"), false);
	cf_buf_puts(out, "\n}\n");
	json_decref(authors);
	free(key);
	free(title);
	free(note);
}
