/*
 * Record ids, and where a record lies. The id's first eight bytes are time and
 * chance; the rest is a hash over them and the owner, so that nobody can take a
 * record over by publishing under its id.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "record/record.h"

static void
put_text(struct cf_uuid *out, const unsigned char raw[16])
{
	char hex[33];

	cf_hex(hex, raw, 16);
	(void)snprintf(out->text, sizeof out->text, "%.8s-%.4s-%.4s-%.4s-%.12s",
		hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static bool
raw_of(unsigned char raw[16], struct cf_str text)
{
	char hex[32];
	size_t n = 0;

	if (text.n != CF_UUID_TEXT - 1)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash != (text.p[i] == '-'))
			return false;
		if (!dash)
			hex[n++] = text.p[i];
	}
	return cf_unhex(raw, 16, (struct cf_str){ hex, n });
}

/* Bytes 8 to 15: the variant 10 and 62 bits of the hash. */
static void
certify(unsigned char raw[16], const char *owner)
{
	unsigned char hash[32];
	struct cf_buf b = CF_BUF(256);

	cf_buf_puts(&b, owner);
	cf_buf_add(&b, raw, 8);
	cf_sha256(hash, b.data, b.len);
	cf_buf_clear(&b);
	raw[8] = (unsigned char)(0x80 | hash[0] >> 2);
	for (int i = 1; i < 8; i++)
		raw[8 + i] = (unsigned char)(hash[i - 1] << 6 | hash[i] >> 2);
}

/* Time and chance as one number of 60 bits: bytes 0 to 7 without the version. */
static uint64_t
stamp_of(const unsigned char raw[16])
{
	uint64_t stamp = 0;

	for (int i = 0; i < 6; i++)
		stamp = stamp << 8 | raw[i];
	return stamp << 12 | (uint64_t)(raw[6] & 0x0f) << 8 | raw[7];
}

static void
put_stamp(unsigned char raw[16], uint64_t stamp)
{
	for (int i = 0; i < 6; i++)
		raw[i] = (unsigned char)(stamp >> (52 - 8 * i));
	raw[6] = (unsigned char)(0x80 | (stamp >> 8 & 0x0f));
	raw[7] = (unsigned char)stamp;
}

void
cf_uuid_make(struct cf_uuid *out, const char *owner,
	const struct cf_uuid *before)
{
	unsigned char raw[16], last[16];
	uint64_t stamp;
	uint16_t chance;

	cf_random(&chance, sizeof chance);
	stamp = (uint64_t)cf_now_ms() << 12 | (chance & 0x0fff);
	if (before && raw_of(last, cf_str(before->text)) &&
		stamp <= stamp_of(last))
		stamp = stamp_of(last) + 1;
	put_stamp(raw, stamp);
	certify(raw, owner);
	put_text(out, raw);
}

bool
cf_uuid_parse(struct cf_uuid *out, struct cf_str text)
{
	unsigned char raw[16];

	if (!raw_of(raw, text) || raw[6] >> 4 != 8 || raw[8] >> 6 != 2)
		return false;
	put_text(out, raw);
	return true;
}

bool
cf_uuid_certifies(const struct cf_uuid *id, const char *owner)
{
	unsigned char raw[16], want[16];

	if (!raw_of(raw, cf_str(id->text)))
		return false;
	memcpy(want, raw, 8);
	certify(want, owner);
	return memcmp(raw, want, 16) == 0;
}

void
cf_record_path(char out[CF_PATH_TEXT], const char *kind,
	const struct cf_uuid *id)
{
	(void)snprintf(out, CF_PATH_TEXT, "records/%.32s/%.2s/%s.json", kind,
		id->text + 34, id->text);
}

void
cf_commons_path(char out[CF_PATH_TEXT], const char *kind,
	const struct cf_uuid *id)
{
	(void)snprintf(out, CF_PATH_TEXT, "records/%.32s/%.2s/%.2s/%s.json",
		kind, id->text + 34, id->text + 32, id->text);
}

bool
cf_kind_word(struct cf_str text)
{
	if (text.n == 0 || text.n >= CF_KIND_TEXT || text.p[0] < 'a' ||
		text.p[0] > 'z')
		return false;
	for (size_t i = 1; i < text.n; i++) {
		char c = text.p[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return true;
}
