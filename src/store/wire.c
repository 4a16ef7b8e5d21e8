/*
 * The messages between a child and its parent, as bytes. Numbers are little
 * endian; texts carry their length.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "store/wire.h"

struct writer {
	unsigned char *p;
	size_t n;
};

static void
put(struct writer *w, const void *bytes, size_t n)
{
	if (n > CF_SAY_MAX - w->n)
		cf_bug("a message is too long");
	memcpy(w->p + w->n, bytes, n);
	w->n += n;
}

static void
put_number(struct writer *w, uint64_t number, unsigned size)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < size; i++)
		bytes[i] = (unsigned char)(number >> 8 * i);
	put(w, bytes, size);
}

static void
put_text(struct writer *w, const char *text)
{
	size_t n = strlen(text);

	put_number(w, n, 2);
	put(w, text, n);
}

static bool
take(void *out, size_t n, struct cf_str *in)
{
	if (in->n < n)
		return false;
	memcpy(out, in->p, n);
	in->p += n;
	in->n -= n;
	return true;
}

static bool
take_number(uint64_t *out, unsigned size, struct cf_str *in)
{
	unsigned char bytes[8];

	*out = 0;
	if (!take(bytes, size, in))
		return false;
	for (unsigned i = 0; i < size; i++)
		*out |= (uint64_t)bytes[i] << 8 * i;
	return true;
}

static bool
take_bool(bool *out, struct cf_str *in)
{
	uint64_t n;

	if (!take_number(&n, 1, in) || n > 1)
		return false;
	*out = n == 1;
	return true;
}

bool
cf_say_can(const char *text, size_t max)
{
	struct cf_str rest = cf_str(text);

	if (rest.n > max)
		return false;
	while (rest.n) {
		int32_t c = cf_utf8_next(&rest);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

static bool
take_text(char *out, size_t size, struct cf_str *in)
{
	uint64_t n;

	if (!take_number(&n, 2, in) || n >= size ||
		!take(out, (size_t)n, in))
		return false;
	out[n] = '\0';
	return memchr(out, '\0', (size_t)n) == NULL &&
		cf_say_can(out, size - 1);
}

/* What a child may report: nothing that only this machine's user can cause. */
static bool
take_error(struct cf_err *out, struct cf_str *in)
{
	uint64_t code;

	if (!take_number(&code, 1, in) || (code != CF_REMOTE &&
		code != CF_REFUSED && code != CF_BUSY && code != CF_SYS))
		return false;
	out->code = (enum cf_code)code;
	if (!take_text(out->rule, sizeof out->rule, in) ||
		!take_text(out->msg, sizeof out->msg, in))
		return false;
	for (const char *p = out->rule; *p; p++)
		if ((*p < 'a' || *p > 'z') && *p != '.' && *p != '-')
			return false;
	return out->msg[0] != '\0';
}

size_t
cf_say_pack(unsigned char out[CF_SAY_MAX], const struct cf_say *say)
{
	struct writer w = { out, 0 };

	put_number(&w, say->word, 1);
	switch (say->word) {
	case CF_SAY_PROGRESS:
	case CF_SAY_DONE:
		put_number(&w, say->bytes, 8);
		put_number(&w, say->objects, 8);
		if (say->word == CF_SAY_DONE)
			put_number(&w, say->found, 1);
		break;
	case CF_SAY_HEAD:
		put_number(&w, say->found, 1);
		put(&w, say->head.raw, sizeof say->head.raw);
		break;
	case CF_SAY_COPY:
		put_text(&w, say->trust);
		put(&w, say->head.raw, sizeof say->head.raw);
		break;
	case CF_SAY_FAILED:
		put_number(&w, say->error.code, 1);
		put_text(&w, say->error.rule);
		put_text(&w, say->error.msg);
		break;
	case CF_SAY_LOGIN:
		put_text(&w, say->user);
		put_text(&w, say->password);
		break;
	case CF_SAY_ASK:
	case CF_SAY_WELCOME:
	case CF_SAY_NO_LOGIN:
		break;
	}
	return w.n;
}

bool
cf_say_unpack(struct cf_say *out, const unsigned char *bytes, size_t n)
{
	struct cf_str in = { (const char *)bytes, n };
	struct cf_digest digest;
	uint64_t word;
	bool good = false;

	memset(out, 0, sizeof *out);
	if (!take_number(&word, 1, &in) || word < CF_SAY_PROGRESS ||
		word > CF_SAY_COPY)
		return false;
	out->word = (enum cf_word)word;
	switch (out->word) {
	case CF_SAY_PROGRESS:
	case CF_SAY_DONE:
		good = take_number(&out->bytes, 8, &in) &&
			take_number(&out->objects, 8, &in) &&
			(out->word == CF_SAY_PROGRESS ||
				take_bool(&out->found, &in));
		break;
	case CF_SAY_HEAD:
		good = take_bool(&out->found, &in) &&
			take(out->head.raw, sizeof out->head.raw, &in) &&
			out->found == !cf_oid_is_zero(&out->head);
		break;
	case CF_SAY_COPY:
		good = take_text(out->trust, sizeof out->trust, &in) &&
			take(out->head.raw, sizeof out->head.raw, &in) &&
			cf_digest_parse(&digest, cf_str(out->trust)) &&
			!cf_oid_is_zero(&out->head);
		break;
	case CF_SAY_FAILED:
		good = take_error(&out->error, &in);
		break;
	case CF_SAY_LOGIN:
		good = take_text(out->user, sizeof out->user, &in) &&
			take_text(out->password, sizeof out->password, &in);
		break;
	case CF_SAY_ASK:
	case CF_SAY_WELCOME:
	case CF_SAY_NO_LOGIN:
		good = true;
		break;
	}
	return good && in.n == 0;
}

const struct cf_err *
cf_say_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return cf_err_sys("cannot start a helper process");
	return NULL;
}

bool
cf_say_send(int fd, const struct cf_say *say)
{
	unsigned char packet[CF_SAY_MAX];
	size_t n = cf_say_pack(packet, say);
	ssize_t sent;

	do
		sent = send(fd, packet, n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	explicit_bzero(packet, sizeof packet);
	return sent == (ssize_t)n;
}

enum cf_heard
cf_say_receive(struct cf_say *out, int fd, bool wait)
{
	unsigned char packet[CF_SAY_MAX];
	enum cf_heard heard;
	ssize_t n;

	do
		n = recv(fd, packet, sizeof packet,
			MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		heard = errno == EAGAIN || errno == EWOULDBLOCK ?
			CF_HEARD_NOTHING : CF_HEARD_END;
	else if (n == 0)
		heard = CF_HEARD_END;
	else if ((size_t)n > sizeof packet ||
		!cf_say_unpack(out, packet, (size_t)n))
		heard = CF_HEARD_NOISE;
	else
		heard = CF_HEARD;
	explicit_bzero(packet, sizeof packet);
	return heard;
}

void
cf_say_wipe(struct cf_say *say)
{
	explicit_bzero(say->user, sizeof say->user);
	explicit_bzero(say->password, sizeof say->password);
}
