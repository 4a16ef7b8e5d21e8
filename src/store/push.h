#ifndef CF_STORE_PUSH_H
#define CF_STORE_PUSH_H

#include "store/link.h"

/* One push, as its child knows it. */
struct cf_pushing {
	struct cf_url url;
	struct cf_route route;
	char *dir;			/* a scratch folder */
	const char *objects;		/* our folder of objects */
	const struct cf_oid *commit;
	const struct cf_oid *replace;	/* what it takes the place of, or NULL */
	/* In the place of that: copies of others. */
	const struct cf_copy *copies;
	size_t n;
};

/* CF_BUSY, push.moved. */
const struct cf_err *cf_push_moved(const char *place);
/* folder.c: into a bare repository on this machine. */
const struct cf_err *cf_push_folder(struct cf_link *link,
	const struct cf_pushing *job) CF_MUST;
/* mirror.c: over a network. */
const struct cf_err *cf_push_mirror(struct cf_link *link,
	const struct cf_pushing *job) CF_MUST;
/* Runs one that is filled but for its route and url, in a child. */
const struct cf_err *cf_push_run(struct cf_pushing *job, struct cf_store *store,
	const char *url, const struct cf_transport *transport) CF_MUST;

#endif
