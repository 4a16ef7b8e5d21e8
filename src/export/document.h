#ifndef CF_EXPORT_DOCUMENT_H
#define CF_EXPORT_DOCUMENT_H

/*
 * The formats that describe an export, and those that cite records. Pure.
 *
 * `about` is {commit, tree, time, ruleset, trusts: [{trust, name, role, urls,
 * identity, head, sequence, committed}]}; an item is {provenance, record}, as
 * app/export.h has it.
 */
#include "export/table.h"

/* datapackage.json (Data Package 2). `files` is [{name, bytes, sha256}], one for
 * each table, and `licences` the identifiers in use. */
json_t *cf_package(const json_t *about, const struct cf_export_tables *tables,
	const json_t *files, const json_t *licences);

/*
 * ro-crate-metadata.json (RO-Crate 1.1): its entities one after another, each on
 * a line. A file is {path, bytes, sha256}. What the root refers to is collected
 * in `crate`.
 */
struct cf_crate {
	json_t *parts, *actions, *licences;	/* owned */
};
const struct cf_err *cf_crate_begin(struct cf_crate *crate, struct cf_buf *out,
	const json_t *about) CF_MUST;
/* The identity of a trust. */
const struct cf_err *cf_crate_trust(struct cf_crate *crate, struct cf_buf *out,
	const json_t *trust, const json_t *file) CF_MUST;
/* A record, and (version not NULL) one of the versions that it is merged from. */
const struct cf_err *cf_crate_file(struct cf_crate *crate, struct cf_buf *out,
	const json_t *item, const json_t *version, const json_t *file) CF_MUST;
const struct cf_err *cf_crate_end(struct cf_crate *crate, struct cf_buf *out,
	const json_t *about) CF_MUST;
void cf_crate_clear(struct cf_crate *crate);
/* "records/finding/ab/….json" and "heads/<id>/<version>.json"; caller frees. */
char *cf_crate_path(const json_t *item, const json_t *version);

/* One entry, or nothing where there is nothing to cite (erased). */
const struct cf_err *cf_cite_csl(struct cf_buf *out, const json_t *item,
	bool first) CF_MUST;
void cf_cite_bibtex(struct cf_buf *out, const json_t *item);
/* Whether there is something to cite. */
bool cf_citable(const json_t *item);
/* northfield2026fluency-5e0c3c0f12ab; the caller frees. */
char *cf_cite_key(const json_t *item);
/* A text between the braces of a BibTeX field: what TeX would take for its own
 * is written as it shows, and braces are always in pairs. */
void cf_bibtex_text(struct cf_buf *out, const char *text);

/* https://spdx.org/licenses/<id>; the caller frees. */
char *cf_licence_url(const char *id);
/* The first address of a trust that a browser opens, or NULL. Borrowed. */
const char *cf_https(const json_t *urls);

#endif
