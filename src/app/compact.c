/*
 * Compacting: the repository's objects, then the index, then the reports of
 * updates that were refused, which nobody needs a second time.
 */
#include <stdlib.h>

#include "app/compact.h"
#include "app/erased.h"
#include "base/mem.h"
#include "base/temp.h"

static void
progress(void *payload, unsigned long long done, unsigned long long total)
{
	const struct cf_ui *ui = payload;

	if (ui->progress)
		ui->progress(ui->payload, "Compacting", done, total);
}

/* Objects and index, under the lock. */
static const struct cf_err *
compact(struct cf_compacted *out, struct cf_trust *trust)
{
	struct cf_ui ui = *trust->ui;
	const struct cf_compact_watch watch = { .payload = &ui,
		.progress = progress };
	const struct cf_err *err;

	err = cf_store_compact(out, trust->store, &watch);
	return err ? err : cf_index_compact(trust->index);
}

/* Away with them; *n says how many there were. */
static const struct cf_err *
drop_reports(size_t *n, struct cf_trust *trust)
{
	char *dir = cf_store_file(trust->store, "refused");
	struct cf_names names = { 0 };
	const struct cf_err *err = NULL;

	if (cf_is_dir(dir))
		err = cf_dir_names(&names, dir);
	*n = names.n;
	if (!err)
		err = cf_remove_all(dir);
	cf_names_clear(&names);
	free(dir);
	return err;
}

const struct cf_err *
cf_compact_all(struct cf_compaction *out, struct cf_trust *trust)
{
	const struct cf_err *err = cf_erased_tidy(trust);

	*out = (struct cf_compaction){ 0 };
	/* What a verify or an editor that was killed had from here. */
	cf_temp_sweep();
	if (!err)
		err = compact(&out->store, trust);
	return err ? err : drop_reports(&out->reports, trust);
}

const struct cf_err *
cf_compact(json_t **out, struct cf_trust *trust)
{
	struct cf_compaction done = { 0 };
	const struct cf_err *err;
	json_t *held = NULL;

	*out = NULL;
	err = cf_store_lock(trust->store, "compact");
	if (err)
		return err;
	err = cf_catch_up(trust);
	if (!err)
		err = cf_compact_all(&done, trust);
	if (!err)
		err = cf_erased_conclude(&held, trust, done.store.left);
	cf_store_unlock(trust->store);
	if (!err)
		*out = json_pack("{s:I, s:I, s:I, s:I, s:b, s:o}", "objects",
			(json_int_t)done.store.objects, "before",
			(json_int_t)done.store.before, "after",
			(json_int_t)done.store.after, "reports",
			(json_int_t)done.reports, "left", done.store.left,
			"held", held ? json_incref(held) : json_array());
	json_decref(held);
	return err;
}

void
cf_compact_if_due(struct cf_trust *trust)
{
	const struct cf_ui *ui = trust->ui;
	const struct cf_err *err;
	struct cf_compacted done;
	char *text;

	if (!cf_store_compact_due(trust->store) ||
		cf_store_lock(trust->store, "compact"))
		return;
	/* What does not work now is due again next time. */
	err = compact(&done, trust);
	cf_store_unlock(trust->store);
	if (err == NULL || ui->note == NULL)
		return;
	text = cf_asprintf("the repository is due to be made smaller, and that "
		"did not work: %s. Nothing is lost; 'confer compact' tries "
		"again", err->msg);
	ui->note(ui->payload, text);
	free(text);
}
