#ifndef FUZZ_H
#define FUZZ_H

/*
 * What a fuzz target defines, once: tests/fuzz/fuzz_<x>.c. libFuzzer calls it
 * with inputs of its own, replay.c with those of the corpus.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that does not hold ends the run, whatever the build. */
#define MUST(property) do { \
	if (!(property)) { \
		(void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
			__LINE__, #property); \
		abort(); \
	} \
} while (0)

#endif
