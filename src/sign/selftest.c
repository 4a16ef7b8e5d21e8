/*
 * The vectors that pin the verification rule. Key and R of the first are a·B
 * and r·B; the others add a point of order 8, the group order or a small-order
 * point, so that rules that differ only there give different verdicts.
 */
#include <string.h>

#include "sign/selftest.h"

#define KEY "cabfa04d21a8a9547bd900a69bf6de0a6e7aa7bb21531e6da902351761c88466"
#define KEY_TORSION \
	"dc469d2717e49b8b3dc8115c26d96aadcd197ed9cc5fb306de0945229d5ab583"
#define R "638a80099503f1de7cebce469a6b8a8a5f83f4e93ab6455d45c33b92d348b4fd"
#define R_TORSION \
	"6e7d6f4fdd54029b9e3e4b7cebe3290a80e8320bfd6a166bf35c98c95b389ac4"
#define IDENTITY \
	"0100000000000000000000000000000000000000000000000000000000000000"
#define IDENTITY_TWIN /* the same point, y + p */ \
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
#define S "ea544bb496a2b4a60a5556f6dc5e3cfecb1e32c010b0574b8b8a952b52d4250b"
#define S_SMALL_KEY \
	"1d0bcaf094271a1833f20a9a81a5cdeda2bb90fdeb78a2043d24fb1db2486601"

const struct cf_vector cf_vectors[] = {
	{ "a plain signature", KEY, R S, "confer 0", true },
	{ "another message", KEY, R S, "confer 1", false },
	/* Good with and without the cofactor: the hash is a multiple of 8. */
	{ "a key with a torsion part that cancels out", KEY_TORSION,
		R "1b5c00ca71d15ae12868d95702dfc9f5"
		"4a79b4bca0914b0b222df20963501207", "confer 19", true },
	/* Good with the cofactor only. */
	{ "a key with a torsion part", KEY_TORSION,
		R "2a49d198d6bc949eb081598d770883a1"
		"9098b1fdc6af53782a10d4567679d90f", "confer 0", false },
	{ "R with a torsion part", KEY,
		R_TORSION "326739fe4d327d66f917058ae1101326"
		"a4dc349a0a3be18b5f95e077cc10f304", "confer 0", false },
	/* Good where S is reduced first. */
	{ "S plus the group order", KEY,
		R "d7284111b105c7fee0f14d99bb581b13"
		"cc1e32c010b0574b8b8a952b52d4251b", "confer 0", false },
	/* Good for any message where small-order points are let through. */
	{ "the identity as key", IDENTITY, R S_SMALL_KEY, "confer 0", false },
	{ "the identity's twin as key", IDENTITY_TWIN, R S_SMALL_KEY,
		"confer 0", false },
	{ "the identity as R", KEY,
		IDENTITY "72c11027bb6a3cd604cddc2ef51d7fbe"
		"2c6c2794ed1aca93da2c8ab54b1a3109", "confer 0", false },
	{ "the identity's twin as R", KEY,
		IDENTITY_TWIN "e8564dff2f929fef66e0918b726d11b2"
		"df4350a1b741e94b75e38c8727cb7f01", "confer 0", false },
};
const size_t cf_vectors_n = sizeof cf_vectors / sizeof *cf_vectors;

const struct cf_err *
cf_selftest(cf_judge judge)
{
	for (size_t i = 0; i < cf_vectors_n; i++) {
		const struct cf_vector *v = &cf_vectors[i];
		unsigned char key[32], sig[64];

		if (!cf_unhex(key, sizeof key, cf_str(v->key)) ||
			!cf_unhex(sig, sizeof sig, cf_str(v->sig)))
			cf_bug("bad self-test vector");
		if ((judge(sig, (const unsigned char *)v->msg, strlen(v->msg),
			key) == 0) != v->good)
			return cf_err_rule(CF_REFUSED, "selftest.signature",
				"The cryptography library on this machine "
				"(libsodium) judges signatures otherwise than "
				"every other Confer does (%s), so nothing it "
				"says could be relied on. Install libsodium "
				"1.0.18 and start again", v->what);
	}
	return NULL;
}
