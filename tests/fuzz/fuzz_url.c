/*
 * URLs that partners publish: what passes is written in one way, which passes
 * again, and holds nothing that a shell or a header line would read.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "base/mem.h"
#include "store/url.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = cf_strndup((const char *)data, size), *one, *two;
	struct cf_url url, again;

	if (cf_url_parse(&url, text) == NULL) {
		one = cf_url_text(&url, true);
		MUST(url.scheme == CF_SCHEME_FILE || strpbrk(one,
			" \t\r\n'\"`$;&|<>\\(){}*?#") == NULL);
		MUST(cf_url_parse(&again, one) == NULL);
		two = cf_url_text(&again, true);
		MUST(strcmp(one, two) == 0);
		cf_url_clear(&again);
		free(two);
		free(one);
	}
	cf_url_clear(&url);
	free(text);
	return 0;
}
