/*
 * Which folder this user made last.
 */
#include <stdlib.h>
#include <string.h>

#include "app/folder.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "sign/sign.h"

/* NULL: there is no place for it. */
static char *
note_path(void)
{
	char *dir = NULL, *path;

	if (cf_keystore_dir(&dir) != NULL)
		return NULL;
	path = cf_path_join(dir, "folder");
	free(dir);
	return path;
}

void
cf_folder_note(const char *work_dir)
{
	char *path = note_path();
	const struct cf_err *unkept = path ? cf_file_write(path, work_dir,
		strlen(work_dir), 0600) : NULL;

	(void)unkept;
	free(path);
}

const struct cf_err *
cf_folder_hint(const struct cf_err *err)
{
	struct cf_err kept = *err;
	struct cf_buf text = CF_BUF(CF_MAX_PATH);
	char *path = note_path(), *git = NULL, *word = NULL;

	if (path && cf_file_read(&text, path, true) == NULL && text.len &&
		strlen(text.data) == text.len)
		git = cf_path_join(text.data, ".git/confer");
	if (git && cf_is_dir(git))
		word = cf_shell_word(text.data);
	err = cf_err_rule(kept.code, kept.rule, "%s%s%s", kept.msg, word ?
		". Yours may be this one: cd " : "", word ? word : "");
	free(word);
	free(git);
	free(path);
	cf_buf_clear(&text);
	return err;
}
