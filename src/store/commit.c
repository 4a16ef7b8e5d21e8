/*
 * Commits have one form of bytes (DESIGN 3.5). Reading one is cutting it into
 * its parts, writing the parts again and comparing: what differs in any byte is
 * refused. Nothing here asks libgit2, whose reader is more forgiving.
 */
#include <inttypes.h>

#include "base/limits.h"
#include "store/git.h"

#define PARENT_LINE (sizeof "parent \n" + CF_OID_TEXT)

/* --- writing -------------------------------------------------------------- */

static void
add_person(struct cf_buf *out, const char *role, const struct cf_commit *c)
{
	cf_buf_puts(out, role);
	cf_buf_add(out, c->name.p, c->name.n);
	cf_buf_puts(out, " <");
	cf_buf_add(out, c->email.p, c->email.n);
	cf_buf_printf(out, "> %" PRId64 " +0000\n", c->time);
}

static void
add_oid(struct cf_buf *out, const char *role, const struct cf_oid *oid)
{
	char hex[CF_OID_TEXT];

	cf_oid_hex(hex, oid);
	cf_buf_puts(out, role);
	cf_buf_puts(out, hex);
	cf_buf_putc(out, '\n');
}

/* The headers before gpgsig. */
static void
add_headers(struct cf_buf *out, const struct cf_commit *c)
{
	add_oid(out, "tree ", &c->tree);
	if (c->has_parent)
		add_oid(out, "parent ", &c->parent);
	add_person(out, "author ", c);
	add_person(out, "committer ", c);
}

static void
add_message(struct cf_buf *out, const struct cf_commit *c)
{
	cf_buf_putc(out, '\n');
	cf_buf_add(out, c->message.p, c->message.n);
}

/* A header of several lines has a space before each but the first. */
static void
add_folded(struct cf_buf *out, struct cf_str armour)
{
	struct cf_str line;

	while (cf_str_cut(&line, &armour, armour, '\n')) {
		cf_buf_add(out, line.p, line.n);
		cf_buf_puts(out, "\n ");
	}
	cf_buf_add(out, armour.p, armour.n);
}

void
cf_commit_make(struct cf_buf *out, const struct cf_commit *commit,
	const struct cf_seckey *key)
{
	struct cf_buf payload = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf armour = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT);
	struct cf_commit again;

	add_headers(&payload, commit);
	add_headers(&raw, commit);
	add_message(&payload, commit);
	cf_sshsig_make(&armour, key, payload.data, payload.len);
	cf_buf_puts(&raw, "gpgsig ");
	add_folded(&raw, (struct cf_str){ armour.data, armour.len });
	cf_buf_putc(&raw, '\n');
	add_message(&raw, commit);
	/* The caller knows its own name and message; a partner could not read
	 * what we cannot read ourselves. */
	if (payload.full || cf_commit_parse(&again,
		(struct cf_str){ raw.data, raw.len }) != NULL)
		cf_bug("a commit that nobody could read");
	cf_buf_add(out, raw.data, raw.len);
	cf_buf_clear(&raw);
	cf_buf_clear(&armour);
	cf_buf_clear(&payload);
}

/* --- reading -------------------------------------------------------------- */

static bool
take_oid(struct cf_oid *out, struct cf_str *s, const char *key)
{
	struct cf_str value;

	return cf_str_skip(s, key) && cf_str_cut(&value, s, *s, '\n') &&
		cf_oid_parse(out, value);
}

/* What git cuts off the ends of a name before it writes it. */
static bool
is_crud(char c)
{
	return (unsigned char)c <= ' ' || strchr(".,:;<>\"\\'", c) != NULL;
}

/* UTF-8 without control characters and without what delimits an address. */
static bool
is_text(struct cf_str s)
{
	while (s.n) {
		int32_t c = cf_utf8_next(&s);

		if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '<' || c == '>')
			return false;
	}
	return true;
}

static bool
name_is_sound(struct cf_str s)
{
	return s.n && is_text(s) && !is_crud(s.p[0]) && !is_crud(s.p[s.n - 1]);
}

static bool
email_is_sound(struct cf_str s)
{
	return name_is_sound(s) && memchr(s.p, ' ', s.n) == NULL;
}

/* "<name> <<email>> <seconds> +0000" */
static bool
take_person(struct cf_commit *out, struct cf_str *s, const char *role)
{
	struct cf_str line, rest;
	uint64_t seconds;

	if (!cf_str_skip(s, role) || !cf_str_cut(&line, s, *s, '\n') ||
		!cf_str_cut(&out->name, &rest, line, '<') ||
		!cf_str_cut(&out->email, &rest, rest, '>') ||
		out->name.n == 0 || out->name.p[out->name.n - 1] != ' ' ||
		!cf_str_skip(&rest, " ") ||
		!cf_str_cut(&line, &rest, rest, ' ') ||
		!cf_str_is(rest, "+0000") ||
		!cf_str_u64(line, &seconds, UINT32_MAX))
		return false;
	out->name.n--;
	out->time = (int64_t)seconds;
	return name_is_sound(out->name) && email_is_sound(out->email);
}

/* The header ends at the first line that no space continues. */
static bool
take_signature(struct cf_str *out, struct cf_str *s)
{
	const char *start, *end;

	if (!cf_str_skip(s, "gpgsig "))
		return false;
	start = s->p;
	do {
		end = s->n ? memchr(s->p, '\n', s->n) : NULL;
		if (end == NULL)
			return false;
		s->n -= (size_t)(end + 1 - s->p);
		s->p = end + 1;
	} while (s->n && s->p[0] == ' ');
	*out = (struct cf_str){ start, (size_t)(end - start) };
	return out->n > 0;
}

static const char *
split(struct cf_commit *out, struct cf_str raw)
{
	struct cf_str s = raw;

	if (raw.n > CF_MAX_COMMIT)
		return "it is too long";
	if (raw.n && memchr(raw.p, '\0', raw.n))
		return "it has a NUL byte";
	if (!take_oid(&out->tree, &s, "tree "))
		return "its tree line";
	out->has_parent = s.n >= 7 && memcmp(s.p, "parent ", 7) == 0;
	if (out->has_parent && !take_oid(&out->parent, &s, "parent "))
		return "its parent line";
	if (!take_person(out, &s, "author "))
		return "its author line";
	if (!take_person(out, &s, "committer "))
		return "its committer line";
	out->before = (struct cf_str){ raw.p, (size_t)(s.p - raw.p) };
	if (!take_signature(&out->armour_folded, &s))
		return "its signature header";
	out->after = s;
	if (!cf_str_skip(&s, "\n"))
		return "a header that should not be there";
	out->message = s;
	return NULL;
}

/* The bytes that the parts stand for. */
static void
join(struct cf_buf *out, const struct cf_commit *c)
{
	add_headers(out, c);
	cf_buf_puts(out, "gpgsig ");
	cf_buf_add(out, c->armour_folded.p, c->armour_folded.n);
	cf_buf_putc(out, '\n');
	add_message(out, c);
}

static const struct cf_err *
bad_encoding(const char *wrong)
{
	return cf_err_rule(CF_REFUSED, "commit.encoding",
		"a commit is not written as Confer writes it (%s)", wrong);
}

const struct cf_err *
cf_commit_links(struct cf_oid *tree, struct cf_oid *parent, bool *has_parent,
	struct cf_str raw)
{
	struct cf_str s = raw;

	if (!take_oid(tree, &s, "tree "))
		return bad_encoding("its tree line");
	*has_parent = s.n >= 7 && memcmp(s.p, "parent ", 7) == 0;
	if (*has_parent && !take_oid(parent, &s, "parent "))
		return bad_encoding("its parent line");
	return NULL;
}

const struct cf_err *
cf_commit_parse(struct cf_commit *out, struct cf_str raw)
{
	struct cf_buf again = CF_BUF(CF_MAX_COMMIT);
	const char *wrong;

	*out = (struct cf_commit){ 0 };
	wrong = split(out, raw);
	if (!wrong) {
		cf_buf_room(&again, raw.n);
		join(&again, out);
		if (!cf_str_eq(raw, (struct cf_str){ again.data, again.len }))
			wrong = "author and committer are not the same";
	}
	cf_buf_clear(&again);
	return wrong ? bad_encoding(wrong) : NULL;
}

const struct cf_err *
cf_commit_verify(struct cf_pubkey *signer, const struct cf_commit *commit)
{
	struct cf_buf payload = CF_BUF(CF_MAX_COMMIT);
	struct cf_buf armour = CF_BUF(CF_MAX_COMMIT);
	struct cf_str folded = commit->armour_folded, line;
	const struct cf_err *err;
	struct cf_pubkey key;

	cf_buf_room(&payload, commit->before.n + commit->after.n);
	cf_buf_add(&payload, commit->before.p, commit->before.n);
	cf_buf_add(&payload, commit->after.p, commit->after.n);
	cf_buf_room(&armour, folded.n);
	while (cf_str_cut(&line, &folded, folded, '\n')) {
		cf_buf_add(&armour, line.p, line.n);
		cf_buf_putc(&armour, '\n');
		(void)cf_str_skip(&folded, " ");
	}
	cf_buf_add(&armour, folded.p, folded.n);
	err = cf_buf_check(&payload, "a commit");
	if (!err)
		err = cf_buf_check(&armour, "a commit's signature");
	if (!err)
		err = cf_sshsig_verify(signer ? signer : &key,
			(struct cf_str){ armour.data, armour.len },
			payload.data, payload.len);
	cf_buf_clear(&armour);
	cf_buf_clear(&payload);
	return err;
}

/* --- the commons' commit -------------------------------------------------- */

const struct cf_err *
cf_commit_write_plain(struct cf_oid *out, struct cf_store *store,
	const struct cf_commit *commit, const struct cf_oid *parents, size_t n)
{
	const struct cf_err *err;
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT + n * PARENT_LINE);

	if (!name_is_sound(commit->name) || !email_is_sound(commit->email) ||
		commit->time < 0 || commit->time > UINT32_MAX)
		cf_bug("a commit that nobody could read");
	add_oid(&raw, "tree ", &commit->tree);
	for (size_t i = 0; i < n; i++)
		add_oid(&raw, "parent ", &parents[i]);
	add_person(&raw, "author ", commit);
	add_person(&raw, "committer ", commit);
	cf_buf_putc(&raw, '\n');
	cf_buf_add(&raw, commit->message.p, commit->message.n);
	err = cf_buf_check(&raw, "the commit of the commons");
	if (!err)
		err = cf_odb_write(out, store, CF_COMMIT, raw.data, raw.len);
	cf_buf_clear(&raw);
	return err;
}
