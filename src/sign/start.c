/*
 * Starting the cryptography: no core dumps, libsodium ready, and its judgement
 * of signatures compared with the one that every Confer must share.
 */
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sign/selftest.h"

/* Keys and passphrases must not end up in a crash report. */
static const struct cf_err *
no_core_dumps(void)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return cf_err_sys("cannot turn core dumps off");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return cf_err_sys("cannot turn memory dumps off");
	return NULL;
}

const struct cf_err *
cf_sign_start(void)
{
	static bool started;
	const struct cf_err *err;

	if (started)
		return NULL;
	err = no_core_dumps();
	if (err)
		return err;
	if (sodium_init() < 0)
		return cf_err(CF_SYS, "libsodium does not start on this "
			"machine. Nothing was done");
	err = cf_selftest(crypto_sign_verify_detached);
	started = err == NULL;
	return err;
}

const char *
cf_sign_version(void)
{
	return sodium_version_string();
}
