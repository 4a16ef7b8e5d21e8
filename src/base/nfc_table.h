#ifndef CF_NFC_TABLE_H
#define CF_NFC_TABLE_H

/*
 * The tables of src/base/nfc.c, and of nothing else.
 */
#include <stddef.h>
#include <stdint.h>

struct cf_nfc_pair {
	int32_t letter, base, mark;
};

/* A run of marks, and how far from the letter they stand. */
struct cf_nfc_class {
	int32_t from, to;
	int place;
};

extern const struct cf_nfc_pair cf_nfc_pairs[], cf_nfc_apart[];
extern const struct cf_nfc_class cf_nfc_classes[];
extern const size_t cf_nfc_n_pairs, cf_nfc_n_apart, cf_nfc_n_classes;

/* What a Han character that Unicode has twice is; 0: it has it once. */
int32_t cf_nfc_han(int32_t c);

#endif
