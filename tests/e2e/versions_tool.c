/*
 * Publishes many versions of one record, as a program that does not count them:
 *	versions_tool DIR TRUST DID NAME PATH COUNT
 * Each is a commit on the main of the repository in DIR that changes the record at
 * PATH; NAME is the trust's. The key is that of the machine, not sealed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/json.h"
#include "record/message.h"
#include "record/identity.h"
#include "sign/sign.h"
#include "store/store.h"

#define MAIN "refs/heads/main"

struct growth {
	struct cf_store *store;
	struct cf_seckey *key;
	const char *trust, *name, *path;
	struct cf_oid head, tree;
	uint64_t sequence;
	json_t *record;
};

static void
must(const struct cf_err *err)
{
	if (err == NULL)
		return;
	(void)fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void
read_head(struct growth *g)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), text = CF_BUF(CF_MAX_JSON);
	struct cf_commit commit;
	struct cf_entry entry;
	struct cf_place place;
	bool found;

	must(cf_ref_read(&g->head, &found, g->store, MAIN));
	must(cf_odb_read(&raw, cf_store_odb(g->store), &g->head, CF_COMMIT));
	must(cf_commit_parse(&commit, (struct cf_str){ raw.data, raw.len }));
	must(cf_message_parse(&place, commit.message));
	g->tree = commit.tree;
	g->sequence = place.sequence;
	must(cf_tree_find(&entry, &found, cf_store_odb(g->store), &g->tree,
		g->path));
	must(cf_odb_read(&text, cf_store_odb(g->store), &entry.oid, CF_BLOB));
	must(cf_json_read(&g->record, (struct cf_str){ text.data, text.len },
		CF_MAX_RECORD));
	cf_buf_clear(&raw);
	cf_buf_clear(&text);
}

/* The next version of the record, in the tree. */
static void
write_version(struct growth *g, unsigned number)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);
	struct cf_edit edit = { .path = cf_strdup(g->path) };
	struct cf_digest version;
	char now[CF_TIME_TEXT];
	json_t *proof = NULL;

	must(cf_digest_doc(&version, g->record));
	(void)json_object_del(g->record, "proof");
	json_object_set_new(g->record, "parents", json_pack("[s]",
		version.text));
	json_object_set_new(json_object_get(g->record, "body"), "title",
		json_sprintf("The same question, for the %u. time", number));
	cf_time_format(now, cf_now());
	must(cf_proof_make(&proof, g->record, g->key, now));
	json_object_set_new(g->record, "proof", json_pack("[o]", proof));
	must(cf_json_file_form(&out, g->record));
	must(cf_odb_write(&edit.oid, g->store, CF_BLOB, out.data, out.len));
	must(cf_tree_edit(&g->tree, g->store, &g->tree, &edit, 1));
	free(edit.path);
	cf_buf_clear(&out);
}

static void
commit_version(struct growth *g)
{
	struct cf_buf raw = CF_BUF(CF_MAX_COMMIT), message = CF_BUF(1024);
	char *email = cf_trust_email(g->trust);
	struct cf_place place = { cf_str(g->trust), 1, ++g->sequence };
	struct cf_commit commit = { .tree = g->tree, .parent = g->head,
		.has_parent = true, .name = cf_str(g->name),
		.email = cf_str(email), .time = cf_now() };

	cf_message_make(&message, "Publish 1 need", &place);
	commit.message = (struct cf_str){ message.data, message.len };
	cf_commit_make(&raw, &commit, g->key);
	must(cf_odb_write(&g->head, g->store, CF_COMMIT, raw.data, raw.len));
	cf_buf_clear(&raw);
	cf_buf_clear(&message);
	free(email);
}

int
main(int argc, char **argv)
{
	struct growth g = { .store = NULL };
	struct cf_pubkey key;
	struct cf_oid before;
	uint64_t count;

	if (argc != 7 || !cf_pubkey_parse(&key, cf_str(argv[3])) ||
		!cf_str_u64(cf_str(argv[6]), &count, 10000)) {
		(void)fprintf(stderr, "usage: versions_tool DIR TRUST DID NAME "
			"PATH COUNT\n");
		return 2;
	}
	must(cf_sign_start());
	must(cf_store_start());
	cf_json_start();
	must(cf_store_open(&g.store, argv[1]));
	must(cf_keystore_open(&g.key, argv[2], &key, NULL));
	g.trust = argv[2];
	g.name = argv[4];
	g.path = argv[5];
	read_head(&g);
	before = g.head;
	for (unsigned i = 0; i < count; i++) {
		write_version(&g, i);
		commit_version(&g);
	}
	must(cf_ref_set(g.store, MAIN, &g.head, &before));
	json_decref(g.record);
	cf_seckey_free(g.key);
	cf_store_free(g.store);
	return 0;
}
