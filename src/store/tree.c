/*
 * Reading raw trees: each entry is "<mode> <name>\0" and 20 bytes of id.
 */
#include "base/limits.h"
#include "store/git.h"
#include "store/tree.h"

#define OID_BYTES (sizeof ((struct cf_oid *)0)->raw)

static int
compare_bytes(struct cf_str a, struct cf_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return n ? memcmp(a.p, b.p, n) : 0;
}

/* The byte of a name after its first n; a folder's name ends in "/" here. */
static int
byte_at(const struct cf_entry *e, size_t n)
{
	if (n < e->name.n)
		return (unsigned char)e->name.p[n];
	return n == e->name.n && e->is_dir ? '/' : 0;
}

int
cf_entry_compare(const struct cf_entry *a, const struct cf_entry *b)
{
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = compare_bytes(a->name, b->name);

	return order ? order : byte_at(a, n) - byte_at(b, n);
}

/* Reads an entry whose mode is one of ours; a rule's name where it is not. */
static const char *
split(struct cf_entry *out, struct cf_str *rest)
{
	struct cf_str s = *rest, mode;

	if (!cf_str_cut(&mode, &s, s, ' '))
		return "tree.encoding";
	if (!cf_str_cut(&out->name, &s, s, '\0') || s.n < OID_BYTES ||
		out->name.n == 0 || memchr(out->name.p, '/', out->name.n))
		return "tree.encoding";
	memcpy(out->oid.raw, s.p, OID_BYTES);
	*rest = (struct cf_str){ s.p + OID_BYTES, s.n - OID_BYTES };
	out->is_dir = cf_str_is(mode, "40000");
	return out->is_dir || cf_str_is(mode, "100644") ? NULL : "tree.mode";
}

/*
 * In git's order a folder "a" comes after a file "a", but "a.b" lies between
 * them: the twin is among the entries that begin with the file's name.
 */
static bool
has_folder_twin(const struct cf_entry *file, struct cf_str rest)
{
	struct cf_entry next;

	while (rest.n && split(&next, &rest) == NULL) {
		if (next.name.n < file->name.n ||
			compare_bytes(next.name, file->name) != 0)
			return false;
		if (next.is_dir && next.name.n == file->name.n)
			return true;
	}
	return false;
}

const struct cf_err *
cf_tree_next(struct cf_entry *out, struct cf_str *rest,
	const struct cf_entry *previous)
{
	struct cf_str left = *rest;
	const char *rule = split(out, &left);

	if (rule && strcmp(rule, "tree.mode") == 0)
		return cf_err_rule(CF_REFUSED, rule, "an entry of a folder is "
			"neither a plain file nor a folder");
	if (rule)
		return cf_err_rule(CF_REFUSED, rule, "a folder's list of "
			"entries is not written as git writes it");
	if (previous && cf_entry_compare(previous, out) >= 0)
		return cf_err_rule(CF_REFUSED, "tree.order", "a folder's "
			"entries are not in git's order, or one is there "
			"twice");
	if (!out->is_dir && has_folder_twin(out, left))
		return cf_err_rule(CF_REFUSED, "tree.order", "a folder has a "
			"file and a folder of the same name");
	*rest = left;
	return NULL;
}

/* The entry of that name in a raw tree; the name of `out` is `name`. */
static const struct cf_err *
find_entry(struct cf_entry *out, bool *found, struct cf_str raw,
	struct cf_str name)
{
	struct cf_entry entry, last;
	const struct cf_entry *previous = NULL;
	const struct cf_err *err = NULL;

	*found = false;
	while (raw.n && !*found && !err) {
		err = cf_tree_next(&entry, &raw, previous);
		if (!err && cf_str_eq(entry.name, name)) {
			*out = entry;
			out->name = name;
			*found = true;
		}
		last = entry;
		previous = &last;
	}
	return err;
}

const struct cf_err *
cf_tree_find(struct cf_entry *out, bool *found, struct cf_odb *odb,
	const struct cf_oid *tree, const char *path)
{
	const struct cf_err *err = NULL;
	struct cf_buf raw = CF_BUF(CF_MAX_TREE);
	struct cf_str left = cf_str(path), name;
	struct cf_entry entry = { .is_dir = true, .oid = *tree };
	bool more = true;

	*found = true;
	while (more && *found && !err) {
		more = cf_str_cut(&name, &left, left, '/');
		if (!more)
			name = left;
		*found = entry.is_dir;
		if (!entry.is_dir)
			break;
		err = cf_odb_read(&raw, odb, &entry.oid, CF_TREE);
		if (!err)
			err = find_entry(&entry, found,
				(struct cf_str){ raw.data, raw.len }, name);
	}
	*found = *found && !err;
	if (*found)
		*out = entry;
	cf_buf_clear(&raw);
	return err;
}
