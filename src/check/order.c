/*
 * N-ORDER: a number that was rounded where it was to be held back, as the exact
 * numbers tell that this machine saw in a draft.
 */
#include <string.h>

#include "check/ledger.h"
#include "check/rules.h"

static void
order_record(struct cf_probe *probe)
{
	const char *kind = cf_json_str(probe->doc, "kind");
	int64_t least = cf_least(probe);
	struct cf_stats stats = { 0 };

	if (kind == NULL || strcmp(kind, "finding") != 0 ||
		!json_is_object(probe->body))
		return;
	if (probe->with->ledger == NULL) {
		cf_not_run(probe, probe->with->no_ledger ?
			probe->with->no_ledger : "the exact numbers behind the "
			"figures are not known here");
		return;
	}
	cf_stats_read(&stats, kind, probe->body, 0, true);
	for (size_t i = 0; i < stats.n; i++) {
		const struct cf_stat *s = &stats.stat[i];
		int64_t exact;

		if (s->hidden || s->value < least || !cf_ledger_get(&exact,
			probe->with->ledger, s) || exact >= least)
			continue;
		cf_report(probe, CF_WAIVABLE, s->path, "an earlier state of the "
			"draft had fewer than %lld people here: this is rounded "
			"where it is to be held back", (long long)least);
	}
	cf_stats_clear(&stats);
}

const struct cf_rule cf_rule_order = {
	.id = "N-ORDER",
	.severity = CF_WAIVABLE,
	.local = true,
	.title = "Rounded in place of held back",
	.found = "this is rounded where it is to be held back",
	.detects = "A number of 10 people in place of 8 or 9: what is below 10 "
		"is held back first, and the rest rounded then. Needs the exact "
		"numbers, which 'confer check --fix' keeps sealed on this "
		"machine.",
	.why = "A 10 that stands for eight children is as good as the eight.",
	.remedy = "Write \"c\", and hold a second cell back.",
	.example = "Girls 10, where the draft had 8",
	.record = order_record
};
