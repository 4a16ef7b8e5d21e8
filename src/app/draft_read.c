/*
 * Reading a draft: whatever a person calls one.
 */
#include <stdlib.h>
#include <string.h>

#include "app/draft.h"
#include "base/mem.h"

/* What was meant by the name of a file that is not there; NULL: who knows. */
static char *
meant(const char *file)
{
	static const char *const around[][2] = { { "", ".json" },
		{ "drafts/", "" }, { "drafts/", ".json" } };

	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		char *other = cf_asprintf("%s%s%s", around[i][0], file,
			around[i][1]);

		if (cf_file_exists(other))
			return other;
		free(other);
	}
	return NULL;
}

/* What some programs write where a text is wanted, by how it begins. */
static const struct {
	const char *begins;
	size_t n;
	const char *what;
} other_files[] = {
	{ "PK\003\004", 4, "it is a document of a word processor (.docx, .odt) "
		"or another archive, and no plain text. Copy your words into "
		"the draft that 'confer new' makes, with a plain text editor" },
	{ "\xd0\xcf\x11\xe0", 4, "it is a document of a word processor "
		"(.doc), and no plain text. Copy your words into the draft "
		"that 'confer new' makes, with a plain text editor" },
	{ "{\\rtf", 5, "it is a document of a word processor (.rtf), and no "
		"plain text. Copy your words into the draft that 'confer new' "
		"makes, with a plain text editor" },
	{ "%PDF", 4, "it is a PDF, which cannot be published. Copy your words "
		"into the draft that 'confer new' makes, with a plain text "
		"editor" },
	{ "\xff\xfe", 2, "it is saved as UTF-16 (\"Unicode\"). Save it "
		"again, and choose UTF-8 as its encoding" },
	{ "\xfe\xff", 2, "it is saved as UTF-16 (\"Unicode\"). Save it "
		"again, and choose UTF-8 as its encoding" },
	{ "{\0", 2, "it is saved as UTF-16 (\"Unicode\"). Save it again, and "
		"choose UTF-8 as its encoding" },
	{ "\xef\xbb\xbf", 3, "it begins with three bytes that some editors put "
		"there (\"UTF-8 with BOM\"). Save it again, and choose UTF-8 "
		"without BOM" },
};

/* The same for a draft as for a person: not a fault of grammar at line 1. */
static const struct cf_err *
other_file(const struct cf_err *why, const char *file)
{
	struct cf_err kept = *why;
	struct cf_buf text = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err = cf_file_read(&text, file, true);
	const char *what = NULL;

	if (!err && text.len == 0)
		what = "it is empty. 'confer new' makes a draft with the "
			"fields to fill in";
	for (size_t i = 0; !err && !what && i < sizeof other_files /
		sizeof *other_files; i++)
		if (text.len >= other_files[i].n && memcmp(text.data,
			other_files[i].begins, other_files[i].n) == 0)
			what = other_files[i].what;
	cf_buf_clear(&text);
	return what ? cf_err_rule(kept.code, kept.rule, "%s cannot be read: "
		"%s", file, what) : cf_err_rule(kept.code, kept.rule, "%s",
		kept.msg);
}

/* Names near to what a person typed are told, and so is a guide. */
static const struct cf_err *
read_typed(json_t **out, const char *file)
{
	const struct cf_err *err;
	char *other;

	if (cf_ends(file, ".guide.md"))
		return cf_err(CF_INVALID, "%s is the guide; the draft is the "
			"file beside it that ends in .json", file);
	err = cf_json_read_path(out, file, CF_MAX_RECORD);
	if (err && err->code == CF_TOO_BIG)
		return cf_err_rule(CF_TOO_BIG, "json.size", "%s is larger than "
			"a record may be (%u KB). Shorten it, or make several "
			"records of it", file, CF_MAX_RECORD / 1024);
	if (err && (strcmp(err->rule, "json.syntax") == 0 ||
		strcmp(err->rule, "json.encoding") == 0))
		err = other_file(err, file);
	other = err && err->code == CF_NOT_FOUND ? meant(file) : NULL;
	if (other)
		err = cf_err(CF_NOT_FOUND, "there is no file %s. Did you mean "
			"%s?", file, other);
	free(other);
	return err;
}

const struct cf_err *
cf_draft_read(json_t **out, const char *file)
{
	const struct cf_err *err = read_typed(out, file);

	if (!err && !json_is_object(*out)) {
		json_decref(*out);
		*out = NULL;
		err = cf_err(CF_INVALID, "%s is not a draft: it must begin "
			"with {", file);
	}
	return err;
}
