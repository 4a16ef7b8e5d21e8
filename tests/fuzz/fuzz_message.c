/*
 * Reading any bytes as a commit's message. What is accepted can be written again
 * from its parts, byte for byte, so it holds nothing else.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "base/limits.h"
#include "record/message.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str text = { (const char *)data, size };
	struct cf_buf again = CF_BUF(2 * CF_MAX_COMMIT);
	char line[CF_MAX_MESSAGE_LINE + 1];
	const struct cf_err *err;
	struct cf_place place;
	const char *end;

	err = cf_message_parse(&place, text);
	if (err) {
		MUST(err->code == CF_REFUSED);
		MUST(strcmp(err->rule, "commit.message") == 0);
		return 0;
	}
	end = memchr(text.p, '\n', text.n);
	MUST(end && (size_t)(end - text.p) <= CF_MAX_MESSAGE_LINE);
	(void)snprintf(line, sizeof line, "%.*s", (int)(end - text.p), text.p);
	cf_message_make(&again, line, &place);
	MUST(again.full || (again.len == size &&
		memcmp(again.data, data, size) == 0));
	cf_buf_clear(&again);
	return 0;
}
