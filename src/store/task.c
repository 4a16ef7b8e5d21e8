/*
 * The parent's loop over its children. It trusts neither what they say nor that
 * they say anything.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/mem.h"
#include "store/task.h"

#define MESSAGES_AT_ONCE 32	/* then another child has its turn */

struct run {
	const struct cf_crew *crew;
	struct cf_task **active;
	struct pollfd *polls;
	size_t running, next;
	unsigned jobs;
	int64_t limit, idle;		/* ms */
	struct cf_logins logins;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
fail(struct cf_task *task, const struct cf_err *err)
{
	task->failed = true;
	task->error = *err;
}

static void
fail_late(struct run *run, struct cf_task *task, bool idle)
{
	char *place = cf_url_place(task->url);
	long seconds = (long)((idle ? run->idle : run->limit) / 1000);

	if (task->url->scheme == CF_SCHEME_FILE)
		fail(task, cf_err_rule(CF_REMOTE, "remote.timeout",
			"reading %s took more than %ld seconds. Try again, or "
			"copy the folder to this machine first", place,
			seconds));
	else if (task->bytes == 0 && !task->knows_head)
		fail(task, cf_err_rule(CF_REMOTE, "remote.timeout",
			"%s did not answer within %ld seconds. Check the "
			"network, or try again later", place, seconds));
	else if (idle)
		fail(task, cf_err_rule(CF_REMOTE, "remote.timeout",
			"%s stopped answering: nothing came for %ld seconds. "
			"Check the network, or try again later", place,
			seconds));
	else
		fail(task, cf_err_rule(CF_REMOTE, "remote.timeout",
			"%s was not done within %ld seconds. Try again when "
			"the network is faster", place, seconds));
	free(place);
}

/* It ended, or was ended, without its last word. */
static void
fail_dead(struct cf_task *task, int status)
{
	char *place = cf_url_place(task->url);
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	bool folder = task->url->scheme == CF_SCHEME_FILE;
	const char *does = folder ? "works in" : "talks to";

	if (number == SIGXCPU)
		fail(task, cf_err_rule(CF_REFUSED, "limit.time",
			"what %s sent takes longer to read than any sound "
			"update would. Nothing of it was taken over. Tell its "
			"owner", place));
	else if (number == SIGBUS && folder)
		fail(task, cf_err(CF_SYS, "the repository in %s was changed "
			"while Confer worked there, or the disk here is full. "
			"Make room, and try again when nobody is writing there",
			place));
	else if (number == SIGBUS)
		fail(task, cf_err(CF_SYS, "what %s sent could not be written. "
			"Perhaps the disk is full: make room and try again",
			place));
	else if (number == SIGKILL)
		fail(task, cf_err(CF_SYS, "this machine ended the part of "
			"Confer that %s %s. Perhaps its memory is full: "
			"close other programs and try again", does, place));
	else
		fail(task, cf_err_rule(CF_REMOTE, "remote.crash",
			"the part of Confer that %s %s broke (%s %d). "
			"Nothing of it was taken over. Try again; if it "
			"happens again, please report this line", does, place,
			number ? "signal" : "status",
			number ? number : WEXITSTATUS(status)));
	free(place);
}

static void
fail_noise(struct cf_task *task)
{
	char *place = cf_url_place(task->url);

	fail(task, cf_err_rule(CF_REMOTE, "remote.crash",
		"the part of Confer that talks to %s spoke nonsense. Nothing "
		"of it was taken over. Try again; if it happens again, please "
		"report this line", place));
	free(place);
}

/* A person may take minutes; that is nobody's delay. */
static void
give_login(struct run *run, struct cf_task *task, struct cf_say *say)
{
	int64_t before = now_ms(), waited;

	cf_login_find(say, &task->login, &run->logins, task->url,
		run->crew->transport);
	/* If it is gone, the next read says so. */
	(void)cf_say_send(task->child.fd, say);
	cf_say_wipe(say);
	waited = now_ms() - before;
	for (size_t i = 0; i < run->running; i++) {
		run->active[i]->started += waited;
		run->active[i]->heard += waited;
	}
}

/* One more copy that the host lists. */
static bool
take_copy(struct cf_task *task, const struct cf_say *say)
{
	struct cf_copy *copy;

	if (task->knows_head || task->n_copies >= CF_MAX_REFS)
		return false;
	task->copies = cf_grow(task->copies, task->n_copies, &task->cap_copies,
		sizeof *task->copies);
	copy = &task->copies[task->n_copies++];
	memcpy(copy->trust, say->trust, sizeof copy->trust);
	copy->head = say->head;
	return true;
}

/* One message; false: not one that may come now. */
static bool
take_message(struct run *run, struct cf_task *task, struct cf_say *say)
{
	switch (say->word) {
	case CF_SAY_PROGRESS:
		task->bytes = say->bytes;
		task->objects = say->objects;
		return true;
	case CF_SAY_HEAD:
		if (task->knows_head)
			return false;
		task->knows_head = true;
		task->found_head = say->found;
		task->head = say->head;
		return true;
	case CF_SAY_COPY:
		return take_copy(task, say);
	case CF_SAY_ASK:
		if (task->login.asked > CF_MAX_LOGINS ||
			(task->url->scheme != CF_SCHEME_HTTPS &&
			task->url->scheme != CF_SCHEME_HTTP))
			return false;
		give_login(run, task, say);
		return true;
	case CF_SAY_WELCOME:
		cf_login_worked(&task->login);
		return true;
	case CF_SAY_DONE:
		task->bytes = say->bytes;
		task->objects = say->objects;
		task->found = say->found;
		task->done = true;
		return true;
	case CF_SAY_FAILED:
		fail(task, &say->error);
		return true;
	case CF_SAY_LOGIN:
	case CF_SAY_NO_LOGIN:
		return false;
	}
	return false;
}

/* Reads what it has to say; true once it has come to its end. */
static bool
listen_to(struct run *run, struct cf_task *task)
{
	struct cf_say say;

	for (unsigned i = 0; i < MESSAGES_AT_ONCE; i++) {
		switch (cf_say_receive(&say, task->child.fd, false)) {
		case CF_HEARD_NOTHING:
			return false;
		case CF_HEARD_END:
			return true;
		case CF_HEARD_NOISE:
			fail_noise(task);
			return true;
		case CF_HEARD:
			break;
		}
		task->heard = now_ms();
		if (!take_message(run, task, &say))
			fail_noise(task);
		if (task->done || task->failed)
			return true;
	}
	return false;
}

static void
report(const struct run *run, const struct cf_task *task)
{
	if (run->crew->moved)
		run->crew->moved(run->crew->payload,
			(size_t)(task - run->crew->task));
}

static void
finish(struct run *run, size_t index)
{
	struct cf_task *task = run->active[index];
	int status = cf_child_end(&task->child);

	if (!task->done && !task->failed)
		fail_dead(task, status);
	run->active[index] = run->active[--run->running];
	report(run, task);
}

static const struct cf_err *
start(struct run *run)
{
	struct cf_task *task = &run->crew->task[run->next];
	const struct cf_cage cage = {
		.seconds = (unsigned)(run->limit / 1000),
		.home = task->home,
		.agent = task->url->scheme == CF_SCHEME_SSH,
		.allow = &task->allow,
	};
	const struct cf_err *err;

	err = cf_child_start(&task->child, &cage, task->work, task->arg);
	if (err)
		return err;
	task->started = task->heard = now_ms();
	run->active[run->running++] = task;
	run->next++;
	return NULL;
}

/* Milliseconds until the next deadline of any. */
static int
until_next(const struct run *run)
{
	int64_t least = run->limit, now = now_ms();

	for (size_t i = 0; i < run->running; i++) {
		int64_t whole = run->active[i]->started + run->limit - now;
		int64_t idle = run->active[i]->heard + run->idle - now;

		least = whole < least ? whole : least;
		least = idle < least ? idle : least;
	}
	return least < 0 ? 0 : least > 60000 ? 60000 : (int)least + 1;
}

static const struct cf_err *
turn(struct run *run)
{
	int64_t now;

	for (size_t i = 0; i < run->running; i++)
		run->polls[i] = (struct pollfd){
			.fd = run->active[i]->child.fd, .events = POLLIN };
	if (poll(run->polls, run->running, until_next(run)) < 0 &&
		errno != EINTR)
		return cf_err_sys("cannot wait for a helper process");
	/* From the last to the first, since finish() moves the last one. */
	for (size_t i = run->running; i-- > 0; ) {
		struct cf_task *task = run->active[i];
		bool ended = false;

		if (run->polls[i].revents)
			ended = listen_to(run, task);
		now = now_ms();
		if (!ended && now - task->heard > run->idle) {
			fail_late(run, task, true);
			ended = true;
		}
		if (!ended && now - task->started > run->limit) {
			fail_late(run, task, false);
			ended = true;
		}
		if (ended)
			finish(run, i);
		else if (run->polls[i].revents)
			report(run, task);
	}
	return NULL;
}

const struct cf_err *
cf_crew_run(const struct cf_crew *crew)
{
	const struct cf_transport *t = crew->transport;
	const struct cf_err *err = NULL;
	struct run run = {
		.crew = crew,
		.jobs = crew->jobs ? crew->jobs : CF_SYNC_JOBS,
		.limit = (t && t->seconds ? t->seconds : CF_FETCH_SECONDS) *
			1000ll,
		.idle = (crew->idle ? crew->idle : CF_FETCH_IDLE_SECONDS) *
			1000ll,
	};

	if (run.jobs > CF_SYNC_JOBS_MAX)
		run.jobs = CF_SYNC_JOBS_MAX;
	run.active = cf_calloc(run.jobs, sizeof(struct cf_task *));
	run.polls = cf_calloc(run.jobs, sizeof(struct pollfd));
	while (!err && (run.running || run.next < crew->n)) {
		while (!err && run.running < run.jobs && run.next < crew->n)
			err = start(&run);
		/* The machine has no more processes: go on with fewer. */
		if (err && run.running) {
			run.jobs = (unsigned)run.running;
			err = NULL;
		}
		if (!err)
			err = turn(&run);
	}
	while (run.running)
		finish(&run, run.running - 1);
	cf_logins_clear(&run.logins);
	free(run.active);
	free(run.polls);
	return err;
}
