/*
 * Fetching from hosts that do not behave. What needs real servers is in
 * tests/e2e/http.bats.
 */
#include "partner.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* A server in a child: `serve` gets each connection. */
struct server {
	pid_t pid;
	unsigned port;
	char *url;
	int fd;			/* a pipe that `serve` may write to */
};

static struct server
server_start(void (*serve)(int connection, int pipe_end))
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	struct server s = { 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0), pipes[2];

	assert_true(fd >= 0 && pipe(pipes) == 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 20), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size),
		0);
	s.port = ntohs(address.sin_port);
	s.url = cf_asprintf("http://127.0.0.1:%u/a.git", s.port);
	s.pid = fork();
	if (s.pid == 0) {
		/* a failed assertion must not leave it behind */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)close(pipes[0]);
		for (;;) {
			int c = accept(fd, NULL, NULL);

			if (c < 0)
				_exit(0);
			serve(c, pipes[1]);
			(void)close(c);
		}
	}
	(void)close(pipes[1]);
	(void)close(fd);
	s.fd = pipes[0];
	return s;
}

static void
server_stop(struct server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
	(void)close(s->fd);
	free(s->url);
}

static void
read_request(int fd)
{
	char text[4096];
	size_t n = 0;

	while (n < sizeof text - 1) {
		ssize_t got = read(fd, text + n, sizeof text - 1 - n);

		if (got <= 0)
			return;
		n += (size_t)got;
		text[n] = '\0';
		if (strstr(text, "\r\n\r\n"))
			return;
	}
}

static void
put(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n) {
		ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		text += sent;
		n -= (size_t)sent;
	}
}

#define REFS_HEAD "HTTP/1.1 200 OK\r\n" \
	"Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n" \
	"001e# service=git-upload-pack\n0000"

static void
expect_from(struct fixture *f, void (*serve)(int, int), unsigned seconds,
	enum cf_code code, const char *rule)
{
	struct server s = server_start(serve);
	const struct cf_transport transport = { .seconds = seconds };
	struct cf_fetch one = { .url = s.url };

	fetch_with(&one, f, f->ours, &transport);
	server_stop(&s);
	if (one.err == NULL)
		fail_msg("fetched from a bad host");
	if (one.err->code != code || strcmp(one.err->rule, rule) != 0)
		fail_msg("%d [%s] %s", (int)one.err->code, one.err->rule,
			one.err->msg);
	assert_null(one.quarantine);
	assert_false(one.has_head);
}

static void
serve_nothing(int fd, int unused)
{
	char byte;

	(void)unused;
	while (read(fd, &byte, 1) > 0)
		;
}

static void
test_a_host_that_never_answers(void **state)
{
	expect_from(*state, serve_nothing, 1, CF_REMOTE, "remote.timeout");
}

/* A byte a second, for ever. */
static void
serve_drip(int fd, int unused)
{
	static const char text[] = REFS_HEAD;
	const struct timespec nap = { .tv_nsec = 200 * 1000 * 1000 };

	(void)unused;
	read_request(fd);
	for (size_t i = 0; i < sizeof text - 1; i++) {
		if (send(fd, text + i, 1, MSG_NOSIGNAL) <= 0)
			return;
		(void)nanosleep(&nap, NULL);
	}
}

static void
test_a_slow_host_meets_the_deadline(void **state)
{
	expect_from(*state, serve_drip, 2, CF_REMOTE, "remote.timeout");
}

static void
serve_garbage(int fd, int unused)
{
	(void)unused;
	read_request(fd);
	put(fd, "SSH-2.0-OpenSSH_9.2p1\r\n\x01\x02\x03 garbage\r\n\r\n");
}

static void
test_a_host_that_speaks_something_else(void **state)
{
	expect_from(*state, serve_garbage, 10, CF_REMOTE, "remote.protocol");
}

static void
serve_web_page(int fd, int unused)
{
	(void)unused;
	read_request(fd);
	put(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		"Content-Length: 6\r\n\r\n<html>");
}

static void
test_a_web_page(void **state)
{
	expect_from(*state, serve_web_page, 10, CF_REMOTE, "remote.protocol");
}

static void
serve_half(int fd, int unused)
{
	(void)unused;
	read_request(fd);
	put(fd, REFS_HEAD "003f");
}

static void
test_a_host_that_hangs_up(void **state)
{
	expect_from(*state, serve_half, 10, CF_REMOTE, "remote.broken");
}

static void
serve_bad_lines(int fd, int unused)
{
	(void)unused;
	read_request(fd);
	put(fd, REFS_HEAD "zzzznot a pkt-line");
}

static void
test_lines_that_are_none(void **state)
{
	expect_from(*state, serve_bad_lines, 10, CF_REMOTE, "remote.protocol");
}

/* Row by row, without end. */
static void
serve_ref_flood(int fd, int unused)
{
	char line[200];
	unsigned n = 0;

	(void)unused;
	read_request(fd);
	put(fd, REFS_HEAD);
	for (;;) {
		(void)snprintf(line, sizeof line, "%04x%040x refs/heads/%020u"
			"\n", 4 + 40 + 1 + 11 + 20 + 1, n + 1, n);
		if (send(fd, line, strlen(line), MSG_NOSIGNAL) <= 0)
			return;
		n++;
	}
}

static void
test_a_flood_of_refs(void **state)
{
	expect_from(*state, serve_ref_flood, 60, CF_REFUSED, "limit.refs");
}

/* As many as fit in the bytes: too many still. */
static void
serve_many_refs(int fd, int unused)
{
	static const char first[] = "004b0000000000000000000000000000000000000001"
		" refs/heads/main\0side-band-64k\n";
	char line[200];

	(void)unused;
	read_request(fd);
	put(fd, REFS_HEAD);
	(void)!send(fd, first, sizeof first - 1, MSG_NOSIGNAL);
	for (unsigned n = 0; n < CF_MAX_REFS; n++) {
		(void)snprintf(line, sizeof line, "%04x%040x refs/heads/%020u"
			"\n", 4 + 40 + 1 + 11 + 20 + 1, n + 1, n);
		put(fd, line);
	}
	put(fd, "0000");
}

static void
test_too_many_refs(void **state)
{
	expect_from(*state, serve_many_refs, 60, CF_REFUSED, "limit.refs");
}

static void
serve_redirect(int fd, int unused)
{
	(void)unused;
	read_request(fd);
	put(fd, "HTTP/1.1 302 Found\r\nLocation: "
		"http://localhost:1/a.git/info/refs\r\n"
		"Content-Length: 0\r\n\r\n");
}

static void
test_another_host_is_not_followed_to(void **state)
{
	expect_from(*state, serve_redirect, 10, CF_REMOTE, "remote.redirect");
}

static void
serve_status(int fd, int unused, const char *status)
{
	(void)unused;
	read_request(fd);
	put(fd, "HTTP/1.1 ");
	put(fd, status);
	put(fd, "\r\nContent-Length: 0\r\n\r\n");
}

static void
serve_404(int fd, int unused)
{
	serve_status(fd, unused, "404 Not Found");
}

static void
serve_403(int fd, int unused)
{
	serve_status(fd, unused, "403 Forbidden");
}

static void
serve_500(int fd, int unused)
{
	serve_status(fd, unused, "500 Oops");
}

static void
serve_401(int fd, int unused)
{
	serve_status(fd, unused, "401 Unauthorized\r\n"
		"WWW-Authenticate: Negotiate");
}

static void
test_what_a_host_may_say(void **state)
{
	expect_from(*state, serve_404, 10, CF_REMOTE, "remote.missing");
	expect_from(*state, serve_403, 10, CF_REMOTE, "remote.denied");
	expect_from(*state, serve_500, 10, CF_REMOTE, "remote.fault");
	expect_from(*state, serve_401, 10, CF_REMOTE, "remote.login");
}

static void
test_nobody_listens(void **state)
{
	struct server s = server_start(serve_nothing);
	struct cf_fetch one = { .url = s.url };
	struct fixture *f = *state;

	(void)kill(s.pid, SIGKILL);
	(void)waitpid(s.pid, NULL, 0);
	fetch_with(&one, f, f->ours, NULL);
	assert_non_null(one.err);
	assert_string_equal(one.err->rule, "remote.connect");
	assert_non_null(strstr(one.err->msg, "Connection refused"));
	(void)close(s.fd);
	free(s.url);
}

/* The random bytes of a TLS client's first message. */
static void
serve_hello(int fd, int pipe_end)
{
	unsigned char hello[43];
	size_t n = 0;

	while (n < sizeof hello) {
		ssize_t got = read(fd, hello + n, sizeof hello - n);

		if (got <= 0)
			return;
		n += (size_t)got;
	}
	/* record 5, handshake 4, version 2, time 4, random 28 */
	if (write(pipe_end, hello + 15, 28) != 28)
		_exit(1);
}

/*
 * Two hosts that see the same random numbers could compute the key of each
 * other's connection: libgit2 draws them from a state that fork copies.
 */
static void
test_no_two_children_draw_the_same_numbers(void **state)
{
	struct fixture *f = *state;
	struct server s = server_start(serve_hello);
	char *url = cf_asprintf("https://localhost:%u/a", s.port);
	struct cf_fetch list[3] = { { .url = url }, { .url = url },
		{ .url = url } };
	unsigned char seen[3][28];

	assert_ok(cf_fetch_all(list, 3, 3, NULL, f->scratch, NULL, NULL,
		NULL));
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(list[i].err);
		assert_string_equal(list[i].err->rule, "remote.secure");
	}
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(read(s.fd, seen[i], 28), 28);
	assert_memory_not_equal(seen[0], seen[1], 28);
	assert_memory_not_equal(seen[0], seen[2], 28);
	assert_memory_not_equal(seen[1], seen[2], 28);
	server_stop(&s);
	free(url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_host_that_never_answers),
		TEST(test_a_slow_host_meets_the_deadline),
		TEST(test_a_host_that_speaks_something_else),
		TEST(test_a_web_page),
		TEST(test_a_host_that_hangs_up),
		TEST(test_lines_that_are_none),
		TEST(test_a_flood_of_refs),
		TEST(test_too_many_refs),
		TEST(test_another_host_is_not_followed_to),
		TEST(test_what_a_host_may_say),
		TEST(test_nobody_listens),
		TEST(test_no_two_children_draw_the_same_numbers),
	};

	return cmocka_run_group_tests(tests, start_all, NULL);
}
