/*
 * Object ids: 20 raw bytes, 40 lower-case hexadecimal digits.
 */
#include "store/git.h"

bool
cf_oid_eq(const struct cf_oid *a, const struct cf_oid *b)
{
	return memcmp(a->raw, b->raw, sizeof a->raw) == 0;
}

bool
cf_oid_is_zero(const struct cf_oid *oid)
{
	static const struct cf_oid zero;

	return cf_oid_eq(oid, &zero);
}

void
cf_oid_hex(char out[CF_OID_TEXT], const struct cf_oid *oid)
{
	cf_hex(out, oid->raw, sizeof oid->raw);
}

bool
cf_oid_parse(struct cf_oid *out, struct cf_str hex)
{
	return cf_unhex(out->raw, sizeof out->raw, hex);
}
