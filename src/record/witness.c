/*
 * Witness files.
 */
#include <stdio.h>
#include <string.h>

#include "record/kind.h"
#include "record/witness.h"

void
cf_witness_path(char out[CF_WITNESS_PATH_TEXT], const char *trust)
{
	(void)snprintf(out, CF_WITNESS_PATH_TEXT, "partners/%.47s.json", trust);
}

const struct cf_err *
cf_witness_make(struct cf_buf *out, const char *trust, struct cf_str commit)
{
	struct cf_buf text = CF_BUF(CF_MAX_WITNESS);
	const struct cf_err *err;
	json_t *doc;

	cf_base64_add(&text, commit.p, commit.n);
	doc = json_pack("{s:s, s:s, s:s}", "kind", "witness", "trust", trust,
		"commit", text.data);
	err = cf_json_file_form(out, doc);
	json_decref(doc);
	cf_buf_clear(&text);
	return err;
}

static bool
is_about(json_t *doc, const char *trust)
{
	struct cf_schema_faults faults = { .max = 1 };
	bool valid = cf_schema_valid(cf_schema_of("witness"), doc, &faults);

	cf_schema_faults_clear(&faults);
	return valid && strcmp(cf_json_str(doc, "trust"), trust) == 0;
}

const struct cf_err *
cf_witness_read(struct cf_buf *commit, const char *trust, struct cf_str bytes)
{
	const struct cf_err *err;
	json_t *doc = NULL;

	cf_buf_reset(commit);
	err = cf_json_read_file_form(&doc, NULL, NULL, bytes, CF_MAX_WITNESS);
	if (err || !is_about(doc, trust) || !cf_base64_decode(commit,
		cf_str(cf_json_str(doc, "commit"))))
		err = cf_err_rule(CF_INVALID, "witness.form",
			"the file does not say what was seen of %s", trust);
	json_decref(doc);
	return err;
}
