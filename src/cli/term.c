/*
 * Reading from the terminal. While a person is asked, signals that would end or
 * stop the program are held back except while waiting, and noted by a handler:
 * one that ends it is no answer, so that everything that was begun is taken back
 * before the program goes. At any other time a handler puts the terminal back
 * as it was first. So the shell never comes back to a silent terminal, nor to a
 * secret on its screen.
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

/* A screen of its own, so that a sheet does not stay in the scroll-back. */
#define SCREEN_ENTER "\033[?1049h\033[2J\033[H"
#define SCREEN_LEAVE "\033[2J\033[?1049l"
#define STOPPED "\r\033[KStopped. What was finished by then stays; the same " \
	"command goes on from there.\n"

/* A handler can write to nothing else. */
static volatile sig_atomic_t arrived;
static volatile sig_atomic_t ended;	/* the signal that is to end us */

/* What a handler has to undo; `before` is there before `silent` says so. */
static struct {
	pid_t pid;		/* not of our children */
	int tty;
	struct termios before;
	volatile sig_atomic_t silent, screen;
} undo;

static void
note(int sig)
{
	arrived = sig;
}

static void
write_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/* Calls nothing that a signal handler may not call. */
static void
put_back(int when)
{
	if (undo.screen)
		write_all(undo.tty, SCREEN_LEAVE, sizeof SCREEN_LEAVE - 1);
	undo.screen = false;
	if (undo.silent)
		(void)tcsetattr(undo.tty, when, &undo.before);
	undo.silent = false;
}

/* Stops here, as without a handler; whoever goes on has the handler again. */
static void
pause_here(void)
{
	struct sigaction plain = { .sa_handler = SIG_DFL }, ours;
	sigset_t stop, mask;

	(void)sigemptyset(&plain.sa_mask);
	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTSTP);
	(void)sigaction(SIGTSTP, &plain, &ours);
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &stop, &mask);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	(void)sigaction(SIGTSTP, &ours, NULL);
}

/* Who shows a secret is about to ask, and takes back what was begun. */
static void
go(int sig)
{
	int kept = errno;

	if (undo.screen && getpid() == undo.pid) {
		if (sig != SIGTSTP)
			ended = sig;
		return;
	}
	if (getpid() == undo.pid) {
		put_back(TCSANOW);
		if (sig == SIGINT)
			write_all(STDERR_FILENO, STOPPED, sizeof STOPPED - 1);
	}
	if (sig == SIGTSTP) {
		pause_here();
	} else {
		(void)signal(sig, SIG_DFL);
		(void)raise(sig);
	}
	errno = kept;
}

void
cf_term_guard(void)
{
	struct sigaction act = { .sa_handler = go }, old;

	undo.pid = getpid();
	(void)sigemptyset(&act.sa_mask);
	/* One that was ignored from the start (nohup) stays ignored. */
	for (size_t i = 0; i < N_CAUGHT; i++)
		if (sigaction(caught[i], NULL, &old) == 0 &&
			old.sa_handler != SIG_IGN)
			(void)sigaction(caught[i], &act, NULL);
}

bool
cf_term_stopped(void)
{
	return ended != 0;
}

void
cf_term_end(void)
{
	put_back(TCSAFLUSH);
	if (ended) {
		(void)signal(ended, SIG_DFL);
		(void)raise(ended);
	}
}

void
cf_term_rest(void)
{
	put_back(TCSAFLUSH);
}

void
cf_term_screen(int tty)
{
	undo.tty = tty;
	undo.screen = true;
	cf_term_write(tty, SCREEN_ENTER);
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
	write_all(tty, text, strlen(text));
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

/* What is typed after a passphrase belongs to it, or is one: it is not shown
 * before the next question, or the end. */
static bool
hush(int tty)
{
	struct termios silent;

	if (!undo.silent && tcgetattr(tty, &undo.before) != 0)
		return false;
	undo.tty = tty;
	undo.silent = true;
	silent = undo.before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	silent.c_lflag |= ECHONL;
	return tcsetattr(tty, TCSAFLUSH, &silent) == 0;
}

static void
speak(void)
{
	if (undo.silent)
		(void)tcsetattr(undo.tty, TCSAFLUSH, &undo.before);
	undo.silent = false;
}

/* One attempt, with the terminal as it has to be meanwhile. */
static enum outcome
attempt(int tty, bool echo, char *out, size_t size)
{
	struct sigaction note_it = { .sa_handler = note }, old[N_CAUGHT];
	enum outcome outcome;
	sigset_t block, mask;

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
	if (echo)
		speak();
	outcome = !ended && (echo || hush(tty)) ?
		read_line(tty, &mask, out, size) : NONE;
	if (outcome != LINE)
		speak();
	for (size_t i = 0; i < N_CAUGHT; i++)
		(void)sigaction(caught[i], &old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return outcome;
}

bool
cf_term_read(int tty, bool echo, char *out, size_t size)
{
	enum outcome outcome = NONE;

	while (!ended) {
		outcome = attempt(tty, echo, out, size);
		if (outcome != SIGNAL)
			break;
		cf_term_write(tty, "\n");
		if (arrived != SIGTSTP)
			ended = arrived;
		else if (!undo.screen)
			(void)raise(arrived);	/* then we ask on */
	}
	if (outcome != LINE)
		explicit_bzero(out, size);
	return outcome == LINE;
}
