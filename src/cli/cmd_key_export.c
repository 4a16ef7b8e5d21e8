/*
 * confer key export: our keys and our partners' for git and ssh-keygen.
 */
#include <stdlib.h>

#include "base/str.h"
#include "cli/cmd.h"

static const struct cf_err *
run(struct call *call)
{
	const struct cf_err *err;
	char *text = NULL;

	err = cf_key_export(&text, call->trust);
	if (!err)
		call->result = json_string(text);
	free(text);
	return err;
}

static void
print(struct page *page, const struct call *call)
{
	struct cf_str rest = cf_str(json_string_value(call->result)), line;

	while (cf_str_cut(&line, &rest, rest, '\n'))
		cf_page_line(page, TONE_PLAIN, "%.*s", (int)line.n, line.p);
	if (rest.n)
		cf_page_line(page, TONE_PLAIN, "%s", rest.p);
}

const struct cmd cmd_key_export = {
	.family = "key",
	.name = "export",
	.help = "print all keys for git's allowed_signers file",
	.about = "Prints every key that this trust or a partner ever listed, "
		"in the form that git and ssh-keygen read. So others can "
		"check signatures without Confer:\n"
		"  confer key export > signers\n"
		"  git -c gpg.ssh.allowedSignersFile=signers log "
		"--show-signature",
	.flags = CMD_TRUST | CMD_REPORT,
	.run = run,
	.print = print
};
