/*
 * Reading from the terminal. Signals that would end or stop the program are
 * held back except while waiting, noted by a handler, and sent again once the
 * echo is on: so the shell never comes back to a silent terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "cli/term.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define N_CAUGHT (sizeof caught / sizeof *caught)

/* A handler can write to nothing else. */
static volatile sig_atomic_t arrived;

static void
note(int sig)
{
	arrived = sig;
}

int
cf_term_open(void)
{
	int fd;

	if (isatty(STDIN_FILENO) != 1)
		return -1;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd >= FD_SETSIZE) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

void
cf_term_write(int tty, const char *text)
{
	size_t n = strlen(text);

	while (n) {
		ssize_t done = write(tty, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

enum outcome {
	LINE,		/* a whole line is in `out` */
	TOO_LONG,
	NONE,		/* end of input, error */
	SIGNAL
};

/* Reads byte by byte until a newline; the terminal gives whole lines. */
static enum outcome
read_line(int tty, const sigset_t *open_mask, char *out, size_t size)
{
	bool too_long = false;
	size_t n = 0;

	for (;;) {
		fd_set ready;
		char c;

		FD_ZERO(&ready);
		FD_SET(tty, &ready);
		if (pselect(tty + 1, &ready, NULL, NULL, NULL, open_mask) < 0) {
			if (errno == EINTR && !arrived)
				continue;
			return errno == EINTR ? SIGNAL : NONE;
		}
		if (read(tty, &c, 1) != 1)
			return NONE;
		if (c == '\n')
			break;
		if (n + 1 < size)
			out[n++] = c;
		else
			too_long = true;
	}
	out[n] = '\0';
	return too_long ? TOO_LONG : LINE;
}

/* One attempt, with the terminal as it has to be meanwhile. */
static enum outcome
attempt(int tty, bool echo, char *out, size_t size)
{
	struct sigaction note_it = { .sa_handler = note }, old[N_CAUGHT];
	struct termios before, silent;
	enum outcome outcome;
	sigset_t block, mask;
	bool changed = false;

	(void)sigemptyset(&block);
	(void)sigemptyset(&note_it.sa_mask);
	for (size_t i = 0; i < N_CAUGHT; i++)
		(void)sigaddset(&block, caught[i]);
	(void)sigprocmask(SIG_BLOCK, &block, &mask);
	/* One that was ignored from the start (nohup) stays ignored. */
	for (size_t i = 0; i < N_CAUGHT; i++)
		if (sigaction(caught[i], NULL, &old[i]) == 0 &&
			old[i].sa_handler != SIG_IGN)
			(void)sigaction(caught[i], &note_it, NULL);
	arrived = 0;
	if (!echo && tcgetattr(tty, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
		silent.c_lflag |= ECHONL;
		changed = tcsetattr(tty, TCSAFLUSH, &silent) == 0;
	}
	outcome = echo || changed ? read_line(tty, &mask, out, size) : NONE;
	if (changed)
		(void)tcsetattr(tty, TCSAFLUSH, &before);
	for (size_t i = 0; i < N_CAUGHT; i++)
		(void)sigaction(caught[i], &old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return outcome;
}

bool
cf_term_read(int tty, bool echo, char *out, size_t size)
{
	enum outcome outcome;

	for (;;) {
		outcome = attempt(tty, echo, out, size);
		if (outcome != SIGNAL)
			break;
		/* Ends the program, or stops it: then we ask on. */
		cf_term_write(tty, "\n");
		(void)raise(arrived);
	}
	if (outcome != LINE)
		explicit_bzero(out, size);
	return outcome == LINE;
}
