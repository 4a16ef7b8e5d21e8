/*
 * confer verify: a whole repository from its first commit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/cmd.h"

struct verify_opts {
	const char *proof;
};

static const struct opt opts[] = {
	{ "proof", 0, OPT_TEXT, offsetof(struct verify_opts, proof), "FILE",
		"check a proof that a trust showed different histories, in "
		"place of a repository" },
	{ NULL }
};

static bool
holds(const char *dir, const char *name)
{
	char *path = cf_path_join(dir, name);
	bool yes = cf_file_exists(path);

	free(path);
	return yes;
}

/* The repository, bare or not, that the current folder is in; or the folder
 * itself. */
static char *
here(void)
{
	char *start = cf_path_absolute("."), *dir = cf_strdup(start);

	while (dir[0] && !holds(dir, ".git") &&
		!(holds(dir, "HEAD") && holds(dir, "objects")))
		*strrchr(dir, '/') = '\0';
	if (dir[0] == '\0') {
		free(dir);
		return start;
	}
	free(start);
	return dir;
}

static const struct cf_err *
run(struct call *call)
{
	const struct verify_opts *o = call->opts;
	const struct cf_err *err;
	char *found;

	if (o->proof && call->n)
		return cf_err(CF_USAGE, "a proof is checked by itself: leave "
			"out %s", call->arg[0]);
	if (o->proof)
		return cf_verify_proof(&call->result, o->proof);
	found = call->n ? NULL : here();
	err = cf_verify(&call->result, found ? found : call->arg[0], call->ui);
	free(found);
	return err;
}

static void
print_signers(struct page *page, const json_t *result)
{
	const json_t *signers = cf_get_at(result, "signers"), *signer;
	struct rows rows = CF_ROWS(3);
	size_t i;

	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Signed by %s",
		cf_count(json_array_size(signers), "key").text);
	json_array_foreach(signers, i, signer) {
		char *span = cf_asprintf("%s to %s",
			cf_date(cf_get(signer, "from")).text,
			cf_date(cf_get(signer, "until")).text);

		cf_rows_add(&rows, cf_short_key(cf_get(signer, "key")).text);
		cf_rows_add(&rows, cf_count(cf_get_number(signer, "commits"),
			"commit").text);
		cf_rows_add(&rows, span);
		free(span);
	}
	cf_rows_print(&rows, page, 2, false);
}

/* When its identity became another one. */
static void
print_changes(struct page *page, const json_t *changes)
{
	const json_t *change;
	size_t i;

	if (json_array_size(changes) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_STRONG, "Changed its keys or its description "
		"%s, each time signed by the root keys before",
		cf_count(json_array_size(changes), "time").text);
	json_array_foreach(changes, i, change)
		cf_page_text(page, 2, "%s (identity %llu)",
			cf_date(cf_get(change, "since")).text,
			cf_get_number(change, "identity"));
}

static void
print_held(struct page *page, const json_t *held)
{
	const json_t *one;
	size_t i;

	if (json_array_size(held) == 0)
		return;
	cf_page_gap(page);
	cf_page_head(page, TONE_WARN, "Authentic, but held back: %s",
		cf_count(json_array_size(held), "version").text);
	json_array_foreach(held, i, one) {
		cf_page_entry(page, 2, 2, TONE_PLAIN, "-", "%s [%s, %s]",
			cf_get(one, "why"), cf_get(one, "rule"),
			cf_has(one, "path") ? cf_get(one, "path") :
			cf_get(one, "id"));
	}
}

static void
print_refusal(struct page *page, const json_t *result)
{
	const json_t *refusal = cf_get_at(result, "refusal");

	cf_page_head(page, TONE_BAD, "Refused: this repository does not "
		"verify");
	cf_page_gap(page);
	cf_page_pair(page, 2, 12, "Why", cf_get(refusal, "detail"));
	cf_page_pair(page, 2, 12, "Rule", cf_get(refusal, "rule"));
	if (cf_has(refusal, "commit"))
		cf_page_pair(page, 2, 12, "Commit", cf_get(refusal, "commit"));
	if (cf_has(refusal, "path"))
		cf_page_pair(page, 2, 12, "File", cf_get(refusal, "path"));
	if (cf_has(refusal, "advice"))
		cf_page_pair(page, 2, 12, "Do", cf_get(refusal, "advice"));
}

static void
print_trust(struct page *page, const json_t *result)
{
	const json_t *trust = cf_get_at(result, "trust");

	if (!cf_has(trust, "id"))
		return;
	cf_page_pair(page, 2, 12, "Trust", cf_get(trust, "name"));
	cf_page_pair(page, 2, 12, "Trust id", cf_get(trust, "id"));
}

/* Two commits of one number, one above the other. */
static void
print_proof(struct page *page, const json_t *result)
{
	const json_t *commits = cf_get_at(result, "commits"), *commit;
	struct rows rows = CF_ROWS(3);
	size_t i;

	cf_page_head(page, TONE_BAD, "Proved: this trust signed two different "
		"entries number %llu", cf_get_number(result, "sequence"));
	cf_page_gap(page);
	print_trust(page, result);
	cf_page_pair(page, 2, 12, "Safety", cf_get(result, "safetyNumber"));
	cf_page_gap(page);
	json_array_foreach(commits, i, commit) {
		cf_rows_add(&rows, cf_get(commit, "id"));
		cf_rows_add(&rows, cf_date(cf_get(commit, "time")).text);
		cf_rows_add(&rows, cf_short_key(cf_get(commit,
			"signer")).text);
	}
	cf_rows_print(&rows, page, 2, false);
	cf_page_gap(page);
	cf_page_text(page, 0, "No one history holds both, so different "
		"partners were shown different ones. If the trust has called "
		"that key lost or stolen since, somebody else may have done "
		"it: ask them, by a telephone number that you know.");
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *r = call->result;
	char *records;

	if (cf_has(r, "proof")) {
		print_proof(page, r);
		return;
	}
	if (strcmp(cf_get(r, "verdict"), "verified") != 0) {
		print_refusal(page, r);
		print_trust(page, r);
		return;
	}
	cf_page_head(page, TONE_GOOD, "Verified: every commit and every "
		"version is signed and in its place");
	cf_page_gap(page);
	print_trust(page, r);
	cf_page_pair(page, 2, 12, "Since", cf_date(cf_get(r, "since")).text);
	cf_page_pair(page, 2, 12, "Commits",
		cf_count(cf_get_number(r, "commits"), "commit").text);
	records = cf_asprintf("%s, %s", cf_count(cf_get_number(r, "records"),
		"record").text, cf_count(cf_get_number(r, "versions"),
		"version").text);
	cf_page_pair(page, 2, 12, "Records", records);
	free(records);
	cf_page_pair(page, 2, 12, "Newest", cf_get(r, "head"));
	print_signers(page, r);
	print_changes(page, cf_get_at(r, "changes"));
	print_held(page, cf_get_at(r, "held"));
}

const struct cmd cmd_verify = {
	.name = "verify",
	.args = "[DIR|URL]",
	.help = "audit a repository from its first commit",
	.about = "Reads the whole repository (without DIR or URL: this one) "
		"and checks every commit, every identity and every signature, "
		"trusting nothing that this machine remembers. Whether the "
		"trust is who it says you learn from its safety number. With "
		"--proof it checks a proof that 'confer sync' has kept of a "
		"trust that showed different histories, by the file alone.",
	.opts = opts,
	.size = sizeof(struct verify_opts),
	.max = 1,
	.flags = CMD_REPORT,
	.run = run,
	.print = print
};
