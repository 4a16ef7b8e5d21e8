/*
 * A program and its children, stopped at the n-th system call that changes a
 * disk, whichever of them makes it, for the story faults:
 *	fault_tool count FILE COMMAND...	how many there are, into FILE
 *	fault_tool kill N COMMAND...		the whole program dies before the n-th
 *	fault_tool child N COMMAND...		only the process that makes it dies
 *	fault_tool full N COMMAND...		from the n-th on the disk is full
 *	fault_tool meanwhile N COMMAND...	at the n-th sh runs $MEANWHILE
 * The kernel asks us at each of them (seccomp user notification), so the program
 * is as it is. Exit status: the program's; 137 when it was killed.
 */
#define _GNU_SOURCE		/* O_TMPFILE, syscall */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
	offsetof(struct seccomp_data, field))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), \
	(yes), (no))
/* Asks at this call, always. */
#define ASK(name) IS(SYS_##name, 0, 1), RETURN(SECCOMP_RET_USER_NOTIF)
/* Asks where the first argument is a file, not one of the standard three. */
#define ASK_FILE(name) IS(SYS_##name, 0, 4), LOAD(args[0]), \
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2, 0, 1), \
	RETURN(SECCOMP_RET_USER_NOTIF), RETURN(SECCOMP_RET_ALLOW)
/* Asks where a file may be made or emptied. */
#define ASK_FLAGS(name, arg) IS(SYS_##name, 0, 4), LOAD(args[arg]), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1), \
	RETURN(SECCOMP_RET_USER_NOTIF), RETURN(SECCOMP_RET_ALLOW)

static const struct sock_filter filter[] = {
	LOAD(nr),
	ASK_FILE(write), ASK_FILE(pwrite64), ASK_FILE(writev),
	ASK_FILE(fsync), ASK_FILE(fdatasync), ASK_FILE(ftruncate),
	ASK_FILE(syncfs), ASK_FILE(fchmod), ASK_FILE(fallocate),
	ASK_FLAGS(openat, 2),
	ASK(renameat), ASK(renameat2), ASK(linkat), ASK(unlinkat),
	ASK(mkdirat), ASK(symlinkat), ASK(fchmodat),
#ifdef SYS_open
	ASK_FLAGS(open, 1), ASK(rename), ASK(link), ASK(unlink), ASK(mkdir),
	ASK(rmdir), ASK(symlink), ASK(chmod), ASK(creat),
#endif
	RETURN(SECCOMP_RET_ALLOW),
};

static void
die(const char *what)
{
	perror(what);
	exit(125);
}

static void
send_fd(int socket, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec io = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof room };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	if (sendmsg(socket, &msg, 0) != 1)
		die("sendmsg");
}

static int
receive_fd(int socket)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec io = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof room };
	int fd;

	if (recvmsg(socket, &msg, 0) != 1 || CMSG_FIRSTHDR(&msg) == NULL)
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fd);
	return fd;
}

static void
become(int socket, char **argv)
{
	struct sock_filter copy[sizeof filter / sizeof *filter];
	const struct sock_fprog program = { sizeof copy / sizeof *copy, copy };
	long fd;

	memcpy(copy, filter, sizeof copy);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die("no_new_privs");
	fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (fd < 0)
		die("seccomp");
	send_fd(socket, (int)fd);
	(void)close((int)fd);
	(void)close(socket);
	(void)execvp(argv[0], argv);
	die(argv[0]);
}

/* A full disk still takes new names, and gives back what is removed. */
static bool
needs_room(int nr)
{
	static const int list[] = { SYS_write, SYS_pwrite64, SYS_writev,
		SYS_fallocate, SYS_openat, SYS_mkdirat, SYS_linkat,
		SYS_symlinkat,
#ifdef SYS_open
		SYS_open, SYS_mkdir, SYS_link, SYS_symlink, SYS_creat,
#endif
	};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (list[i] == nr)
			return true;
	return false;
}

struct plan {
	const char *mode;
	uint64_t n, count;
	pid_t program;
};

/* Who asked waits for us, so that this comes before its call. */
static void
run_meanwhile(void)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		(void)execlp("sh", "sh", "-c", getenv("MEANWHILE"), NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
		die("MEANWHILE");
}

static void
answer(int fd, struct plan *p)
{
	struct seccomp_notif ask = { 0 };
	struct seccomp_notif_resp say = { .flags =
		SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &ask) != 0)
		return;
	p->count++;
	say.id = ask.id;
	if (p->count == p->n && strcmp(p->mode, "kill") == 0)
		(void)kill(p->program, SIGKILL);
	if (p->count == p->n && strcmp(p->mode, "child") == 0)
		(void)kill((pid_t)ask.pid, SIGKILL);
	if (p->count == p->n && strcmp(p->mode, "meanwhile") == 0)
		run_meanwhile();
	if (p->count >= p->n && strcmp(p->mode, "full") == 0 &&
		needs_room(ask.data.nr)) {
		say.flags = 0;
		say.error = -ENOSPC;
	}
	(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &say);
}

/* Until nobody is left that could ask. */
static int
watch(int fd, struct plan *p)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	int status = 0;

	while (poll(&wait, 1, -1) >= 0 && !(wait.revents & POLLHUP))
		if (wait.revents & POLLIN)
			answer(fd, p);
	if (waitpid(p->program, &status, 0) < 0)
		die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
}

int
main(int argc, char **argv)
{
	struct plan p = { 0 };
	int ends[2], status;
	bool counts;

	if (argc < 4) {
		(void)fprintf(stderr, "usage: see the source\n");
		return 125;
	}
	p.mode = argv[1];
	counts = strcmp(p.mode, "count") == 0;
	if (!counts && !cf_str_u64(cf_str(argv[2]), &p.n, INT32_MAX))
		return 125;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		die("socketpair");
	p.program = fork();
	if (p.program == 0)
		become(ends[1], argv + 3);
	(void)close(ends[1]);
	status = watch(receive_fd(ends[0]), &p);
	if (counts) {
		FILE *file = fopen(argv[2], "w");

		if (file == NULL || fprintf(file, "%llu\n",
			(unsigned long long)p.count) < 0 || fclose(file) != 0)
			die(argv[2]);
	}
	return status;
}
