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
/* name.c, initials.c, people.c, few.c, told.c, street.c: what words say of people */
extern const struct cf_rule cf_rule_name, cf_rule_initials, cf_rule_unique,
	cf_rule_smallword, cf_rule_classword, cf_rule_role, cf_rule_kin,
	cf_rule_special, cf_rule_quote, cf_rule_address, cf_rule_orgname;
/* hidden.c: what is there and cannot be read */
extern const struct cf_rule cf_rule_hidden, cf_rule_blob;

/* roll_rule.c: people whom this machine knows */
extern const struct cf_rule cf_rule_roll;
/* across.c, rank.c: what several releases tell together */
extern const struct cf_rule cf_rule_revise, cf_rule_subset, cf_rule_rank,
	cf_rule_uncover, cf_rule_series, cf_rule_pseudo;
/* order.c, evidence.c: what lies behind the figures */
extern const struct cf_rule cf_rule_order, cf_rule_dom, cf_rule_pratio,
	cf_rule_kanon, cf_rule_ldiv;
/* count.c: numbers of people */
extern const struct cf_rule cf_rule_count, cf_rule_zero, cf_rule_full,
	cf_rule_round, cf_rule_base;
/* percent.c */
extern const struct cf_rule cf_rule_pct, cf_rule_pctsmall,
	cf_rule_basemissing;
/* mean.c: results of people */
extern const struct cf_rule cf_rule_mean, cf_rule_exactmean, cf_rule_meansd,
	cf_rule_sd0, cf_rule_dof, cf_rule_minmax, cf_rule_quant;
/* tables.c: symbols and totals */
extern const struct cf_rule cf_rule_table, cf_rule_supp1, cf_rule_suppsum,
	cf_rule_solve, cf_rule_bound, cf_rule_add, cf_rule_mark, cf_rule_mask;
/* group.c: whom figures are of */
extern const struct cf_rule cf_rule_dims, cf_rule_micro, cf_rule_units,
	cf_rule_geo, cf_rule_age, cf_rule_time;

#endif
