#ifndef CF_STORE_WIRE_H
#define CF_STORE_WIRE_H

/*
 * What a child and its parent say to each other: one packet a message, each of
 * one form. The child reads what strangers send, so the parent believes nothing
 * that is not exactly one of these.
 */
#include "base/limits.h"
#include "store/store.h"

enum cf_word {
	CF_SAY_PROGRESS = 1,	/* child: bytes, objects */
	CF_SAY_HEAD,		/* child: found, head */
	CF_SAY_ASK,		/* child: a login is needed, or another one */
	CF_SAY_WELCOME,		/* child: the login was accepted */
	CF_SAY_DONE,		/* child, its last: bytes, objects, found */
	CF_SAY_FAILED,		/* child, its last: error */
	CF_SAY_LOGIN,		/* parent: user, password */
	CF_SAY_NO_LOGIN,	/* parent: nobody knows one */
	CF_SAY_COPY		/* child, before CF_SAY_HEAD: trust, head */
};

struct cf_say {
	enum cf_word word;
	uint64_t bytes, objects;
	bool found;		/* there is a head; there is a pack */
	struct cf_oid head;
	char trust[CF_DIGEST_TEXT];	/* its trust id */
	struct cf_err error;
	char user[CF_MAX_LOGIN + 1], password[CF_MAX_LOGIN + 1];
};

#define CF_SAY_MAX (1u + 4u + 2u * CF_MAX_LOGIN)

/* The packet's length. Texts that are too long or not valid are our bug. */
size_t cf_say_pack(unsigned char out[CF_SAY_MAX], const struct cf_say *say);
/* false: not one of our messages, and *out is not to be used. */
bool cf_say_unpack(struct cf_say *out, const unsigned char *in, size_t n);

/* Whether a message can carry this as user, password or msg: at most `max`
 * bytes of valid UTF-8 without control characters. */
bool cf_say_can(const char *text, size_t max);

/* A pair of connected ends, closed by exec. */
const struct cf_err *cf_say_pair(int ends[2]) CF_MUST;
/* false: the other end is gone. */
bool cf_say_send(int fd, const struct cf_say *say);

enum cf_heard {
	CF_HEARD,		/* *out is a message */
	CF_HEARD_NOTHING,	/* not now (only without `wait`) */
	CF_HEARD_END,		/* the other end is gone */
	CF_HEARD_NOISE		/* something that is not a message */
};
enum cf_heard cf_say_receive(struct cf_say *out, int fd, bool wait);
/* Overwrites what was secret in it. */
void cf_say_wipe(struct cf_say *say);

#endif
