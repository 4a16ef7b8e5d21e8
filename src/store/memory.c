/*
 * The memory that libgit2 asks for, with a fence: a thread that reads an object
 * says how large a block may be, and one that is larger is not given. So an
 * object says its size and is read in one go, though a megabyte of pack can hold
 * a gigabyte of zeros.
 */
#include <stdint.h>
#include <stdlib.h>

#include <git2/sys/alloc.h>

#include "store/git.h"

/* Of each thread; 0: no fence. */
static _Thread_local size_t most;

static bool
fits(size_t n)
{
	return most == 0 || n <= most;
}

static void *
get(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fits(n) ? malloc(n ? n : 1) : NULL;
}

static void *
get_zeros(size_t n, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return (size == 0 || n <= SIZE_MAX / size) && fits(n * size) ?
		calloc(n ? n : 1, size ? size : 1) : NULL;
}

static void *
get_again(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fits(n) ? realloc(old, n ? n : 1) : NULL;
}

static void *
get_list_again(void *old, size_t n, size_t size, const char *file, int line)
{
	return size == 0 || n <= SIZE_MAX / size ?
		get_again(old, n * size, file, line) : NULL;
}

static void *
get_list(size_t n, size_t size, const char *file, int line)
{
	return get_list_again(NULL, n, size, file, line);
}

static char *
copy(const char *s, size_t n, const char *file, int line)
{
	char *out = get(n + 1, file, line);

	if (out) {
		memcpy(out, s, n);
		out[n] = '\0';
	}
	return out;
}

static char *
copy_all(const char *s, const char *file, int line)
{
	return copy(s, strlen(s), file, line);
}

static char *
copy_most(const char *s, size_t n, const char *file, int line)
{
	return copy(s, strnlen(s, n), file, line);
}

int
cf_git_memory_start(void)
{
	static git_allocator ours = { .gmalloc = get, .gcalloc = get_zeros,
		.gstrdup = copy_all, .gstrndup = copy_most,
		.gsubstrdup = copy, .grealloc = get_again,
		.greallocarray = get_list_again, .gmallocarray = get_list,
		.gfree = free };

	return git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &ours);
}

void
cf_git_memory_most(size_t bytes)
{
	most = bytes;
}
