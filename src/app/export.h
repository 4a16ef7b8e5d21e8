#ifndef CF_APP_EXPORT_H
#define CF_APP_EXPORT_H

/*
 * Exporting the commons; for src/app/export*.c only. A record goes through all
 * formats as an item:
 *
 *   {provenance: {commit?, conflict, contested?: [path], incomplete, key?,
 *     modified, owner, ownerName, signature: verified|merged, url?, version?,
 *     versions: [{version, document, signatures: [{trust, name, signature:
 *       verified|none, key?, keyState?, signed?, commit, sequence, committed}]}]},
 *    record: {…as the commons has it}}
 */
#include "app/pool.h"
#include "export/document.h"

/* A main, and the commits of it that were asked for: newest first. */
struct cf_export_source {
	struct cf_gate gate;
	struct cf_oid *commit;
	size_t n, cap;
	struct cf_oid next;	/* before the last of them */
	bool more;
};

/* A file that grows, or (path NULL, write NULL) only its size. */
struct cf_out {
	const char *path;	/* borrowed; for errors */
	int fd;
	const struct cf_export_what *to;	/* `write`, or NULL */
	struct cf_buf buf;
	struct cf_hashing hashing;
	unsigned long long bytes;
	bool later;		/* made durable with the whole folder */
	char sha256[65];	/* once it is closed */
};
/* Makes the file; NULL: see above. */
const struct cf_err *cf_out_open(struct cf_out *out, const char *path,
	const struct cf_export_what *to) CF_MUST;
/* Writes what is in out->buf, where it is much (or `all`). */
const struct cf_err *cf_out_flush(struct cf_out *out, bool all) CF_MUST;
/* Writes the rest, durably. */
const struct cf_err *cf_out_close(struct cf_out *out) CF_MUST;
/* Gives up; fine after closing. */
void cf_out_clear(struct cf_out *out);
struct cf_export_format;

struct cf_exporting {
	struct cf_trust *trust;
	const struct cf_export_what *what;
	const struct cf_export_format *format;
	char *owner;			/* that is asked for, or NULL */
	json_t *ids;			/* [record id] that are asked for, or NULL */
	json_t *about;			/* as export/document.h has it */
	json_t *incomplete;
	struct cf_names names;		/* trusts, and beside them: */
	struct cf_export_source *source;
	unsigned long long total, done;
	json_t *result;
	char *target;	/* absolute, links resolved; owned */
	size_t files;	/* in the folder, by cf_out_whole */
	char *place;	/* where to write: beside the target; NULL: nowhere */
	void *state;			/* of the format */
};

struct cf_export_format {
	const char *name;
	enum { CF_TO_FILE = 1, CF_TO_FOLDER, CF_TO_SERVER } to;
	/* How a file of ours begins, at which byte. */
	const char *magic;
	size_t magic_at;
	/* What stands in a folder of ours; the first tells that it is ours. NULL
	 * ends. */
	const char *const *names;
	const char *kinds;	/* also each kind with this behind it, or NULL */
	const struct cf_err *(*begin)(struct cf_exporting *x);
	const struct cf_err *(*item)(struct cf_exporting *x, json_t *item);
	const struct cf_err *(*end)(struct cf_exporting *x);
	void (*clear)(struct cf_exporting *x);	/* also after an error */
};

extern const struct cf_export_format cf_export_csv, cf_export_sqlite,
	cf_export_postgresql, cf_export_jsonl, cf_export_crate,
	cf_export_bibtex, cf_export_csl;

/* A whole file of a folder; cf_place_end sees to those that are many. */
const struct cf_err *cf_out_whole(struct cf_exporting *x, const char *path,
	struct cf_str bytes) CF_MUST;

/* --- export_item.c -------------------------------------------------------- */

/* The trusts and their chains; sets x->about. */
const struct cf_err *cf_export_sources(struct cf_exporting *x) CF_MUST;
void cf_export_sources_clear(struct cf_exporting *x);
/* The item of a row of the index. */
const struct cf_err *cf_export_item(json_t **out, struct cf_exporting *x,
	const json_t *row) CF_MUST;
/* A file of the commons as it is. */
const struct cf_err *cf_export_bytes(struct cf_buf *out,
	struct cf_exporting *x, const char *path) CF_MUST;

/* --- export_place.c ------------------------------------------------------- */

/* Whether the target may be replaced; makes x->place beside it. CF_EXISTS
 * (export.exists) where something else is there. */
const struct cf_err *cf_place_begin(struct cf_exporting *x) CF_MUST;
/* Puts what was written in the target's place, at once. */
const struct cf_err *cf_place_end(struct cf_exporting *x) CF_MUST;
/* Removes what is left beside it. */
void cf_place_clear(struct cf_exporting *x);

/* --- export_metafor.c ----------------------------------------------------- */
const struct cf_err *cf_export_metafor(struct cf_exporting *x) CF_MUST;

#endif
