#ifndef CF_STORE_PACKER_H
#define CF_STORE_PACKER_H

/*
 * Writing a pack and its index. libgit2's pack builder compares every object
 * with ten others to save space; here whoever knows what a tree was made from
 * says so, which is ten times as fast and no larger.
 */
#define ZLIB_CONST
#include <zlib.h>

#include "store/store.h"

struct cf_packed {
	struct cf_oid oid;
	uint32_t offset, crc;
	uint32_t depth;			/* of its chain of deltas */
};

struct cf_packer {
	char *dir, *tmp;		/* the folder; the unfinished pack in it */
	int fd;
	struct cf_packed *object;
	size_t n, cap;
	uint32_t *slot;			/* hash table: index of object + 1, or 0 */
	size_t slots;
	z_stream z;
	unsigned char *out;		/* not written yet */
	size_t used;
	uint32_t at;			/* bytes so far, those included */
};

const struct cf_err *cf_packer_open(struct cf_packer *out, const char *dir)
	CF_MUST;
/* Removes what cf_packer_finish has not named. */
void cf_packer_close(struct cf_packer *p);

/* The object, if it is in the pack already. */
const struct cf_packed *cf_packer_find(const struct cf_packer *p,
	const struct cf_oid *oid);
/* CF_REFUSED (limit.pack, limit.objects) where it becomes too large. The object
 * must not be in it yet. */
const struct cf_err *cf_packer_add(struct cf_packer *p,
	const struct cf_oid *oid, enum cf_type type, const void *bytes,
	size_t n) CF_MUST;
/* The same as a delta (in git's form) on an object that is in the pack and at
 * most CF_DELTA_DEPTH - 1 deep. */
const struct cf_err *cf_packer_add_delta(struct cf_packer *p,
	const struct cf_oid *oid, const struct cf_packed *base,
	const void *delta, size_t n) CF_MUST;

/*
 * Writes the index and gives both their names, the index last; durably where
 * `sync` is true. Nothing can be added afterwards.
 */
const struct cf_err *cf_packer_finish(struct cf_packer *p, bool sync) CF_MUST;

#endif
