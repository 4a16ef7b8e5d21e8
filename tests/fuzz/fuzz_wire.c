/*
 * What a child says to its parent: bytes that are taken for a message are
 * written the same way again.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "store/wire.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char again[CF_SAY_MAX];
	static struct cf_say say;

	if (cf_say_unpack(&say, data, size)) {
		MUST(cf_say_pack(again, &say) == size);
		MUST(memcmp(again, data, size) == 0);
	}
	return 0;
}
