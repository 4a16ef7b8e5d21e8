#ifndef CF_STORE_CHILD_H
#define CF_STORE_CHILD_H

/*
 * A process of our own that reads what strangers send. It has one open
 * descriptor, limits, no environment, and dies with its parent.
 */
#include <sys/types.h>

#include "base/err.h"
#include "store/landlock.h"

struct cf_cage {
	unsigned seconds;	/* it ends by itself soon after, whatever happens */
	const char *home;	/* its $HOME */
	bool agent;		/* it may talk to the ssh agent */
	const struct cf_allow *allow;	/* the files that it may touch */
};

struct cf_child {
	pid_t pid;		/* 0: none */
	int fd;			/* our end of the channel (wire.h) */
};

/*
 * Runs work(fd, arg) in a child; fd is its end of the channel, and libgit2 is
 * started anew there. No other thread of this process may be inside libgit2.
 */
const struct cf_err *cf_child_start(struct cf_child *out,
	const struct cf_cage *cage, void (*work)(int fd, void *arg), void *arg)
	CF_MUST;
/* Kills it with all that it started, reaps it; its status as of waitpid. */
int cf_child_end(struct cf_child *child);

#endif
