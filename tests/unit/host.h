#ifndef TEST_HOST_H
#define TEST_HOST_H

/*
 * A host that says whatever a test wants: git's smart protocol over http on a
 * loopback port, from a child process.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "pack.h"

struct host {
	char advert[128], pack[128];	/* files: what it says */
	char url[64];
	pid_t pid;
};

static inline bool
send_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* A whole request; false: there was none. */
static inline bool
read_request(int fd, char *text, size_t size)
{
	size_t have = 0, want = 0;

	while (have + 1 < size && (want == 0 || have < want)) {
		ssize_t n = read(fd, text + have, size - 1 - have);
		const char *body, *length;
		uint64_t more = 0;

		if (n <= 0)
			return false;
		have += (size_t)n;
		text[have] = '\0';
		body = strstr(text, "\r\n\r\n");
		length = strstr(text, "Content-Length: ");
		if (body == NULL)
			continue;
		if (length) {
			struct cf_str s = cf_str(length + 16), line, rest;

			if (cf_str_cut(&line, &rest, s, '\r'))
				(void)cf_str_u64(line, &more, 1 << 20);
		}
		want = (size_t)(body + 4 - text) + (size_t)more;
	}
	return true;
}

static inline void
answer_request(const struct host *h, int fd)
{
	struct cf_buf file = CF_BUF(PACK_MAX), out = CF_BUF(PACK_MAX);
	char text[65536];
	const char *first;
	bool get, done;

	if (!read_request(fd, text, sizeof text))
		return;
	get = cf_starts(text, "GET ");
	done = strstr(text, "0009done\n") != NULL;
	if ((get || done) && cf_file_read(&file, get ? h->advert : h->pack,
		true) != NULL)
		_exit(1);
	first = get ? "001e# service=git-upload-pack\n0000" : "0008NAK\n";
	cf_buf_printf(&out, "HTTP/1.1 200 OK\r\nConnection: close\r\n"
		"Content-Type: application/x-git-upload-pack-%s\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		get ? "advertisement" : "result", strlen(first) + file.len,
		first);
	cf_buf_add(&out, file.data, file.len);
	(void)send_all(fd, out.data, out.len);
	cf_buf_clear(&out);
	cf_buf_clear(&file);
}

static inline void
host_begin(struct host *h, const char *dir)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one;
	const pid_t parent = getpid();

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0
		&& listen(fd, 16) == 0 &&
		getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	(void)snprintf(h->advert, sizeof h->advert, "%s/advert", dir);
	(void)snprintf(h->pack, sizeof h->pack, "%s/pack", dir);
	(void)snprintf(h->url, sizeof h->url, "http://127.0.0.1:%u/r.git",
		ntohs(at.sin_port));
	h->pid = fork();
	assert_true(h->pid >= 0);
	while (h->pid == 0) {
		if (getppid() != parent)
			_exit(0);
		one = accept(fd, NULL, NULL);
		if (one >= 0) {
			answer_request(h, one);
			(void)shutdown(one, SHUT_WR);
			(void)close(one);
		}
	}
	(void)close(fd);
}

static inline void
host_end(const struct host *h)
{
	int status;

	assert_int_equal(kill(h->pid, SIGKILL), 0);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
}

/* One line of an advertisement. */
static inline void
advert_line(struct cf_buf *out, const struct cf_oid *oid, const char *name)
{
	static const char able[] = "ofs-delta agent=git/2";
	char hex[CF_OID_TEXT];
	bool first = out->len == 0;

	cf_oid_hex(hex, oid);
	cf_buf_printf(out, "%04zx%s %s", 46 + strlen(name) + (first ?
		sizeof able : 0), hex, name);
	if (first)
		cf_buf_add(out, "\0", 1);
	cf_buf_printf(out, "%s\n", first ? able : "");
}

static inline void
host_says(const struct host *h, const struct cf_buf *advert,
	const struct cf_buf *pack)
{
	expect_ok(cf_file_write(h->advert, advert->data, advert->len, 0644));
	expect_ok(cf_file_write(h->pack, pack->data, pack->len, 0644));
}

#endif
