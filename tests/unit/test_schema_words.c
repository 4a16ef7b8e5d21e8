/*
 * What a person reads about a fault, word by word, and where it is said to be.
 */
#include "schema_case.h"

struct words {
	const char *schema, *instance, *want;
};

static void
check_all(const struct words *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_faults(w[i].schema, w[i].instance, w[i].want);
}
#define check(table) check_all((table), sizeof(table) / sizeof((table)[0]))

static void
test_numbers_are_described_as_a_whole(void **state)
{
	static const struct words table[] = {
		{ "{'properties':{'n':{'title':'Sample size','type':'integer',"
			"'minimum':8}}}", "{'n':3}",
			"/n minimum: 'Sample size' must be a whole number of "
			"at least 8\n" },
		{ "{'properties':{'n':{'title':'Sample size','type':'integer',"
			"'minimum':8}}}", "{'n':'many'}",
			"/n type: 'Sample size' must be a whole number of "
			"at least 8\n" },
		{ "{'properties':{'n':{'type':'integer','minimum':8,"
			"'maximum':20}}}", "{'n':8.5}",
			"/n type: 'n' must be a whole number from 8 to 20\n" },
		{ "{'maximum':1.5}", "2",
			" maximum: this must be a number of at most 1.5\n" },
		{ "{'exclusiveMinimum':0,'maximum':1}", "0",
			" exclusiveMinimum: this must be a number greater than "
			"0 and at most 1\n" },
		{ "{'exclusiveMinimum':0,'exclusiveMaximum':1}", "1",
			" exclusiveMaximum: this must be a number greater than "
			"0 and less than 1\n" },
		{ "{'minimum':0,'exclusiveMaximum':1}", "1",
			" exclusiveMaximum: this must be a number of at least "
			"0 and less than 1\n" },
		{ "{'type':'number','minimum':0,'multipleOf':0.05}", "0.07",
			" multipleOf: this must be a number of at least 0 that "
			"is a multiple of 0.05\n" },
		/* The bounds stand beside a reference to the type. */
		{ "{'$ref':'#/$defs/count','title':'Classes','minimum':2,"
			"'$defs':{'count':{'type':'integer'}}}", "1",
			" minimum: 'Classes' must be a whole number of at "
			"least 2\n" },
		{ "{'$ref':'#/$defs/count','title':'Classes','minimum':2,"
			"'$defs':{'count':{'type':'integer'}}}", "null",
			" type: 'Classes' must be a whole number of at least "
			"2\n" },
	};

	(void)state;
	check(table);
}

static void
test_values_are_listed(void **state)
{
	static const struct words table[] = {
		{ "{'properties':{'design':{'title':'Design','enum':"
			"['rct','quasi','single group']}}}", "{'design':'x'}",
			"/design enum: 'Design' must be one of: rct, quasi, "
			"single group\n" },
		/* Only that, although the type is wrong as well. */
		{ "{'type':'string','enum':['a','b']}", "1",
			" type: this must be one of: a, b\n" },
		{ "{'enum':[1,true,null,[2],{'a':1.5}]}", "'x'",
			" enum: this must be one of: 1, true, empty (null), "
			"[2], {\"a\":1.5}\n" },
		{ "{'const':'practice'}", "'x'",
			" const: this must be 'practice'\n" },
		{ "{'const':1}", "2", " const: this must be 1\n" },
		{ "{'oneOf':[{'const':'a','title':'A'},{'enum':['b','c']}]}",
			"'x'", " oneOf: this must be one of: a, b, c\n" },
		{ "{'not':{'const':'none'}}", "'none'",
			" not: this must not be 'none'\n" },
		{ "{'not':{'enum':['none','n/a']}}", "'none'",
			" not: this must not be one of: none, n/a\n" },
	};

	(void)state;
	check(table);
}

static void
test_types_have_plain_names(void **state)
{
	static const struct words table[] = {
		{ "{'type':'string'}", "1", " type: this must be text\n" },
		{ "{'type':'boolean'}", "1",
			" type: this must be true or false\n" },
		{ "{'type':'array'}", "1", " type: this must be a list in [ ]\n" },
		{ "{'type':'object'}", "1",
			" type: this must be a group of fields in { }\n" },
		{ "{'type':'null'}", "1",
			" type: this must be empty (null)\n" },
		{ "{'type':['null','string','integer']}", "[]",
			" type: this must be text or a whole number or empty "
			"(null)\n" },
		{ "{'type':'string','format':'date'}", "1",
			" type: this must be a date such as 2026-05-01\n" },
		{ "{'anyOf':[{'type':'string'},{'type':'array'}]}", "1",
			" anyOf: this must be text or a list in [ ]\n" },
	};

	(void)state;
	check(table);
}

static void
test_texts_and_lists_say_how_long_they_are(void **state)
{
	static const struct words table[] = {
		{ "{'minLength':1}", "''",
			" minLength: this must not be empty\n" },
		{ "{'minLength':3}", "'\xc3\xa9\xc3\xa9'",
			" minLength: this must have at least 3 characters; it "
			"has 2\n" },
		{ "{'maxLength':1}", "'abc'",
			" maxLength: this must have at most 1 character; it "
			"has 3\n" },
		{ "{'minItems':2}", "[1]",
			" minItems: this must have at least 2 entries; it has "
			"1\n" },
		{ "{'maxItems':1}", "[1,2]",
			" maxItems: this must have at most 1 entry; it has "
			"2\n" },
		{ "{'minProperties':1}", "{}",
			" minProperties: this must have at least 1 field; it "
			"has 0\n" },
		{ "{'maxProperties':1}", "{'a':1,'b':2}",
			" maxProperties: this must have at most 1 field; it "
			"has 2\n" },
		{ "{'uniqueItems':true}", "[3,1,2,1.0]",
			" uniqueItems: this must not have an entry twice: "
			"entries 2 and 4 are equal\n" },
		{ "{'contains':{'title':'Chair'},'minContains':2}", "[1]",
			" contains: this must have at least 2 entries of the "
			"kind 'Chair'\n" },
		{ "{'contains':{'type':'null'},'maxContains':1}",
			"[null,null]", " contains: this must have at most 1 "
			"entry of the kind that is meant here\n" },
	};

	(void)state;
	check(table);
}

static void
test_forms_are_shown_by_example(void **state)
{
	static const struct words table[] = {
		{ "{'pattern':'^[A-Z]+$'}", "'x'",
			" pattern: this is not in the form that is expected; "
			"it must match ^[A-Z]+$\n" },
		{ "{'pattern':'^[A-Z]+$','examples':['AB']}", "'x'",
			" pattern: this is not in the form that is expected, "
			"for example: AB\n" },
		{ "{'pattern':'^[A-Z]+$','x-why':'must be in capitals'}",
			"'x'", " pattern: this must be in capitals\n" },
		{ "{'format':'date-time'}", "'x'",
			" format: this must be a date and time such as "
			"2026-05-01T10:00:00Z\n" },
		{ "{'format':'uuid'}", "'x'", " format: this must be an "
			"identifier such as "
			"0190b1e2-7c3f-8a3a-9f10-5e0c3c0f12ab\n" },
		{ "{'format':'uri'}", "'x'", " format: this must be a full "
			"web address such as https://example.org/page\n" },
		{ "{'format':'email'}", "'x'", " format: this must be an "
			"e-mail address such as office@example.org\n" },
	};

	(void)state;
	check(table);
}

static void
test_missing_fields_have_their_titles(void **state)
{
	static const struct words table[] = {
		{ "{'required':['title']}", "{}",
			" required: 'title' is missing\n" },
		{ "{'required':['n'],'properties':{'n':{'$ref':'#/$defs/n'}},"
			"'$defs':{'n':{'title':'Sample size'}}}", "{}",
			" required: 'Sample size' (field 'n') is missing\n" },
		{ "{'properties':{'contact':{'title':'Contact','required':"
			"['name','email']}}}", "{'contact':{}}",
			"/contact required: 'name' is missing in 'Contact'\n"
			"/contact required: 'email' is missing in "
			"'Contact'\n" },
		{ "{'dependentRequired':{'design':['clusters']},"
			"'properties':{'clusters':{'title':'Clusters'}}}",
			"{'design':1}", " dependentRequired: 'Clusters' (field "
			"'clusters') is missing; it is needed because 'design' "
			"is given\n" },
		{ "{'not':{'required':['a','c','b']}}",
			"{'a':1,'b':1,'c':1}",
			" not: 'a', 'c' and 'b' must not be given together\n" },
		{ "{'not':{'required':['a']}}", "{'a':1}",
			" not: 'a' must not be given here\n" },
		{ "{'not':{'type':'object'}}", "{}",
			" not: this has a form that is not allowed here\n" },
	};

	(void)state;
	check(table);
}

static void
test_unknown_fields_get_a_suggestion(void **state)
{
	static const struct words table[] = {
		{ "{'properties':{'effect':true,'design':true},"
			"'additionalProperties':false}", "{'efect':1}",
			"/efect additionalProperties: this field is not known "
			"here: 'efect'. Did you mean 'effect'?\n" },
		/* What is there already is not what was meant. */
		{ "{'properties':{'effect':true},'additionalProperties':"
			"false}", "{'effect':1,'efect':1}",
			"/efect additionalProperties: this field is not known "
			"here: 'efect'\n" },
		{ "{'properties':{'title':true},'additionalProperties':false}",
			"{'Title':1,'ttile':2,'label':3}",
			"/Title additionalProperties: this field is not known "
			"here: 'Title'. Did you mean 'title'?\n"
			"/ttile additionalProperties: this field is not known "
			"here: 'ttile'. Did you mean 'title'?\n"
			"/label additionalProperties: this field is not known "
			"here: 'label'\n" },
		{ "{'allOf':[{'$ref':'#/$defs/a'}],'unevaluatedProperties':"
			"false,'$defs':{'a':{'properties':{'summary':true}}}}",
			"{'sumary':1}", "/sumary unevaluatedProperties: this "
			"field is not known here: 'sumary'. Did you mean "
			"'summary'?\n" },
		{ "{'properties':{'old':false}}", "{'old':1}",
			"/old false: 'old' is not allowed here\n" },
		{ "{'propertyNames':{'pattern':'^[a-z]+$'}}", "{'A1':1}",
			"/A1 pattern: the name of the field 'A1' is not in the "
			"form that is expected; it must match ^[a-z]+$\n" },
	};

	(void)state;
	check(table);
}

static void
test_entries_of_lists_are_counted_from_one(void **state)
{
	static const char schema[] = "{'properties':{'outcomes':{'title':"
		"'Outcomes','items':{'type':'object','required':['key'],"
		"'properties':{'key':true,'g':{'title':'Effect','type':"
		"'number'},'tags':{'items':{'maxLength':2}}},"
		"'additionalProperties':false}}}}";
	static const struct words table[] = {
		{ schema, "{'outcomes':[{'key':1},7]}",
			"/outcomes/1 type: entry 2 of 'Outcomes' must be a "
			"group of fields in { }\n" },
		{ schema, "{'outcomes':[{'key':1,'g':'x'}]}",
			"/outcomes/0/g type: in entry 1 of 'Outcomes', "
			"'Effect' must be a number\n" },
		{ schema, "{'outcomes':[{'kei':1}]}",
			"/outcomes/0 required: 'key' is missing in entry 1 of "
			"'Outcomes'\n/outcomes/0/kei additionalProperties: in "
			"entry 1 of 'Outcomes', this field is not known here: "
			"'kei'. Did you mean 'key'?\n" },
		{ schema, "{'outcomes':[{'key':1,'tags':['a','abc']}]}",
			"/outcomes/0/tags/1 maxLength: in entry 1 of "
			"'Outcomes', entry 2 of 'tags' must have at most 2 "
			"characters; it has 3\n" },
		{ "{'items':{'items':{'type':'null'}}}", "[[1]]",
			"/0/0 type: in entry 1, entry 1 must be empty "
			"(null)\n" },
		{ "{'prefixItems':[true],'items':false}", "[1,2]",
			"/1 false: entry 2 is not allowed here\n" },
	};

	(void)state;
	check(table);
}

static void
test_only_the_nearest_branch_is_explained(void **state)
{
	static const char schema[] = "{'oneOf':[{'properties':{'kind':{'const':"
		"'rct'},'n':{'type':'integer'},'icc':{'type':'number'}},"
		"'required':['n','icc'],'additionalProperties':false},"
		"{'properties':{'kind':{'const':'themes'},'themes':{'type':"
		"'array'}},'required':['themes']}]}";
	static const struct words table[] = {
		{ schema, "{'kind':'rct','n':'x'}",
			" required: 'icc' is missing\n"
			"/n type: 'n' must be a whole number\n" },
		{ schema, "{'kind':'themes','n':'x'}",
			" required: 'themes' is missing\n" },
		{ schema, "{'kind':'themes','themes':1}",
			"/themes type: 'themes' must be a list in [ ]\n" },
		{ "{'anyOf':[{'type':'object'},{'type':'array','minItems':2}]}",
			"[1]", " minItems: this must have at least 2 entries; "
			"it has 1\n" },
		{ "{'oneOf':[{'type':'integer'},{'minimum':2}]}", "3",
			" oneOf: this fits more than one of the forms that are "
			"allowed here; it must fit exactly one\n" },
		{ "{'if':{'required':['a']},'then':{'required':['b']},"
			"'else':{'required':['c']}}", "{'a':1}",
			" required: 'b' is missing\n" },
		{ "{'dependentSchemas':{'a':{'maxProperties':1}}}",
			"{'a':1,'b':1}", " maxProperties: this must have at "
			"most 1 field; it has 2\n" },
	};

	(void)state;
	check(table);
}

static void
test_what_others_wrote_is_made_harmless(void **state)
{
	static const struct words table[] = {
		/* Path: escaped. Sentence: printable, one line, cut. */
		{ "{'additionalProperties':{'type':'null'}}",
			"{'a/b~c':1,'\\u001b[1m\\nx':1}",
			"/a~1b~0c type: 'a/b~c' must be empty (null)\n"
			"/\x1b[1m\nx type: '\xef\xbf\xbd[1m\xef\xbf\xbdx' must "
			"be empty (null)\n" },
		{ "{'additionalProperties':false}",
			"{'0123456789012345678901234567890123456789"
			"012345678901234567890123456789':1}",
			"/012345678901234567890123456789012345678901234567890"
			"1234567890123456789 additionalProperties: this field "
			"is not known here: '0123456789012345678901234567890123"
			"45678901234567890123456789\xe2\x80\xa6'\n" },
		{ "{'const':'a\\u0000b'}", "1",
			" const: this must be 'a\xef\xbf\xbd" "b'\n" },
	};

	(void)state;
	check(table);
}

static void
test_the_same_is_said_once(void **state)
{
	(void)state;
	check_faults("{'allOf':[{'required':['a']},{'required':['a','b']}],"
		"'required':['a']}", "{}",
		" required: 'a' is missing\n required: 'b' is missing\n");
}

static void
test_a_long_choice_is_cut(void **state)
{
	struct cf_buf schema = CF_BUF(65536);
	const struct cf_schema *compiled;
	struct cf_schema_set *set;
	char *got;

	(void)state;
	cf_buf_puts(&schema, "{'enum':['a'");
	for (int i = 0; i < 500; i++)
		cf_buf_printf(&schema, ",'value number %d'", i);
	cf_buf_puts(&schema, "]}");
	set = set_of(&compiled, schema.data);
	got = faults_of(compiled, "0");
	assert_true(strlen(got) > 700 && strlen(got) < 900);
	assert_true(cf_ends(got, ", \xe2\x80\xa6\n"));
	free(got);
	cf_schema_set_free(set);
	cf_buf_clear(&schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_described_as_a_whole),
		cmocka_unit_test(test_values_are_listed),
		cmocka_unit_test(test_types_have_plain_names),
		cmocka_unit_test(test_texts_and_lists_say_how_long_they_are),
		cmocka_unit_test(test_forms_are_shown_by_example),
		cmocka_unit_test(test_missing_fields_have_their_titles),
		cmocka_unit_test(test_unknown_fields_get_a_suggestion),
		cmocka_unit_test(test_entries_of_lists_are_counted_from_one),
		cmocka_unit_test(test_only_the_nearest_branch_is_explained),
		cmocka_unit_test(test_what_others_wrote_is_made_harmless),
		cmocka_unit_test(test_the_same_is_said_once),
		cmocka_unit_test(test_a_long_choice_is_cut),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
