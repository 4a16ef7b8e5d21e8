#ifndef COMMAND_H
#define COMMAND_H

/*
 * Runs other people's programs in a unit test, and the folder to do it in.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "expect.h"

static char *folder;		/* of one test; removed after it */

static inline int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	folder = cf_asprintf("%s/cf-unit-XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int
remove_folder(void **state)
{
	const struct cf_err *err = cf_remove_all(folder);

	(void)state;
	free(folder);
	return err ? -1 : 0;
}

/* folder/name, with these bytes in it (text NULL: none). The caller frees. */
static inline char *
in_folder(const char *name, const char *text)
{
	char *path = cf_path_join(folder, name);

	if (text)
		expect_ok(cf_file_write(path, text, strlen(text), 0600));
	return path;
}

/* Input from and output to files (NULL: none). The exit status; 127 where there
 * is no such command. */
static inline int
run(const char *input, const char *output, const char *const *args)
{
	char *argv[24];
	int status = -1;
	size_t n = 0;
	pid_t pid;

	while (args[n])
		n++;
	assert_true(n < sizeof argv / sizeof *argv);
	for (size_t i = 0; i <= n; i++)
		argv[i] = args[i] ? cf_strdup(args[i]) : NULL;
	pid = fork();
	if (pid == 0) {
		if (freopen(input ? input : "/dev/null", "r", stdin) &&
			freopen(output ? output : "/dev/null", "w", stdout) &&
			freopen("/dev/null", "w", stderr))
			(void)execvp(argv[0], argv);
		_exit(127);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
#define RUN(input, output, ...) \
	run((input), (output), (const char *const[]){ __VA_ARGS__, NULL })

#endif
