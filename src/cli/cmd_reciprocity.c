/*
 * confer reciprocity: what we gave and what we received.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/label.h"

struct reciprocity_opts {
	const char *sort;
};

static const struct opt opts[] = {
	{ "sort", 0, OPT_TEXT, offsetof(struct reciprocity_opts, sort),
		"ORDER", "there is none: the order of partners is drawn anew "
		"each month, so that nobody is first" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct reciprocity_opts *o = call->opts;

	return cf_reciprocity(&call->result, call->trust, o->sort);
}

/* "3.5 days", "1 day". */
static struct word
days(const json_t *object, const char *member)
{
	double n = json_number_value(json_object_get(object, member));
	struct word w;

	(void)snprintf(w.text, sizeof w.text, "%g day%s", n,
		n > 1 || n < 1 ? "s" : "");
	return w;
}

/* The words for the code of an area. The caller frees. */
static char *
area_words(const char *code)
{
	json_t *root = cf_kind_schema("support");
	json_t *schema = cf_label_items(root, cf_label_member(root, root,
		"areas"));
	json_t *value = json_string(code);
	char *out = cf_label_value(root, schema, value);

	json_decref(value);
	json_decref(root);
	return out;
}

static void
print_own(struct page *page, const json_t *r)
{
	const json_t *row;
	size_t i;

	cf_page_text(page, 0, "You gave %s to %s, and received %s from %s.",
		days(r, "given").text, cf_count(cf_get_number(r, "to"),
		"trust").text, days(r, "received").text,
		cf_count(cf_get_number(r, "from"), "trust").text);
	json_array_foreach(cf_get_at(r, "themes"), i, row) {
		char *area = area_words(cf_get(row, "area"));

		cf_page_text(page, 2, "%s: %s given, %s received", area,
			days(row, "given").text, days(row, "received").text);
		free(area);
	}
	json_array_foreach(cf_get_at(r, "partners"), i, row) {
		if (i == 0) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "With each of them, in "
				"no order");
		}
		cf_page_text(page, 2, "%s: %s given, %s received",
			cf_get(row, "name"), days(row, "given").text,
			days(row, "received").text);
	}
}

static void
print_waiting(struct page *page, const json_t *r)
{
	const json_t *row;
	size_t i;

	json_array_foreach(cf_get_at(r, "unsigned"), i, row) {
		if (i == 0) {
			cf_page_gap(page);
			cf_page_head(page, TONE_STRONG, "Not counted yet: one "
				"of the two has to sign");
		}
		if (cf_get_true(row, "ours"))
			cf_page_text(page, 2, "%s: waits for the other trust",
				cf_get(row, "title"));
		else
			cf_page_text(page, 2, "%s: if it is right, confer "
				"cosign %.18s", cf_get(row, "title"),
				cf_get(row, "id"));
	}
}

static void
print_network(struct page *page, const json_t *network)
{
	const json_t *both = cf_get_at(network, "both"), *row;
	size_t i, n = 0;

	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Among all trusts that you follow");
	if (both)
		cf_page_text(page, 2, "About %g in 100 both gave and received.",
			json_number_value(both));
	json_array_foreach(cf_get_at(network, "flows"), i, row) {
		char *area = area_words(cf_get(row, "area"));

		cf_page_text(page, 2, "%s: about %s given and received", area,
			days(row, "days").text);
		free(area);
		n++;
	}
	json_array_foreach(cf_get_at(network, "unmet"), i, row) {
		char *area = area_words(json_string_value(row));

		cf_page_text(page, 2, "%s: several trusts look for help", area);
		free(area);
		n++;
	}
	if (!both && n == 0)
		cf_page_text(page, 2, "Nothing to say yet: a figure is shown "
			"only where at least three trusts are behind it.");
	if (cf_get_number(network, "waiting"))
		cf_page_text(page, 2, "Some of this is as it was told last: it "
			"changes once three trusts have added to it, so that "
			"two reports never tell of one trust.");
}

static void
print(struct page *page, const struct call *call)
{
	print_own(page, call->result);
	print_waiting(page, call->result);
	print_network(page, cf_get_at(call->result, "network"));
}

const struct cmd cmd_reciprocity = {
	.name = "reciprocity",
	.help = "what your trust gave to others and received from them",
	.about = "Adds up the records of support that both trusts signed: what "
		"yours gave and received, by theme and with each partner; and "
		"of all trusts only what at least three are behind. Nobody is "
		"ranked.",
	.opts = opts,
	.size = sizeof(struct reciprocity_opts),
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
