/*
 * Reading any bytes as a commit. What is accepted is its parts and nothing
 * else, and its signature can be asked for.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "base/limits.h"
#include "store/store.h"

/* The bytes that a reader of these parts would have signed and sent. */
static void
join(struct cf_buf *out, const struct cf_commit *c)
{
	char tree[CF_OID_TEXT], parent[CF_OID_TEXT];

	cf_oid_hex(tree, &c->tree);
	cf_oid_hex(parent, &c->parent);
	cf_buf_printf(out, "tree %s\n", tree);
	if (c->has_parent)
		cf_buf_printf(out, "parent %s\n", parent);
	for (unsigned i = 0; i < 2; i++)
		cf_buf_printf(out, "%s %.*s <%.*s> %lld +0000\n",
			i ? "committer" : "author", (int)c->name.n, c->name.p,
			(int)c->email.n, c->email.p, (long long)c->time);
	cf_buf_printf(out, "gpgsig %.*s\n\n", (int)c->armour_folded.n,
		c->armour_folded.p);
	cf_buf_add(out, c->message.p, c->message.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str raw = { (const char *)data, size };
	struct cf_buf again = CF_BUF(2 * CF_MAX_COMMIT);
	const struct cf_err *err;
	struct cf_commit c;

	MUST(cf_sign_start() == NULL);
	err = cf_commit_parse(&c, raw);
	if (err) {
		MUST(err->code == CF_REFUSED);
		MUST(strcmp(err->rule, "commit.encoding") == 0);
		return 0;
	}
	join(&again, &c);
	MUST(again.len == size && memcmp(again.data, data, size) == 0);
	/* What is signed is all of it but the signature's own header. */
	MUST(c.before.p == raw.p && c.after.p + c.after.n == raw.p + raw.n);
	MUST(c.before.p + c.before.n + strlen("gpgsig ") ==
		c.armour_folded.p);
	MUST(c.armour_folded.p + c.armour_folded.n + 1 == c.after.p);
	MUST(memchr(c.name.p, '<', c.name.n) == NULL);
	MUST(c.name.n && c.email.n && c.time >= 0 && c.time <= UINT32_MAX);
	err = cf_commit_verify(NULL, &c);
	MUST(!err || strcmp(err->rule, "commit.signature") == 0);
	cf_buf_clear(&again);
	return 0;
}
