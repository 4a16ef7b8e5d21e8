/*
 * confer id: who we are, and the number to read out on the telephone.
 */
#include "base/str.h"
#include "cli/out.h"
#include "cli/renewed.h"

#define GROUPS_A_LINE 4

struct id_opts {
	bool card;
	struct opt_texts set;
	struct renew_opts renew;
};

static const struct opt opts[] = {
	{ "card", 0, OPT_FLAG, offsetof(struct id_opts, card), NULL,
		"print the card for a partner: a small JSON file" },
	{ "set", 0, OPT_TEXTS, offsetof(struct id_opts, set), "NAME=VALUE",
		"change name, host (where you publish), urls (several with "
		"commas) or heartbeatDays, with a recovery sheet" },
	RENEW_OPTS(struct id_opts),
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct id_opts *o = call->opts;
	const struct cf_renew how = { .sheet = o->renew.sheet,
		.no_push = o->renew.no_push };

	if (o->set.n && o->card)
		return cf_err(CF_USAGE, "choose one of --card and --set");
	if (o->set.n)
		return cf_id_set(&call->result, call->trust, o->set.text,
			o->set.n, &how);
	if (o->renew.sheet || o->renew.no_push)
		return cf_err(CF_USAGE, "--sheet and --no-push go with --set");
	return o->card ? cf_card(&call->result, call->trust) :
		cf_id(&call->result, call->trust);
}

/* The groups of digits, far apart and a few on a line. */
static void
print_number(struct page *page, const char *number)
{
	struct cf_buf line = CF_BUF(1024);
	struct cf_str rest = cf_str(number), group;
	unsigned n = 0;
	bool more = true;

	while (more) {
		more = cf_str_cut(&group, &rest, rest, ' ');
		if (!more)
			group = rest;
		if (group.n) {
			cf_buf_puts(&line, n % GROUPS_A_LINE ? "   " : "");
			cf_buf_add(&line, group.p, group.n);
			n++;
		}
		if (line.len && (!more || n % GROUPS_A_LINE == 0)) {
			cf_page_line(page, TONE_STRONG, "      %s", line.data);
			cf_buf_reset(&line);
		}
	}
	cf_buf_clear(&line);
}

static void
print_urls(struct page *page, const json_t *urls)
{
	const json_t *url;
	size_t i;

	json_array_foreach(urls, i, url) {
		cf_page_pair(page, 2, 16, i ? "" : "Published at",
			json_string_value(url));
	}
}

/* What partners and other machines have to do, after a move to another host. */
static void
print_host(struct page *page, const json_t *result, const json_t *host)
{
	const json_t *one;
	bool told = false;
	size_t i;

	cf_page_head(page, TONE_GOOD, "You publish at %s now.",
		cf_get(host, "to"));
	json_array_foreach(cf_get_at(result, "changes"), i, one) {
		cf_page_head(page, TONE_GOOD, "%s.", json_string_value(one));
	}
	cf_page_gap(page);
	if (!cf_get_true(result, "pushed")) {
		cf_page_text(page, 0, "It did not take everything yet. When "
			"that is mended, type the same command again: it sends "
			"the rest, and tells the old address.");
		return;
	}
	json_array_foreach(cf_get_at(host, "old"), i, one) {
		if (cf_get_true(one, "told")) {
			cf_page_text(page, 0, "%s has been told: partners who "
				"ask there learn the new address at their next "
				"sync, and ask here from then on. Leave the "
				"old repository where it is until they have.",
				cf_get(one, "url"));
			told = true;
			continue;
		}
		cf_page_text(page, 0, "%s could not be told: %s.",
			cf_get(one, "url"), cf_get(one, "error"));
	}
	if (!told && cf_has(host, "from"))
		cf_page_text(page, 0, "Partners who fetch from another address "
			"do not learn of this one by themselves. Tell them to "
			"type:");
	if (!told && cf_has(host, "from"))
		cf_page_line(page, TONE_STRONG, "  confer partner add %s",
			cf_get(host, "to"));
	if (cf_has(host, "from"))
		cf_page_text(page, 0, "On each other machine of yours, type "
			"'confer id --set host=%s'.", cf_get(host, "to"));
}

static void
print(struct page *page, const struct call *call)
{
	const struct id_opts *o = call->opts;
	const json_t *result = call->result;
	const json_t *host = cf_get_at(result, "host");

	if (o->card) {
		cf_out_json(page->to, result);
		return;
	}
	if (o->set.n) {
		if (host)
			print_host(page, result, host);
		else
			cf_print_renewed(page, result);
		return;
	}
	cf_page_head(page, TONE_STRONG, "%s (%s)", cf_get(result, "name"),
		cf_get(result, "role"));
	cf_page_gap(page);
	cf_page_pair(page, 2, 16, "Trust id", cf_get(result, "trust"));
	cf_page_pair(page, 2, 16, "Key", cf_has(result, "key") ?
		cf_get(result, "key") : "none on this machine");
	if (cf_has(result, "key") && !cf_get_true(result, "machine"))
		cf_page_pair(page, 2, 16, "Number of it", cf_get(result,
			"keyNumber"));
	cf_page_pair(page, 2, 16, "Identity", cf_get(result,
		"identityDigest"));
	print_urls(page, cf_get_at(result, "urls"));
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Safety number");
	cf_page_gap(page);
	print_number(page, cf_get(result, "safetyNumber"));
	cf_page_gap(page);
	cf_page_text(page, 0, "Read it out on the telephone to a partner who "
		"follows you for the first time, and have theirs read to you. "
		"The same digits on both screens mean that nobody stands in "
		"between.");
}

const struct cmd cmd_id = {
	.name = "id",
	.help = "show the trust id and the safety number to read out",
	.about = "Shows who this trust is. The safety number is for the "
		"telephone: a partner who follows you for the first time "
		"compares it with what 'confer partner add' shows. With --card "
		"it prints a small file that says the same to the partner's "
		"program: confer id --card > card.json. With --set it changes "
		"what the identity says: confer id --set name=\"Ashby "
		"Trust\"; and confer id --set host=URL publishes at another "
		"address from now on, an empty repository that is tried at "
		"once.",
	.opts = opts,
	.size = sizeof(struct id_opts),
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
