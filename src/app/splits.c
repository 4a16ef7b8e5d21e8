/*
 * Proofs that a trust showed different histories, in .git/confer/proofs: one
 * for each trust at most.
 */
#include <stdlib.h>
#include <string.h>

#include "app/witness.h"
#include "base/limits.h"
#include "base/mem.h"

/* Any chain that a partner can have fits, indented in a list: or one that is long
 * would end every sync. */
_Static_assert(CF_MAX_PROOF_FILE >= 2u * CF_MAX_IDENTITIES * CF_MAX_IDENTITY +
	4u * CF_MAX_COMMIT, "a proof can be kept");

/* proofs/<trust id>.json */
static char *
place_of(struct cf_trust *trust, const char *name)
{
	char *dir = cf_store_file(trust->store, "proofs");
	char *path = cf_path_join(dir, name);

	free(dir);
	return path;
}

static const struct cf_err *
write_proof(char **path, struct cf_trust *trust, const json_t *proof)
{
	char *dir = cf_store_file(trust->store, "proofs");
	char *name = cf_asprintf("%s.json", cf_json_str(proof, "trust"));
	struct cf_buf text = CF_BUF(CF_MAX_PROOF_FILE);
	const struct cf_err *err = cf_mkdirs(dir, 0755);

	*path = place_of(trust, name);
	if (!err)
		err = cf_json_file_form(&text, proof);
	if (!err)
		err = cf_file_write(*path, text.data, text.len, 0644);
	cf_buf_clear(&text);
	free(name);
	free(dir);
	return err;
}

/* What a person is told, and what to do. */
static void
explain(json_t *result, struct cf_trust *trust, const json_t *split,
	const char *saw)
{
	json_t *list = json_object_get(result, "attention");
	json_int_t n = json_integer_value(json_object_get(split, "sequence"));
	const char *file = cf_json_str(split, "proof");

	if (strcmp(cf_json_str(split, "trust"), trust->id) == 0)
		json_array_append_new(list, json_sprintf("%s was shown an "
			"entry number %d of yours that is not the one in your "
			"history. Unless another computer of yours signed it, "
			"somebody else has your key. The proof is in %s.",
			saw, (int)n, file));
	else
		json_array_append_new(list, json_sprintf("%s signed two "
			"different entries number %d: the one that you "
			"verified, and one that was shown to %s. Telephone "
			"them: either they replaced their history, or somebody "
			"else has their key. The proof is in %s; anybody can "
			"check it with 'confer verify --proof FILE'.",
			cf_json_str(split, "title"), (int)n, saw, file));
}

const struct cf_err *
cf_split_keep(json_t *result, struct cf_trust *trust,
	const struct cf_chain *chain, struct cf_str ours, struct cf_str other,
	const char *saw)
{
	json_t *proof = cf_split_proof(chain, ours, other), *facts = NULL;
	json_t *list = json_object_get(result, "splits"), *split;
	char *path = NULL, *title;
	const struct cf_err *err;

	err = cf_split_check(&facts, proof);
	if (!err)
		err = write_proof(&path, trust, proof);
	if (!err) {
		title = cf_trust_title(trust, cf_chain_trust(chain));
		split = json_pack("{s:s, s:s, s:O, s:O, s:s, s:s}", "trust",
			cf_chain_trust(chain), "title", title, "sequence",
			json_object_get(facts, "sequence"), "commits",
			json_object_get(facts, "commits"), "saw", saw, "proof",
			path);
		explain(result, trust, split, saw);
		json_array_append_new(list, split);
		free(title);
	}
	json_decref(facts);
	json_decref(proof);
	free(path);
	return err;
}

json_t *
cf_split_list(struct cf_trust *trust)
{
	char *dir = cf_store_file(trust->store, "proofs");
	json_t *out = json_array(), *proof, *facts;
	struct cf_names names = { 0 };

	if (!cf_is_dir(dir) || cf_dir_names(&names, dir) != NULL)
		names.n = 0;
	for (size_t i = 0; i < names.n; i++) {
		char *path = place_of(trust, names.name[i]), *title;

		/* Whatever else lies there proves nothing. */
		if (cf_json_read_path(&proof, path, CF_MAX_PROOF_FILE) == NULL) {
			if (cf_split_check(&facts, proof) == NULL) {
				title = cf_trust_title(trust,
					cf_json_str(proof, "trust"));
				json_array_append_new(out, json_pack(
					"{s:O, s:s, s:O, s:s}", "trust",
					json_object_get(proof, "trust"),
					"title", title, "sequence",
					json_object_get(facts, "sequence"),
					"proof", path));
				free(title);
				json_decref(facts);
			}
			json_decref(proof);
		}
		free(path);
	}
	cf_names_clear(&names);
	free(dir);
	return out;
}

/* What is wrong in it, said of the file: nobody mends a proof by hand. */
static const struct cf_err *
of_file(const struct cf_err *err)
{
	bool says = err && strcmp(err->rule, "split.proof") == 0;
	struct cf_err why;

	if (err == NULL || (err->code != CF_REFUSED &&
		!cf_starts(err->rule, "json.")))
		return err;
	why = *err;
	return cf_err_rule(why.code, why.rule, "%s%s. If it was damaged on its "
		"way to you, have it sent again, attached as it is", says ? "" :
		"the file proves nothing: ", cf_starts(why.rule, "json.") ?
		"it is not whole" : why.msg);
}

const struct cf_err *
cf_verify_proof(json_t **out, const char *file)
{
	json_t *proof = NULL;
	const struct cf_err *err;

	*out = NULL;
	err = cf_json_read_path(&proof, file, CF_MAX_PROOF_FILE);
	if (!err)
		err = cf_split_check(out, proof);
	err = of_file(err);
	if (!err)
		json_object_set_new(*out, "verdict", json_string("proved"));
	json_decref(proof);
	return err;
}
