/*
 * Words for verdicts, and the line about the commons.
 */
#include <string.h>

#include "cli/verdict.h"

struct verdict
cf_verdict(const char *name)
{
	static const struct {
		const char *name;
		struct verdict verdict;
	} table[] = {
		{ "up-to-date", { "up to date", TONE_PLAIN } },
		{ "updated", { "updated", TONE_GOOD } },
		{ "stale", { "stale", TONE_WARN } },
		{ "held", { "held", TONE_WARN } },
		{ "refused", { "refused", TONE_BAD } },
		{ "unreachable", { "unreachable", TONE_WARN } },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(name, table[i].name) == 0)
			return table[i].verdict;
	return (struct verdict){ name[0] ? name : "not synced yet",
		TONE_PLAIN };
}

void
cf_page_commons(struct page *page, const json_t *commons, bool with_partners)
{
	unsigned long long conflicts = cf_get_number(commons, "conflicts");

	if (!json_is_object(commons))
		return;
	if (conflicts)
		cf_page_text(page, 0, "You can read %s; %llu of them in "
			"conflict.", cf_count(cf_get_number(commons,
			"records"), "record").text, conflicts);
	else
		cf_page_text(page, 0, "You can read %s.",
			cf_count(cf_get_number(commons, "records"),
			"record").text);
	if (with_partners && cf_has(commons, "spoken"))
		cf_page_text(page, 0, "Partners who have taken in the same "
			"see the same code: %s", cf_get(commons, "spoken"));
}
