/*
 * confer export: the records for other programs.
 */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cli/cmd.h"
#include "cli/kinds.h"
#include "cli/pooled.h"

struct export_opts {
	const char *kind, *owner, *status;
	struct opt_texts id;
	const char *outcome, *measure, *practice, *phase, *region, *area;
	const char *fsm, *design, *exclude;
	bool exact, force, dry_run;
};

#define AT(member) offsetof(struct export_opts, member)

static const struct opt opts[] = {
	{ "kind", 0, OPT_TEXT, AT(kind), "KIND",
		"only this kind, such as finding" },
	{ "owner", 0, OPT_TEXT, AT(owner), "NAME",
		"only what this partner (or trust id) created" },
	{ "status", 0, OPT_TEXT, AT(status), "STATUS",
		"only records in this state",
		.choices = "active|completed|superseded|withdrawn|erased" },
	{ "id", 0, OPT_TEXTS, AT(id), "ID",
		"only this record; may be given again" },
	{ "outcome", 0, OPT_TEXT, AT(outcome), "CODE",
		"metafor: what the findings measured, as for 'confer pool'" },
	{ "measure", 0, OPT_TEXT, AT(measure), "M",
		"metafor: how effects are expressed (default: smd)" },
	{ "practice", 0, OPT_TEXT, AT(practice), "ID",
		"metafor: only findings about this practice" },
	{ "phase", 0, OPT_TEXT, AT(phase), "CODE",
		"metafor: only from this age range" },
	{ "region", 0, OPT_TEXT, AT(region), "CODE",
		"metafor: only from this region" },
	{ "area", 0, OPT_TEXT, AT(area), "CODE",
		"metafor: only from this area of work" },
	{ "fsm", 0, OPT_TEXT, AT(fsm), "CODE",
		"metafor: only with this share of free school meals" },
	{ "design", 0, OPT_TEXT, AT(design), "CODE",
		"metafor: only of this design, such as rct" },
	{ "exclude", 0, OPT_TEXT, AT(exclude), "IDS",
		"metafor: leave these findings out; commas between" },
	{ "exact", 0, OPT_FLAG, AT(exact), NULL,
		"CSV: no ' in front of texts that a spreadsheet would take "
		"for formulas" },
	{ "force", 0, OPT_FLAG, AT(force), NULL,
		"replace what is there, even if it is no earlier export" },
	{ "dry-run", 'n', OPT_FLAG, AT(dry_run), NULL,
		"only say how much there is, and try a database; "
		"write nothing" },
	{ NULL }
};

static bool
is_database(const char *word)
{
	return cf_starts(word, "postgresql://") ||
		cf_starts(word, "postgres://");
}

/* FORMAT TARGET, or the address of a database alone. */
static const struct cf_err *
read_operands(struct cf_export_what *what, const struct call *call)
{
	bool named = strcmp(call->arg[0], "postgresql") == 0;

	if (call->n == 1 && is_database(call->arg[0])) {
		what->format = "postgresql";
		what->target = call->arg[0];
		return NULL;
	}
	if (call->n == 1 && named)
		return cf_err(CF_USAGE, "say which database: confer export "
			"postgresql://USER@HOST/DATABASE");
	if (call->n == 1)
		return cf_err(CF_USAGE, "say the format and where it goes, "
			"such as: confer export csv FOLDER");
	if (is_database(call->arg[0]) || (named &&
		!is_database(call->arg[1])))
		return cf_err(CF_USAGE, "an address of a database stands "
			"alone: confer export postgresql://USER@HOST/DATABASE");
	what->format = call->arg[0];
	what->target = call->arg[1];
	return NULL;
}

static const struct cf_err *
usable(const struct export_opts *o, const struct cf_export_what *what)
{
	bool pooled = strcmp(what->format, "metafor") == 0;

	if (pooled && (o->kind || o->status || o->id.n))
		return cf_err(CF_USAGE, "metafor takes findings by the options "
			"of 'confer pool': leave out --kind, --status and "
			"--id");
	if (!pooled && (o->outcome || o->measure || o->practice || o->phase ||
		o->region || o->area || o->fsm || o->design || o->exclude))
		return cf_err(CF_USAGE, "--outcome and the options that choose "
			"findings on it go with the format metafor only");
	return o->kind ? cf_kind_typed(o->kind) : NULL;
}

static bool
to_stdout(void *payload, const void *bytes, size_t n)
{
	(void)payload;
	return fwrite(bytes, 1, n, stdout) == n;
}

static const struct cf_err *
run(struct call *call)
{
	const struct export_opts *o = call->opts;
	struct cf_pool_what pool = { .outcome = o->outcome,
		.measure = o->measure, .practice = o->practice,
		.phase = o->phase, .region = o->region, .area = o->area,
		.fsm = o->fsm, .design = o->design, .owner = o->owner,
		.exclude = o->exclude };
	struct cf_export_what what = { .kind = o->kind, .owner = o->owner,
		.status = o->status, .ids = o->id.text, .n_ids = o->id.n,
		.pool = &pool, .exact = o->exact, .force = o->force,
		.dry_run = o->dry_run };
	const struct cf_err *err = read_operands(&what, call);

	if (!err)
		err = usable(o, &what);
	if (err)
		return err;
	if (strcmp(what.target, "-") == 0) {
		what.target = NULL;
		what.write = to_stdout;
	}
	err = cf_export(&call->result, call->trust, &what);
	/* Nothing that is told stands among the data. */
	if (!err && what.write && !what.dry_run) {
		json_decref(call->result);
		call->result = NULL;
	}
	return err;
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *r = call->result, *one;
	unsigned long long held = cf_get_number(r, "held"), changed = 0,
		removed = 0;
	bool dry = cf_get_true(r, "dryRun"), server = strcmp(cf_get(r,
		"format"), "postgresql") == 0;
	const char *to = cf_has(r, "target") ? cf_get(r, "target") :
		"to standard output";
	size_t i;

	if (json_object_get(r, "records") && cf_get_number(r, "records"))
		cf_page_head(page, TONE_GOOD, "%s %s, %s, of the commons %s.",
			dry ? "Would export" : "Exported", cf_count(
			cf_get_number(r, "records"), "record").text,
			to, cf_short_commit(cf_get(r, "commons")).text);
	json_array_foreach(cf_get_at(r, "tables"), i, one) {
		changed += cf_get_number(one, "changed");
		removed += cf_get_number(one, "removed");
	}
	if (server)
		cf_page_text(page, 2, "In the schema confer: %s new or changed,"
			" %s gone.%s", cf_count(changed, "row").text,
			cf_count(removed, "row").text, dry ? " It was tried in "
			"the database and given up: nothing there changed." :
			"");
	cf_page_left_out(page, r);
	if (held && !cf_get_at(r, "notRead"))
		cf_page_text(page, 0, "%s held and in no export; 'confer "
			"status' says why.", cf_count_spelt(held,
			"record").text);
}

const struct cmd cmd_export = {
	.name = "export",
	.args = "FORMAT TARGET",
	.help = "write the records for other programs",
	.about = "Writes the records that you can read, with who signed what, "
		"for other programs. FORMAT and TARGET are one of:\n"
		"  csv FOLDER         tables with a Data Package\n"
		"  ro-crate FOLDER    the signed files with their provenance\n"
		"  sqlite FILE        a database in a file\n"
		"  jsonl FILE         one record a line\n"
		"  bibtex FILE, csl-json FILE   to cite records\n"
		"  metafor FILE       the effects on an outcome, for R\n"
		"  postgresql://USER@HOST/DATABASE   a server, schema confer\n"
		"The FILE - is standard output. All is written at once or "
		"nothing is, and the same records give the same bytes. "
		"'man confer-export' explains every column.",
	.opts = opts,
	.size = sizeof(struct export_opts),
	.min = 1,
	.max = 2,
	.flags = CMD_TRUST,
	.run = run,
	.print = print
};
