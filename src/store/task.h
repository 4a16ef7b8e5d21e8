#ifndef CF_STORE_TASK_H
#define CF_STORE_TASK_H

/*
 * Children at work, several at a time: listened to, timed, ended. A task always
 * comes to an end, and what went wrong is one sentence in it.
 */
#include "store/child.h"
#include "store/login.h"
#include "store/remote.h"
#include "store/url.h"

struct cf_task {
	/* in */
	const struct cf_url *url;	/* where it goes; for words and logins */
	const char *home;		/* its own folder */
	struct cf_allow allow;		/* what else it may read or write */
	void (*work)(int fd, void *arg);	/* what the child does */
	void *arg;
	/* out */
	bool failed;
	struct cf_err error;
	bool found_head;
	struct cf_oid head;
	struct cf_copy *copies;		/* owned by who made the task */
	size_t n_copies, cap_copies;
	uint64_t bytes, objects;
	bool found;			/* what CF_SAY_DONE said */
	/* while it runs */
	struct cf_child child;
	int64_t started, heard;		/* ms of the monotonic clock */
	bool knows_head, done;
	struct cf_login_use login;
};

struct cf_crew {
	struct cf_task *task;
	size_t n;
	unsigned jobs;			/* 0: the default */
	unsigned idle;			/* seconds of silence; 0: the default */
	const struct cf_transport *transport;
	void (*moved)(void *payload, size_t task);	/* may be NULL */
	void *payload;
};

/* Fails only where no child can be started at all. */
const struct cf_err *cf_crew_run(const struct cf_crew *crew) CF_MUST;

#endif
