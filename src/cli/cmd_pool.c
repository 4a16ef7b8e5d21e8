/*
 * confer pool: one estimate from the findings of many trusts.
 */
#include "cli/cmd.h"
#include "cli/pooled.h"

struct pool_opts {
	const char *outcome, *measure, *method, *by, *groups, *moderator;
	const char *practice, *phase, *region, *area, *fsm, *design, *owner;
	const char *exclude, *plot, *funnel, *left_out, *replay, *title, *asks;
	bool knapp_hartung, publish, no_push;
};

#define AT(member) offsetof(struct pool_opts, member)

static const struct opt opts[] = {
	{ "outcome", 0, OPT_TEXT, AT(outcome), "CODE",
		"what the findings measured, such as reading_comprehension; "
		"several with commas between" },
	{ "measure", 0, OPT_TEXT, AT(measure), "M",
		"how effects are expressed: smd (Hedges g, the default), "
		"log_odds_ratio, log_risk_ratio, risk_difference, fisher_z, "
		"mean_difference or change" },
	{ "method", 0, OPT_TEXT, AT(method), "M",
		"how to estimate the variance between findings (default: "
		"REML); fixed: one true effect",
		.choices = "REML|ML|PM|DL|fixed" },
	{ "knapp-hartung", 0, OPT_FLAG, AT(knapp_hartung), NULL,
		"wider, more honest intervals: wanted with few findings" },
	{ "by", 0, OPT_TEXT, AT(by), "trust",
		"allow for findings of one trust being alike: three levels, "
		"robust errors", .choices = "trust" },
	{ "groups", 0, OPT_TEXT, AT(groups), "FIELD",
		"an estimate for each group, and whether they differ",
		.choices = "phase|region|fsm|design|practice" },
	{ "moderator", 0, OPT_TEXT, AT(moderator), "FIELD",
		"how the effect changes with a number",
		.choices = "weeks|year|fsm|padlocks" },
	{ "practice", 0, OPT_TEXT, AT(practice), "ID",
		"only findings about this practice" },
	{ "phase", 0, OPT_TEXT, AT(phase), "CODE",
		"only from this age range, such as primary" },
	{ "region", 0, OPT_TEXT, AT(region), "CODE",
		"only from this region, such as south_west" },
	{ "area", 0, OPT_TEXT, AT(area), "CODE",
		"only of this area, such as english_reading" },
	{ "fsm", 0, OPT_TEXT, AT(fsm), "BAND",
		"only from this band of free school meals, such as 30_to_39" },
	{ "design", 0, OPT_TEXT, AT(design), "CODE",
		"only of this design, such as rct" },
	{ "owner", 0, OPT_TEXT, AT(owner), "NAME",
		"only what this partner (or trust id) created" },
	{ "exclude", 0, OPT_TEXT, AT(exclude), "ID[,ID]",
		"leave these findings out; the result says so" },
	{ "plot", 0, OPT_TEXT, AT(plot), "FILE",
		"draw a forest plot (SVG)" },
	{ "funnel", 0, OPT_TEXT, AT(funnel), "FILE",
		"draw a funnel plot (SVG); from 10 findings on" },
	{ "leave-one-out", 0, OPT_TEXT, AT(left_out), "FILE",
		"draw the estimate without each finding (SVG)" },
	{ "publish", 0, OPT_FLAG, AT(publish), NULL,
		"publish the result as a synthesis that names the versions "
		"pooled" },
	{ "title", 0, OPT_TEXT, AT(title), "TEXT", "its title" },
	{ "question", 0, OPT_TEXT, AT(asks), "TEXT", "its question" },
	{ "no-push", 0, OPT_FLAG, AT(no_push), NULL,
		"sign it, but do not send anything yet" },
	{ "replay", 0, OPT_TEXT, AT(replay), "ID",
		"work a published synthesis out again, from the versions that "
		"it names, and compare" },
	{ NULL }
};

static const struct cf_err *
usable(const struct pool_opts *o)
{
	if (o->replay && (o->outcome || o->publish))
		return cf_err(CF_USAGE, "--replay takes everything from the "
			"synthesis; leave out the other options");
	if (!o->publish && (o->title || o->asks || o->no_push))
		return cf_err(CF_USAGE, "--title, --question and --no-push go "
			"with --publish");
	return NULL;
}

static const struct cf_err *
run(struct call *call)
{
	const struct pool_opts *o = call->opts;
	struct cf_pool_what what = { o->outcome, o->measure, o->method,
		o->knapp_hartung, o->by != NULL, o->groups, o->moderator,
		o->practice, o->phase, o->region, o->area, o->fsm, o->design,
		o->owner, o->exclude, o->plot, o->funnel, o->left_out,
		o->publish, o->no_push, o->title, o->asks };
	const struct cf_err *err = usable(o);

	if (err)
		return err;
	return o->replay ? cf_pool_replay(&call->result, call->trust,
		o->replay) : cf_pool_findings(&call->result, call->trust,
		&what);
}

static void
print(struct page *page, const struct call *call)
{
	const struct pool_opts *o = call->opts;

	if (o->replay)
		cf_page_replayed(page, call->result);
	else
		cf_page_pooled(page, call->result, o->no_push);
}

const struct cmd cmd_pool = {
	.name = "pool",
	.help = "combine the findings on one outcome into an estimate",
	.about = "Pools the findings that your trust and its partners "
		"published on an outcome: lists each with its weight and its "
		"signer, says what was left out and why, and gives the "
		"estimate with its margin and how far findings differ. "
		"Findings stand in the order in which they were recorded.",
	.opts = opts,
	.size = sizeof(struct pool_opts),
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
