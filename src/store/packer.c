/*
 * Packs (gitformat-pack(5), version 2) written from front to end. The header
 * says how many objects there are, so it and the checksum come last.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/packer.h"
#include "store/sha1.h"

#define CHUNK (256u * 1024)
#define HEADER 12u
#define OFS_DELTA 6
#define SLOTS 1024u		/* at first; a power of two */

static const struct cf_err *
write_failed(const struct cf_packer *p)
{
	return cf_err_sys("cannot write a pack in %s", p->dir);
}

static const struct cf_err *
write_all(const struct cf_packer *p, int fd, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	while (n) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return write_failed(p);
		at += done;
		n -= (size_t)done;
	}
	return NULL;
}

static const struct cf_err *
flush(struct cf_packer *p)
{
	const struct cf_err *err = write_all(p, p->fd, p->out, p->used);

	p->used = 0;
	return err;
}

static const struct cf_err *
put(struct cf_packer *p, const void *bytes, size_t n)
{
	const struct cf_err *err = NULL;

	if (n > CHUNK - p->used)
		err = flush(p);
	if (err || n > CHUNK)
		return err ? err : write_all(p, p->fd, bytes, n);
	memcpy(p->out + p->used, bytes, n);
	p->used += n;
	return NULL;
}

const struct cf_err *
cf_packer_open(struct cf_packer *out, const char *dir)
{
	static const unsigned char header[HEADER] = { 'P', 'A', 'C', 'K', 0, 0,
		0, 2 };

	*out = (struct cf_packer){ .dir = cf_strdup(dir), .slots = SLOTS };
	out->slot = cf_calloc(SLOTS, sizeof *out->slot);
	out->out = cf_malloc(CHUNK);
	/* Records are small and read at once: speed before size. */
	if (deflateInit(&out->z, Z_BEST_SPEED) != Z_OK)
		cf_bug("zlib does not start");
	out->tmp = cf_path_join(dir, "tmp_pack_XXXXXX");
	out->fd = mkstemp(out->tmp);
	if (out->fd < 0)
		return write_failed(out);
	out->at = HEADER;
	return put(out, header, HEADER);
}

void
cf_packer_close(struct cf_packer *p)
{
	if (p->dir == NULL)
		return;
	if (p->fd >= 0) {
		(void)close(p->fd);
		(void)unlink(p->tmp);
	}
	(void)deflateEnd(&p->z);
	free(p->dir);
	free(p->tmp);
	free(p->object);
	free(p->slot);
	free(p->out);
	*p = (struct cf_packer){ .fd = -1 };
}

/* --- which objects there are ---------------------------------------------- */

/* An id is as good as random. */
static size_t
slot_of(const struct cf_packer *p, const struct cf_oid *oid)
{
	uint32_t hash;
	size_t i;

	memcpy(&hash, oid->raw, sizeof hash);
	i = hash & (p->slots - 1);
	while (p->slot[i] &&
		!cf_oid_eq(&p->object[p->slot[i] - 1].oid, oid))
		i = (i + 1) & (p->slots - 1);
	return i;
}

const struct cf_packed *
cf_packer_find(const struct cf_packer *p, const struct cf_oid *oid)
{
	uint32_t found = p->slot[slot_of(p, oid)];

	return found ? &p->object[found - 1] : NULL;
}

static void
remember(struct cf_packer *p, const struct cf_packed *object)
{
	p->object = cf_grow(p->object, p->n, &p->cap, sizeof *p->object);
	p->object[p->n++] = *object;
	if (p->n * 2 > p->slots) {
		p->slots *= 2;
		free(p->slot);
		p->slot = cf_calloc(p->slots, sizeof *p->slot);
		for (size_t i = 0; i + 1 < p->n; i++)
			p->slot[slot_of(p, &p->object[i].oid)] =
				(uint32_t)i + 1;
	}
	p->slot[slot_of(p, &object->oid)] = (uint32_t)p->n;
}

/* --- objects -------------------------------------------------------------- */

/* Type and size of an entry; how many bytes it takes. */
static size_t
entry_head(unsigned char out[10], int type, size_t size)
{
	size_t n = 1;

	out[0] = (unsigned char)(type << 4 | (size & 15));
	for (size >>= 4; size; size >>= 7) {
		out[n - 1] |= 0x80;
		out[n++] = size & 0x7f;
	}
	return n;
}

/* How far back the base of a delta lies. */
static size_t
distance(unsigned char out[10], uint32_t back)
{
	unsigned char reversed[10];
	size_t n = 0;

	reversed[n++] = back & 0x7f;
	while (back >>= 7)
		reversed[n++] = 0x80 | (--back & 0x7f);
	for (size_t i = 0; i < n; i++)
		out[i] = reversed[n - 1 - i];
	return n;
}

static const struct cf_err *
too_large(const struct cf_packer *p)
{
	if (p->n >= CF_MAX_PACK_OBJECTS)
		return cf_err_rule(CF_REFUSED, "limit.objects",
			"this is more in one update than Confer takes (%u "
			"objects at most). Nothing was taken over",
			CF_MAX_PACK_OBJECTS);
	return cf_err_rule(CF_REFUSED, "limit.pack",
		"this is more in one update than Confer takes (%llu MB at "
		"most). Nothing was taken over", CF_MAX_PACK / 1024 / 1024);
}

static const struct cf_err *
put_entry(struct cf_packer *p, struct cf_packed *object, const void *head,
	size_t head_size, struct cf_str bytes)
{
	size_t bound = deflateBound(&p->z, bytes.n), size;
	unsigned char *packed;
	const struct cf_err *err;

	if (p->n >= CF_MAX_PACK_OBJECTS || bytes.n > CF_MAX_PACK)
		return too_large(p);
	packed = cf_malloc(bound);
	p->z.next_in = (const Bytef *)bytes.p;
	p->z.avail_in = (uInt)bytes.n;
	p->z.next_out = packed;
	p->z.avail_out = (uInt)bound;
	if (deflate(&p->z, Z_FINISH) != Z_STREAM_END ||
		deflateReset(&p->z) != Z_OK)
		cf_bug("zlib does not compress");
	size = (size_t)(p->z.next_out - packed);
	object->offset = p->at;
	object->crc = (uint32_t)crc32_z(crc32_z(0, head, head_size), packed,
		size);
	if (head_size + size > CF_MAX_PACK - p->at)
		err = too_large(p);
	else
		err = put(p, head, head_size);
	if (!err)
		err = put(p, packed, size);
	if (!err) {
		p->at += (uint32_t)(head_size + size);
		remember(p, object);
	}
	free(packed);
	return err;
}

const struct cf_err *
cf_packer_add(struct cf_packer *p, const struct cf_oid *oid, enum cf_type type,
	const void *bytes, size_t n)
{
	struct cf_packed object = { .oid = *oid };
	unsigned char head[10];
	size_t head_size = entry_head(head, (int)type, n);

	return put_entry(p, &object, head, head_size,
		(struct cf_str){ bytes, n });
}

const struct cf_err *
cf_packer_add_delta(struct cf_packer *p, const struct cf_oid *oid,
	const struct cf_packed *base, const void *delta, size_t n)
{
	struct cf_packed object = { .oid = *oid, .depth = base->depth + 1 };
	unsigned char head[20];
	size_t head_size = entry_head(head, OFS_DELTA, n);

	head_size += distance(head + head_size, p->at - base->offset);
	return put_entry(p, &object, head, head_size,
		(struct cf_str){ delta, n });
}

/* --- the end -------------------------------------------------------------- */

static void
put_u32(unsigned char out[4], uint32_t n)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(n >> (24 - 8 * i));
}

/* The checksum of the whole file, which is then appended to it. */
static const struct cf_err *
seal(unsigned char sum[20], struct cf_packer *p)
{
	unsigned char count[4];
	struct cf_sha1 sha1;
	off_t at = 0;
	ssize_t n;

	put_u32(count, (uint32_t)p->n);
	if (pwrite(p->fd, count, 4, 8) != 4)
		return write_failed(p);
	cf_sha1_init(&sha1);
	while ((n = pread(p->fd, p->out, CHUNK, at)) > 0) {
		cf_sha1_add(&sha1, p->out, (size_t)n);
		at += n;
	}
	if (n < 0)
		return cf_err_sys("cannot read %s", p->tmp);
	cf_sha1_end(sum, &sha1);
	return write_all(p, p->fd, sum, 20);
}

static int
by_oid(const void *a, const void *b)
{
	const struct cf_packed *x = a, *y = b;

	return memcmp(x->oid.raw, y->oid.raw, sizeof x->oid.raw);
}

/* An index: its bytes, in `at` the one after the last. */
static unsigned char *
index_body(unsigned char *at, const struct cf_packer *p)
{
	static const unsigned char head[8] = { 0xff, 't', 'O', 'c', 0, 0, 0,
		2 };
	size_t n = 0;

	memcpy(at, head, sizeof head);
	at += sizeof head;
	for (unsigned byte = 0; byte < 256; byte++, at += 4) {
		while (n < p->n && p->object[n].oid.raw[0] <= byte)
			n++;
		put_u32(at, (uint32_t)n);
	}
	for (size_t i = 0; i < p->n; i++, at += 20)
		memcpy(at, p->object[i].oid.raw, 20);
	for (size_t i = 0; i < p->n; i++, at += 4)
		put_u32(at, p->object[i].crc);
	for (size_t i = 0; i < p->n; i++, at += 4)
		put_u32(at, p->object[i].offset);
	return at;
}

static const struct cf_err *
write_index(const struct cf_packer *p, const char *path,
	const unsigned char sum[20], bool sync)
{
	size_t n = 8 + 256 * 4 + p->n * 28 + 40;
	unsigned char *bytes = cf_malloc(n), *at;
	const struct cf_err *err = NULL;
	struct cf_sha1 sha1;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	at = index_body(bytes, p);
	memcpy(at, sum, 20);
	cf_sha1_init(&sha1);
	cf_sha1_add(&sha1, bytes, n - 20);
	cf_sha1_end(at + 20, &sha1);
	if (fd < 0)
		err = write_failed(p);
	else
		err = write_all(p, fd, bytes, n);
	if (!err && sync && fsync(fd) != 0)
		err = write_failed(p);
	if (fd >= 0)
		(void)close(fd);
	free(bytes);
	return err;
}

/* The pack gets its name first: git looks for indexes. */
static const struct cf_err *
give_names(struct cf_packer *p, const unsigned char sum[20], bool sync)
{
	const struct cf_err *err;
	char hex[41], *pack, *idx, *tmp_idx;

	cf_hex(hex, sum, 20);
	pack = cf_asprintf("%s/pack-%s.pack", p->dir, hex);
	idx = cf_asprintf("%s/pack-%s.idx", p->dir, hex);
	tmp_idx = cf_asprintf("%s.idx", p->tmp);
	err = write_index(p, tmp_idx, sum, sync);
	if (!err && rename(p->tmp, pack) != 0)
		err = write_failed(p);
	if (!err && sync)
		err = cf_fsync_dir(p->dir);
	if (!err && rename(tmp_idx, idx) != 0)
		err = write_failed(p);
	if (!err && sync)
		err = cf_fsync_dir(p->dir);
	if (err)
		(void)unlink(tmp_idx);
	free(pack);
	free(idx);
	free(tmp_idx);
	return err;
}

const struct cf_err *
cf_packer_finish(struct cf_packer *p, bool sync)
{
	const struct cf_err *err = flush(p);
	unsigned char sum[20];

	if (!err)
		err = seal(sum, p);
	if (!err && (fchmod(p->fd, 0444) != 0 || (sync && fsync(p->fd) != 0)))
		err = write_failed(p);
	if (err)
		return err;
	if (p->n)
		qsort(p->object, p->n, sizeof *p->object, by_oid);
	err = give_names(p, sum, sync);
	if (!err) {
		(void)close(p->fd);
		p->fd = -1;
	}
	return err;
}
