/*
 * Landlock by its system calls: glibc has no names for them, and the header of
 * the machine that builds may be older than the kernel that runs. What a kernel
 * does not know yet is left out, the rest still holds.
 */
#define _GNU_SOURCE		/* O_PATH */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "store/landlock.h"

/* The same numbers on every architecture. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define ASK_VERSION 1u
#define RULE_PATH_BENEATH 1

/* Rights to files, by the version that brought them. */
#define EXECUTE (1ull << 0)
#define WRITE_FILE (1ull << 1)
#define READ_FILE (1ull << 2)
#define READ_DIR (1ull << 3)
#define REMOVE_DIR (1ull << 4)
#define REMOVE_FILE (1ull << 5)
#define MAKE_DIR (1ull << 7)
#define MAKE_REG (1ull << 8)
#define MAKE_SYM (1ull << 12)
#define ALL_OF_1 ((1ull << 13) - 1)
#define REFER (1ull << 13)		/* 2: names in another folder */
#define TRUNCATE (1ull << 14)		/* 3 */
#define IOCTL_DEV (1ull << 15)		/* 5 */
#define OF_FILES (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)
#define TO_READ (READ_FILE | READ_DIR)
#define TO_WRITE (TO_READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | \
	MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE)

struct ruleset {
	uint64_t files;
	uint64_t tcp;			/* 4: bind, connect */
	uint64_t scoped;		/* 6: abstract sockets, signals */
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int
cf_landlock_version(void)
{
	long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);

	return version < 0 ? 0 : (int)version;
}

static uint64_t
files_of(int version)
{
	uint64_t all = ALL_OF_1;

	if (version >= 2)
		all |= REFER;
	if (version >= 3)
		all |= TRUNCATE;
	if (version >= 5)
		all |= IOCTL_DEV;
	return all;
}

static int
new_ruleset(int version, bool network)
{
	struct ruleset rules = { .files = files_of(version),
		.tcp = network ? 1 : 3, .scoped = 3 };
	size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;

	return (int)syscall(CREATE_RULESET, &rules, size, 0);
}

static bool
add(int ruleset, const char *path, uint64_t allowed)
{
	struct path_rule rule = { .allowed = allowed };
	struct stat st;
	bool good;

	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
	good = fstat(rule.fd, &st) == 0;
	/* A file has no entries, and the kernel refuses a rule that says so. */
	if (good && !S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILES;
	good = good && syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0)
		== 0;
	(void)close(rule.fd);
	return good;
}

/* What TLS, ssh and the resolver read, wherever a system keeps it. */
static bool
add_system(int ruleset)
{
	static const char *const paths[] = { "/usr", "/lib", "/lib64",
		"/etc/ssl", "/etc/pki", "/etc/ca-certificates",
		"/etc/crypto-policies", "/etc/ld.so.cache", "/etc/hosts",
		"/etc/resolv.conf", "/etc/host.conf", "/etc/nsswitch.conf",
		"/etc/gai.conf",
		"/etc/passwd", "/etc/services", "/etc/localtime",
		"/run/systemd/resolve", "/dev/urandom", "/dev/random" };
	bool good = add(ruleset, "/dev/null", TO_READ | WRITE_FILE);

	for (size_t i = 0; i < sizeof paths / sizeof *paths && good; i++)
		good = add(ruleset, paths[i], TO_READ);
	return good;
}

bool
cf_landlock(const struct cf_allow *allow)
{
	int version = cf_landlock_version(), ruleset;
	uint64_t files = files_of(version);
	bool good;

	if (version == 0)
		return true;
	ruleset = new_ruleset(version, allow->network);
	if (ruleset < 0)
		return false;
	good = add_system(ruleset);
	for (size_t i = 0; i < CF_ALLOW_MAX && allow->read[i] && good; i++)
		good = add(ruleset, allow->read[i], TO_READ);
	for (size_t i = 0; i < 2 && allow->write[i] && good; i++)
		good = add(ruleset, allow->write[i], TO_WRITE & files);
	good = good && syscall(RESTRICT_SELF, ruleset, 0) == 0;
	(void)close(ruleset);
	return good;
}
