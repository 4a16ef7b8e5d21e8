/*
 * Running somebody's editor.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/temp.h"
#include "cli/editor.h"
#include "cli/page.h"
#include "cli/term.h"

/* The one that the person chose, or NULL. */
static const char *
chosen(void)
{
	const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

	return visual && visual[0] ? visual : plain && plain[0] ? plain : NULL;
}

static const char *
editor(void)
{
	return chosen() ? chosen() : "vi";
}

/* In the child. The value is a command with arguments of its own, as a shell
 * reads it. */
static void
become(const struct person *person, const char *path)
{
	char *command = cf_asprintf("%s \"$@\"", editor());
	char *name = cf_strdup(editor()), *file = cf_strdup(path);
	char shell[] = "sh", flag[] = "-c";
	char *argv[] = { shell, flag, command, name, file, NULL };

	/* Standard output is for results. */
	if (dup2(person->tty >= 0 ? person->tty : STDERR_FILENO,
		STDOUT_FILENO) >= 0)
		(void)execv("/bin/sh", argv);
	_exit(127);
}

/* It takes the whole screen: a person is told how to come back. */
static void
announce(struct person *person)
{
	const char *name = strrchr(editor(), '/');
	char *text, answer[8];
	FILE *to = person->tty < 0 ? NULL : cf_person_paper(person);
	struct page page;

	if (to == NULL)
		return;
	name = name ? name + 1 : editor();
	text = cf_asprintf("Your text editor (%s) opens now. Change the text, "
		"save it, and close the editor; then this goes on here.%s",
		name, cf_starts(name, "vi") ? " In vi: type i to write; the "
		"key Esc, then :wq and Enter, saves and closes; Esc, then :q! "
		"and Enter, gives up." : "");
	cf_page_open(&page, to);
	cf_page_text(&page, 0, "%s", text);
	(void)fclose(to);
	free(text);
	(void)cf_person_ask(person, "Press Enter to open it: ", answer,
		sizeof answer);
}

const struct cf_err *
cf_edit_file(struct person *person, const char *path)
{
	int status = 0;
	pid_t pid;

	if (person->tty < 0 && chosen() == NULL)
		return cf_err(CF_USAGE, "a text editor needs a terminal, and "
			"there is none here. Set EDITOR to one that does not");
	announce(person);
	cf_term_rest();
	pid = fork();
	if (pid < 0)
		return cf_err_sys("cannot start the editor");
	if (pid == 0)
		become(person, path);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return cf_err_sys("cannot wait for the editor");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	return cf_err(CF_CANCELLED, WIFEXITED(status) &&
		WEXITSTATUS(status) == 127 ? "the editor '%s' is not there. "
		"Set EDITOR to the one that you use" : "the editor '%s' ended "
		"with a failure, so nothing was taken from it", editor());
}

static const struct cf_err *
read_back(char **out, const char *path)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD);
	const struct cf_err *err = cf_file_read(&text, path, false);

	/* Editors end a file with a newline that nobody typed. */
	if (!err && text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	if (!err)
		*out = cf_buf_take(&text);
	cf_buf_clear(&text);
	return err;
}

const struct cf_err *
cf_edit_text(char **out, struct person *person, const char *text)
{
	const struct cf_err *err;
	char *path, *dir;

	*out = NULL;
	err = cf_temp_new(&dir, "edit");
	if (err)
		return err;
	path = cf_path_join(dir, "text.txt");
	err = cf_file_write(path, text, strlen(text), 0600);
	if (!err)
		err = cf_edit_file(person, path);
	if (!err)
		err = read_back(out, path);
	if (cf_remove_all(dir) != NULL && !err)
		err = cf_err(CF_SYS, "cannot remove %s; delete it yourself",
			dir);
	free(path);
	free(dir);
	return err;
}
