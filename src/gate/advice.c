/*
 * What a person can do about a refusal, by rule.
 */
#include <string.h>

#include "base/str.h"
#include "gate/gate.h"

static const struct {
	const char *rule;	/* whole, or its beginning up to the dot */
	const char *advice;
} table[] = {
	{ "history.rollback", "Their host may have been restored from an old "
		"backup. Ask them to publish again from their own computer; "
		"what you have of them stays." },
	{ "history.diverged", "Telephone them: either they replaced their "
		"history, or somebody else wrote to their host. What you have "
		"of them stays." },
	{ "history.era", "Their host still shows what they left, or somebody "
		"has put it back there. Ask them to run 'confer publish'." },
	{ "history.other-trust", "Check the address. If they have moved, ask "
		"them for their new card." },
	{ "history.", "Ask them to run 'confer verify' on their repository." },
	{ "commit.key", "Telephone them: somebody without their key may have "
		"written to their host. They should change its password; "
		"'confer publish' on their own computer says how to put "
		"their repository right." },
	{ "commit.signature", "Telephone them: somebody without their key may "
		"have written to their host. They should change its password; "
		"'confer publish' on their own computer says how to put "
		"their repository right." },
	{ "commit.encoding", "Telephone them: something other than Confer has "
		"written to their repository. 'confer publish' on their own "
		"computer says how to put it right." },
	{ "commit.", "Something other than Confer has written to their "
		"repository. 'confer publish' on their own computer says how "
		"to put it right." },
	{ "tree.", "Something other than Confer has written to their "
		"repository. 'confer publish' on their own computer says how "
		"to put it right." },
	{ "identity.fork", "One of the two is not theirs: somebody has a "
		"recovery sheet of theirs. Telephone them, at a number that "
		"you know, and have them read out what 'confer id' shows as "
		"Identity. Then: confer partner accept NAME --identity "
		"DIGEST. The report holds both documents." },
	{ "identity.", "Telephone them before you trust anything new from "
		"them: the document that says who they are is not in order." },
	{ "object.", "Their host may be damaged. Ask them to push again with "
		"'confer publish'." },
	{ "limit.", "Ask them what they published: it is larger than any "
		"trust needs. Nothing of it was kept." },
	{ "partner.id", "Check the address and the trust id with them on the "
		"telephone." },
	{ "", "Ask them to run 'confer verify' on their repository, and send "
		"them the report." },
};

const char *
cf_refusal_advice(const char *rule)
{
	size_t i = 0;

	while (table[i].rule[0] && strcmp(table[i].rule, rule) != 0 &&
		!(cf_ends(table[i].rule, ".") && cf_starts(rule,
		table[i].rule)))
		i++;
	return table[i].advice;
}
