#ifndef CF_WORK_H
#define CF_WORK_H

/*
 * The same work on each of many things, by several threads at once. Who asks
 * gets the same results whatever the number of threads: each index is worked on
 * once, and all are done when the call returns. No thread outlives it, so the
 * process can fork between two calls.
 */
#include <stddef.h>

/* `worker` is below CF_WORK_THREADS; two that work at once differ in it. */
typedef void (*cf_work)(void *arg, unsigned worker, size_t index);

/* `threads` 0: as many as this process has processors, CF_WORK_THREADS at the
 * most. Neighbours are worked on by one thread, in their order, in runs of
 * CF_WORK_RUN. */
void cf_work_each(unsigned threads, size_t n, cf_work work, void *arg);

#endif
