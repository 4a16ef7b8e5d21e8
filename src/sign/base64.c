/*
 * base64 (RFC 4648, with padding) in its one form.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/sign.h"

void
cf_base64_add(struct cf_buf *out, const void *bytes, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n,
		sodium_base64_VARIANT_ORIGINAL);
	char *text = cf_malloc(size);

	(void)sodium_bin2base64(text, size, bytes, n,
		sodium_base64_VARIANT_ORIGINAL);
	cf_buf_add(out, text, size - 1);
	free(text);
}

bool
cf_base64_decode(struct cf_buf *out, struct cf_str text)
{
	size_t size = text.n / 4 * 3, n = 0;
	unsigned char *bytes = cf_malloc(size);
	struct cf_buf again = CF_BUF(text.n);
	bool ok = text.n % 4 == 0 && sodium_base642bin(bytes, size, text.p,
		text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;

	/* libsodium 1.0.18 takes some bytes above 127 for letters. */
	if (ok) {
		cf_base64_add(&again, bytes, n);
		ok = cf_str_eq(text, (struct cf_str){ again.data, again.len });
	}
	if (ok)
		cf_buf_add(out, bytes, n);
	cf_buf_clear(&again);
	free(bytes);
	return ok && !out->full;
}
