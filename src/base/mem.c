/*
 * Allocation that aborts instead of failing.
 */
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

static void *
checked(void *p)
{
	if (p == NULL)
		cf_bug("out of memory");
	return p;
}

void
cf_mem_start(void)
{
#ifdef M_MXFAST
	(void)mallopt(M_MXFAST, 0);
#endif
}

void *
cf_malloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *
cf_calloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *
cf_realloc(void *old, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		cf_bug("allocation size overflows");
	size *= count;
	return checked(realloc(old, size ? size : 1));
}

char *
cf_strdup(const char *s)
{
	return cf_strndup(s, strlen(s));
}

char *
cf_strndup(const char *s, size_t n)
{
	char *copy = cf_malloc(n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
cf_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *out;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		cf_bug("bad format");
	out = cf_malloc((size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(out, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return out;
}

void *
cf_grow(void *array, size_t used, size_t *cap, size_t size)
{
	if (used < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 16;
	return cf_realloc(array, *cap, size);
}
