/*
 * Reading any bytes as a tree. What is accepted is in git's order, has no name
 * twice, and is exactly its entries.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "base/limits.h"
#include "store/store.h"

#define ENTRIES 256		/* names compared with each other */

static void
add(struct cf_buf *out, const struct cf_entry *entry)
{
	cf_buf_puts(out, entry->is_dir ? "40000 " : "100644 ");
	cf_buf_add(out, entry->name.p, entry->name.n);
	cf_buf_putc(out, '\0');
	cf_buf_add(out, entry->oid.raw, sizeof entry->oid.raw);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str rest = { (const char *)data, size };
	struct cf_buf again = CF_BUF(CF_MAX_TREE);
	struct cf_entry entries[ENTRIES];
	const struct cf_err *err = NULL;
	size_t n = 0;

	while (rest.n && n < ENTRIES && !err) {
		err = cf_tree_next(&entries[n], &rest,
			n ? &entries[n - 1] : NULL);
		if (err)
			break;
		add(&again, &entries[n]);
		MUST(entries[n].name.n);
		MUST(!memchr(entries[n].name.p, '/', entries[n].name.n));
		for (size_t i = 0; i < n; i++)
			MUST(!cf_str_eq(entries[i].name, entries[n].name));
		n++;
	}
	if (err) {
		MUST(err->code == CF_REFUSED);
		MUST(strncmp(err->rule, "tree.", 5) == 0);
	}
	MUST(again.len == size - rest.n);
	MUST(again.len == 0 || memcmp(again.data, data, again.len) == 0);
	cf_buf_clear(&again);
	return 0;
}
