/*
 * Threads that take runs of neighbours from one counter. Where no thread can be
 * started the caller's own does it all.
 */
#define _GNU_SOURCE		/* sched_getaffinity */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/work.h"

struct share {
	cf_work work;
	void *arg;
	size_t n;
	atomic_size_t next;
	atomic_uint workers;
};

static void *
take_part(void *arg)
{
	struct share *s = arg;
	unsigned me = atomic_fetch_add(&s->workers, 1);
	size_t at;

	while ((at = atomic_fetch_add(&s->next, CF_WORK_RUN)) < s->n)
		for (size_t i = at; i < s->n && i < at + CF_WORK_RUN; i++)
			s->work(s->arg, me, i);
	return NULL;
}

static unsigned
processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ?
		CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : (unsigned)n;
}

void
cf_work_each(unsigned threads, size_t n, cf_work work, void *arg)
{
	struct share s = { .work = work, .arg = arg, .n = n };
	size_t runs = (n + CF_WORK_RUN - 1) / CF_WORK_RUN;
	pthread_t thread[CF_WORK_THREADS];
	sigset_t all, before;
	unsigned started = 0;

	if (threads == 0)
		threads = processors();
	if (threads > CF_WORK_THREADS)
		threads = CF_WORK_THREADS;
	/* Signals are for the thread that the program knows. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	while (started + 1 < threads && started + 1 < runs &&
		pthread_create(&thread[started], NULL, take_part, &s) == 0)
		started++;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)take_part(&s);
	while (started > 0)
		(void)pthread_join(thread[--started], NULL);
}
