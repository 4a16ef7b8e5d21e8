/*
 * Any instance against a schema that uses every keyword. Whatever it is, the
 * answer is the same with and without faults; a fault has a path that exists
 * and one printable sentence; a regular expression is taken or refused.
 */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "json/regex.h"
#include "json/schema.h"

#define MAX (64u * 1024)
#define URI "urn:fuzz"

/* ' stands for ". */
static const char text[] =
"{'$dynamicAnchor':'node','title':'Record','type':['object','array','string',"
"'number','boolean'],'properties':{"
"'n':{'title':'Size','type':'integer','minimum':8,'maximum':1e3,"
"'multipleOf':0.5},"
"'x':{'exclusiveMinimum':-1.5,'exclusiveMaximum':1e308},"
"'s':{'type':'string','minLength':2,'maxLength':9,"
"'pattern':'^(?:[a-z\\\\s]+\\\\d?)*$','examples':['ab 1']},"
"'t':{'x-why':'must be plain','pattern':'^[^\\\\x00-\\\\x1f]*$'},"
"'day':{'format':'date'},'when':{'format':'date-time'},"
"'id':{'format':'uuid'},'at':{'format':'uri'},'mail':{'format':'email'},"
"'set':{'type':'array','uniqueItems':true,'maxItems':40},"
"'list':{'title':'List','prefixItems':[{'type':'integer'},true],"
"'items':{'$dynamicRef':'#node'},'contains':{'const':1},'maxContains':2},"
"'rest':{'contains':{'type':'string'},'minItems':1,'unevaluatedItems':false},"
"'pick':{'enum':['a',1,null,[1],{'a':1.5}]},'one':{'const':{'a':[1,2]}},"
"'how':{'oneOf':[{'properties':{'kind':{'const':'rct'},'n':{'type':'integer'}},"
"'required':['kind','n'],'additionalProperties':false},"
"{'properties':{'kind':{'const':'themes'},'themes':{'type':'array'}},"
"'required':['kind']},{'type':'string'},{'type':'null'}]},"
"'any':{'anyOf':[{'$ref':'#/$defs/short'},{'type':'array','minItems':2},"
"{'properties':{'deep':{'$dynamicRef':'#node'}},'required':['deep']}]},"
"'not':{'not':{'required':['a','b']}},"
"'if':{'if':{'required':['a']},'then':{'required':['b']},"
"'else':{'maxProperties':2},'dependentRequired':{'c':['d']},"
"'dependentSchemas':{'d':{'minProperties':3}}},"
"'next':{'$dynamicRef':'#node'},'open':{'$ref':'#/$defs/open'},"
"'names':{'propertyNames':{'pattern':'^[a-z]*$','maxLength':5}}},"
"'patternProperties':{'^x-':{'$ref':'#/$defs/short'}},"
"'unevaluatedProperties':false,"
"'$defs':{'short':{'title':'Short','type':'string','maxLength':3},"
"'open':{'allOf':[{'properties':{'a':true}},{'properties':{'b':{'type':"
"'integer'}}}],'anyOf':[{'properties':{'c':true},'required':['c']},true],"
"'unevaluatedProperties':{'type':'null'}}}}";

static const struct cf_schema *
schema(void)
{
	static struct cf_schema_set *set;
	static const struct cf_schema *out;
	char *copy;
	json_t *document;

	if (set)
		return out;
	cf_json_start();
	copy = cf_strdup(text);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	document = json_loads(copy, JSON_REJECT_DUPLICATES, NULL);
	free(copy);
	MUST(document);
	set = cf_schema_set_new();
	MUST(cf_schema_add(set, URI, document) == NULL);
	MUST(cf_schema_compile(&out, set, URI) == NULL);
	json_decref(document);
	return out;
}

/* One line that a terminal shows as it is. */
static void
check_sentence(const char *why)
{
	struct cf_str rest = cf_str(why);

	MUST(rest.n > 0);
	while (rest.n)
		MUST(cf_utf8_next(&rest) >= ' ');
}

static void
check_faults(const struct cf_schema_faults *faults, const json_t *instance)
{
	for (size_t i = 0; i < faults->n; i++) {
		const struct cf_schema_fault *f = &faults->fault[i];

		MUST(f->keyword[0]);
		MUST(cf_json_at(instance, f->path));
		check_sentence(f->why);
		for (size_t j = 0; j < i; j++)
			MUST(strcmp(f->path, faults->fault[j].path) != 0 ||
				strcmp(f->why, faults->fault[j].why) != 0);
	}
}

static void
check_pattern(struct cf_str pattern)
{
	struct cf_regex_room *room;
	struct cf_regex *regex;

	if (pattern.n > 200 || cf_regex_new(&regex, pattern))
		return;
	room = cf_regex_room_new();
	(void)cf_regex_match(regex, room, pattern);
	cf_regex_room_free(room);
	cf_regex_free(regex);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_str bytes = { (const char *)data, size };
	struct cf_schema_faults faults = { .max = 30 }, one = { .max = 1 };
	json_t *instance;
	bool valid;

	check_pattern(bytes);
	if (cf_json_read(&instance, bytes, MAX))
		return 0;
	valid = cf_schema_valid(schema(), instance, NULL);
	MUST(cf_schema_valid(schema(), instance, &faults) == valid);
	MUST(valid == (faults.n == 0) && faults.n <= faults.max);
	check_faults(&faults, instance);
	MUST(cf_schema_valid(schema(), instance, &one) == valid);
	MUST(one.n == (valid ? 0 : 1));
	if (!valid)
		MUST(strcmp(one.fault[0].why, faults.fault[0].why) == 0);
	cf_schema_faults_clear(&one);
	cf_schema_faults_clear(&faults);
	json_decref(instance);
	return 0;
}
