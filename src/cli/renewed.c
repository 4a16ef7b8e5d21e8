/*
 * What a change of the identity prints.
 */
#include "cli/renewed.h"

void
cf_print_sheets(struct page *page, const json_t *sheets)
{
	const json_t *path;
	size_t i;

	cf_page_gap(page);
	if (json_array_size(sheets) == 0) {
		cf_page_text(page, 0, "Keep the recovery sheets in two places, "
			"such as the safe and another school. Whoever holds "
			"one can take over the trust's identity; without any, "
			"a lost key is lost for good.");
		return;
	}
	cf_page_head(page, TONE_STRONG, "Recovery sheets");
	json_array_foreach(sheets, i, path) {
		cf_page_text(page, 2, "%s", json_string_value(path));
	}
	cf_page_text(page, 0, "Print them, keep them in two places, such as "
		"the safe and another school, and then delete the files. "
		"Whoever holds one can take over the trust's identity; "
		"without any, a lost key is lost for good.");
}

void
cf_print_renewed(struct page *page, const json_t *result)
{
	json_t *list = cf_get_at(result, "changes"), *sentence;
	size_t i;

	json_array_foreach(list, i, sentence) {
		cf_page_head(page, TONE_GOOD, "%s.",
			json_string_value(sentence));
	}
	if (cf_has(result, "added"))
		cf_page_pair(page, 2, 24, "Let in", cf_get(result, "added"));
	if (cf_has(result, "key"))
		cf_page_pair(page, 2, 24, "This machine's key",
			cf_get(result, "key"));
	if (cf_get_size(result, "sheets"))
		cf_print_sheets(page, cf_get_at(result, "sheets"));
	cf_page_gap(page);
	if (cf_get_size(result, "sealedAgain"))
		cf_page_text(page, 0, "The rolls and exact numbers of this "
			"machine are sealed with the new key now.");
	if (cf_get_true(result, "pushed"))
		cf_page_text(page, 0, "Sent to %s. Partners follow it at their "
			"next sync.", cf_get(result, "remote"));
	else if (cf_has(result, "pushError"))
		cf_page_text(page, 0, "Not sent yet; 'confer publish' sends "
			"it.");
	else
		cf_page_text(page, 0, "It stays here until 'confer publish' "
			"sends it.");
}
