/*
 * Search results, group by group, with who signed each and how it stands.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/get.h"
#include "cli/hits.h"
#include "cli/label.h"
#include "cli/mark.h"
#include "cli/words.h"

#define PROBLEM 300	/* characters of a problem that a practice states */

static const struct {
	const char *name, *title;
} groups[] = { { "problem", "The problem, as others put it" },
	{ "practice", "Practices that answer it" },
	{ "adoption", "Where practices were tried" },
	{ "finding", "Findings" },
	{ "other", "Also: projects, offers, support and pooled evidence" } };
#define GROUPS (sizeof groups / sizeof *groups)

char *
cf_signed_words(const json_t *record)
{
	const json_t *signers = cf_get_at(record, "signers");
	size_t n = json_array_size(signers);
	struct cf_buf out = CF_BUF(64 * 1024);

	cf_buf_puts(&out, n ? "signed by " :
		"signed by no key that still counts");
	for (size_t i = 0; i < n; i++)
		cf_join(&out, i, n, cf_get(json_array_get(signers, i),
			"name"));
	return cf_buf_take(&out);
}

char *
cf_setting_words(const json_t *context)
{
	static const struct {
		const char *member, *after;
	} parts[] = { { "phase", "" }, { "region", "" },
		{ "size_band", "" }, { "fsm_band", " free school meals" },
		{ "send_band", " special needs" } };
	json_t *root = cf_kind_schema("need");
	json_t *schema = cf_label_member(root, root, "context");
	struct cf_buf out = CF_BUF(1000);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const json_t *value = cf_get_at(context, parts[i].member);
		char *word;

		if (value == NULL)
			continue;
		word = cf_label_value(root, cf_label_member(root, schema,
			parts[i].member), value);
		cf_buf_printf(&out, "%s%s%s", out.len ? ", " : "", word,
			parts[i].after);
		free(word);
	}
	json_decref(root);
	return cf_buf_take(&out);
}

static void
print_held(struct page *page, const json_t *hit)
{
	const json_t *held;
	size_t i;

	json_array_foreach(cf_get_at(hit, "held"), i, held) {
		cf_page_entry(page, 4, 2, TONE_WARN, "Held:", "a newer version "
			"by %s is not part of it yet (%s). 'confer status' "
			"says more.", cf_get(held, "name"),
			cf_get(held, "rule"));
	}
}

static void
print_similarity(struct page *page, const json_t *hit)
{
	const json_t *s = cf_get_at(hit, "similarity"), *part;
	struct cf_buf same = CF_BUF(1000);
	char *setting = cf_setting_words(cf_get_at(hit, "context"));
	size_t i;

	json_array_foreach(cf_get_at(s, "parts"), i, part) {
		double apart = json_real_value(json_object_get(part, "apart"));
		const char *field = cf_get(part, "field");

		cf_buf_printf(&same, "%s%s %s", i ? ", " : "",
			field[0] == 's' && field[1] == 'i' ? "size" :
			field[0] == 'f' ? "free school meals" :
			"special needs", apart <= 0 ? "the same" :
			apart < 0.34 ? "near" : "further off");
	}
	if (setting[0])
		cf_page_text(page, 4, "Setting: %s", setting);
	if (s && !cf_get_true(s, "samePhase"))
		cf_page_text(page, 4, "Beside yours: another phase");
	else if (same.len)
		cf_page_text(page, 4, "Beside yours: same phase%s; %s "
			"(distance %.2f)", cf_get_true(s, "sameRegion") ?
			", same region" : "", same.data, json_real_value(
			json_object_get(s, "distance")));
	cf_buf_clear(&same);
	free(setting);
}

/* The statement of a practice, where the words were found elsewhere. */
static void
print_problem(struct page *page, const json_t *hit)
{
	char *text = cf_one_line(cf_get(hit, "problem"));

	cf_clip(text, PROBLEM);
	if (text[0])
		cf_page_text(page, 4, "The problem: %s", text);
	free(text);
}

static void
print_hit(struct page *page, const json_t *hit)
{
	char *marks = cf_record_mark(hit), *by = cf_signed_words(hit);
	const char *group = cf_get(hit, "group");

	cf_page_text(page, 2, "%s%s", marks, cf_get(hit, "title"));
	cf_page_text(page, 4, "%s %.18s, from %s, %s, %s", cf_get(hit, "kind"),
		cf_get(hit, "id"), cf_get(hit, "ownerName"),
		cf_date(cf_get(hit, "modified")).text, by);
	if (cf_has(hit, "snippet"))
		cf_page_text(page, 4, "%s", cf_get(hit, "snippet"));
	if (strcmp(group, "practice") == 0)
		print_problem(page, hit);
	if (strcmp(group, "adoption") == 0)
		print_similarity(page, hit);
	if (cf_has(hit, "practice"))
		cf_page_text(page, 4, "About the practice %.18s", cf_get(hit,
			"practice"));
	if (json_object_get(hit, "padlocks"))
		cf_page_text(page, 4, "How secure: %llu of 5 padlocks",
			cf_get_number(hit, "padlocks"));
	if (cf_has(hit, "reviewBy"))
		cf_page_text(page, 4, "Its owner meant to look at it again by "
			"%s.", cf_date(cf_get(hit, "reviewBy")).text);
	print_held(page, hit);
	free(marks);
	free(by);
}

/* What "like yours" rests on, or how to say it. */
static void
print_mine(struct page *page, const json_t *hits)
{
	const json_t *hit, *s = NULL;
	bool adoptions = false;
	char *setting;
	size_t i;

	json_array_foreach(hits, i, hit) {
		adoptions |= strcmp(cf_get(hit, "group"), "adoption") == 0;
		if (s == NULL)
			s = cf_get_at(hit, "similarity");
	}
	if (!adoptions)
		return;
	setting = cf_setting_words(cf_get_at(s, "mine"));
	if (s == NULL)
		cf_page_text(page, 2, "To see settings like yours first, say "
			"what yours is: git config confer.mine "
			"phase=primary,size=201_to_400,fsm=30_to_39");
	else if (strcmp(cf_get(s, "from"), "option") == 0)
		cf_page_text(page, 2, "Those like yours first, as --mine says: "
			"%s.", setting);
	else if (strcmp(cf_get(s, "from"), "setting") == 0)
		cf_page_text(page, 2, "Those like yours first, as the setting "
			"confer.mine says: %s.", setting);
	else
		cf_page_text(page, 2, "Those like yours first, as your own "
			"record %.18s says: %s. For another one: --mine, or "
			"git config confer.mine", cf_get(s, "from"), setting);
	free(setting);
}

static void
print_group(struct page *page, const json_t *hits, size_t g)
{
	const json_t *hit;
	bool begun = false;
	size_t i;

	json_array_foreach(hits, i, hit) {
		if (strcmp(cf_get(hit, "group"), groups[g].name) != 0)
			continue;
		if (!begun) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "%s", groups[g].title);
			if (strcmp(groups[g].name, "adoption") == 0)
				print_mine(page, hits);
		}
		begun = true;
		print_hit(page, hit);
	}
}

void
cf_page_hits(struct page *page, const json_t *hits)
{
	size_t all = 0, some = 0, i;
	const json_t *hit;

	json_array_foreach(hits, i, hit) {
		all += strcmp(cf_get(hit, "found"), "all") == 0;
		some += strcmp(cf_get(hit, "found"), "some") == 0;
	}
	if (i == 0) {
		cf_page_text(page, 0, "Nothing was found. Fewer or other words "
			"may find more, and read* finds what begins so. If it "
			"is a problem that you have, others can only help if "
			"they know of it: confer new need");
		return;
	}
	if (some)
		cf_page_text(page, 0, all ? "Few records have all of your "
			"words; some of these have only most of them." :
			"No record has all of your words; these have some of "
			"them.");
	for (size_t g = 0; g < GROUPS; g++)
		print_group(page, hits, g);
	cf_page_gap(page);
	cf_page_text(page, 0, "Next: confer show ID reads one of them. Is your "
		"problem not among them? confer new need");
}

void
cf_page_similar(struct page *page, unsigned indent, const json_t *list)
{
	const json_t *hit;
	size_t i;

	json_array_foreach(list, i, hit) {
		bool ours = cf_get_true(hit, "ours");
		bool practice = strcmp(cf_get(hit, "kind"), "practice") == 0;
		char *lead = cf_asprintf("%s published something close:",
			ours ? "You" : cf_get(hit, "ownerName"));

		cf_page_entry(page, indent, 2, TONE_WARN, lead, " '%s' (%s "
			"%.18s). %s %s", cf_get(hit, "title"), cf_get(hit,
			"kind"), cf_get(hit, "id"), ours ? "Change that one "
			"instead?" : practice ? "Adopt it instead?" : "Link to "
			"it instead, under 'related'?", cf_get(hit,
			"command"));
		free(lead);
	}
}
