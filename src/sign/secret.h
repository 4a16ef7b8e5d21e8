#ifndef CF_SECRET_H
#define CF_SECRET_H

/*
 * Memory for secrets inside this folder.
 */
#include <stddef.h>

/* From sodium_malloc: between guard pages, out of swap and core dumps, wiped by
 * sodium_free. */
void *cf_locked(size_t n);

#endif
