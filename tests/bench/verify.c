/*
 * A cold verification of n commits with one record each, against the bare
 * Ed25519 checks that it cannot do without (two a commit: its own signature and
 * the record's proof), and against stock git, on the same machine in the same
 * run; its memory; and reading a record in file form against jansson alone.
 * COMMITS in the environment says how many. Prints ratios of processor time,
 * the best of some rounds in turn, since times move with the machine and with
 * who else works on it; what two cores do together is told by the clock.
 */
#define _GNU_SOURCE		/* sched_setaffinity, pipe2 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <git2.h>

#include "base/work.h"
#include "bench/bench.h"
#include "store/remote.h"
#include "unit/mains.h"

#define MANY 20000		/* and a tenth of them */
#define BY_GIT 300
#define READS 20000
#define ROUNDS 3

struct spent {			/* seconds */
	double cpu, wall;
};

static struct spent
begin_time(void)
{
	return (struct spent){ clock_of(CLOCK_PROCESS_CPUTIME_ID),
		clock_of(CLOCK_MONOTONIC) };
}

static struct spent
since(struct spent start)
{
	struct spent now = begin_time();

	return (struct spent){ now.cpu - start.cpu, now.wall - start.wall };
}

static void
keep_least(struct spent *least, struct spent s)
{
	if (least->cpu == 0 || s.cpu < least->cpu)
		least->cpu = s.cpu;
	if (least->wall == 0 || s.wall < least->wall)
		least->wall = s.wall;
}

/* --- what is verified ------------------------------------------------------- */

struct bench {
	struct made_main main;
	unsigned commits;
	struct cf_fetch fetch;
	struct spent fetched;
};

static void
add_records(struct made_main *m, unsigned n)
{
	char path[CF_PATH_TEXT];
	struct cf_uuid id, before;

	for (unsigned i = 0; i < n; i++) {
		json_t *doc;

		cf_uuid_make(&id, m->id.text, i ? &before : NULL);
		before = id;
		doc = record_doc(m, "need", &id, NULL);
		sign_doc(doc, m->publish);
		cf_record_path(path, "need", &id);
		commit_file(m, path, put_json(m, doc), NULL);
		json_decref(doc);
	}
}

static void
make(struct bench *b, unsigned commits)
{
	const struct cf_transport none = { 0 };
	struct spent start;
	char *scratch;

	*b = (struct bench){ .commits = commits };
	main_begin(&b->main, "Bench Trust");
	/* What is measured is reading. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
	add_records(&b->main, commits - 1);
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	expect_ok(cf_ref_set(b->main.store, "refs/heads/main", &b->main.head,
		NULL));
	expect_ok(cf_store_finish(b->main.store));
	scratch = cf_store_file(b->main.store, "");
	b->fetch.url = b->main.dir;
	start = begin_time();
	expect_ok(cf_fetch_all(&b->fetch, 1, 1, NULL, scratch, &none, NULL,
		NULL));
	b->fetched = since(start);
	expect_ok(b->fetch.err);
	free(scratch);
}

static void
end(struct bench *b)
{
	cf_fetch_clear(&b->fetch);
	main_end(&b->main);
}

/* --- signatures alone ------------------------------------------------------- */

struct bare {
	const struct cf_pubkey *key;
	unsigned char sig[64];
	char text[140];			/* as long as what an SSHSIG signs */
};

static void
check_one(void *arg, unsigned worker, size_t i)
{
	const struct bare *b = arg;

	(void)worker;
	(void)i;
	expect_ok(cf_verify_bytes(b->key, b->sig, b->text, sizeof b->text));
}

static struct spent
bare_checks(const struct bench *b, unsigned threads)
{
	struct bare bare = { .key = cf_seckey_public(b->main.publish) };
	struct spent start;

	memset(bare.text, 'a', sizeof bare.text);
	cf_sign_bytes(bare.sig, b->main.publish, bare.text, sizeof bare.text);
	start = begin_time();
	cf_work_each(threads, 2 * b->commits, check_one, &bare);
	return since(start);
}

/* --- the gate ----------------------------------------------------------------- */

/* Judges what a fetch brought, one pack. */
static struct spent
gate(const char *quarantine, const struct cf_oid *head, unsigned threads)
{
	const struct cf_gate_sink nobody = { .threads = threads };
	struct cf_quarantine q = { 0 };
	struct cf_refusal refusal;
	struct cf_gate g = { 0 };
	struct spent s;

	expect_ok(cf_quarantine_open(&q, quarantine, NULL));
	s = begin_time();
	expect_ok(cf_gate_run(&g, q.pack, q.all, head, &nobody, &refusal));
	s = since(s);
	cf_gate_clear(&g);
	cf_quarantine_close(&q);
	return s;
}

/* Processor time on one core; what the clock says on more, against the checks on
 * as many and on one. */
static void
say_ratio(const struct bench *b, const char *what, unsigned cores,
	struct spent ours, const struct spent *bare)
{
	(void)printf("%s, %u commits with one record each, on %u core%s: %.2f "
		"of %u bare signature checks", what, b->commits, cores,
		cores > 1 ? "s" : "", cores > 1 ? ours.wall / bare[0].wall :
		ours.cpu / bare[0].cpu, 2 * b->commits);
	if (cores > 1)
		(void)printf(", %.2f of them on one core",
			ours.wall / bare[1].wall);
	(void)printf(" (%.1f us of processor time a commit)\n",
		ours.cpu * 1e6 / b->commits);
}

/* --- other programs ----------------------------------------------------------- */

/* Memory of its own that a program had at most, and pages of files beside that,
 * which the system takes back when it needs them. */
struct peak {
	uint64_t own, files;		/* KiB */
};

/* From now on on so many processors (0: all) and no more. */
static bool
stay_on(unsigned cores)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned i = 0; i < cores; i++)
		CPU_SET(i, &set);
	return cores == 0 || sched_setaffinity(0, sizeof set, &set) == 0;
}

static void
look_at(struct peak *peak, pid_t pid)
{
	char *path = cf_asprintf("/proc/%ld/status", (long)pid);
	struct cf_buf text = CF_BUF(1 << 16);
	struct cf_str rest, line, number, unit;
	uint64_t n;

	if (cf_file_read(&text, path, false) == NULL) {
		rest = (struct cf_str){ text.data, text.len };
		while (cf_str_cut(&line, &rest, rest, '\n')) {
			bool own = cf_str_skip(&line, "RssAnon:\t");

			if (!own && !cf_str_skip(&line, "RssFile:\t"))
				continue;
			while (cf_str_skip(&line, " "))
				;
			if (cf_str_cut(&number, &unit, line, ' ') &&
				cf_str_u64(number, &n, UINT32_MAX) &&
				n > *(own ? &peak->own : &peak->files))
				*(own ? &peak->own : &peak->files) = n;
		}
	}
	cf_buf_clear(&text);
	free(path);
}

/* The process, or the one child that it has. */
static pid_t
who_works(pid_t pid)
{
	char *path = cf_asprintf("/proc/%ld/task/%ld/children", (long)pid,
		(long)pid);
	struct cf_buf text = CF_BUF(1 << 16);
	struct cf_str number, rest;
	uint64_t child;

	if (cf_file_read(&text, path, false) == NULL &&
		cf_str_cut(&number, &rest, (struct cf_str){ text.data,
		text.len }, ' ') && cf_str_u64(number, &child, INT32_MAX))
		pid = (pid_t)child;
	cf_buf_clear(&text);
	free(path);
	return pid;
}

static bool
is_running(pid_t pid)
{
	siginfo_t ended = { 0 };

	return waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) ==
		0 && ended.si_pid == 0;
}

/* Runs it; what it and its children spent. `peak` may be NULL. */
static struct spent
run(struct peak *peak, unsigned cores, char *const *argv)
{
	const struct timespec nap = { .tv_nsec = 2 * 1000 * 1000 };
	struct spent start = begin_time(), s;
	struct rusage used;
	int status, begun[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe2(begun, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (stay_on(cores) && freopen("/dev/null", "w", stdout) &&
			freopen("/dev/null", "w", stderr))
			(void)execvp(argv[0], argv);
		_exit(127);
	}
	/* Until it is that program it has the memory of this one. */
	(void)close(begun[1]);
	assert_int_equal(read(begun[0], &c, 1), 0);
	(void)close(begun[0]);
	while (peak && is_running(pid)) {
		look_at(peak, who_works(pid));
		(void)nanosleep(&nap, NULL);
	}
	assert_int_equal(wait4(pid, &status, 0, &used), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("%s failed", argv[0]);
	s = since(start);
	s.cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	return s;
}

/* The folder as a host has it. */
static void
repack(struct bench *b)
{
	char git[] = "git", dash_c[] = "-C", command[] = "repack",
		all[] = "-adq";
	char *argv[] = { git, dash_c, b->main.dir, command, all, NULL };

	(void)run(NULL, 0, argv);
}

/* This program again, which does nothing but judge. */
static void
gate_memory(struct peak *peak, const struct bench *b)
{
	char self[] = "/proc/self/exe", hex[CF_OID_TEXT];
	char *argv[] = { self, b->fetch.quarantine, hex, NULL };

	cf_oid_hex(hex, &b->fetch.head);
	(void)run(peak, 0, argv);
}

static struct spent
whole_command(struct peak *peak, struct bench *b, unsigned cores)
{
	char confer[] = "confer", verify[] = "verify";
	char *argv[] = { confer, verify, b->main.dir, NULL };

	return run(peak, cores, argv);
}

/* The gate alone or the whole command, in turn with the bare checks. */
static struct spent
compare(struct bench *b, bool whole, unsigned cores)
{
	struct spent bare[2] = { 0 }, ours = { 0 };

	for (unsigned i = 0; i < ROUNDS; i++) {
		keep_least(&bare[0], bare_checks(b, cores));
		keep_least(&bare[1], bare_checks(b, 1));
		keep_least(&ours, whole ? whole_command(NULL, b, cores) :
			gate(b->fetch.quarantine, &b->fetch.head, cores));
	}
	say_ratio(b, whole ? "confer verify of a packed folder" : "gate", cores,
		ours, bare);
	return ours;
}

/* Of `git log --format=%G?`; it takes minutes for them all, so as it is for the
 * newest. */
static struct spent
by_git(struct bench *b)
{
	char git[] = "git", dash_c[] = "-C", log[] = "log", dash[] = "-n",
		format[] = "--format=%G?", c[] = "-c", main[] = "main";
	char *file = cf_path_join(b->main.dir, "signers");
	char *option = cf_asprintf("gpg.ssh.allowedSignersFile=%s", file);
	char *count = cf_asprintf("%d", BY_GIT);
	char *argv[] = { git, dash_c, b->main.dir, c, option, log, dash, count,
		format, main, NULL };
	struct cf_buf signers = CF_BUF(4096);
	struct spent least = { 0 };

	cf_allowed_signer(&signers, "*",
		cf_seckey_public(b->main.publish));
	expect_ok(cf_file_write(file, signers.data, signers.len, 0644));
	for (unsigned i = 0; i < ROUNDS; i++)
		keep_least(&least, run(NULL, 0, argv));
	cf_buf_clear(&signers);
	free(count);
	free(option);
	free(file);
	return (struct spent){ least.cpu * b->commits / BY_GIT,
		least.wall * b->commits / BY_GIT };
}

static void
compare_git(struct bench *b, const struct spent judged[2],
	const struct spent verified[2])
{
	struct spent git = by_git(b);

	(void)printf("git log --format=%%G? takes %.0f times as much processor "
		"time as the gate, %.0f times as much as confer verify; by the "
		"clock, on 2 cores, %.0f and %.0f times as long (it was asked "
		"for %d commits)\n", git.cpu / judged[0].cpu,
		git.cpu / verified[0].cpu, git.wall / judged[1].wall,
		git.wall / verified[1].wall, BY_GIT);
}

static void
say_memory(const char *what, const struct bench *few, const struct peak *a,
	const struct bench *many, const struct peak *b)
{
	(void)printf("%s: at most %.1f MiB of its own at %u commits, %.1f at "
		"%u; and of files %.1f and %.1f\n", what,
		(double)a->own / 1024, few->commits, (double)b->own / 1024,
		many->commits, (double)a->files / 1024,
		(double)b->files / 1024);
}

static void
compare_memory(struct bench *few, struct bench *many)
{
	struct peak a = { 0 }, b = { 0 };

	gate_memory(&a, few);
	gate_memory(&b, many);
	say_memory("gate", few, &a, many, &b);
	a = b = (struct peak){ 0 };
	(void)whole_command(&a, few, 0);
	(void)whole_command(&b, many, 0);
	say_memory("confer verify of a packed folder", few, &a, many, &b);
}

/* --- one record ----------------------------------------------------------------- */

static void
compare_reading(struct bench *b)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD), jcs = CF_BUF(CF_MAX_RECORD);
	struct spent start, ours, theirs;
	struct cf_uuid id;
	json_t *read, *doc;

	cf_uuid_make(&id, b->main.id.text, NULL);
	doc = record_doc(&b->main, "need", &id, NULL);
	sign_doc(doc, b->main.publish);
	expect_ok(cf_json_file_form(&text, doc));
	json_decref(doc);
	start = begin_time();
	for (int i = 0; i < READS; i++) {
		cf_buf_reset(&jcs);
		expect_ok(cf_json_read_file_form(&read, &jcs, "proof",
			(struct cf_str){ text.data, text.len },
			CF_MAX_RECORD));
		json_decref(read);
	}
	ours = since(start);
	start = begin_time();
	for (int i = 0; i < READS; i++)
		json_decref(json_loadb(text.data, text.len,
			JSON_REJECT_DUPLICATES, NULL));
	theirs = since(start);
	(void)printf("read a record of %zu bytes, check its form, write its "
		"canonical form: %.2f of json_loadb alone\n", text.len,
		ours.cpu / theirs.cpu);
	cf_buf_clear(&text);
	cf_buf_clear(&jcs);
}

int
main(int argc, char **argv)
{
	const char *wanted = getenv("COMMITS");
	struct bench few, many;
	struct spent judged[2], verified[2];	/* on so many cores, from 1 */
	uint64_t commits = MANY;
	struct cf_oid head;

	/* Each line when it is known, and never twice from a child. */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	expect_ok(cf_start());
	if (argc == 3) {
		assert_true(cf_oid_parse(&head, cf_str(argv[2])));
		(void)gate(argv[1], &head, 2);
		return 0;
	}
	assert_true(!wanted || cf_str_u64(cf_str(wanted), &commits, 1000000));
	make(&few, (unsigned)commits / 10);
	make(&many, (unsigned)commits);
	repack(&few);
	repack(&many);
	for (unsigned k = 0; k < 2; k++)
		judged[k] = compare(&many, false, k + 1);
	for (unsigned k = 0; k < 2; k++)
		verified[k] = compare(&many, true, k + 1);
	compare_git(&many, judged, verified);
	compare_memory(&few, &many);
	(void)printf("a folder of %u commits becomes a pack: %.1f s\n",
		many.commits, many.fetched.wall);
	compare_reading(&many);
	end(&few);
	end(&many);
	return 0;
}
