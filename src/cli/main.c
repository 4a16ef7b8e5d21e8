/*
 * confer(1): reads the command line, runs one command, shows its result and its
 * error, and turns them into an exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/person.h"
#include "cli/term.h"

/* The command line, read. */
struct line {
	struct globals globals;
	const char *family;	/* given, with or without a command */
	const struct cmd *cmd;	/* NULL: none was named */
	void *opts;		/* the command's struct */
	const char **arg;	/* operands, then NULL */
	size_t n;
};

/* A closed stdin, stdout or stderr would be taken by the next file that is
 * opened. What stands in for it fails when it is used. */
static void
keep_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null",
			fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			exit(1);
}

/* A reader that has gone is found at the write, not by a signal. */
static void
ignore_broken_pipes(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	(void)sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

/* The command's words, with the options of every command around them. */
static const struct cf_err *
read_command(struct line *line, struct opt_reader *reader,
	const struct opt_set *set)
{
	const struct cf_err *err;
	const char *word;

	err = cf_opt_next(&word, reader, set, 1);
	if (!err && word && cf_cmd_is_family(word)) {
		line->family = word;
		err = cf_opt_next(&word, reader, set, 1);
		if (!err && !word && !line->globals.help)
			return cf_cmd_unknown(line->family, NULL);
	}
	if (err || !word)
		return err;
	line->cmd = cf_cmd_find(line->family, word);
	return line->cmd ? NULL : cf_cmd_unknown(line->family, word);
}

static const struct cf_err *
check_operands(const struct line *line)
{
	const struct cmd *cmd = line->cmd;
	const struct cf_err *err = NULL;
	char *usage = cf_cmd_usage(cmd);

	if (line->n < cmd->min)
		err = cf_err(CF_USAGE, "'confer %s' needs %s; write: %s",
			cf_cmd_name(cmd).text, cmd->args, usage);
	else if (line->n > cmd->max)
		err = cf_err(CF_USAGE, "'confer %s' cannot do anything with "
			"'%s' (what has several words stands in quotation "
			"marks). Write: %s", cf_cmd_name(cmd).text,
			line->arg[cmd->max], usage);
	free(usage);
	return err;
}

static const struct cf_err *
check_options(const struct line *line, const struct opt_set *set)
{
	const struct cf_err *err = cf_opt_complete(set);
	struct cf_err kept;
	char *usage;

	if (err) {
		kept = *err;
		usage = cf_cmd_usage(line->cmd);
		err = cf_err(CF_USAGE, "%s; write: %s", kept.msg, usage);
		free(usage);
	}
	return err;
}

static const struct cf_err *
read_line(struct line *line, int argc, char **argv)
{
	struct opt_reader reader = { argv, argc > 0, false };
	struct opt_set set[2] = { { cmd_globals, &line->globals } };
	const struct cf_err *err;
	const char *word;

	line->arg = cf_calloc((size_t)argc + 1, sizeof *line->arg);
	err = read_command(line, &reader, set);
	if (err || !line->cmd)
		return err;
	line->opts = cf_calloc(1, line->cmd->size);
	set[1] = (struct opt_set){ line->cmd->opts, line->opts };
	while (!(err = cf_opt_next(&word, &reader, set, 2)) && word)
		line->arg[line->n++] = word;
	if (err || line->globals.help || line->globals.version)
		return err;
	err = check_operands(line);
	return err ? err : check_options(line, &set[1]);
}

/* Before the line could be read: whether a program is listening. */
static bool
asks_for_json(char **argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "--json") == 0)
			return true;
	return false;
}

static const struct cf_err *
perform(const struct line *line, struct call *call)
{
	const struct cmd *cmd = line->cmd;
	const struct cf_err *err;

	if (line->globals.dir && chdir(line->globals.dir) != 0)
		return cf_err_sys("cannot work in the folder %s",
			line->globals.dir);
	if (cmd->flags & CMD_PLAIN)
		return cmd->run(call);
	err = cf_start();
	if (!err && cmd->flags & (CMD_TRUST | CMD_MAY_TRUST)) {
		err = cf_open(&call->trust, ".", call->ui);
		if (err && cmd->flags & CMD_MAY_TRUST &&
			err->code == CF_NOT_FOUND)
			err = NULL;
	}
	return err ? err : cmd->run(call);
}

static void
show_result(const struct line *line, const struct call *call)
{
	struct page page;

	if (call->result && line->globals.json) {
		cf_out_json(stdout, call->result);
	} else if (call->report || !line->globals.quiet) {
		cf_page_open(&page, call->report ? stdout : stderr);
		line->cmd->print(&page, call);
	}
}

/* `alone`: there is no result beside it. */
static void
show_error(const struct cf_err *err, bool json, bool alone)
{
	struct page page;

	if (json && alone) {
		cf_out_error(stdout, err);
		return;
	}
	cf_page_open(&page, stderr);
	if (err->rule[0])
		cf_page_entry(&page, 0, 0, TONE_BAD, "confer:",
			"%s (rule %s)", err->msg, err->rule);
	else
		cf_page_entry(&page, 0, 0, TONE_BAD, "confer:", "%s",
			err->msg);
}

static int
run_command(const struct line *line)
{
	struct call call = { .opts = line->opts, .arg = line->arg,
		.n = line->n, .report = line->cmd->flags & CMD_REPORT };
	const struct cf_err *err;
	struct cf_err kept;
	struct person person;
	struct cf_ui ui;
	int status = 0;

	cf_person_start(&person, &ui, line->globals.passphrase_file,
		line->globals.quiet);
	call.ui = &ui;
	call.person = &person;
	err = perform(line, &call);
	/* The library only knows that nobody answered. */
	if (err && cf_term_stopped() && call.result == NULL)
		err = cf_err(CF_CANCELLED, "stopped; nothing was made or sent");
	if (err)
		kept = person.failed.code ? person.failed : *err;
	cf_close(call.trust);
	cf_person_end(&person);
	if (call.result || (!err && line->cmd->flags & CMD_PLAIN))
		show_result(line, &call);
	/* So that the error comes last where both go to one file. */
	(void)fflush(stdout);
	if (err) {
		show_error(&kept, line->globals.json, call.result == NULL);
		status = cf_exit_status(kept.code);
	}
	json_decref(call.result);
	return status;
}

static void
show_help(const struct line *line)
{
	struct page page;

	cf_page_open(&page, stdout);
	if (line->globals.version)
		cf_page_line(&page, TONE_PLAIN, "confer %s", CONFER_VERSION);
	else if (line->cmd)
		cf_help_command(&page, line->cmd);
	else if (line->family)
		cf_help_family(&page, line->family);
	else
		cf_help_overview(&page);
}

/* What was written to stdout must have arrived, unless nobody wants it. */
static int
finish(int status)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	bool failed = fflush(stdout) != 0;
	int why = errno;

	failed = ferror(stdout) || failed;
	if (!failed && fclose(stdout) != 0) {
		failed = true;
		why = errno;
	}
	if (!failed)
		return status;
	if (why == EPIPE || (poll(&out, 1, 0) == 1 && out.revents & POLLERR))
		return status;
	(void)fprintf(stderr, "confer: cannot write the result: %s\n",
		cf_err_cause(why));
	return 1;
}

int
main(int argc, char **argv)
{
	struct line line = { 0 };
	const struct cf_err *err;
	int status = 0;

	keep_standard_files();
	ignore_broken_pipes();
	cf_term_guard();
	err = read_line(&line, argc, argv);
	if (err) {
		show_error(err, asks_for_json(argv), true);
		status = cf_exit_status(err->code);
	} else if (line.cmd == NULL || line.globals.help ||
		line.globals.version) {
		show_help(&line);
	} else {
		status = run_command(&line);
	}
	free(line.opts);
	free(line.arg);
	status = finish(status);
	cf_term_end();
	return status;
}
