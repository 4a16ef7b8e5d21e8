/*
 * Starting, fencing in and ending a child. Nothing that a stranger sends is read
 * before the fence stands.
 */
#define _GNU_SOURCE		/* close_range */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/child.h"
#include "store/git.h"
#include "store/wire.h"

/* Address sanitizer reserves terabytes, and its reports are wanted. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define CHANNEL 3		/* the child's end, after the fence */
#define FAILED_TO_FENCE 70

static void
reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	/* A file that grows too long is an error to libgit2, not our end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool
keep_only(int fd)
{
	int null;

	if (fd != CHANNEL && dup2(fd, CHANNEL) < 0)
		return false;
	if (close_range(CHANNEL + 1, ~0u, 0) != 0)
		for (int i = CHANNEL + 1; i < sysconf(_SC_OPEN_MAX); i++)
			(void)close(i);
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return false;
	for (int i = 0; i <= (SANITIZED ? 1 : 2); i++)
		if (dup2(null, i) < 0)
			return false;
	return close(null) == 0;
}

/* Bytes of address space that this process has already. */
static rlim_t
mapped_now(void)
{
	char text[64];
	struct cf_str head, rest;
	uint64_t pages = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);

	if (fd >= 0)
		(void)close(fd);
	if (n > 0 && cf_str_cut(&head, &rest,
		(struct cf_str){ text, (size_t)n }, ' '))
		(void)cf_str_u64(head, &pages, UINT32_MAX);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* For good; where that may not be (under valgrind), at least for now. */
static bool
limit(int what, rlim_t value)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0)
		return false;
	if (now.rlim_max != RLIM_INFINITY && value > now.rlim_max)
		value = now.rlim_max;
	if (setrlimit(what, &(struct rlimit){ value, value }) == 0)
		return true;
	now.rlim_cur = value;
	return errno == EPERM && setrlimit(what, &now) == 0;
}

/* Who is given more time than a fetch works, on all processors, and does not
 * wait for a line. */
static rlim_t
cpu_seconds(const struct cf_cage *cage)
{
	return cage->seconds <= CF_FETCH_SECONDS ? CF_FETCH_CPU_SECONDS :
		(rlim_t)cage->seconds * CF_WORK_THREADS;
}

static bool
limit_all(const struct cf_cage *cage)
{
	return (SANITIZED ||
			limit(RLIMIT_AS, mapped_now() + CF_FETCH_MEMORY)) &&
		limit(RLIMIT_CPU, cpu_seconds(cage)) &&
		limit(RLIMIT_FSIZE, CF_MAX_PACK) &&
		limit(RLIMIT_NOFILE, CF_FETCH_FILES) &&
		limit(RLIMIT_CORE, 0);
}

static bool
reset_environment(const struct cf_cage *cage)
{
	const char *agent = cage->agent ? getenv("SSH_AUTH_SOCK") : NULL;
	char *kept = agent ? strdup(agent) : NULL;

	/* `kept` lives on in the environment. */
	return clearenv() == 0 && setenv("HOME", cage->home, 1) == 0 &&
		(kept == NULL || setenv("SSH_AUTH_SOCK", kept, 1) == 0);
}

/*
 * libgit2 anew. Its random numbers for TLS would otherwise be the same in every
 * child, so that one host could compute the keys of our connection to another;
 * and it would read packs through descriptors that are closed now.
 */
static bool
restart_libgit2(void)
{
	while (git_libgit2_shutdown() > 0)
		;
	if (cf_store_start())
		return false;
	/* What is written here is synced when it is accepted. Bytes of others are
	 * hashed. Files of the parent must not be closed again. */
	return cf_store_hash(true) == 0 &&
		git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0) == 0 &&
		git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)0) == 0
		&& git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) == 0 &&
		git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS,
			(size_t)CF_MAX_PACK_OBJECTS) == 0;
}

static bool
fence(int fd, pid_t parent, const struct cf_cage *cage)
{
	if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		getppid() != parent)
		return false;
	reset_signals();
	(void)umask(077);
	(void)alarm(cage->seconds + CF_ASK_SECONDS);
	return keep_only(fd) && reset_environment(cage) && chdir("/") == 0 &&
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		restart_libgit2() && limit_all(cage) && cf_landlock(cage->allow);
}

const struct cf_err *
cf_child_start(struct cf_child *out, const struct cf_cage *cage,
	void (*work)(int fd, void *arg), void *arg)
{
	const struct cf_err *err;
	pid_t parent = getpid();
	int ends[2];

	*out = (struct cf_child){ 0 };
	err = cf_say_pair(ends);
	if (err)
		return err;
	out->pid = fork();
	if (out->pid == 0) {
		if (!fence(ends[1], parent, cage))
			_exit(FAILED_TO_FENCE);
		work(CHANNEL, arg);
		_exit(0);
	}
	(void)close(ends[1]);
	if (out->pid < 0) {
		err = cf_err_sys("cannot start a helper process");
		(void)close(ends[0]);
		*out = (struct cf_child){ 0 };
		return err;
	}
	/* Both do it, so that it is done before either goes on. */
	(void)setpgid(out->pid, out->pid);
	out->fd = ends[0];
	return NULL;
}

int
cf_child_end(struct cf_child *child)
{
	int status = 0;

	if (child->pid == 0)
		return 0;
	(void)kill(-child->pid, SIGKILL);
	(void)kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(child->fd);
	*child = (struct cf_child){ 0 };
	return status;
}
