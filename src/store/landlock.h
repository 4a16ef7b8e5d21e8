#ifndef CF_STORE_LANDLOCK_H
#define CF_STORE_LANDLOCK_H

/*
 * Which files a child may touch, as the kernel keeps it (Landlock, Linux 5.13
 * and later).
 */
#include <stdbool.h>
#include <stddef.h>

#define CF_ALLOW_MAX 16

/* Absolute paths, borrowed; what does not exist needs no permission. */
struct cf_allow {
	const char *read[CF_ALLOW_MAX], *write[2];	/* up to the first NULL */
	bool network;
};

/* The version that the kernel has; 0: none. */
int cf_landlock_version(void);
/*
 * From now on, for good, this process reads those files and what libraries need,
 * writes those, starts no program, and uses the network only where it may.
 * True, too, where the kernel has no Landlock.
 */
bool cf_landlock(const struct cf_allow *allow);

#endif
