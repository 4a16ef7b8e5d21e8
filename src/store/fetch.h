#ifndef CF_STORE_FETCH_H
#define CF_STORE_FETCH_H

#include "store/link.h"

/* One fetch, as its child knows it. */
struct cf_job {
	struct cf_fetch *fetch;
	struct cf_url url;
	char *dir;			/* the quarantine */
	char *ref;			/* the branch that is wanted */
	const char *objects;		/* our folder of objects, or NULL */
	bool known;			/* we hold the pin, so the head alone may do */
	bool share;			/* and the host need not send it again */
	const struct cf_route *route;
};

/*
 * source.c: the same from a folder of this machine. Its objects are read one by
 * one; its configuration, hooks and alternates are not looked at. *found: there
 * is a pack in the quarantine.
 */
const struct cf_err *cf_source_fetch(bool *found, struct cf_link *link,
	const struct cf_job *job) CF_MUST;

#endif
