/*
 * Temporary folders, and those of processes that were killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/temp.h"

#define PREFIX "confer-"
#define BOOT 8u			/* digits of what the kernel says of its start */

static const char *
place(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && tmp[0] ? tmp : "/tmp";
}

/* Zeros where the kernel does not tell. */
static void
read_boot(char out[BOOT + 1])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, out, BOOT) != (ssize_t)BOOT)
		memset(out, '0', BOOT);
	out[BOOT] = '\0';
	if (fd >= 0)
		(void)close(fd);
}

void
cf_temp_owner(char out[CF_TEMP_OWNER])
{
	char boot[BOOT + 1];

	read_boot(boot);
	(void)snprintf(out, CF_TEMP_OWNER, "%ld-%s-", (long)getpid(), boot);
}

const struct cf_err *
cf_temp_new(char **out, const char *what)
{
	char owner[CF_TEMP_OWNER];

	cf_temp_owner(owner);
	cf_temp_sweep();
	*out = cf_asprintf("%s/" PREFIX "%s-%sXXXXXX", place(), what, owner);
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
	struct cf_str number, rest, boot;
	char now[BOOT + 1];
	uint64_t pid;

	if (!cf_str_cut(&number, &rest, cf_str(name), '-') ||
		!cf_str_u64(number, &pid, INT32_MAX) || pid == 0)
		return false;
	if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
		return true;
	read_boot(now);
	return cf_str_cut(&boot, &rest, rest, '-') && boot.n == BOOT &&
		!cf_str_is(boot, now);
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
