/*
 * Fetch and push from the command line, for the stories http, login, ssh, push:
 *	remote_tool [name=value…] fetch URL…
 *	remote_tool [name=value…] push URL COMMIT
 * Names: store, scratch, have, ca, proxy, key, known_hosts, seconds, jobs,
 * login (user:password, what a person would answer; each is used once),
 * accept (the ref to set once the objects are in the store).
 * It prints a line for each URL; exit status 1 where one failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/remote.h"

#define LOGINS 8

struct args {
	const char *store, *scratch, *have, *accept, *jobs, *seconds;
	const char *login[LOGINS];
	size_t logins, asked;
	struct cf_transport transport;
};

static void
die(const struct cf_err *err)
{
	(void)printf("error %d [%s] %s\n", (int)err->code, err->rule, err->msg);
	exit(1);
}

static bool
answer(void *payload, const char *url, bool again, char **user,
	char **password)
{
	struct args *a = payload;
	struct cf_str head, rest;

	(void)again;
	(void)printf("asked for %s\n", url);
	if (a->asked >= a->logins || !cf_str_cut(&head, &rest,
		cf_str(a->login[a->asked]), ':'))
		return false;
	a->asked++;
	*user = cf_strndup(head.p, head.n);
	*password = cf_strndup(rest.p, rest.n);
	return true;
}

static bool
take_arg(struct args *a, const char *arg)
{
	struct {
		const char *name;
		const char **value;
	} list[] = { { "store", &a->store }, { "scratch", &a->scratch },
		{ "have", &a->have }, { "accept", &a->accept },
		{ "jobs", &a->jobs }, { "seconds", &a->seconds },
		{ "ca", &a->transport.ca_file },
		{ "proxy", &a->transport.proxy },
		{ "key", &a->transport.ssh_key },
		{ "known_hosts", &a->transport.known_hosts } };
	struct cf_str name, rest;

	if (!cf_str_cut(&name, &rest, cf_str(arg), '='))
		return false;
	if (cf_str_is(name, "login") && a->logins < LOGINS) {
		a->login[a->logins++] = rest.p;
		a->transport.ask = answer;
		a->transport.payload = a;
		return true;
	}
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (cf_str_is(name, list[i].name)) {
			*list[i].value = rest.p;
			return true;
		}
	return false;
}

static unsigned
number(const char *text)
{
	uint64_t n = 0;

	if (text && !cf_str_u64(cf_str(text), &n, 100000))
		exit(2);
	return (unsigned)n;
}

static void
accept_one(const struct args *a, struct cf_store *store,
	const struct cf_fetch *one)
{
	const struct cf_err *err = NULL;
	struct cf_oid old;
	bool found;

	if (one->quarantine)
		err = cf_quarantine_accept(store, one->quarantine,
				&one->head);
	if (!err)
		err = cf_ref_read(&old, &found, store, a->accept);
	if (!err)
		err = cf_ref_set(store, a->accept, &one->head,
			found ? &old : NULL);
	if (err)
		die(err);
}

static int
fetch(struct args *a, struct cf_store *store, char **urls, size_t n)
{
	struct cf_fetch *list = cf_calloc(n, sizeof *list);
	const struct cf_err *err;
	char hex[CF_OID_TEXT];
	int status = 0;

	for (size_t i = 0; i < n; i++) {
		list[i].url = urls[i];
		list[i].has_have = a->have != NULL;
		if (a->have && !cf_oid_parse(&list[i].have, cf_str(a->have)))
			exit(2);
	}
	err = cf_fetch_all(list, n, number(a->jobs), store, a->scratch,
		&a->transport, NULL, NULL);
	if (err)
		die(err);
	for (size_t i = 0; i < n; i++) {
		cf_oid_hex(hex, &list[i].head);
		if (list[i].err)
			(void)printf("error %d [%s] %s\n",
				(int)list[i].err->code, list[i].err->rule,
				list[i].err->msg);
		else if (!list[i].has_head)
			(void)printf("no head\n");
		else
			(void)printf("head %s %s %llu\n", hex,
				list[i].quarantine ? "pack" : "nothing",
				(unsigned long long)list[i].objects);
		status |= list[i].err != NULL;
		if (a->accept && list[i].err == NULL && list[i].has_head)
			accept_one(a, store, &list[i]);
		cf_fetch_clear(&list[i]);
	}
	free(list);
	return status;
}

int
main(int argc, char **argv)
{
	struct args a = { .scratch = "." };
	struct cf_store *store = NULL;
	const struct cf_err *err = cf_store_start();
	struct cf_oid commit;
	int status = 2;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	argv++;
	argc--;
	while (argc && take_arg(&a, argv[0])) {
		argv++;
		argc--;
	}
	a.transport.seconds = number(a.seconds);
	if (!err && a.store)
		err = cf_store_open(&store, a.store);
	if (err)
		die(err);
	if (argc >= 2 && strcmp(argv[0], "fetch") == 0) {
		status = fetch(&a, store, argv + 1, (size_t)argc - 1);
	} else if (argc == 3 && strcmp(argv[0], "push") == 0 && store &&
		cf_oid_parse(&commit, cf_str(argv[2]))) {
		err = cf_push(store, argv[1], &commit, &a.transport);
		if (err)
			die(err);
		(void)printf("pushed\n");
		status = 0;
	}
	cf_store_free(store);
	return status;
}
