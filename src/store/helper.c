/*
 * Running `git credential`, which is git's own door to the password stores of
 * the machine. Nobody is asked on the terminal by it, and no repository's
 * configuration takes part: it runs in the root folder.
 */
#define _GNU_SOURCE		/* execvpe */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/helper.h"

/* Our environment without what would lead git to a repository or a prompt. The
 * array is the caller's to free, its strings are not. */
static char **
environment(void)
{
	static char prompt[] = "GIT_TERMINAL_PROMPT=0", ask[] = "GIT_ASKPASS=";
	static const char *const without[] = { "GIT_DIR=", "GIT_WORK_TREE=",
		"GIT_TERMINAL_PROMPT=", "GIT_ASKPASS=", "GIT_TRACE" };
	size_t n = 0, kept = 0;
	char **out;

	while (environ[n])
		n++;
	out = cf_calloc(n + 3, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		bool keep = true;

		for (size_t j = 0; j < sizeof without / sizeof *without; j++)
			if (cf_starts(environ[i], without[j]))
				keep = false;
		if (keep)
			out[kept++] = environ[i];
	}
	out[kept++] = prompt;
	out[kept] = ask;
	return out;
}

/* In the child; does not come back. */
static void
become_git(const char *verb, int fd, char **envp)
{
	static char git[] = "git", credential[] = "credential";
	char *copy = strdup(verb);
	char *const args[] = { git, credential, copy, NULL };
	int null = open("/dev/null", O_RDWR);

	if (null >= 0 && dup2(fd, 0) == 0 && dup2(fd, 1) == 1 &&
		dup2(null, 2) == 2 && chdir("/") == 0)
		(void)execvpe("git", args, envp);
	_exit(127);
}

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Reads to the end, into out; false past `size`, or when time is up. */
static bool
read_all(int fd, char *out, size_t size)
{
	int64_t end = now() + CF_ASK_SECONDS;
	size_t have = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = end - now();
		ssize_t n;

		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left * 1000) < 0 && errno != EINTR)
			return false;
		if (p.revents == 0)
			continue;
		n = recv(fd, out + have, size - 1 - have, MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (n == 0)
			break;
		if (n > 0)
			have += (size_t)n;
		if (have == size - 1)
			return false;
	}
	out[have] = '\0';
	return true;
}

static bool
write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		n -= (size_t)sent;
	}
	return shutdown(fd, SHUT_WR) == 0;
}

bool
cf_git_credential(const char *verb, const char *in, char *out, size_t size)
{
	char **envp = environment();
	int ends[2], status = -1;
	bool good;
	pid_t pid;

	out[0] = '\0';
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		free(envp);
		return false;
	}
	pid = fork();
	if (pid == 0)
		become_git(verb, ends[1], envp);
	(void)close(ends[1]);
	good = pid > 0 && write_all(ends[0], in, strlen(in)) &&
		read_all(ends[0], out, size);
	(void)close(ends[0]);
	if (pid > 0) {
		if (!good)
			(void)kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	free(envp);
	return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
