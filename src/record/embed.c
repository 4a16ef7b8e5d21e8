/*
 * Puts schemas/ into the program, byte for byte, so that no file on the machine
 * can change what the gate decides.
 */
#include "record/embed.h"

#define EMBED(symbol, path) \
	__asm__(".pushsection .rodata\n" \
		"embed_" #symbol ":\n" \
		".incbin \"" path "\"\n" \
		"embed_" #symbol "_end:\n" \
		".byte 0\n" \
		".popsection\n"); \
	extern const char embed_##symbol[], embed_##symbol##_end[]

EMBED(common, "schemas/common.json");
EMBED(record, "schemas/record.json");
EMBED(draft, "schemas/draft.json");
EMBED(identity, "schemas/identity.json");
EMBED(witness, "schemas/witness.json");
EMBED(equivocation, "schemas/equivocation.json");
EMBED(commons, "schemas/commons.json");
EMBED(card, "schemas/card.json");
EMBED(practice, "schemas/practice.json");
EMBED(finding, "schemas/finding.json");
EMBED(project, "schemas/project.json");
EMBED(adoption, "schemas/adoption.json");
EMBED(need, "schemas/need.json");
EMBED(offer, "schemas/offer.json");
EMBED(synthesis, "schemas/synthesis.json");
EMBED(support, "schemas/support.json");
EMBED(x_practice, "schemas/examples/practice.json");
EMBED(x_finding, "schemas/examples/finding.json");
EMBED(x_project, "schemas/examples/project.json");
EMBED(x_adoption, "schemas/examples/adoption.json");
EMBED(x_need, "schemas/examples/need.json");
EMBED(x_offer, "schemas/examples/offer.json");
EMBED(x_synthesis, "schemas/examples/synthesis.json");
EMBED(x_support, "schemas/examples/support.json");

#define FILE_OF(label, symbol) \
	{ label, { embed_##symbol, \
		(size_t)(embed_##symbol##_end - embed_##symbol) } }

const struct cf_embedded *
cf_embedded(void)
{
	static struct cf_embedded list[25];

	if (list[0].name == NULL) {
		const struct cf_embedded all[] = {
			FILE_OF("common", common),
			FILE_OF("record", record),
			FILE_OF("draft", draft),
			FILE_OF("identity", identity),
			FILE_OF("witness", witness),
			FILE_OF("equivocation", equivocation),
			FILE_OF("commons", commons),
			FILE_OF("card", card),
			FILE_OF("practice", practice),
			FILE_OF("finding", finding),
			FILE_OF("project", project),
			FILE_OF("adoption", adoption),
			FILE_OF("need", need),
			FILE_OF("offer", offer),
			FILE_OF("synthesis", synthesis),
			FILE_OF("support", support),
			FILE_OF("example/practice", x_practice),
			FILE_OF("example/finding", x_finding),
			FILE_OF("example/project", x_project),
			FILE_OF("example/adoption", x_adoption),
			FILE_OF("example/need", x_need),
			FILE_OF("example/offer", x_offer),
			FILE_OF("example/synthesis", x_synthesis),
			FILE_OF("example/support", x_support),
		};
		for (size_t i = 0; i < sizeof all / sizeof *all; i++)
			list[i] = all[i];
	}
	return list;
}
