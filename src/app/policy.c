/*
 * What a trust asks of its own drafts beyond what all trusts ask: stricter is
 * possible, laxer is not.
 */
#include <stdlib.h>
#include <string.h>

#include "app/trust.h"
#include "base/limits.h"

/* A number that may be raised, in steps of `step`. */
static const struct cf_err *
read_number(unsigned *out, struct cf_trust *trust, const char *key,
	unsigned step)
{
	unsigned least = *out;
	const struct cf_err *err;
	char *text = NULL;
	uint64_t value;

	err = cf_config_get(&text, trust->store, key);
	if (err || text == NULL)
		return err;
	if (cf_str_u64(cf_str(text), &value, CF_MAX_THRESHOLD) &&
		value >= least && value % step == 0)
		*out = (unsigned)value;
	else
		err = cf_err_rule(CF_INVALID, "policy.floor", "the setting %s "
			"is '%.100s'. Every trust asks for %u; yours may ask "
			"for more (up to %u%s), not for less. To set it right: "
			"git config %s %u", key, text, least, CF_MAX_THRESHOLD,
			step > 1 ? ", in fives" : "", key, least);
	free(text);
	return err;
}

/* Names of rules, with spaces or commas between them. */
static const struct cf_err *
read_rules(json_t **out, struct cf_trust *trust, const char *key)
{
	const struct cf_err *err;
	char *text = NULL, *rest = NULL;

	err = cf_config_get(&text, trust->store, key);
	if (err || text == NULL)
		return err;
	*out = json_array();
	for (char *word = strtok_r(text, " ,", &rest); word && !err;
		word = strtok_r(NULL, " ,", &rest)) {
		const char *rule = cf_check_rule_name(word);

		if (rule)
			json_array_append_new(*out, json_string(rule));
		else
			err = cf_err_rule(CF_INVALID, "policy.rule", "the "
				"setting %s names '%.60s', and there is no such "
				"rule; 'confer rules' lists them", key, word);
	}
	free(text);
	return err;
}

const struct cf_err *
cf_policy_read(struct cf_policy *out, struct cf_trust *trust)
{
	const struct cf_err *err;

	*out = cf_policy_floor;
	err = read_number(&out->least_people, trust, "confer.leastPeople", 1);
	if (!err)
		err = read_number(&out->rounding, trust, "confer.rounding",
			CF_LEAST_ROUNDING);
	if (!err)
		err = read_rules(&out->never, trust, "confer.neverAccept");
	if (!err)
		err = read_rules(&out->ask, trust, "confer.alwaysAsk");
	if (err)
		cf_policy_clear(out);
	return err;
}

void
cf_policy_clear(struct cf_policy *policy)
{
	json_decref(policy->never);
	json_decref(policy->ask);
	*policy = cf_policy_floor;
}
