/*
 * confer rules: what the check looks for, and one rule explained.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"

#define COLUMN 20	/* where what a rule finds begins: after the longest id */

static const struct cf_err *
run(struct call *call)
{
	return cf_rules_list(&call->result, call->arg[0]);
}

/* What a finding of the rule means for publishing. */
static const char *
weight(const char *severity)
{
	if (strcmp(severity, "never") == 0)
		return "what it finds must go before the record is published; "
			"a reason is enough only where the check says 'Needs a "
			"decision'";
	if (strcmp(severity, "waivable") == 0)
		return "what it finds is changed, or published with a reason "
			"that is signed in the record";
	return "what it finds is worth a look, and stops nothing";
}

static void
print_rule(struct page *page, const json_t *rule)
{
	char *weight_text = cf_sentence(weight(cf_get(rule, "severity")));

	cf_page_head(page, TONE_STRONG, "%s: %s", cf_get(rule, "rule"),
		cf_get(rule, "title"));
	cf_page_gap(page);
	cf_page_entry(page, 0, 4, TONE_STRONG, "Finds:", "%s",
		cf_get(rule, "detects"));
	cf_page_entry(page, 0, 4, TONE_STRONG, "Why:", "%s",
		cf_get(rule, "why"));
	cf_page_entry(page, 0, 4, TONE_STRONG, "Do:", "%s",
		cf_get(rule, "remedy"));
	cf_page_entry(page, 0, 4, TONE_STRONG, "Example:", "%s",
		cf_get(rule, "example"));
	cf_page_entry(page, 0, 4, TONE_STRONG, "Weight:", "%s", weight_text);
	cf_page_entry(page, 0, 4, TONE_STRONG, "Runs:", "%s",
		json_is_true(cf_get_at(rule, "local")) ?
		"On this machine only, with what it knows; nothing of that "
		"leaves it." :
		"Before publishing, and on every record that a partner "
		"publishes: one that breaks it is held.");
	free(weight_text);
}

static void
print(struct page *page, const struct call *call)
{
	static const char *const parts[][2] = { { "never", "Never published" },
		{ "waivable", "To be changed, or published with a reason" },
		{ "advice", "Advice" } };
	const json_t *rule;
	size_t i;

	if (call->arg[0]) {
		print_rule(page, json_array_get(call->result, 0));
		return;
	}
	for (size_t part = 0; part < 3; part++) {
		bool any = false;

		json_array_foreach(call->result, i, rule) {
			if (strcmp(cf_get(rule, "severity"), parts[part][0]) != 0)
				continue;
			if (!any) {
				cf_page_gap(page);
				cf_page_head(page, TONE_STRONG, "%s",
					parts[part][1]);
			}
			any = true;
			cf_page_pair(page, 2, COLUMN, cf_get(rule, "rule"),
				cf_get(rule, "title"));
		}
	}
	cf_page_gap(page);
	cf_page_text(page, 0, "To have one explained, with an example: confer "
		"rules T-UPN");
}

const struct cmd cmd_rules = {
	.name = "rules",
	.args = "[RULE]",
	.help = "list what the check looks for, or explain one rule",
	.about = "Lists the rules of 'confer check' by what becomes of what "
		"they find. With the name of a rule: what it looks for, why it "
		"matters to a child, what to do, and an example.",
	.max = 1,
	.flags = CMD_REPORT,
	.run = run,
	.print = print
};
