/*
 * Runs a fuzz target on every file of the folders given, without libFuzzer:
 * what fuzzing once found stays found. A failure is a crash; the last name
 * printed is the input.
 */
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"

#define MAX (16u << 20)

/* From memory of exactly its size, so that a sanitizer sees every overrun. */
static const struct cf_err *
replay(const char *path)
{
	struct cf_buf bytes = CF_BUF(MAX);
	const struct cf_err *err = cf_file_read(&bytes, path, true);
	uint8_t *exact = NULL;

	if (err)
		goto done;
	(void)printf("%s\n", path);
	(void)fflush(stdout);
	exact = cf_malloc(bytes.len);
	memcpy(exact, bytes.data, bytes.len);
	(void)LLVMFuzzerTestOneInput(exact, bytes.len);
done:
	free(exact);
	cf_buf_clear(&bytes);
	return err;
}

static const struct cf_err *
replay_all(const char *dir, unsigned *passed)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_dir_names(&names, dir);

	for (size_t i = 0; i < names.n && err == NULL; i++) {
		char *path = cf_path_join(dir, names.name[i]);

		err = replay(path);
		free(path);
		*passed += err == NULL;
	}
	cf_names_clear(&names);
	return err;
}

int
main(int argc, char **argv)
{
	const struct cf_err *err = NULL;
	unsigned passed = 0;

	for (int i = 1; i < argc && err == NULL; i++)
		err = replay_all(argv[i], &passed);
	if (err)
		(void)printf("%s\n", err->msg);
	(void)printf("%u passed, %d failed\n", passed, err != NULL);
	return err != NULL || passed == 0;
}
