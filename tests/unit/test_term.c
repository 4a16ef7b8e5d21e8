/*
 * A line from the terminal: a pseudo-terminal stands for the person's.
 */
#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/term.h"

static int person, tty;		/* the two ends */

static int
open_terminal(void **state)
{
	(void)state;
	return openpty(&person, &tty, NULL, NULL, NULL);
}

static int
close_terminal(void **state)
{
	(void)state;
	(void)close(tty);
	(void)close(person);
	return 0;
}

static bool
echoes(void)
{
	struct termios t;

	assert_int_equal(tcgetattr(tty, &t), 0);
	return t.c_lflag & ECHO;
}

static void
type(const char *text)
{
	assert_int_equal(write(person, text, strlen(text)), strlen(text));
}

/* What the person's screen shows, without waiting. */
static const char *
screen(void)
{
	static char seen[1024];
	ssize_t n;

	assert_int_equal(fcntl(person, F_SETFL, O_NONBLOCK), 0);
	n = read(person, seen, sizeof seen - 1);
	seen[n < 0 ? 0 : n] = '\0';
	return seen;
}

static void
test_a_line_with_echo(void **state)
{
	char line[16];

	(void)state;
	type("yes\n");
	assert_true(cf_term_read(tty, true, line, sizeof line));
	assert_string_equal(line, "yes");
	assert_non_null(strstr(screen(), "yes"));
}

/*
 * Reads a passphrase in a child, waits until the echo is off, and runs `then`.
 * The child's exit status is 10 where it got "secret", 11 without a line.
 */
static int
ask_in_a_child(void (*then)(pid_t child))
{
	pid_t child = fork();
	char line[16];
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		/* A group of its own can be stopped in any session. */
		(void)setpgid(0, 0);
		(void)alarm(20);
		if (!cf_term_read(tty, false, line, sizeof line)) {
			cf_term_end();
			_exit(11);
		}
		cf_term_rest();
		_exit(strcmp(line, "secret") == 0 ? 10 : 12);
	}
	for (int i = 0; i < 2000 && echoes(); i++)
		(void)usleep(1000);
	assert_false(echoes());
	then(child);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
type_secret(pid_t child)
{
	(void)child;
	type("secret\n");
}

static void
test_a_passphrase_is_not_shown(void **state)
{
	int status;

	(void)state;
	assert_true(echoes());
	status = ask_in_a_child(type_secret);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 10);
	assert_null(strstr(screen(), "secret"));
	assert_true(echoes());
}

static void
send_terminate(pid_t child)
{
	assert_int_equal(kill(child, SIGTERM), 0);
}

static void
send_interrupt(pid_t child)
{
	assert_int_equal(kill(child, SIGINT), 0);
}

static void
test_signals_end_the_program_with_the_echo_on(void **state)
{
	int status;

	(void)state;
	status = ask_in_a_child(send_terminate);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_true(echoes());
	status = ask_in_a_child(send_interrupt);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	assert_true(echoes());
}

static void
hang_up_then_answer(pid_t child)
{
	assert_int_equal(kill(child, SIGHUP), 0);
	type("secret\n");
}

static void
test_an_ignored_signal_stays_ignored(void **state)
{
	int status;

	(void)state;
	assert_true(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	status = ask_in_a_child(hang_up_then_answer);
	assert_true(signal(SIGHUP, SIG_DFL) == SIG_IGN);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 10);
	assert_true(echoes());
}

/* Stopped, the shell has its echo; continued, the question goes on. */
static void
stop_and_go_on(pid_t child)
{
	int status;

	assert_int_equal(kill(child, SIGTSTP), 0);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	assert_true(echoes());
	assert_int_equal(kill(child, SIGCONT), 0);
	for (int i = 0; i < 2000 && echoes(); i++)
		(void)usleep(1000);
	assert_false(echoes());
	type("secret\n");
}

/* valgrind never stops a program. */
static bool
programs_can_be_stopped(void)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		(void)setpgid(0, 0);
		(void)raise(SIGTSTP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	if (!WIFSTOPPED(status))
		return false;
	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	return true;
}

static void
test_a_stopped_program_goes_on_asking(void **state)
{
	int status;

	(void)state;
	if (!programs_can_be_stopped()) {
		print_message("# programs cannot be stopped here\n");
		skip();
	}
	status = ask_in_a_child(stop_and_go_on);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 10);
	assert_true(echoes());
}

static void
test_a_line_that_does_not_fit_is_no_answer(void **state)
{
	char line[4];

	(void)state;
	type("yes\n");
	assert_true(cf_term_read(tty, true, line, sizeof line));
	assert_string_equal(line, "yes");
	type("yess\nno\n");
	assert_false(cf_term_read(tty, true, line, sizeof line));
	assert_memory_equal(line, "\0\0\0\0", 4);
	assert_true(cf_term_read(tty, true, line, sizeof line));
	assert_string_equal(line, "no");
}

static void
test_the_end_of_the_input(void **state)
{
	char line[4];

	(void)state;
	type("\x04");
	assert_false(cf_term_read(tty, true, line, sizeof line));
	assert_true(echoes());
}

static void
test_what_is_no_terminal_gives_no_passphrase(void **state)
{
	char line[4];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abc\n", 4), 4);
	assert_false(cf_term_read(ends[0], false, line, sizeof line));
	(void)close(ends[0]);
	(void)close(ends[1]);
}

#define ON_A_TERMINAL(test) cmocka_unit_test_setup_teardown(test, \
	open_terminal, close_terminal)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_TERMINAL(test_a_line_with_echo),
		ON_A_TERMINAL(test_a_passphrase_is_not_shown),
		ON_A_TERMINAL(test_signals_end_the_program_with_the_echo_on),
		ON_A_TERMINAL(test_an_ignored_signal_stays_ignored),
		ON_A_TERMINAL(test_a_stopped_program_goes_on_asking),
		ON_A_TERMINAL(test_a_line_that_does_not_fit_is_no_answer),
		ON_A_TERMINAL(test_the_end_of_the_input),
		ON_A_TERMINAL(test_what_is_no_terminal_gives_no_passphrase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
