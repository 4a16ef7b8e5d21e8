#ifndef CF_LEXICON_H
#define CF_LEXICON_H

/*
 * Kinds of words, as bits, and the lists that say which word is of which kind.
 * The lists are part of the ruleset.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define W(n) (UINT64_C(1) << (n))

#define W_PUPIL		W(0)	/* pupil, girl: one */
#define W_PUPILS	W(1)	/* pupils, girls */
#define W_STAFF		W(2)	/* teacher, senco: one */
#define W_STAFFS	W(3)	/* teachers, sencos */
#define W_PARENT	W(4)	/* parent, mother, carer: one */
#define W_PARENTS	W(5)
#define W_KIN		W(6)	/* mother, twin, uncle: one relation */
#define W_ROLE		W(7)	/* what one person of a school is: senco, head */
#define W_NUMBER	W(8)	/* one to nine */
#define W_FRACTION	W(9)	/* half, third */
#define W_TITLE		W(10)	/* mr, mrs */
#define W_TITLE_SOFT	W(11)	/* miss, sir: words too */
#define W_SAID		W(12)	/* said, told, wrote */
#define W_FORENAME	W(13)	/* hannah */
#define W_FORENAME_CAP	W(14)	/* Jack */
#define W_FORENAME_WORD	W(15)	/* Grace */
#define W_SURNAME	W(16)	/* nicholson */
#define W_SURNAME_WORD	W(17)	/* Baker */
#define W_FUNCTION	W(18)	/* and, the, was */
#define W_TRAIT		W(19)	/* what sets a pupil apart: eal, fsm, tall */
#define W_RELIGION	W(20)	/* traits that the law protects */
#define W_ETHNIC	W(21)
#define W_HEALTH	W(22)
#define W_CARE		W(23)	/* looked-after, protection plan */
#define W_SEXUAL	W(24)
#define W_MIGRATION	W(25)
#define W_OFFENCE	W(26)
#define W_SENSITIVE	W(27)	/* truanted, bullied */
#define W_BEFELL	W(28)	/* sick, resigned; of a colleague */
#define W_STREET	W(29)	/* avenue, road */
#define W_STREET_WORD	W(30)	/* hill, place */
#define W_SCHOOL_TYPE	W(31)	/* primary, catholic */
#define W_SCHOOL	W(32)	/* school, academy */
#define W_ORG		W(33)	/* trust, foundation */
#define W_COMPOUND	W(34)	/* pupil premium, voice */
#define W_WHOSE		W(35)	/* his, her, my */
#define W_ONLY		W(36)	/* only, youngest, sole */
#define W_CIRCUMSTANCE	W(37)	/* divorced, prison */
#define W_BOUND		W(38)	/* fewer, up, per: no count of people */
#define W_CALENDAR	W(39)	/* monday, july */
#define W_KNOWN		W(40)	/* shakespeare, newton: in every curriculum */
#define W_LABEL		W(41)	/* year, set, group: a number follows */
#define W_DOCUMENT	W(42)	/* report, guidance */
#define W_ALL		W(43)	/* all, every, none */
#define W_THING		W(44)	/* words with a capital in headings and names */
#define W_NAMELY	W(45)	/* "name", "surname", "called" */
#define W_OUR		W(46)	/* our, the, his: before a role */
#define W_NETWORK	W(47)	/* instagram, username: an account follows */

#define W_SPECIAL (W_RELIGION | W_ETHNIC | W_HEALTH | W_CARE | W_SEXUAL | \
	W_MIGRATION | W_OFFENCE)
#define W_PERSON (W_PUPIL | W_STAFF | W_PARENT)
#define W_PEOPLE (W_PUPILS | W_STAFFS | W_PARENTS)
#define W_ANY_FORENAME (W_FORENAME | W_FORENAME_CAP | W_FORENAME_WORD)

/* The kinds of a word in small letters; 0: of none. */
uint64_t cf_kinds_of(const unsigned char *word, size_t n);

struct cf_text;
/* known.c: whether the name of these words is that of a saint, a king, or of whom
 * every class reads, and so of no person of a school. */
bool cf_is_well_known(const struct cf_text *text, size_t first, size_t last);
/* "(2018)", ", 2012", "et al.": a publication is cited, in this sentence. */
bool cf_is_cited(const struct cf_text *text, size_t last);

/* forenames.c, surnames.c: lines of words; NULL ends a list. */
extern const char *const cf_forenames[], *const cf_forenames_capital[],
	*const cf_forenames_common[], *const cf_surnames[],
	*const cf_surnames_common[];

#endif
