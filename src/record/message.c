/*
 * Commit messages: never typed, because a free text would be a leak for ever.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "record/message.h"

void
cf_message_make(struct cf_buf *out, const char *line,
	const struct cf_place *place)
{
	cf_buf_printf(out, "%s\n\nConfer-Trust: %.*s\nConfer-Identity: %" PRIu64
		"\nConfer-Sequence: %" PRIu64 "\n", line, (int)place->trust.n,
		place->trust.p, place->identity, place->sequence);
}

static bool
trailer(struct cf_str *value, struct cf_str *rest, const char *name)
{
	return cf_str_skip(rest, name) && cf_str_skip(rest, ": ") &&
		cf_str_cut(value, rest, *rest, '\n');
}

static bool
plain_line(struct cf_str line)
{
	if (line.n == 0 || line.n > CF_MAX_MESSAGE_LINE)
		return false;
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] < 0x20 || line.p[i] > 0x7e)
			return false;
	return true;
}

const struct cf_err *
cf_message_parse(struct cf_place *out, struct cf_str text)
{
	struct cf_str line, identity, sequence, rest;

	*out = (struct cf_place){ 0 };
	if (!cf_str_cut(&line, &rest, text, '\n') || !plain_line(line) ||
		!cf_str_skip(&rest, "\n") ||
		!trailer(&out->trust, &rest, "Confer-Trust") ||
		!plain_line(out->trust) ||
		!trailer(&identity, &rest, "Confer-Identity") ||
		!trailer(&sequence, &rest, "Confer-Sequence") || rest.n != 0 ||
		!cf_str_u64(identity, &out->identity, CF_MAX_IDENTITIES) ||
		!cf_str_u64(sequence, &out->sequence, CF_MAX_WHOLE))
		return cf_err_rule(CF_REFUSED, "commit.message", "the commit's "
			"message does not end with the three lines that bind "
			"it to its place");
	return NULL;
}

void
cf_tally_add(struct cf_tally *tally, const char *kind)
{
	for (size_t i = 0; i < tally->kinds; i++)
		if (strcmp(tally->of[i].kind, kind) == 0) {
			tally->of[i].n++;
			return;
		}
	if (tally->kinds == CF_TALLY_KINDS)
		cf_bug("more kinds than a tally holds");
	tally->of[tally->kinds].kind = kind;
	tally->of[tally->kinds++].n = 1;
}

void
cf_tally_line(char *out, size_t size, const char *verb,
	const struct cf_tally *tally)
{
	size_t n = (size_t)snprintf(out, size, "%s", verb), total = 0;

	for (size_t i = 0; i < tally->kinds && n < size; i++) {
		const char *join = i == 0 ? " " : i + 1 == tally->kinds ?
			" and " : ", ";
		unsigned count = tally->of[i].n;

		n += (size_t)snprintf(out + n, size - n, "%s%u %s%s", join,
			count, tally->of[i].kind, count == 1 ? "" : "s");
		total += count;
	}
	if (n >= size)
		(void)snprintf(out, size, "%s %zu records", verb, total);
}
