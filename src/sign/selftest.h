#ifndef CF_SELFTEST_H
#define CF_SELFTEST_H

/*
 * The rule by which a signature counts, as vectors: the equation without the
 * cofactor, R compared byte by byte, no small-order key or R, S below the
 * group order. Libraries differ on these, and a signature that one Confer takes
 * and another refuses would split the commons in two.
 */
#include "sign/sign.h"

struct cf_vector {
	const char *what;
	const char *key;	/* hex of 32 bytes */
	const char *sig;	/* hex of 64 bytes */
	const char *msg;
	bool good;
};

extern const struct cf_vector cf_vectors[];
extern const size_t cf_vectors_n;

/* libsodium's crypto_sign_verify_detached: 0 accepts. */
typedef int (*cf_judge)(const unsigned char *sig, const unsigned char *msg,
	unsigned long long n, const unsigned char *key);

/* CF_REFUSED where `judge` decides a vector otherwise. */
const struct cf_err *cf_selftest(cf_judge judge) CF_MUST;

#endif
