#!/usr/bin/env bats
# Each lint check finds what it is for: in a small tree of our own, clean at
# first, one fault at a time.

setup() {
	here=$BATS_TEST_DIRNAME/../..
	mkdir -p "$BATS_TEST_TMPDIR/tree" && cd "$BATS_TEST_TMPDIR/tree" || exit
	mkdir -p include src/base src/json src/sign src/cli tests/lint schemas
	cp "$here"/tests/lint/* tests/lint/
	# what the real tree has a reason for is not here
	sed -i '/^#/!d' tests/lint/sizes.allow
	cp "$here/Makefile" "$here/.clang-tidy" .
	echo 'int confer(void);' > include/confer.h
	echo 'int cf_low(int one);' > src/base/low.h
	printf '%s\n' '#ifndef CF_LIMITS_H' '#define CF_LIMITS_H' '' \
		'#define CF_MAX_OLD 3	/* three */' '' '#endif' \
		> src/base/limits.h
	printf '%s\n' '#include "base/low.h"' '#include <jansson.h>' \
		'int cf_high(int one);' > src/json/high.h
	printf '%s\n' '#include "json/high.h"' '' 'int' 'cf_high(int one)' \
		'{' '	return cf_low(one) + 1;' '}' > src/json/high.c
	echo '{"a": 1}' > schemas/a.json
	git init -q && git add -A
}

finds() {
	run "tests/lint/$1.sh"
	[ "$status" -ne 0 ]
	[[ "$output" == *"$2"* ]]
}

@test "a clean tree passes in silence" {
	for check in layers banned limits sizes headers words cppcheck tidy shell \
		man json space; do
		run "tests/lint/$check.sh"
		echo "$check: $output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

@test "every check there is has a test here" {
	for check in tests/lint/*.sh; do
		check=${check##*/}
		grep -q "finds ${check%.sh} " "$BATS_TEST_FILENAME"
	done
}

@test "layers: a lower folder that includes a higher one" {
	echo '#include "json/high.h"' > src/base/low.c
	finds layers src/base/low.c
}

@test "layers: a library outside its folder" {
	echo '#include <sodium.h>' > src/json/more.c
	finds layers src/json/more.c
}

@test "layers: jansson below json" {
	echo '#include <jansson.h>' > src/base/more.c
	finds layers src/base/more.c
}

@test "layers: the command line knows confer.h and base only" {
	printf '%s\n' '#include "base/low.h"' '#include "confer.h"' \
		> src/cli/main.c
	run tests/lint/layers.sh
	[ "$status" -eq 0 ]
	echo '#include "json/high.h"' >> src/cli/main.c
	finds layers src/cli/main.c
}

@test "limits: a maximum beside the code, one without a reason" {
	echo '#define MAX_THINGS 7	/* seven are enough */' > src/base/low.c
	finds limits src/base/low.c
	rm src/base/low.c
	echo '#define CF_MAX_THINGS 7' >> src/base/limits.h
	finds limits 'CF_MAX_THINGS without a reason'
}

@test "banned: strcpy and gmtime, but not gmtime_r or a member" {
	echo 'void f(void) { gmtime_r(a, b); x->system(1); my_gets(2); }' \
		> src/base/low.c
	run tests/lint/banned.sh
	[ "$status" -eq 0 ]
	echo 'void f(void) { gmtime(a); }' > src/base/low.c
	finds banned src/base/low.c
	echo 'void f(void) { if (strcpy (a, b)) {} }' > src/base/low.c
	finds banned src/base/low.c
}

@test "sizes: a file of 501 lines, a function of 61" {
	seq -f '// %g' 501 > src/base/low.c
	finds sizes 'src/base/low.c: 501 lines, at most 500'
	{ printf 'int\nlong_one(int a)\n{\n'; seq -f '	a += %g;' 61; echo '}'
	} > src/base/low.c
	finds sizes 'src/base/low.c:long_one: 61 lines, at most 60'
}

@test "sizes: a reason allows more, to its limit, while it is needed" {
	seq -f '// %g' 501 > src/base/low.c
	echo 'src/base/low.c 510 tables of Unicode' >> tests/lint/sizes.allow
	run tests/lint/sizes.sh
	[ "$status" -eq 0 ]
	seq -f '// %g' 511 > src/base/low.c
	finds sizes 'src/base/low.c: 511 lines, at most 510'
	echo '// short' > src/base/low.c
	finds sizes 'nothing needs src/base/low.c'
	echo 'src/base/low.c 510' > tests/lint/sizes.allow
	finds sizes 'no reason'
}

@test "headers: one that needs another first" {
	echo 'size_t cf_low(void);' > src/base/low.h
	finds headers size_t
}

@test "words: places that no user has, and things left for later" {
	mkdir .ci
	echo 'make conformance SUITES=../share''d/suites' > .ci/run
	run tests/lint/words.sh
	[ "$status" -eq 0 ]
	cp .ci/run run
	finds words run:1
	echo '/* TO''DO: later */' > run
	finds words run:1
}

@test "tidy: a null pointer followed" {
	printf '%s\n' '#include "base/low.h"' '' 'int' 'cf_low(int one)' '{' \
		'	int *p = 0;' '' '	return one ? *p : 0;' '}' \
		> src/base/low.c
	finds tidy 'Dereference of null pointer'
}

@test "cppcheck: an index past the end" {
	printf '%s\n' 'int f(void);' 'int f(void)' '{' '	int a[3] = {0};' \
		'	return a[3];' '}' > src/base/low.c
	finds cppcheck 'out of bounds'
}

@test "shell: a variable without quotes" {
	printf '%s\n' '#!/usr/bin/env bash' "rm \$1" > tests/clean.sh
	finds shell SC2086
}

@test "man: a page that is not mdoc" {
	mkdir man
	printf '.Dd May 1, 2026\n.Dt CONFER 1\n.Os\n.Sh NAME\n.Bl\n' \
		> man/confer.1
	finds man confer.1
}

@test "json: a comma too many" {
	echo '{"a": 1,}' > schemas/b.json
	finds json schemas/b.json
}

@test "space: at the end of a line, no last newline, a line too wide" {
	echo 'int x; ' > src/base/low.c
	finds space src/base/low.c
	printf 'int x;' > src/base/low.c
	finds space 'no newline'
	printf '\t%083d\n' 1 > src/base/low.c
	finds space 'over 90 columns'
}
