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
};

/* CF_BUSY, push.moved. */
const struct cf_err *cf_push_moved(const char *place);
/* folder.c: into a bare repository on this machine. */
const struct cf_err *cf_push_folder(struct cf_link *link,
	const struct cf_pushing *job) CF_MUST;

#endif
