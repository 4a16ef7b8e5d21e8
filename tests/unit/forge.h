#ifndef FORGE_H
#define FORGE_H

/*
 * Forging: commits, signatures and trees that no honest program writes, built
 * byte by byte on top of a main that is as it should be.
 */
#include <sodium.h>

#include "mains.h"

/* Bytes in which `from` (the first of it) becomes `to`. */
struct swap {
	const char *from, *to;
};

static inline void
swap_bytes(struct cf_buf *buf, const struct swap *swap)
{
	struct cf_buf out = CF_BUF(1 << 20);
	size_t n, m;
	char *at;

	if (swap->from == NULL)
		return;
	at = strstr(buf->data, swap->from);
	if (at == NULL)
		fail_msg("there is no '%s' to swap", swap->from);
	n = (size_t)(at - buf->data);
	m = n + strlen(swap->from);
	cf_buf_add(&out, buf->data, n);
	cf_buf_puts(&out, swap->to);
	cf_buf_add(&out, buf->data + m, buf->len - m);
	cf_buf_reset(buf);
	cf_buf_add(buf, out.data, out.len);
	cf_buf_clear(&out);
}

/* --- SSHSIG, in any form ---------------------------------------------------- */

/* NULL, 0: as it should be. */
struct sshsig {
	const char *magic, *space, *reserved, *hash, *type, *sig_type, *tail;
	unsigned version;
	bool s_plus_l;		/* another number for the same signature */
	bool no_version;	/* version 0 */
};

static inline void
ssh_string(struct cf_buf *out, const void *bytes, size_t n)
{
	unsigned char length[4] = { (unsigned char)(n >> 24),
		(unsigned char)(n >> 16), (unsigned char)(n >> 8),
		(unsigned char)n };

	cf_buf_add(out, length, sizeof length);
	cf_buf_add(out, bytes, n);
}

static inline void
ssh_text(struct cf_buf *out, const char *text, const char *usual)
{
	const char *s = text ? text : usual;

	ssh_string(out, s, strlen(s));
}

/* S + L, where L is the order of the group: the same point, other bytes. */
static inline void
add_order(unsigned char s[32])
{
	static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,
		0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
		0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };
	unsigned carry = 0;

	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)s[i] + order[i];
		s[i] = (unsigned char)carry;
		carry >>= 8;
	}
}

static inline void
ssh_signature(unsigned char sig[64], const struct sshsig *f,
	const struct cf_seckey *key, const struct cf_buf *payload)
{
	unsigned char hash[64];
	struct cf_buf covered = CF_BUF(1024);

	crypto_hash_sha512(hash, (const unsigned char *)payload->data,
		payload->len);
	cf_buf_puts(&covered, f->magic ? f->magic : "SSHSIG");
	ssh_text(&covered, f->space, "git");
	ssh_text(&covered, f->reserved, "");
	ssh_text(&covered, f->hash, "sha512");
	ssh_string(&covered, hash, sizeof hash);
	cf_sign_bytes(sig, key, covered.data, covered.len);
	if (f->s_plus_l)
		add_order(sig + 32);
	cf_buf_clear(&covered);
}

/* The armour, folded as a header; the signature is right for what it says. */
static inline void
ssh_armour(struct cf_buf *out, const struct sshsig *f,
	const struct cf_seckey *key, const struct cf_buf *payload)
{
	struct cf_buf blob = CF_BUF(4096), part = CF_BUF(1024);
	struct cf_buf text = CF_BUF(8192);
	unsigned char sig[64], version[4] = { 0, 0, 0,
		(unsigned char)(f->no_version ? 0 : f->version ? f->version :
		1) };

	cf_buf_puts(&blob, f->magic ? f->magic : "SSHSIG");
	cf_buf_add(&blob, version, sizeof version);
	ssh_text(&part, f->type, "ssh-ed25519");
	ssh_string(&part, cf_seckey_public(key)->raw, 32);
	ssh_string(&blob, part.data, part.len);
	ssh_text(&blob, f->space, "git");
	ssh_text(&blob, f->reserved, "");
	ssh_text(&blob, f->hash, "sha512");
	ssh_signature(sig, f, key, payload);
	cf_buf_reset(&part);
	ssh_text(&part, f->sig_type ? f->sig_type : f->type, "ssh-ed25519");
	ssh_string(&part, sig, sizeof sig);
	ssh_string(&blob, part.data, part.len);
	if (f->tail)
		cf_buf_puts(&blob, f->tail);
	cf_base64_add(&text, blob.data, blob.len);
	cf_buf_puts(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t i = 0; i < text.len; i += 70)
		cf_buf_printf(out, " %.70s\n", text.data + i);
	cf_buf_puts(out, " -----END SSH SIGNATURE-----");
	cf_buf_clear(&blob);
	cf_buf_clear(&part);
	cf_buf_clear(&text);
}

/* --- commits ------------------------------------------------------------- */

/* What is wrong about a commit, in the order in which it is done. */
struct forgery {
	struct lie lie;
	struct swap payload;		/* and then it is signed as it is */
	struct sshsig signature;
	struct swap raw;
	bool unsigned_, nul;
};

static inline void
take_out_signature(struct cf_buf *raw)
{
	char *from = strstr(raw->data, "gpgsig "), *to;

	assert_non_null(from);
	to = strstr(from, "-----END SSH SIGNATURE-----\n");
	assert_non_null(to);
	to += strlen("-----END SSH SIGNATURE-----\n");
	memmove(from, to, raw->len - (size_t)(to - raw->data) + 1);
	raw->len -= (size_t)(to - from);
}

static inline void
put_in_signature(struct cf_buf *raw, const struct sshsig *f,
	const struct cf_seckey *key)
{
	struct cf_buf text = CF_BUF(16384);
	const struct swap after = { "\n\n", text.data };
	struct swap swap = after;

	cf_buf_puts(&text, "\ngpgsig ");
	ssh_armour(&text, f, key, raw);
	cf_buf_puts(&text, "\n\n");
	swap.to = text.data;
	swap_bytes(raw, &swap);
	cf_buf_clear(&text);
}

/* A commit on the head with this tree, wrong as `f` says. */
static inline void
forge_commit(struct made_main *m, const struct cf_oid *tree,
	const struct forgery *f)
{
	struct cf_buf raw = CF_BUF(1 << 20);

	commit_tree(m, tree, &f->lie);
	expect_ok(cf_odb_read(&raw, cf_store_odb(m->store), &m->head,
		CF_COMMIT));
	take_out_signature(&raw);
	swap_bytes(&raw, &f->payload);
	if (!f->unsigned_)
		put_in_signature(&raw, &f->signature, f->lie.key ?
			f->lie.key : m->publish);
	swap_bytes(&raw, &f->raw);
	if (f->nul)
		cf_buf_add(&raw, "\0and more", 9);
	expect_ok(cf_odb_write(&m->head, m->store, CF_COMMIT, raw.data,
		raw.len));
	cf_buf_clear(&raw);
}

/* --- trees --------------------------------------------------------------- */

struct leaf {
	const char *mode, *name;
	struct cf_oid oid;
	size_t name_n;		/* 0: up to the NUL */
};

static inline void
add_leaf(struct cf_buf *raw, const struct leaf *leaf)
{
	cf_buf_printf(raw, "%s ", leaf->mode);
	cf_buf_add(raw, leaf->name, leaf->name_n ? leaf->name_n :
		strlen(leaf->name));
	cf_buf_putc(raw, '\0');
	cf_buf_add(raw, leaf->oid.raw, sizeof leaf->oid.raw);
}

static inline struct cf_oid
forge_raw_tree(struct made_main *m, struct cf_buf *raw)
{
	struct cf_oid oid;

	expect_ok(cf_odb_write(&oid, m->store, CF_TREE, raw->data, raw->len));
	cf_buf_clear(raw);
	return oid;
}

/* A tree of these entries as they stand. */
static inline struct cf_oid
forge_tree(struct made_main *m, const struct leaf *leaf, size_t n)
{
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);

	for (size_t i = 0; i < n; i++)
		add_leaf(&raw, &leaf[i]);
	return forge_raw_tree(m, &raw);
}

/* The entries of a tree and one more, at its place in git's order; `skip`: the
 * entry of that name is left out (NULL: none). */
static inline struct cf_oid
tree_with(struct made_main *m, const struct cf_oid *tree,
	const struct leaf *leaf, const char *skip)
{
	struct cf_buf old = CF_BUF(CF_MAX_TREE), raw = CF_BUF(CF_MAX_TREE);
	struct cf_str rest;
	bool done = leaf == NULL;

	expect_ok(cf_odb_read(&old, cf_store_odb(m->store), tree, CF_TREE));
	rest = (struct cf_str){ old.data, old.len };
	while (rest.n) {
		struct cf_entry entry;
		const char *start = rest.p;

		expect_ok(cf_tree_next(&entry, &rest, NULL));
		if (!done && strncmp(leaf->name, entry.name.p, entry.name.n)
			< 0) {
			add_leaf(&raw, leaf);
			done = true;
		}
		if (skip == NULL || !cf_str_is(entry.name, skip))
			cf_buf_add(&raw, start, (size_t)(rest.p - start));
	}
	if (!done)
		add_leaf(&raw, leaf);
	cf_buf_clear(&old);
	return forge_raw_tree(m, &raw);
}

static inline struct cf_oid
entry_of(struct made_main *m, const char *path)
{
	struct cf_entry entry;
	bool found;

	expect_ok(cf_tree_find(&entry, &found, cf_store_odb(m->store),
		&m->tree, path));
	assert_true(found);
	return entry.oid;
}

/* --- identities ------------------------------------------------------------ */

/* The next identity, with `change` (taken) made to it, signed by these root
 * keys; it is not committed. */
static inline json_t *
next_identity(struct made_main *m, json_t *change, const struct cf_seckey *a,
	const struct cf_seckey *b)
{
	json_t *next = json_deep_copy(m->identity);
	struct cf_digest previous;

	expect_ok(cf_digest_doc(&previous, m->identity));
	json_object_set_new(next, "version", json_integer(
		(json_int_t)m->identities + 1));
	json_object_set_new(next, "previous", json_string(previous.text));
	json_object_update(next, change);
	json_decref(change);
	prove_identity(next, a, b);
	return next;
}

/* Commits it (and takes it) as the next one. */
static inline void
commit_identity(struct made_main *m, json_t *next, const struct lie *lie)
{
	char path[CF_IDENTITY_PATH_TEXT];

	cf_identity_path(path, ++m->identities);
	commit_file(m, path, put_json(m, next), lie);
	json_decref(m->identity);
	m->identity = next;
}

#endif
