/*
 * The doctor: looks at all that Confer rests on, mends what can be mended
 * without losing anything, and says in plain words what is left to a person.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/doctor.h"
#include "base/mem.h"
#include "store/stale.h"

/* --- findings ----------------------------------------------------------------- */

CF_PRINTF(5, 0) static void
find(struct cf_doctor *d, const char *check, const char *state,
	const char *remedy, const char *fmt, va_list ap)
{
	char what[1200];

	(void)vsnprintf(what, sizeof what, fmt, ap);
	cf_utf8_mend(what);
	json_array_append_new(d->findings, json_pack("{s:s, s:s, s:s, s:s*}",
		"check", check, "state", state, "what", what, "remedy",
		remedy));
}

void
cf_doctor_good(struct cf_doctor *d, const char *check, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(d, check, "good", NULL, fmt, ap);
	va_end(ap);
}

void
cf_doctor_note(struct cf_doctor *d, const char *check, const char *remedy,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(d, check, "note", remedy, fmt, ap);
	va_end(ap);
}

void
cf_doctor_wrong(struct cf_doctor *d, const char *check, const char *remedy,
	const char *fmt, ...)
{
	va_list ap;

	d->wrong++;
	va_start(ap, fmt);
	find(d, check, "wrong", remedy, fmt, ap);
	va_end(ap);
}

void
cf_doctor_mended(struct cf_doctor *d, const char *check, const char *remedy,
	const char *fmt, ...)
{
	va_list ap;

	d->mended++;
	va_start(ap, fmt);
	find(d, check, d->dry ? "mendable" : "mended", remedy, fmt, ap);
	va_end(ap);
}

/* --- what killed programs left -------------------------------------------------- */

static void
check_leftovers(struct cf_doctor *d, struct cf_store *store)
{
	const struct cf_err *err;
	size_t n = 0;

	err = cf_stale_count(&n, store);
	/* Taking the lock sweeps. */
	if (!err && !d->dry) {
		err = cf_store_lock(store, "doctor");
		if (!err)
			cf_store_unlock(store);
	}
	if (err && err->code == CF_BUSY)
		cf_doctor_note(d, "leftovers", "Try again when it has "
			"finished", "%s", err->msg);
	else if (err)
		cf_doctor_wrong(d, "leftovers", NULL, "%s", err->msg);
	else if (n)
		cf_doctor_mended(d, "leftovers", NULL, "Files that a stopped "
			"program left, which block or fill the repository: "
			"%zu", n);
	else
		cf_doctor_good(d, "leftovers", "No stopped program left "
			"anything behind");
}

/* --- mains -------------------------------------------------------------------- */

struct exam {
	struct cf_doctor *d;
	struct cf_store *store;
	struct cf_index *index;		/* NULL: it cannot be used */
	size_t versions;
	bool behind;			/* the index, in any main */
	const char *name;
};

static const struct cf_err *
on_version(void *payload, const struct cf_gate_version *v)
{
	struct exam *e = payload;

	(void)v;
	e->versions++;
	return NULL;
}

static void
on_progress(void *payload, unsigned long long done, unsigned long long total)
{
	struct exam *e = payload;
	char *what;

	if (e->d->ui->progress == NULL)
		return;
	what = cf_asprintf("Examining %s", e->name);
	e->d->ui->progress(e->d->ui->payload, what, done, total);
	free(what);
}

/* Whether the index has this main up to where it is, and all of it. */
static const struct cf_err *
compare_index(struct exam *e, const char *trust, const struct cf_oid *head)
{
	const struct cf_err *err;
	struct cf_oid pin;
	size_t n = 0;
	bool found;

	if (e->index == NULL)
		return NULL;
	err = cf_index_pin(&pin, &found, e->index, trust);
	if (!err && found)
		err = cf_index_versions_of(&n, e->index, trust);
	if (!err && (!found || !cf_oid_eq(&pin, head) || n != e->versions))
		e->behind = true;
	return err;
}

/* Every object of a main is read, hashed and judged again. */
static void
examine(struct exam *e, const char *name, const char *trust,
	const struct cf_oid *head)
{
	const struct cf_gate_sink sink = { .payload = e,
		.version = on_version, .progress = on_progress };
	struct cf_refusal refusal;
	struct cf_gate gate = { 0 };
	const struct cf_err *err;

	e->name = name;
	e->versions = 0;
	err = cf_gate_run(&gate, NULL, cf_store_odb(e->store), head, &sink,
		&refusal);
	if (!err && strcmp(cf_chain_trust(&gate.chain), trust) != 0)
		err = cf_err(CF_REFUSED, "it is another trust's");
	if (err)
		cf_doctor_wrong(e->d, "records", "Restore the folder from a "
			"backup; what partners published can also be had "
			"again: 'confer partner remove', then 'partner add'",
			"What is held of %s is damaged: %s", name, err->msg);
	else
		err = compare_index(e, trust, head);
	if (!err)
		cf_doctor_good(e->d, "records", "What is held of %s is whole "
			"and still verifies (versions: %zu)", name,
			e->versions);
	cf_gate_clear(&gate);
}

static void
examine_partner(struct exam *e, const struct cf_partner *partner)
{
	char *ref = cf_pin_name(partner->trust);
	const struct cf_err *err;
	struct cf_oid pin;
	bool found = false;

	err = cf_ref_read(&pin, &found, e->store, ref);
	if (err)
		cf_doctor_wrong(e->d, "records", NULL, "%s", err->msg);
	else if (found)
		examine(e, partner->name, partner->trust, &pin);
	else
		cf_doctor_note(e->d, "records", "Run 'confer sync'", "Nothing "
			"is held of %s yet", partner->name);
	free(ref);
}

/* --- pins without a partner ----------------------------------------------------- */

static void
check_pins(struct cf_doctor *d, struct cf_store *store, const char *own,
	const struct cf_partners *partners)
{
	struct cf_names names = { 0 };
	const struct cf_err *err = cf_ref_names(&names, store,
		"refs/confer/pins/");

	for (size_t i = 0; i < names.n; i++)
		if (strcmp(names.name[i], own) != 0 &&
			cf_partners_find(partners, names.name[i]) == NULL)
			cf_doctor_note(d, "pins", "Add it again, or forget it: "
				"git update-ref -d refs/confer/pins/ and the "
				"trust id", "It is remembered how far the "
				"trust %s was verified, which is no partner",
				names.name[i]);
	if (err)
		cf_doctor_wrong(d, "pins", NULL, "%s", err->msg);
	cf_names_clear(&names);
}

/* --- the repository ------------------------------------------------------------- */

static void
examine_all(struct exam *e, struct cf_trust *trust)
{
	struct cf_partners partners = { 0 };
	const struct cf_err *err;
	struct cf_oid head;
	bool found = false;

	err = cf_ref_read(&head, &found, e->store, CF_MAIN);
	if (!err && found)
		examine(e, "your own trust", trust->id, &head);
	else
		cf_doctor_wrong(e->d, "records", "Restore the folder from a "
			"backup", "The branch main cannot be read");
	err = cf_partners_read(&partners, trust);
	for (size_t i = 0; i < partners.n && !err; i++)
		examine_partner(e, &partners.partner[i]);
	if (!err)
		check_pins(e->d, e->store, trust->id, &partners);
	cf_partners_clear(&partners);
}

/* Made again from git, which is what counts. */
static void
mend_index(struct cf_doctor *d, const char *dir, const char *path)
{
	struct cf_trust *trust = NULL;
	const struct cf_err *err = NULL;

	if (!d->dry && unlink(path) != 0 && cf_file_exists(path))
		err = cf_err_sys("cannot remove %s", path);
	if (!d->dry && !err)
		err = cf_open(&trust, dir, d->ui);
	cf_close(trust);
	if (err)
		cf_doctor_wrong(d, "index", NULL, "The index cannot be made "
			"again: %s", err->msg);
	else
		cf_doctor_mended(d, "index", NULL, "The index did not say what "
			"the signed records say");
}

static void
examine_repository(struct cf_doctor *d, struct cf_store *store,
	const char *dir, const char *id)
{
	char *path = cf_store_file(store, "index.db");
	struct cf_trust shell = { .store = store, .id = cf_strdup(id),
		.ui = d->ui };
	struct exam e = { .d = d, .store = store };
	const struct cf_err *err = NULL;

	e.behind = !cf_index_sound(path);
	if (!e.behind)
		err = cf_index_open(&e.index, path);
	if (err)
		e.behind = true;
	examine_all(&e, &shell);
	cf_index_close(e.index);
	if (e.behind)
		mend_index(d, dir, path);
	else
		cf_doctor_good(d, "index", "The index says what the signed "
			"records say");
	free(shell.id);
	free(path);
}

static void
check_repository(struct cf_doctor *d, const char *dir)
{
	struct cf_store *store = NULL;
	const struct cf_err *err;
	struct cf_digest digest;
	char *id = NULL;

	err = cf_store_open(&store, dir);
	if (err && err->code == CF_NOT_FOUND) {
		cf_doctor_note(d, "repository", "Call 'confer doctor' in the "
			"folder of your trust", "There is no repository of "
			"Confer here");
		return;
	}
	if (!err)
		err = cf_config_get(&id, store, "confer.trust");
	if (!err && (id == NULL || !cf_digest_parse(&digest, cf_str(id))))
		err = cf_err(CF_INVALID, "the settings do not say which trust "
			"this is (confer.trust)");
	if (err) {
		cf_doctor_wrong(d, "repository", "Restore the folder from a "
			"backup", "%s", err->msg);
	} else {
		check_leftovers(d, store);
		cf_doctor_settings(d, store);
		examine_repository(d, store, dir, id);
	}
	free(id);
	cf_store_free(store);
}

const struct cf_err *
cf_doctor(json_t **out, const char *dir, bool dry, const struct cf_ui *ui)
{
	struct cf_doctor d = { .ui = ui ? ui : &cf_no_ui, .dry = dry,
		.findings = json_array() };

	cf_doctor_machine(&d);
	cf_doctor_keys(&d);
	check_repository(&d, dir);
	*out = json_pack("{s:o, s:i, s:i, s:b}", "findings", d.findings,
		"wrong", (int)d.wrong, "mended", (int)(dry ? 0 : d.mended),
		"dryRun", dry);
	return d.wrong + (dry ? d.mended : 0) == 0 ? NULL : cf_err_rule(
		CF_DECIDE, "doctor.wrong", "not everything is in order; see "
		"above what to do");
}
