#ifndef CF_RULES_H
#define CF_RULES_H

/*
 * Every rule, where rules.c can see it: each stands beside its function.
 */
#include "check/rule.h"

/* number.c, ten.c, staff.c, bank.c: numbers of people */
extern const struct cf_rule cf_rule_upn, cf_rule_upn_shape, cf_rule_uci,
	cf_rule_uln, cf_rule_nhs, cf_rule_digits, cf_rule_nino, cf_rule_trn,
	cf_rule_iddoc, cf_rule_vehicle, cf_rule_bank;
/* mail.c, phone.c, net.c, postcode.c: how people are reached */
extern const struct cf_rule cf_rule_email, cf_rule_phone, cf_rule_handle,
	cf_rule_net, cf_rule_meta, cf_rule_postcode, cf_rule_postcode_part;
/* day.c, key.c: days, cases, schools */
extern const struct cf_rule cf_rule_dob, cf_rule_eventdate, cf_rule_caseref,
	cf_rule_orgid, cf_rule_hashid;
/* hidden.c: what is there and cannot be read */
extern const struct cf_rule cf_rule_hidden, cf_rule_blob;

#endif
