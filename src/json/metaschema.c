/*
 * The meta-schema of JSON Schema 2020-12 and its vocabularies, without titles,
 * comments and defaults. Quotes are single ones here, because none of the texts
 * has one, and % stands for the address of the draft.
 */
#include <string.h>

#include "json/schema_set.h"

#define DRAFT "https://json-schema.org/draft/2020-12/"

static const struct {
	const char *name, *text;
} document[] = {
	{ "schema",
		"{'$vocabulary':{'%vocab/core':true,'%vocab/applicator':"
		"true,'%vocab/unevaluated':true,'%vocab/validation':true,"
		"'%vocab/meta-data':true,'%vocab/format-annotation':true,"
		"'%vocab/content':true},'$dynamicAnchor':'meta','allOf':[{"
		"'$ref':'meta/core'},{'$ref':'meta/applicator'},{'$ref':"
		"'meta/unevaluated'},{'$ref':'meta/validation'},{'$ref':"
		"'meta/meta-data'},{'$ref':'meta/format-annotation'},{"
		"'$ref':'meta/content'}],'type':['object','boolean'],"
		"'properties':{'definitions':{'type':'object',"
		"'additionalProperties':{'$dynamicRef':'#meta'}},"
		"'dependencies':{'type':'object','additionalProperties':{"
		"'anyOf':[{'$dynamicRef':'#meta'},{'$ref':"
		"'meta/validation#/$defs/stringArray'}]}},"
		"'$recursiveAnchor':{'$ref':'meta/core#/$defs/anchorString'},"
		"'$recursiveRef':{'$ref':"
		"'meta/core#/$defs/uriReferenceString'}}}" },
	{ "meta/core",
		"{'$vocabulary':{'%vocab/core':true},'$dynamicAnchor':"
		"'meta','type':['object','boolean'],'properties':{'$id':{"
		"'$ref':'#/$defs/uriReferenceString','pattern':'^[^#]*#?$'},"
		"'$schema':{'$ref':'#/$defs/uriString'},'$ref':{'$ref':"
		"'#/$defs/uriReferenceString'},'$anchor':{'$ref':"
		"'#/$defs/anchorString'},'$dynamicRef':{'$ref':"
		"'#/$defs/uriReferenceString'},'$dynamicAnchor':{'$ref':"
		"'#/$defs/anchorString'},'$vocabulary':{'type':'object',"
		"'propertyNames':{'$ref':'#/$defs/uriString'},"
		"'additionalProperties':{'type':'boolean'}},'$comment':{"
		"'type':'string'},'$defs':{'type':'object',"
		"'additionalProperties':{'$dynamicRef':'#meta'}}},'$defs':{"
		"'anchorString':{'type':'string','pattern':"
		"'^[A-Za-z_][-A-Za-z0-9._]*$'},'uriString':{'type':'string',"
		"'format':'uri'},'uriReferenceString':{'type':'string',"
		"'format':'uri-reference'}}}" },
	{ "meta/applicator",
		"{'$vocabulary':{'%vocab/applicator':true},'$dynamicAnchor':"
		"'meta','type':['object','boolean'],'properties':{"
		"'prefixItems':{'$ref':'#/$defs/schemaArray'},'items':{"
		"'$dynamicRef':'#meta'},'contains':{'$dynamicRef':'#meta'},"
		"'additionalProperties':{'$dynamicRef':'#meta'},"
		"'properties':{'type':'object','additionalProperties':{"
		"'$dynamicRef':'#meta'}},'patternProperties':{'type':"
		"'object','additionalProperties':{'$dynamicRef':'#meta'},"
		"'propertyNames':{'format':'regex'}},'dependentSchemas':{"
		"'type':'object','additionalProperties':{'$dynamicRef':"
		"'#meta'}},'propertyNames':{'$dynamicRef':'#meta'},'if':{"
		"'$dynamicRef':'#meta'},'then':{'$dynamicRef':'#meta'},"
		"'else':{'$dynamicRef':'#meta'},'allOf':{'$ref':"
		"'#/$defs/schemaArray'},'anyOf':{'$ref':"
		"'#/$defs/schemaArray'},'oneOf':{'$ref':"
		"'#/$defs/schemaArray'},'not':{'$dynamicRef':'#meta'}},"
		"'$defs':{'schemaArray':{'type':'array','minItems':1,"
		"'items':{'$dynamicRef':'#meta'}}}}" },
	{ "meta/unevaluated",
		"{'$vocabulary':{'%vocab/unevaluated':true},"
		"'$dynamicAnchor':'meta','type':['object','boolean'],"
		"'properties':{'unevaluatedItems':{'$dynamicRef':'#meta'},"
		"'unevaluatedProperties':{'$dynamicRef':'#meta'}}}" },
	{ "meta/validation",
		"{'$vocabulary':{'%vocab/validation':true},'$dynamicAnchor':"
		"'meta','type':['object','boolean'],'properties':{'type':{"
		"'anyOf':[{'$ref':'#/$defs/simpleTypes'},{'type':'array',"
		"'items':{'$ref':'#/$defs/simpleTypes'},'minItems':1,"
		"'uniqueItems':true}]},'const':true,'enum':{'type':'array',"
		"'items':true},'multipleOf':{'type':'number',"
		"'exclusiveMinimum':0},'maximum':{'type':'number'},"
		"'exclusiveMaximum':{'type':'number'},'minimum':{'type':"
		"'number'},'exclusiveMinimum':{'type':'number'},'maxLength':"
		"{'$ref':'#/$defs/nonNegativeInteger'},'minLength':{'$ref':"
		"'#/$defs/nonNegativeIntegerDefault0'},'pattern':{'type':"
		"'string','format':'regex'},'maxItems':{'$ref':"
		"'#/$defs/nonNegativeInteger'},'minItems':{'$ref':"
		"'#/$defs/nonNegativeIntegerDefault0'},'uniqueItems':{"
		"'type':'boolean'},'maxContains':{'$ref':"
		"'#/$defs/nonNegativeInteger'},'minContains':{'$ref':"
		"'#/$defs/nonNegativeInteger'},'maxProperties':{'$ref':"
		"'#/$defs/nonNegativeInteger'},'minProperties':{'$ref':"
		"'#/$defs/nonNegativeIntegerDefault0'},'required':{'$ref':"
		"'#/$defs/stringArray'},'dependentRequired':{'type':"
		"'object','additionalProperties':{'$ref':"
		"'#/$defs/stringArray'}}},'$defs':{'nonNegativeInteger':{"
		"'type':'integer','minimum':0},'nonNegativeIntegerDefault0':"
		"{'$ref':'#/$defs/nonNegativeInteger'},'simpleTypes':{"
		"'enum':['array','boolean','integer','null','number',"
		"'object','string']},'stringArray':{'type':'array','items':"
		"{'type':'string'},'uniqueItems':true}}}" },
	{ "meta/meta-data",
		"{'$vocabulary':{'%vocab/meta-data':true},'$dynamicAnchor':"
		"'meta','type':['object','boolean'],'properties':{'title':{"
		"'type':'string'},'description':{'type':'string'},'default':"
		"true,'deprecated':{'type':'boolean'},'readOnly':{'type':"
		"'boolean'},'writeOnly':{'type':'boolean'},'examples':{"
		"'type':'array','items':true}}}" },
	{ "meta/format-annotation",
		"{'$vocabulary':{'%vocab/format-annotation':true},"
		"'$dynamicAnchor':'meta','type':['object','boolean'],"
		"'properties':{'format':{'type':'string'}}}" },
	{ "meta/format-assertion",
		"{'$vocabulary':{'%vocab/format-assertion':true},"
		"'$dynamicAnchor':'meta','type':['object','boolean'],"
		"'properties':{'format':{'type':'string'}}}" },
	{ "meta/content",
		"{'$vocabulary':{'%vocab/content':true},'$dynamicAnchor':"
		"'meta','type':['object','boolean'],'properties':{"
		"'contentEncoding':{'type':'string'},'contentMediaType':{"
		"'type':'string'},'contentSchema':{'$dynamicRef':'#meta'}}}" },
};

/* The text as JSON. Caller frees. */
static char *
expand(const char *text)
{
	struct cf_buf out = CF_BUF(CF_MAX_JSON);

	for (; *text; text++) {
		if (*text == '%')
			cf_buf_puts(&out, DRAFT);
		else
			cf_buf_putc(&out, *text == '\'' ? '"' : *text);
	}
	return cf_buf_take(&out);
}

char *
cf_metaschema(const char *uri)
{
	if (!cf_starts(uri, DRAFT))
		return NULL;
	uri += strlen(DRAFT);
	for (size_t i = 0; i < sizeof document / sizeof *document; i++)
		if (strcmp(document[i].name, uri) == 0)
			return expand(document[i].text);
	return NULL;
}
