/*
 * confer new: a draft to fill in.
 */
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/hits.h"
#include "cli/kinds.h"

struct new_opts {
	const char *output, *from, *title, *practice;
};

static const struct opt opts[] = {
	{ "output", 'o', OPT_TEXT, offsetof(struct new_opts, output), "FILE",
		"write the draft here instead of into drafts/" },
	{ "from", 0, OPT_TEXT, offsetof(struct new_opts, from), "ID",
		"begin with what this record says now, to change it" },
	{ "title", 0, OPT_TEXT, offsetof(struct new_opts, title), "TEXT",
		"its title; says where others published something close" },
	{ "practice", 0, OPT_TEXT, offsetof(struct new_opts, practice), "ID",
		"of an adoption or a finding: the practice that it is about" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct new_opts *o = call->opts;
	const struct cf_err *err = NULL;

	if ((o->title || o->practice) && (o->from || call->n == 0))
		return cf_err(CF_USAGE, "--title and --practice begin a new "
			"draft: name its kind, and leave out --from");
	if (call->n == 0 && o->from == NULL) {
		call->report = true;
		call->result = cf_kinds();
		return NULL;
	}
	if (call->n)
		err = cf_kind_typed(call->arg[0]);
	if (!err && call->trust == NULL)
		err = cf_open(&call->trust, ".", call->ui);
	if (err)
		return err;
	if (o->title || o->practice)
		return cf_new_about(&call->result, call->trust, call->arg[0],
			o->title, o->practice, o->output);
	return cf_new(&call->result, call->trust, call->arg[0], o->from,
		o->output);
}

static void
print_kinds(struct page *page, const json_t *kinds)
{
	const json_t *kind;
	size_t i;

	cf_page_text(page, 0, "There are these kinds of record:");
	cf_page_gap(page);
	json_array_foreach(kinds, i, kind) {
		cf_page_pair(page, 2, 14, cf_get(kind, "kind"),
			cf_get(kind, "description"));
	}
	cf_page_gap(page);
	cf_page_text(page, 0, "Next: confer new KIND");
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *result = call->result;
	const char *file;
	char *word;

	if (json_is_array(result)) {
		print_kinds(page, result);
		return;
	}
	file = cf_from_here(cf_get(result, "file"));
	cf_page_text(page, 0, "Your draft is %s", file);
	cf_page_text(page, 0, "How to fill it in, with an example, is in %s",
		cf_from_here(cf_get(result, "guide")));
	cf_page_similar(page, 0, cf_get_at(result, "similar"));
	word = cf_shell_word(file);
	cf_page_text(page, 0, "Next: open both with a text editor, then confer "
		"check %s", word);
	free(word);
}

const struct cmd cmd_new = {
	.name = "new",
	.args = "[KIND]",
	.help = "begin a draft; without a kind, list the kinds",
	.about = "Writes a draft of this kind into drafts/, and beside it a "
		"guide to its fields. Drafts never leave this machine until "
		"you publish them. Without KIND it lists the kinds there are.",
	.opts = opts,
	.size = sizeof(struct new_opts),
	.max = 1,
	.flags = CMD_MAY_TRUST,
	.run = run,
	.print = print
};
