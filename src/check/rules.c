/*
 * The rules there are, in the order of the catalogue.
 */
#include <string.h>
#include <strings.h>

#include "check/rules.h"

const struct cf_rule *const cf_rules[] = {
	&cf_rule_upn, &cf_rule_upn_shape, &cf_rule_uln, &cf_rule_uci,
	&cf_rule_nhs, &cf_rule_nino, &cf_rule_trn, &cf_rule_email,
	&cf_rule_phone, &cf_rule_postcode, &cf_rule_postcode_part,
	&cf_rule_address, &cf_rule_dob, &cf_rule_eventdate, &cf_rule_name,
	&cf_rule_initials, &cf_rule_handle, &cf_rule_net, &cf_rule_bank,
	&cf_rule_iddoc, &cf_rule_vehicle, &cf_rule_caseref, &cf_rule_orgname,
	&cf_rule_orgid, &cf_rule_role, &cf_rule_unique, &cf_rule_smallword,
	&cf_rule_classword, &cf_rule_special, &cf_rule_kin, &cf_rule_quote,
	&cf_rule_hidden, &cf_rule_blob, &cf_rule_hashid, &cf_rule_meta,
	&cf_rule_digits,

	&cf_rule_roll,
	&cf_rule_count, &cf_rule_zero, &cf_rule_full, &cf_rule_round,
	&cf_rule_order,
	&cf_rule_base, &cf_rule_pct, &cf_rule_pctsmall, &cf_rule_basemissing,
	&cf_rule_mean, &cf_rule_exactmean, &cf_rule_meansd, &cf_rule_sd0,
	&cf_rule_minmax, &cf_rule_quant, &cf_rule_dom,
	&cf_rule_pratio, &cf_rule_dof, &cf_rule_units,
	&cf_rule_table, &cf_rule_supp1, &cf_rule_suppsum, &cf_rule_solve,
	&cf_rule_bound, &cf_rule_add, &cf_rule_mark, &cf_rule_mask,
	&cf_rule_micro, &cf_rule_kanon, &cf_rule_ldiv, &cf_rule_dims,
	&cf_rule_geo, &cf_rule_age, &cf_rule_time, &cf_rule_revise,
	&cf_rule_subset, &cf_rule_rank, &cf_rule_uncover,
	&cf_rule_series, &cf_rule_pseudo,
	NULL
};

const struct cf_rule *
cf_rule_find(const char *id)
{
	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++)
		if (strcasecmp((*rule)->id, id) == 0)
			return *rule;
	return NULL;
}

const char *
cf_check_rule_name(const char *word)
{
	const struct cf_rule *rule = cf_rule_find(word);

	return rule ? rule->id : NULL;
}

static const char *
severity_name(enum cf_severity severity)
{
	static const char *const names[] = { "never", "waivable", "advice" };

	return names[severity];
}

static json_t *
describe(const struct cf_rule *r)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "rule",
		r->id, "severity", severity_name(r->severity), "title",
		r->title, "detects", r->detects, "why", r->why, "remedy",
		r->remedy, "example", r->example, "local", (int)r->local);
}

json_t *
cf_check_rules(const char *id)
{
	json_t *out = json_array();

	for (const struct cf_rule *const *rule = cf_rules; *rule; rule++)
		if (id == NULL || strcasecmp((*rule)->id, id) == 0)
			json_array_append_new(out, describe(*rule));
	if (id && json_array_size(out) == 0) {
		json_decref(out);
		out = NULL;
	}
	return out;
}
