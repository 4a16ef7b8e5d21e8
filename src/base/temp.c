/*
 * Temporary folders, and those of processes that were killed.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/temp.h"

#define PREFIX "confer-"

static const char *
place(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && tmp[0] ? tmp : "/tmp";
}

const struct cf_err *
cf_temp_new(char **out, const char *what)
{
	cf_temp_sweep();
	*out = cf_asprintf("%s/" PREFIX "%s-%ld-XXXXXX", place(), what,
		(long)getpid());
	if (mkdtemp(*out))
		return NULL;
	free(*out);
	*out = NULL;
	return cf_err_sys("cannot make a folder in %s; TMPDIR names another "
		"place", place());
}

bool
cf_temp_is_dead(const char *name)
{
	struct cf_str number, rest;
	uint64_t pid;

	if (!cf_str_cut(&number, &rest, cf_str(name), '-') ||
		!cf_str_u64(number, &pid, INT32_MAX) || pid == 0)
		return false;
	return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* confer-<what>-<process>-… */
static bool
is_left(const char *name)
{
	const char *dash = cf_starts(name, PREFIX) ? strchr(name +
		strlen(PREFIX), '-') : NULL;

	return dash && cf_temp_is_dead(dash + 1);
}

void
cf_temp_sweep(void)
{
	struct cf_names names = { 0 };

	/* What cannot be removed is another's, or for the next time. */
	if (cf_dir_names(&names, place()))
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *path = is_left(names.name[i]) ? cf_path_join(place(),
			names.name[i]) : NULL;
		struct stat st;

		/* Anybody can give a folder there such a name. */
		if (path && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
			st.st_uid == geteuid())
			(void)!cf_remove_all(path);
		free(path);
	}
	cf_names_clear(&names);
}
