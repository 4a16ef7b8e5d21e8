#ifndef CF_RULES_H
#define CF_RULES_H

/*
 * Every rule, where rules.c can see it: each stands beside its function.
 */
#include "check/rule.h"

/* number.c: numbers of pupils and learners */
extern const struct cf_rule cf_rule_upn, cf_rule_upn_shape;

#endif
