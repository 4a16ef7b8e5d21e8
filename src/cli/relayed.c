/*
 * One sentence about the copies at our host.
 */
#include "cli/relayed.h"

void
cf_page_relayed(struct page *page, const json_t *relay)
{
	unsigned long long sent = cf_get_number(relay, "sent");
	unsigned long long removed = cf_get_number(relay, "removed");

	if (cf_has(relay, "error"))
		cf_page_entry(page, 0, 4, TONE_WARN, "Copies at your host:",
			"not renewed: %s. The next sync tries again",
			cf_get(relay, "error"));
	if (sent)
		cf_page_text(page, 0, "Your host carries the newest of %s for "
			"others.", cf_count(sent, "partner").text);
	if (removed)
		cf_page_text(page, 0, "Your host no longer carries a copy of "
			"%s.", cf_count(removed, "trust").text);
}
