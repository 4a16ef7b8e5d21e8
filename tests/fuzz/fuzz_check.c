/*
 * Any text through the rules, as a field, as a field's name and as the name of a
 * file. Folding keeps its places in order, what is found lies within the text,
 * the same text is judged alike twice, and what --fix proposes is a text.
 */
#include <string.h>

#include "check/rule.h"
#include "check/words.h"
#include "fuzz/fuzz.h"

static void
check_folding(struct cf_str raw)
{
	struct cf_words words;
	struct cf_text text;

	cf_text_read(&text, raw);
	MUST(text.n <= raw.n && text.at[text.n] == raw.n);
	for (size_t i = 0; i < text.n; i++)
		MUST(text.at[i] <= text.at[i + 1]);
	for (size_t i = 1; i < text.starts; i++)
		MUST(text.start[i - 1] < text.start[i]);
	cf_words_read(&words, &text);
	for (size_t i = 0; i < words.n; i++)
		MUST(words.word[i].from < words.word[i].to &&
			words.word[i].to <= text.n);
	cf_words_clear(&words);
	cf_text_clear(&text);
}

static json_t *
draft_of(const char *text, bool in_name)
{
	json_t *draft = json_pack("{s:s, s:{s:s}}", "kind", "need", "body",
		"summary", text);

	if (in_name)
		json_object_set_new(json_object_get(draft, "body"), text,
			json_integer(1));
	return draft;
}

static void
check_finds(const json_t *draft)
{
	static const struct cf_checking with = { .file = NULL };
	struct cf_probe probe = { .doc = draft, .with = &with,
		.body = json_object_get(draft, "body"),
		.schema = cf_schema_doc("need") };

	cf_probe_texts(&probe);
	for (size_t i = 0; i < probe.n; i++) {
		const struct cf_found *f = &probe.found[i];
		const char *s = json_string_value(cf_json_at(draft, f->path));

		MUST(f->from <= f->to && f->what[0]);
		MUST(f->name || s == NULL || f->to <= strlen(s));
	}
	cf_probe_clear(&probe);
}

static void
check_fix(const json_t *draft)
{
	static const struct cf_checking with = { .file = NULL };
	json_t *fix = cf_check_fix(draft, &with);

	MUST(fix && json_is_string(cf_json_at(fix, "/draft/body/summary")));
	json_decref(fix);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	const struct cf_checking with = { .file = "x.json" };
	json_t *text, *draft, *first, *second;

	if (!started) {
		cf_json_start();
		MUST(cf_kind_start() == NULL);
		started = true;
	}
	text = json_stringn((const char *)data, size);
	if (text == NULL || strlen(json_string_value(text)) != size) {
		json_decref(text);
		return 0;	/* no text that a record can hold */
	}
	check_folding((struct cf_str){ json_string_value(text), size });
	draft = draft_of(json_string_value(text), size < 64);
	check_finds(draft);
	check_fix(draft);
	first = cf_check_draft(draft, &with);
	second = cf_check_draft(draft, &with);
	MUST(first && json_equal(first, second));
	json_decref(first);
	json_decref(second);
	json_decref(draft);
	json_decref(text);
	return 0;
}
