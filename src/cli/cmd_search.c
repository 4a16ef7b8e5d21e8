/*
 * confer search: from a problem to what others did about it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/hits.h"
#include "cli/kinds.h"

struct search_opts {
	const char *kind, *phase, *region, *area, *fsm, *trust, *owner, *since;
	const char *mine, *sort, *size, *outcome, *padlocks;
	unsigned limit;
};

#define AT(member) offsetof(struct search_opts, member)

static const struct opt opts[] = {
	{ "kind", 0, OPT_TEXT, AT(kind), "KIND",
		"only this kind, such as practice" },
	{ "phase", 0, OPT_TEXT, AT(phase), "CODE",
		"only from this age range, such as primary" },
	{ "region", 0, OPT_TEXT, AT(region), "CODE",
		"only from this region, such as south_west" },
	{ "area", 0, OPT_TEXT, AT(area), "CODE",
		"only of this area, such as english_reading" },
	{ "fsm", 0, OPT_TEXT, AT(fsm), "BAND",
		"only from this band of free school meals, such as 30_to_39" },
	{ "size", 0, OPT_TEXT, AT(size), "BAND",
		"only from schools of this size, such as 201_to_400" },
	{ "outcome", 0, OPT_TEXT, AT(outcome), "CODE",
		"only findings and syntheses on this, such as reading_fluency, "
		"and what leads to them" },
	{ "padlocks", 0, OPT_TEXT, AT(padlocks), "N",
		"only findings that are so secure or more, from 0 to 5, and "
		"what leads to them" },
	{ "trust", 0, OPT_TEXT, AT(trust), "NAME",
		"only what this partner (or trust id, or me) created" },
	{ "owner", 0, OPT_TEXT, AT(owner), "NAME",
		"the same, as list, pool and export call it" },
	{ "since", 0, OPT_TEXT, AT(since), "DAY",
		"only what was changed on this day or later, such as "
		"2026-01-31" },
	{ "limit", 0, OPT_NUMBER, AT(limit), "N",
		"at most N of each group (default: 10)", .max = CF_MAX_HITS },
	{ "mine", 0, OPT_TEXT, AT(mine), "SETTING",
		"your kind of school, such as phase=primary,fsm=30_to_39, to "
		"see those like it first (or the setting confer.mine)" },
	{ "sort", 0, OPT_TEXT, AT(sort), "ORDER",
		"match, the best match first, is the only order there is" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct search_opts *o = call->opts;
	struct cf_buf query = CF_BUF(64 * 1024);
	struct cf_search_what what = { NULL, o->kind, o->phase, o->region,
		o->area, o->fsm, o->trust ? o->trust : o->owner, o->since,
		o->mine, o->sort, o->size, o->outcome, o->padlocks, o->limit };
	const struct cf_err *err = o->kind ? cf_kind_typed(o->kind) : NULL;

	if (!err && o->trust && o->owner)
		err = cf_err(CF_USAGE, "--trust and --owner are the same; keep "
			"one");

	/* Words may stand with quotes around them or without. */
	for (size_t i = 0; i < call->n; i++)
		cf_buf_printf(&query, "%s%s", i ? " " : "", call->arg[i]);
	what.query = query.data;
	if (!err)
		err = cf_buf_check(&query, "the search");
	if (!err)
		err = cf_search(&call->result, call->trust, &what);
	cf_buf_clear(&query);
	return err;
}

static void
print(struct page *page, const struct call *call)
{
	cf_page_hits(page, call->result);
}

const struct cmd cmd_search = {
	.name = "search",
	.args = "[QUERY...]",
	.help = "find what answers a problem",
	.about = "Looks for your words in the records of your trust and its "
		"partners, and shows needs, the practices that answered them, "
		"where those were tried, and what was found. All words must "
		"be there; \"a phrase\" in quotes, read* for what begins so, "
		"OR between two, -word to leave out. Without words an option "
		"such as --outcome shows all that it lets through. Results "
		"are never sorted by how large an effect is, or by trust or "
		"school.",
	.opts = opts,
	.size = sizeof(struct search_opts),
	.max = CMD_ANY,
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
