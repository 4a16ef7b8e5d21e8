/*
 * The keywords of JSON Schema 2020-12 in the order in which their rules run.
 */
#include "json/schema_keywords.h"

#define LEAF(n, v, t, b, h, s) { .name = (n), .vocabularies = (v), \
	.on = (t), .build = cf_build_##b, .holds = cf_holds_##h, \
	.say = cf_say_##s }
#define WHAT(n, w) { .name = (n), .vocabularies = CF_V_VALIDATION, \
	.on = CF_T_ANY, .settles = true, .build = cf_build_##w, \
	.holds = cf_holds_##w, .say = cf_say_##w }
#define PART(n, t, p, b, h, s) { .name = (n), \
	.vocabularies = CF_V_APPLICATOR, .on = (t), .shape = (p), \
	.build = cf_build_##b, .holds = cf_holds_##h, .say = (s) }
#define SAME(n, v, p, b, h, s) { .name = (n), .vocabularies = (v), \
	.on = CF_T_ANY, .shape = (p), .in_place = true, \
	.build = cf_build_##b, .holds = cf_holds_##h, .say = (s) }
#define READ(n, v, p) { .name = (n), .vocabularies = (v), .shape = (p) }

#define VALID CF_V_VALIDATION
#define APPLY CF_V_APPLICATOR

const struct cf_keyword cf_keywords[] = {
	WHAT("type", type),
	WHAT("enum", enum),
	WHAT("const", const),
	LEAF("minimum", VALID, CF_T_NUMBER, number, minimum, number),
	LEAF("exclusiveMinimum", VALID, CF_T_NUMBER, number, above, number),
	LEAF("maximum", VALID, CF_T_NUMBER, number, maximum, number),
	LEAF("exclusiveMaximum", VALID, CF_T_NUMBER, number, below, number),
	LEAF("multipleOf", VALID, CF_T_NUMBER, multiple, multiple, number),
	LEAF("minLength", VALID, CF_T_STRING, count, min_length, length),
	LEAF("maxLength", VALID, CF_T_STRING, count, max_length, length),
	LEAF("pattern", VALID, CF_T_STRING, pattern, pattern, pattern),
	LEAF("format", CF_V_FORMAT | CF_V_FORMAT_ASSERTION, CF_T_STRING,
		format, format, format),
	LEAF("minItems", VALID, CF_T_ARRAY, count, min_size, size),
	LEAF("maxItems", VALID, CF_T_ARRAY, count, max_size, size),
	LEAF("uniqueItems", VALID, CF_T_ARRAY, unique, unique, unique),
	LEAF("required", VALID, CF_T_OBJECT, required, required, required),
	LEAF("dependentRequired", VALID, CF_T_OBJECT, dependent, dependent,
		required),
	LEAF("minProperties", VALID, CF_T_OBJECT, count, min_size, size),
	LEAF("maxProperties", VALID, CF_T_OBJECT, count, max_size, size),
	PART("propertyNames", CF_T_OBJECT, CF_ONE, one, names, NULL),
	SAME("$ref", CF_V_CORE, CF_LEAF, ref, all, NULL),
	SAME("$dynamicRef", CF_V_CORE, CF_LEAF, dynamic_ref, dynamic_ref,
		NULL),
	SAME("allOf", APPLY, CF_LIST, list, all, NULL),
	PART("properties", CF_T_OBJECT, CF_MAP, members, members, NULL),
	PART("patternProperties", CF_T_OBJECT, CF_MAP, members, members,
		NULL),
	PART("additionalProperties", CF_T_OBJECT, CF_ONE, members, members,
		cf_say_unknown),
	PART("prefixItems", CF_T_ARRAY, CF_LIST, items, items, NULL),
	PART("items", CF_T_ARRAY, CF_ONE, items, items, NULL),
	PART("contains", CF_T_ARRAY, CF_ONE, contains, contains,
		cf_say_contains),
	SAME("dependentSchemas", APPLY, CF_MAP, map, dependent_schemas, NULL),
	SAME("if", APPLY, CF_ONE, if, if, NULL),
	SAME("anyOf", APPLY, CF_LIST, list, any, cf_say_branches),
	SAME("oneOf", APPLY, CF_LIST, list, one, cf_say_branches),
	{ .name = "not", .vocabularies = APPLY, .on = CF_T_ANY,
		.shape = CF_ONE, .build = cf_build_one,
		.holds = cf_holds_not, .say = cf_say_not },
	{ .name = "unevaluatedItems", .vocabularies = CF_V_UNEVALUATED,
		.on = CF_T_ARRAY, .shape = CF_ONE, .build = cf_build_one,
		.holds = cf_holds_other_items },
	{ .name = "unevaluatedProperties", .vocabularies = CF_V_UNEVALUATED,
		.on = CF_T_OBJECT, .shape = CF_ONE, .build = cf_build_one,
		.holds = cf_holds_other_members, .say = cf_say_unknown },
	READ("then", APPLY, CF_ONE),
	READ("else", APPLY, CF_ONE),
	READ("minContains", VALID, CF_LEAF),
	READ("maxContains", VALID, CF_LEAF),
	READ("contentSchema", CF_V_CORE, CF_ONE),
	READ("$defs", CF_V_CORE, CF_MAP),
	READ("definitions", CF_V_CORE, CF_MAP),
	{ .name = NULL },
};
