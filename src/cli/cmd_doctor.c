/*
 * confer doctor: what Confer rests on, examined and mended.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"

struct doctor_opts {
	bool dry;
};

static const struct opt opts[] = {
	{ "dry-run", 'n', OPT_FLAG, offsetof(struct doctor_opts, dry), NULL,
		"only look, and say what would be mended" },
	{ NULL }
};

static const struct cf_err *
run(struct call *call)
{
	const struct doctor_opts *o = call->opts;

	return cf_doctor(&call->result, ".", o->dry, call->ui);
}

static enum tone
tone_of(const char *state)
{
	if (strcmp(state, "good") == 0)
		return TONE_GOOD;
	return strcmp(state, "wrong") == 0 ? TONE_BAD : TONE_WARN;
}

static const char *
word_of(const char *state)
{
	static const char *const words[][2] = { { "good", "good:" },
		{ "note", "note:" }, { "mended", "mended:" },
		{ "mendable", "can be mended:" }, { "wrong", "wrong:" } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i][0], state) == 0)
			return words[i][1];
	return "";
}

static void
print(struct page *page, const struct call *call)
{
	const json_t *findings = cf_get_at(call->result, "findings"), *f;
	size_t i;

	json_array_foreach(findings, i, f) {
		const char *state = cf_get(f, "state");
		char *what = cf_sentence(cf_get(f, "what"));

		cf_page_entry(page, 0, 2, tone_of(state), word_of(state), "%s",
			what);
		free(what);
		if (cf_has(f, "remedy")) {
			what = cf_sentence(cf_get(f, "remedy"));
			cf_page_text(page, 2, "%s", what);
			free(what);
		}
	}
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.help = "examine the installation, and mend what can be mended",
	.about = "Looks at the libraries and the kernel, at the key store, "
		"the settings, what stopped programs left, the index, and "
		"reads, hashes and judges every version again that is held "
		"here. It mends what can be mended without losing anything, "
		"and says what to do about the rest.",
	.opts = opts,
	.size = sizeof(struct doctor_opts),
	.flags = CMD_REPORT,
	.run = run,
	.print = print
};
