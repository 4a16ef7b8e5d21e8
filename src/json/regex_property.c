/*
 * The names of Unicode properties: ECMA-262 spells general categories out, and
 * says which property a script belongs to.
 */
#include "json/regex.h"

static const struct {
	const char *name, *brief;
} category[] = {
	{ "Letter", "L" }, { "Cased_Letter", "L&" }, { "LC", "L&" },
	{ "Uppercase_Letter", "Lu" }, { "Lowercase_Letter", "Ll" },
	{ "Titlecase_Letter", "Lt" }, { "Modifier_Letter", "Lm" },
	{ "Other_Letter", "Lo" }, { "Mark", "M" }, { "Combining_Mark", "M" },
	{ "Nonspacing_Mark", "Mn" }, { "Spacing_Mark", "Mc" },
	{ "Enclosing_Mark", "Me" }, { "Number", "N" },
	{ "Decimal_Number", "Nd" }, { "digit", "Nd" },
	{ "Letter_Number", "Nl" }, { "Other_Number", "No" },
	{ "Punctuation", "P" }, { "punct", "P" },
	{ "Connector_Punctuation", "Pc" }, { "Dash_Punctuation", "Pd" },
	{ "Open_Punctuation", "Ps" }, { "Close_Punctuation", "Pe" },
	{ "Initial_Punctuation", "Pi" }, { "Final_Punctuation", "Pf" },
	{ "Other_Punctuation", "Po" }, { "Symbol", "S" },
	{ "Math_Symbol", "Sm" }, { "Currency_Symbol", "Sc" },
	{ "Modifier_Symbol", "Sk" }, { "Other_Symbol", "So" },
	{ "Separator", "Z" }, { "Space_Separator", "Zs" },
	{ "Line_Separator", "Zl" }, { "Paragraph_Separator", "Zp" },
	{ "Other", "C" }, { "Control", "Cc" }, { "cntrl", "Cc" },
	{ "Format", "Cf" }, { "Surrogate", "Cs" }, { "Private_Use", "Co" },
	{ "Unassigned", "Cn" },
};

static bool
is_name(struct cf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
			!(s.p[i] >= 'A' && s.p[i] <= 'Z') &&
			!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
			return false;
	return s.n > 0;
}

/* The value as PCRE2 has it; false where the property is not known. */
static bool
translate(struct cf_buf *out, struct cf_str key, struct cf_str value)
{
	if (cf_str_is(key, "Script") || cf_str_is(key, "sc")) {
		cf_buf_puts(out, "sc:");
	} else if (cf_str_is(key, "Script_Extensions") ||
		cf_str_is(key, "scx")) {
		cf_buf_puts(out, "scx:");
	} else if (key.n == 0 || cf_str_is(key, "General_Category") ||
		cf_str_is(key, "gc")) {
		for (size_t i = 0; i < sizeof category / sizeof *category; i++)
			if (cf_str_is(value, category[i].name))
				value = cf_str(category[i].brief);
	} else {
		return false;
	}
	cf_buf_add(out, value.p, value.n);
	return true;
}

bool
cf_regex_property(struct cf_buf *out, char p, struct cf_str body)
{
	struct cf_str key = CF_STR(""), value = body;

	if (cf_str_cut(&key, &value, body, '=') && key.n == 0)
		return false;
	if (!is_name(value))
		return false;
	cf_buf_printf(out, "\\%c{", p);
	if (!translate(out, key, value))
		return false;
	cf_buf_putc(out, '}');
	return true;
}
