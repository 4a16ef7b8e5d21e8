/*
 * confer partner add: follow another trust.
 */
#include "cli/cmd.h"

struct add_opts {
	const char *name, *id, *card;
};

static const struct opt opts[] = {
	{ "name", 0, OPT_TEXT, offsetof(struct add_opts, name), "NAME",
		"what you call them here; without it, from their own name" },
	{ "id", 0, OPT_TEXT, offsetof(struct add_opts, id), "TRUST_ID",
		"their trust id, where they gave it to you" },
	{ "card", 0, OPT_TEXT, offsetof(struct add_opts, card), "FILE",
		"the card that they handed you" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct add_opts *o = call->opts;
	struct cf_partner_add what = { call->arg[0], o->name, o->id, o->card };

	if (what.url == NULL && what.card == NULL && what.id == NULL)
		return cf_err(CF_USAGE, "'confer partner add' needs the "
			"address of their repository, or --card FILE");
	return cf_partner_add(&call->result, call->trust, &what);
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *result = call->result;
	const json_t *via = cf_get_at(result, "via"), *alike;
	size_t i;

	if (cf_has(result, "moved")) {
		cf_page_head(page, TONE_GOOD, "You follow %s already, as '%s'. "
			"From now on it is asked at %s", cf_get(result,
			"title"), cf_get(result, "name"), cf_get(result,
			"url"));
		cf_page_text(page, 0, "It is their repository: every signature "
			"is in order. Next: confer sync");
		return;
	}
	cf_page_head(page, TONE_GOOD, "You now follow %s, here called '%s'",
		cf_get(result, "title"), cf_get(result, "name"));
	if (cf_get_number(result, "records") == 0)
		cf_page_text(page, 0, "Every signature is in order. They have "
			"published no record yet.");
	else
		cf_page_text(page, 0, "Every signature is in order: %s in %s.",
			cf_count(cf_get_number(result, "records"),
			"record").text, cf_count(cf_get_number(result,
			"versions"), "version").text);
	json_array_foreach(cf_get_at(result, "alike"), i, alike) {
		cf_page_entry(page, 0, 4, TONE_WARN, "Take care:",
			"the name looks like that of %s%s%s%s. They are two "
			"trusts: their safety numbers are %s here, and %s "
			"there", cf_get(alike, "title"),
			cf_has(alike, "name") ? ", whom you follow as '" :
			", your own trust", cf_get(alike, "name"),
			cf_has(alike, "name") ? "'" : "",
			cf_get(result, "safetyNumber"),
			cf_get(alike, "safetyNumber"));
	}
	if (via)
		cf_page_text(page, 0, "%s. So what you have is from the copy "
			"at the host of %s; each sync asks %s first.",
			cf_get(via, "why"), cf_get(via, "name"),
			cf_get(result, "url"));
	if (cf_get_number(result, "records"))
		cf_page_text(page, 0, "%s of theirs %s new here. Next: confer "
			"list --owner %s", cf_count(cf_get_number(result,
			"records"), "record").text, cf_get_number(result,
			"records") == 1 ? "is" : "are", cf_get(result,
			"name"));
	else
		cf_page_text(page, 0, "Next: confer sync");
}

const struct cmd cmd_partner_add = {
	.family = "partner",
	.name = "add",
	.args = "[URL]",
	.help = "follow another trust",
	.about = "Fetches the repository at URL, verifies it from its first "
		"commit, and remembers whose it is. That it is theirs you "
		"learn from them: from their card (--card), their trust id "
		"(--id), or on the telephone, by comparing the safety number "
		"that is shown before you are asked. Where their host does "
		"not answer, a copy that one of your partners relays will do, "
		"with --card or --id. A partner that you follow already is "
		"asked at URL from now on.",
	.opts = opts,
	.size = sizeof(struct add_opts),
	.max = 1,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
