#ifndef CF_MEM_H
#define CF_MEM_H

/*
 * Allocation that does not fail: out of memory ends the process, which is safe
 * at any instant (every write is all or nothing). Never give these a size that
 * a partner chose without comparing it with limits.h first.
 */
#include <stddef.h>

/* Once, before anything is allocated: reading objects alternates between many
 * small pieces and few large ones, for which glibc would sweep the small ones
 * together each time. */
void cf_mem_start(void);

void *cf_malloc(size_t size);
void *cf_calloc(size_t count, size_t size);
void *cf_realloc(void *old, size_t count, size_t size);
char *cf_strdup(const char *s);
char *cf_strndup(const char *s, size_t n);
/* A new string, as printf writes it. The caller frees. */
char *cf_asprintf(const char *fmt, ...)
#if defined(__GNUC__)
	__attribute__((format(printf, 1, 2)))
#endif
	;

/* Grows an array so that one more element fits; *cap is in elements. */
void *cf_grow(void *array, size_t used, size_t *cap, size_t size);

#endif
