#ifndef CF_STORE_HELPER_H
#define CF_STORE_HELPER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * `git credential <verb>` with `in` as its input and what it prints in `out`.
 * false where there is no git, where it fails or says too much. Both hold
 * secrets: the caller overwrites them.
 */
bool cf_git_credential(const char *verb, const char *in, char *out,
	size_t size);

#endif
