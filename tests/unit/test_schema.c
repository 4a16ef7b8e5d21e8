/*
 * What the validator promises beyond single keywords: sets of documents,
 * references, dialects, limits, threads. The keywords themselves are in the
 * public suite; here stands one of each that is easy to get wrong.
 */
#include <pthread.h>

#include "schema_case.h"

static void
check_wrong(const char *schema, const char *want)
{
	struct cf_schema_set *set = cf_schema_set_new();
	const struct cf_schema *compiled;
	const struct cf_err *err = add(set, URI, schema);

	if (!err)
		err = cf_schema_compile(&compiled, set, URI);
	assert_non_null(err);
	assert_int_equal(err->code, CF_INVALID);
	assert_string_equal(err->msg, want);
	cf_schema_set_free(set);
}

static void
test_a_set_resolves_whatever_the_order(void **state)
{
	static const char *const text[] = {
		"{'$id':'https://example.invalid/a.json','properties':{'b':"
			"{'$ref':'b.json#/$defs/n'},'c':{'$ref':'c#here'}}}",
		"{'$id':'https://example.invalid/b.json','$defs':{'n':{'type':"
			"'integer'}}}",
		"{'$defs':{'x':{'$anchor':'here','type':'string'}}}",
	};
	static const char *const uri[] = { "a", "b",
		"https://example.invalid/c" };

	(void)state;
	for (unsigned first = 0; first < 3; first++) {
		struct cf_schema_set *set = cf_schema_set_new();
		const struct cf_schema *schema;
		char *faults;

		for (unsigned i = 0; i < 3; i++)
			expect_ok(add(set, uri[(first + i) % 3],
				text[(first + i) % 3]));
		expect_ok(cf_schema_compile(&schema, set,
			"https://example.invalid/a.json"));
		faults = faults_of(schema, "{'b':'x','c':1}");
		assert_string_equal(faults, "/b type: 'b' must be a whole "
			"number\n/c type: 'c' must be text\n");
		free(faults);
		/* A part of a document compiles by its pointer. */
		expect_ok(cf_schema_compile(&schema, set,
			"https://example.invalid/a.json#/properties/b"));
		faults = faults_of(schema, "1");
		assert_string_equal(faults, "");
		free(faults);
		cf_schema_set_free(set);
	}
}

static void
test_a_document_has_its_id_and_its_address(void **state)
{
	struct cf_schema_set *set = cf_schema_set_new();
	const struct cf_schema *by_id, *by_address;

	(void)state;
	expect_ok(add(set, "https://example.invalid/x", "{'$id':'urn:y'}"));
	expect_ok(cf_schema_compile(&by_id, set, "urn:y"));
	expect_ok(cf_schema_compile(&by_address, set,
		"https://example.invalid/x"));
	assert_ptr_equal(by_id, by_address);
	expect_err(add(set, "urn:y", "{}"), CF_EXISTS, "");
	expect_err(add(set, NULL, "{'$id':'urn:y'}"), CF_EXISTS, "");
	expect_err(add(set, NULL, "{}"), CF_INVALID, "");
	expect_err(add(set, "relative", "{'$id':'too'}"), CF_INVALID, "");
	expect_err(add(set, URI, "[]"), CF_INVALID, "");
	cf_schema_set_free(set);
}

static void
test_a_wrong_schema_is_named_with_its_place(void **state)
{
	(void)state;
	check_wrong("{'properties':{'a/b':{'minLength':-1}}}",
		"the schema " URI "#/properties/a~1b cannot be used: "
		"'minLength' must be a whole number of at least 0");
	check_wrong("{'type':'text'}", "the schema " URI " cannot be used: "
		"'type' must be the name of a type, or a list of them");
	check_wrong("{'items':[{}]}", "the schema " URI "#/items is neither an "
		"object nor true or false");
	check_wrong("{'allOf':[{'$ref':'#/$defs/no'}]}", "the schema " URI
		"#/allOf/0 cannot be used: it refers to " URI "#/$defs/no, and "
		"there is no such place in that schema");
	check_wrong("{'$ref':'urn:elsewhere'}", "the schema " URI " cannot be "
		"used: it refers to urn:elsewhere, which is not among the "
		"schemas here");
	check_wrong("{'patternProperties':{'(':true}}", "the schema " URI
		" cannot be used: the pattern ( cannot be used: a ( is not "
		"closed");
	check_wrong("{'multipleOf':0}", "the schema " URI " cannot be used: "
		"'multipleOf' must be a number greater than 0");
	check_wrong("{'required':'a'}", "the schema " URI " cannot be used: "
		"'required' must be a list of names");
	check_wrong("{'contains':true,'minContains':1.5}", "the schema " URI
		" cannot be used: 'minContains' must be a whole number of at "
		"least 0");
	check_wrong("{'$schema':'http://json-schema.org/draft-07/schema#'}",
		"the schema " URI " is written in the dialect "
		"http://json-schema.org/draft-07/schema#, which this program "
		"does not know");
	check_wrong("{'$defs':{'a':{'$anchor':'x'},'b':{'$anchor':'x'}}}",
		"in the schema " URI " two places have the $anchor x");
	check_wrong("{'$id':'other#part'}", "in the schema " URI " an $id is "
		"not a URI without a fragment");
}

/* Each keyword says what its value must be. */
static void
test_wrong_values_of_keywords_are_refused(void **state)
{
	static const char *const pair[][2] = {
		{ "{'type':['string','text']}", "'type' must be names of "
			"types" },
		{ "{'enum':1}", "'enum' must be a list of values" },
		{ "{'minimum':'1'}", "'minimum' must be a number" },
		{ "{'maxLength':1.5}", "'maxLength' must be a whole number of "
			"at least 0" },
		{ "{'pattern':1}", "'pattern' must be text" },
		{ "{'format':1}", "'format' must be the name of a format" },
		{ "{'uniqueItems':1}", "'uniqueItems' must be true or false" },
		{ "{'required':[1]}", "'required' must be a list of names" },
		{ "{'dependentRequired':1}", "'dependentRequired' must be "
			"lists of names" },
		{ "{'dependentRequired':{'a':1}}", "'dependentRequired' must "
			"be lists of names" },
		{ "{'$ref':1}", "'$ref' must be a reference" },
		{ "{'$dynamicRef':1}", "'$dynamicRef' must be a reference" },
		{ "{'allOf':[]}", "'allOf' must be a list of schemas" },
		{ "{'oneOf':{}}", "'oneOf' must be a list of schemas" },
		{ "{'dependentSchemas':1}", "'dependentSchemas' must be "
			"schemas by name" },
		{ "{'properties':1}", "'properties' must be schemas by name" },
		{ "{'patternProperties':1}", "'patternProperties' must be "
			"schemas by name" },
		{ "{'prefixItems':1}", "'prefixItems' must be a list of "
			"schemas" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		char *want = cf_asprintf("the schema " URI " cannot be used: "
			"%s", pair[i][1]);

		check_wrong(pair[i][0], want);
		free(want);
	}
	check_wrong("{'$anchor':1}", "in the schema " URI " a $anchor is not "
		"a name");
	check_wrong("{'$ref':'#/%zz'}", "the schema " URI " cannot be used: "
		"it refers to " URI "#/%zz, and there is no such place in that "
		"schema");
	check_wrong("{'$ref':'#/%'}", "the schema " URI " cannot be used: "
		"it refers to " URI "#/%, and there is no such place in that "
		"schema");
	check_wrong("{'not':{'properties':{'a':{'$schema':'x','items':7}}}}",
		"the schema " URI "#/not/properties/a/items is neither an "
		"object nor true or false");
}

/* A pointer that crosses an $id goes on in the inner resource. */
static void
test_a_pointer_takes_the_base_with_it(void **state)
{
	(void)state;
	check("{'$ref':'#/$defs/a/$defs/c','$defs':{'a':{'$id':"
		"'https://example.invalid/inner/','$defs':{'c':{'$ref':'d'},"
		"'d':{'$id':'d','type':'null'}}}}}", "1", false);
	check("{'$ref':'https://json-schema.org/draft/2020-12/meta/core"
		"#/$defs/anchorString'}", "'1'", false);
	check("{'$ref':'#/$defs/list/1','$defs':{'list':[true,false]}}", "1",
		false);
}

static void
test_a_deep_schema_is_refused(void **state)
{
	struct cf_schema_set *set = cf_schema_set_new();
	json_t *schema = json_object();

	(void)state;
	for (unsigned i = 0; i < CF_MAX_SCHEMA_DEPTH; i++)
		schema = json_pack("{s:o}", "not", schema);
	expect_err(cf_schema_add(set, URI, schema), CF_TOO_BIG, "");
	json_decref(schema);
	cf_schema_set_free(set);
	cf_schema_set_free(NULL);
}

static void
test_after_a_failure_the_set_goes_on(void **state)
{
	struct cf_schema_set *set = cf_schema_set_new();
	const struct cf_schema *schema;
	char *faults;

	(void)state;
	expect_ok(add(set, "urn:good", "{'$dynamicAnchor':'node','properties':"
		"{'next':{'$dynamicRef':'#node'}},'required':['n']}"));
	expect_ok(cf_schema_compile(&schema, set, "urn:good"));
	expect_ok(add(set, "urn:bad", "{'allOf':[{'$ref':'urn:good'},"
		"{'$ref':'urn:late'}]}"));
	expect_err(cf_schema_compile(&schema, set, "urn:bad"), CF_INVALID, "");
	assert_null(schema);
	expect_err(cf_schema_compile(&schema, set, "urn:none"), CF_INVALID,
		"");
	expect_ok(add(set, "urn:late", "{'required':['m']}"));
	expect_ok(cf_schema_compile(&schema, set, "urn:bad"));
	faults = faults_of(schema, "{'m':1,'n':1,'next':{}}");
	assert_string_equal(faults,
		"/next required: 'n' is missing in 'next'\n");
	free(faults);
	cf_schema_set_free(set);
}

static void
test_the_meta_schema_is_there(void **state)
{
	static const char schema[] = "{'$ref':"
		"'https://json-schema.org/draft/2020-12/schema'}";

	(void)state;
	check(schema, "{'properties':{'a':{'minLength':2}}}", true);
	check_faults(schema, "{'properties':{'a':{'minLength':-2}}}",
		"/properties/a/minLength minimum: 'minLength' must be a whole "
		"number of at least 0\n");
	check_faults(schema, "{'allOf':[]}",
		"/allOf minItems: 'allOf' must have at least 1 entry; it has "
		"0\n");
	check_faults(schema, "{'title':1,'deprecated':2}",
		"/title type: 'title' must be text\n"
		"/deprecated type: 'deprecated' must be true or false\n");
	check("{'$ref':'https://json-schema.org/draft/2020-12/meta/format-"
		"assertion'}", "{'format':1}", false);
}

static void
test_a_dialect_says_what_is_in_force(void **state)
{
	static const char meta[] = "{'$vocabulary':{"
		"'https://json-schema.org/draft/2020-12/vocab/core':true,"
		"'https://json-schema.org/draft/2020-12/vocab/applicator':true,"
		"'https://json-schema.org/draft/2020-12/vocab/"
		"format-assertion':true,'urn:no-matter':false}}";
	struct cf_schema_set *set = cf_schema_set_new();
	const struct cf_schema *schema;
	char *faults;

	(void)state;
	expect_ok(add(set, "urn:meta", meta));
	expect_ok(add(set, "urn:a", "{'$schema':'urn:meta','minimum':3,"
		"'properties':{'ip':{'format':'ipv4'}}}"));
	expect_ok(cf_schema_compile(&schema, set, "urn:a"));
	faults = faults_of(schema, "1");
	assert_string_equal(faults, "");
	free(faults);
	faults = faults_of(schema, "{'ip':'1.2.3.256'}");
	assert_string_equal(faults, "/ip format: 'ip' must be an address such "
		"as 192.0.2.1\n");
	free(faults);
	expect_ok(add(set, "urn:b", "{'$schema':'urn:meta','format':"
		"'hostname'}"));
	expect_err(cf_schema_compile(&schema, set, "urn:b"), CF_INVALID, "");
	expect_ok(add(set, "urn:strange", "{'$vocabulary':{'urn:x':true}}"));
	expect_ok(add(set, "urn:c", "{'$schema':'urn:strange'}"));
	expect_err(cf_schema_compile(&schema, set, "urn:c"), CF_INVALID, "");
	cf_schema_set_free(set);
}

static void
test_formats_assert_unless_told(void **state)
{
	struct cf_schema_set *set = cf_schema_set_new();
	const struct cf_schema *schema;
	json_t *text = json_string("x");

	(void)state;
	check("{'format':'date'}", "'x'", false);
	check("{'format':'ipv4'}", "'x'", true);
	check("{'format':'no-such-format'}", "'x'", true);
	cf_schema_set_formats(set, false);
	expect_ok(add(set, URI, "{'format':'date'}"));
	expect_ok(cf_schema_compile(&schema, set, URI));
	assert_true(cf_schema_valid(schema, text, NULL));
	json_decref(text);
	cf_schema_set_free(set);
}

static void
test_unevaluated_sees_what_held(void **state)
{
	static const char schema[] = "{'properties':{'a':true},'anyOf':["
		"{'properties':{'b':{'type':'string'}},'required':['b']},"
		"{'properties':{'c':true},'required':['c']}],'if':{"
		"'properties':{'d':{'const':1}},'required':['d']},'then':{"
		"'properties':{'e':true}},'unevaluatedProperties':false}";

	(void)state;
	check(schema, "{'a':1,'b':'x'}", true);
	check(schema, "{'a':1,'c':1}", true);
	check(schema, "{'a':1,'b':2,'c':1}", false);
	check(schema, "{'c':1,'d':1,'e':1}", true);
	check(schema, "{'c':1,'d':2}", false);
	check("{'prefixItems':[true],'contains':{'type':'string'},"
		"'unevaluatedItems':false}", "[1,'x']", true);
	check("{'prefixItems':[true],'contains':{'type':'string'},"
		"'unevaluatedItems':false}", "[1,'x',2]", false);
}

/* More members than one word of bits has. */
static void
test_unevaluated_counts_past_sixty_four(void **state)
{
	static const char schema[] = "{'patternProperties':{'^a':true},"
		"'unevaluatedProperties':false}";
	struct cf_buf text = CF_BUF(65536);

	(void)state;
	cf_buf_puts(&text, "{'a':1");
	for (int i = 0; i < 200; i++)
		cf_buf_printf(&text, ",'a%d':1", i);
	cf_buf_putc(&text, '}');
	check(schema, text.data, true);
	text.data[text.len - 1] = ',';
	cf_buf_puts(&text, "'b':1}");
	check_faults(schema, text.data, "/b unevaluatedProperties: this field "
		"is not known here: 'b'\n");
	cf_buf_clear(&text);
}

static void
test_faults_stop_where_the_caller_says(void **state)
{
	const struct cf_schema *schema;
	struct cf_schema_set *set = set_of(&schema,
		"{'items':{'type':'null'}}");
	struct cf_schema_faults faults = { .max = 2 };
	json_t *list = parse("[1,2,3,4]"), *empty = parse("[]");

	(void)state;
	assert_false(cf_schema_valid(schema, list, &faults));
	assert_int_equal(faults.n, 2);
	assert_string_equal(faults.fault[1].path, "/1");
	faults.max = 3;
	assert_false(cf_schema_valid(schema, list, &faults));
	assert_int_equal(faults.n, 3);
	assert_true(cf_schema_valid(schema, empty, &faults));
	assert_int_equal(faults.n, 0);
	faults.max = 0;
	assert_false(cf_schema_valid(schema, list, &faults));
	assert_null(faults.fault);
	json_decref(list);
	json_decref(empty);
	cf_schema_set_free(set);
}

static void
test_limits_refuse(void **state)
{
	struct cf_buf text = CF_BUF(4 * 1024 * 1024);
	const struct cf_schema *schema;
	struct cf_schema_set *set;
	char *faults;

	(void)state;
	check_faults("{'$ref':'#'}", "1",
		" limit: this cannot be checked: its parts are nested too "
		"deeply\n");
	/* What cannot be decided is not valid either way round. */
	check("{'not':{'$ref':'#'}}", "1", false);
	check_faults("{'anyOf':[{'type':'null'},{'$ref':'#'}]}", "1",
		" limit: this cannot be checked: its parts are nested too "
		"deeply\n");
	set = set_of(&schema, "{'properties':{'t':{'pattern':"
		"'^(a|a)*[bc]$'}}}");
	cf_buf_puts(&text, "{'t':'");
	for (int i = 0; i < 64; i++)
		cf_buf_putc(&text, 'a');
	cf_buf_puts(&text, "'}");
	faults = faults_of(schema, text.data);
	assert_string_equal(faults, "/t limit: 't' cannot be checked: it is "
		"too long or too irregular\n");
	free(faults);
	cf_schema_set_free(set);
	cf_buf_clear(&text);
	check("{'patternProperties':{'^(a|a)*[bc]$':true}}",
		"{'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa':1}",
		false);
}

/* Each level of the schema looks twice at the next: 2^26 steps. */
static void
test_work_without_end_is_stopped(void **state)
{
	struct cf_buf text = CF_BUF(65536);

	(void)state;
	cf_buf_puts(&text, "{'$ref':'#/$defs/0','$defs':{");
	for (int i = 0; i < 26; i++)
		cf_buf_printf(&text, "'%d':{'allOf':[{'$ref':'#/$defs/%d'},"
			"{'$ref':'#/$defs/%d'}]},", i, i + 1, i + 1);
	cf_buf_puts(&text, "'26':{'minimum':1}}}");
	check_faults(text.data, "1", " limit: this cannot be checked: there is "
		"too much to compare\n");
	cf_buf_clear(&text);
}

struct worker {
	const struct cf_schema *schema;
	json_t *good, *bad;
	unsigned wrong;
};

static void *
work(void *payload)
{
	struct worker *w = payload;

	for (int i = 0; i < 500; i++) {
		struct cf_schema_faults faults = { .max = 5 };

		w->wrong += !cf_schema_valid(w->schema, w->good, NULL);
		w->wrong += cf_schema_valid(w->schema, w->bad, &faults);
		w->wrong += faults.n != 2;
		cf_schema_faults_clear(&faults);
	}
	return NULL;
}

static void
test_threads_share_a_schema(void **state)
{
	const struct cf_schema *schema;
	struct cf_schema_set *set = set_of(&schema, "{'items':{'pattern':"
		"'^[a-z]+$'},'uniqueItems':true,'unevaluatedItems':false}");
	struct worker worker[12];
	pthread_t thread[12];

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		worker[i] = (struct worker){ .schema = schema,
			.good = parse("['a','b','c','d','e','f','g','h','i']"),
			.bad = parse("['1','b','c','d','e','f','g','h','h']") };
		assert_int_equal(pthread_create(&thread[i], NULL, work,
			&worker[i]), 0);
	}
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		assert_int_equal(worker[i].wrong, 0);
		json_decref(worker[i].good);
		json_decref(worker[i].bad);
	}
	cf_schema_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_set_resolves_whatever_the_order),
		cmocka_unit_test(test_a_document_has_its_id_and_its_address),
		cmocka_unit_test(test_a_wrong_schema_is_named_with_its_place),
		cmocka_unit_test(test_wrong_values_of_keywords_are_refused),
		cmocka_unit_test(test_a_pointer_takes_the_base_with_it),
		cmocka_unit_test(test_a_deep_schema_is_refused),
		cmocka_unit_test(test_after_a_failure_the_set_goes_on),
		cmocka_unit_test(test_the_meta_schema_is_there),
		cmocka_unit_test(test_a_dialect_says_what_is_in_force),
		cmocka_unit_test(test_formats_assert_unless_told),
		cmocka_unit_test(test_unevaluated_sees_what_held),
		cmocka_unit_test(test_unevaluated_counts_past_sixty_four),
		cmocka_unit_test(test_faults_stop_where_the_caller_says),
		cmocka_unit_test(test_limits_refuse),
		cmocka_unit_test(test_work_without_end_is_stopped),
		cmocka_unit_test(test_threads_share_a_schema),
	};

	cf_json_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
