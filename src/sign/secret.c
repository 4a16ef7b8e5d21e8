/*
 * Randomness, and bytes that must not outlive their use: passphrases in locked
 * memory, buffers that held a recovery sheet.
 */
#include <sodium.h>
#include <string.h>

#include "sign/secret.h"
#include "sign/sign.h"

void *
cf_locked(size_t n)
{
	void *p = sodium_malloc(n);

	if (p == NULL)
		cf_bug("out of memory");
	return p;
}

void
cf_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void
cf_salt(char out[23])
{
	unsigned char raw[16];

	cf_random(raw, sizeof raw);
	(void)sodium_bin2base64(out, 23, raw, sizeof raw,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
cf_secret_set(struct cf_secret *s, const char *bytes, size_t n)
{
	cf_secret_clear(s);
	if (n == 0)
		return;
	s->p = cf_locked(n);
	memcpy(s->p, bytes, n);
	s->n = n;
}

void
cf_secret_clear(struct cf_secret *s)
{
	sodium_free(s->p);
	*s = (struct cf_secret){ 0 };
}

void
cf_buf_wipe(struct cf_buf *b)
{
	if (b->cap)
		sodium_memzero(b->data, b->cap);
	cf_buf_clear(b);
}
