/*
 * A cold verification of n commits with one record each, against the bare
 * Ed25519 checks that it cannot do without, and against stock git, on the same
 * machine in the same run; its memory; and reading a record in file form against
 * jansson alone. Prints ratios: times move with the machine.
 */
#define _GNU_SOURCE		/* sched_setaffinity */
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <git2.h>

#include "base/work.h"
#include "store/remote.h"
#include "unit/mains.h"

#define FEW 2000
#define MANY 20000
#define BY_GIT 300		/* git takes minutes for them all */
#define READS 20000

static double
seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* --- what is verified ------------------------------------------------------- */

struct bench {
	struct made_main main;
	unsigned commits;
	struct cf_fetch fetch;
	double fetched;			/* seconds */
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
	char *scratch;
	double start;

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
	start = seconds();
	expect_ok(cf_fetch_all(&b->fetch, 1, 1, NULL, scratch, &none, NULL,
		NULL));
	b->fetched = seconds() - start;
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

static double
bare_checks(const struct bench *b, unsigned threads)
{
	struct bare bare = { .key = cf_seckey_public(b->main.publish) };
	double start;

	memset(bare.text, 'a', sizeof bare.text);
	cf_sign_bytes(bare.sig, b->main.publish, bare.text, sizeof bare.text);
	start = seconds();
	cf_work_each(threads, 2 * b->commits, check_one, &bare);
	return seconds() - start;
}

/* --- the gate ----------------------------------------------------------------- */

/* Judges what a fetch brought, one pack. */
static double
gate(const char *quarantine, const struct cf_oid *head, unsigned threads)
{
	const struct cf_gate_sink nobody = { .threads = threads };
	struct cf_quarantine q = { 0 };
	struct cf_refusal refusal;
	struct cf_gate g = { 0 };
	double start;

	expect_ok(cf_quarantine_open(&q, quarantine, NULL));
	start = seconds();
	expect_ok(cf_gate_run(&g, q.pack, q.all, head, &nobody, &refusal));
	start = seconds() - start;
	cf_gate_clear(&g);
	cf_quarantine_close(&q);
	return start;
}

static void
compare_gate(const struct bench *b, unsigned threads)
{
	double bare, cold;

	/* Before and after, since other programs come and go. */
	bare = bare_checks(b, threads);
	cold = gate(b->fetch.quarantine, &b->fetch.head, threads);
	bare = (bare + bare_checks(b, threads)) / 2;
	(void)printf("gate: %u commits with one record each, on %u core%s: "
		"%.2f of %u bare signature checks (%.1f us a commit)\n",
		b->commits, threads, threads > 1 ? "s" : "", cold / bare,
		2 * b->commits, cold * 1e6 / b->commits);
}

/* --- other programs ----------------------------------------------------------- */

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

/* Runs it; its time, and the memory that it or a child of it had at most. */
static double
run(long *peak, unsigned cores, char *const *argv)
{
	double start = seconds();
	struct rusage used;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (stay_on(cores) && freopen("/dev/null", "w", stdout) &&
			freopen("/dev/null", "w", stderr))
			(void)execvp(argv[0], argv);
		_exit(127);
	}
	assert_int_equal(wait4(pid, &status, 0, &used), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("%s failed", argv[0]);
	*peak = used.ru_maxrss;
	return seconds() - start;
}

/* This program again, which does nothing but judge. */
static long
gate_memory(const struct bench *b)
{
	char self[] = "/proc/self/exe", hex[CF_OID_TEXT];
	char *argv[] = { self, b->fetch.quarantine, hex, NULL };
	long peak;

	cf_oid_hex(hex, &b->fetch.head);
	(void)run(&peak, 0, argv);
	return peak;
}

static double
whole_command(long *peak, struct bench *b, unsigned cores)
{
	char confer[] = "confer", verify[] = "verify";
	char *argv[] = { confer, verify, b->main.dir, NULL };

	return run(peak, cores, argv);
}

static void
compare_command(struct bench *b, unsigned cores, double git)
{
	double bare = bare_checks(b, cores), ours;
	long peak;

	ours = whole_command(&peak, b, cores);
	bare = (bare + bare_checks(b, cores)) / 2;
	(void)printf("confer verify of a folder of %u commits, on %u core%s: "
		"%.2f of %u bare signature checks, %.0f times as fast as git "
		"log --format=%%G?\n", b->commits, cores, cores > 1 ? "s" : "",
		ours / bare, 2 * b->commits, git * b->commits / ours);
}

/* Seconds a commit, of `git log --format=%G?` on the newest of them. */
static double
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
	double time;
	long peak;

	cf_allowed_signer(&signers, "*",
		cf_seckey_public(b->main.publish));
	expect_ok(cf_file_write(file, signers.data, signers.len, 0644));
	time = run(&peak, 0, argv) / BY_GIT;
	cf_buf_clear(&signers);
	free(count);
	free(option);
	free(file);
	return time;
}

static void
compare_commands(struct bench *few, struct bench *many)
{
	long peak_few, peak_many;
	double git = by_git(many), judged;

	judged = gate(many->fetch.quarantine, &many->fetch.head, 0);
	(void)printf("gate: %.0f times as fast as git log --format=%%G? (which "
		"was asked for %d commits)\n", git * MANY / judged, BY_GIT);
	(void)printf("gate: peak memory %ld KiB at %d commits, %ld KiB at "
		"%d\n", gate_memory(few), FEW, gate_memory(many), MANY);
	compare_command(many, 1, git);
	compare_command(many, 2, git);
	(void)whole_command(&peak_few, few, 0);
	(void)whole_command(&peak_many, many, 0);
	(void)printf("confer verify of a folder: peak memory %ld KiB at %d "
		"commits, %ld KiB at %d\n", peak_few, FEW, peak_many, MANY);
	(void)printf("a folder of %d commits becomes a pack: %.1f s\n", MANY,
		many->fetched);
}

/* --- one record ----------------------------------------------------------------- */

static void
compare_reading(struct bench *b)
{
	struct cf_buf text = CF_BUF(CF_MAX_RECORD), jcs = CF_BUF(CF_MAX_RECORD);
	double start, ours, theirs;
	struct cf_uuid id;
	json_t *read, *doc;

	cf_uuid_make(&id, b->main.id.text, NULL);
	doc = record_doc(&b->main, "need", &id, NULL);
	sign_doc(doc, b->main.publish);
	expect_ok(cf_json_file_form(&text, doc));
	json_decref(doc);
	start = seconds();
	for (int i = 0; i < READS; i++) {
		cf_buf_reset(&jcs);
		expect_ok(cf_json_read_file_form(&read, &jcs, "proof",
			(struct cf_str){ text.data, text.len },
			CF_MAX_RECORD));
		json_decref(read);
	}
	ours = seconds() - start;
	start = seconds();
	for (int i = 0; i < READS; i++)
		json_decref(json_loadb(text.data, text.len,
			JSON_REJECT_DUPLICATES, NULL));
	theirs = seconds() - start;
	(void)printf("read a record of %zu bytes, check its form, write its "
		"canonical form: %.2f of json_loadb alone\n", text.len,
		ours / theirs);
	cf_buf_clear(&text);
	cf_buf_clear(&jcs);
}

int
main(int argc, char **argv)
{
	struct bench few, many;
	struct cf_oid head;

	/* Each line when it is known, and never twice from a child. */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	expect_ok(cf_start());
	if (argc == 3) {
		assert_true(cf_oid_parse(&head, cf_str(argv[2])));
		(void)gate(argv[1], &head, 2);
		return 0;
	}
	make(&few, FEW);
	make(&many, MANY);
	compare_gate(&many, 1);
	compare_gate(&many, 2);
	compare_commands(&few, &many);
	compare_reading(&many);
	end(&few);
	end(&many);
	return 0;
}
