#!/usr/bin/env bats
# The table of attacks says where each is shown; those tests are there.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || exit
}

@test "attacks: every row of the list is in the table, once" {
	[ "$(sed -n 's/^| \([0-9]*\) |.*/\1/p' attacks.md)" = "$(seq 86)" ]
}

@test "attacks: the tests that the table names exist" {
	local name
	while read -r name; do
		[ -f "e2e/$name" ]
	done < <(grep -o '[a-z_]\+\.bats' attacks.md | sort -u)
	while read -r name; do
		[ -f "unit/$name.c" ] || grep -q "^$name(void" unit/*.c
	done < <(grep -o 'test_[a-z0-9_]\+' attacks.md | sort -u)
}
