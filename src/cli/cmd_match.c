/*
 * confer match: who could help with our needs, and whom we could help.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/hits.h"
#include "cli/mark.h"

struct match_opts {
	const char *sort;
	unsigned limit;
};

static const struct opt opts[] = {
	{ "limit", 0, OPT_NUMBER, offsetof(struct match_opts, limit), "N",
		"at most N proposals for each (default: 5)",
		.max = CF_MAX_PROPOSED },
	{ "sort", 0, OPT_TEXT, offsetof(struct match_opts, sort), "ORDER",
		"fit, what fits best first, is the only order there is" },
	{ NULL }
};

static const struct {
	const char *part, *words;
} parts[] = { { "problem", "problem words" }, { "field", "area and phase" },
	{ "setting", "kind of school" }, { "room", "days left" },
	{ "way", "what is wanted, and within reach" } };

static const struct cf_err *
run(struct call *call)
{
	const struct match_opts *o = call->opts;
	struct cf_match_what what = { call->arg[0], o->sort, o->limit };

	return cf_match(&call->result, call->trust, &what);
}

/* "problem words 0.20 of 0.45, …": never one bare number. */
static void
print_parts(struct page *page, const json_t *fit)
{
	struct cf_buf out = CF_BUF(1000);
	const json_t *one;
	size_t i;

	json_array_foreach(cf_get_at(fit, "parts"), i, one) {
		double weight = json_real_value(json_object_get(one,
			"weight"));
		double value = json_real_value(json_object_get(one, "value"));

		cf_buf_printf(&out, "%s%s ", i ? ", " : "", parts[i].words);
		if (cf_get_true(one, "said"))
			cf_buf_printf(&out, "%.2f of %.2f", weight * value,
				weight);
		else
			cf_buf_puts(&out, "not said");
	}
	cf_page_text(page, 4, "How it fits: %s", out.data);
	cf_buf_clear(&out);
}

static void
print_contact(struct page *page, const json_t *contact)
{
	if (cf_has(contact, "mailbox"))
		cf_page_text(page, 4, "Write to %s", cf_get(contact,
			"mailbox"));
	if (cf_has(contact, "page"))
		cf_page_text(page, 4, "Get in touch: %s", cf_get(contact,
			"page"));
}

static void
print_proposal(struct page *page, const json_t *hit)
{
	char *marks = cf_record_mark(hit), *by = cf_signed_words(hit);

	cf_page_text(page, 2, "%s%s", marks, cf_get(hit, "title"));
	cf_page_text(page, 4, "%s %.18s, from %s, %s", cf_get(hit, "kind"),
		cf_get(hit, "id"), cf_get(hit, "ownerName"), by);
	print_parts(page, cf_get_at(hit, "fit"));
	if (cf_has(hit, "state"))
		cf_page_text(page, 4, "So far: %s", cf_get(hit, "state"));
	print_contact(page, cf_get_at(hit, "contact"));
	free(marks);
	free(by);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *mine, *hit;
	size_t i, k;

	if (json_array_size(call->result) == 0) {
		cf_page_text(page, 0, "You have no active need or offer. Say "
			"what you look for, or what you can give: confer new "
			"need, confer new offer");
		return;
	}
	json_array_foreach(call->result, i, mine) {
		bool need = strcmp(cf_get(mine, "kind"), "need") == 0;

		cf_page_gap(page);
		cf_page_head(page, TONE_STRONG, "%s: %s", need ? "Your need" :
			"Your offer", cf_get(mine, "title"));
		json_array_foreach(cf_get_at(mine, "proposals"), k, hit) {
			print_proposal(page, hit);
		}
		if (k == 0)
			cf_page_text(page, 2, need ? "No offer fits yet." :
				"No need fits yet.");
		if (cf_get_number(mine, "more"))
			cf_page_text(page, 2, "And %llu more; --limit shows "
				"them.", cf_get_number(mine, "more"));
		cf_page_text(page, 2, "To note one as accepted or declined, "
			"edit 'matches' in: confer new --from %.18s",
			cf_get(mine, "id"));
	}
}

const struct cmd cmd_match = {
	.name = "match",
	.args = "[ID]",
	.help = "find offers for your needs, and needs for your offers",
	.about = "Proposes what fits the needs and offers of your trust, or "
		"the one of this ID, and shows every part of how it fits. "
		"What is for another phase, over, full or out of reach is "
		"left out. Trusts and schools are never ranked.",
	.opts = opts,
	.size = sizeof(struct match_opts),
	.max = 1,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
