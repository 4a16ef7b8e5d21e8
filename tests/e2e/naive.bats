#!/usr/bin/env bats
# The merge against the same rule written once more, in another language and as
# plainly as can be. HISTORIES=20000 SEED=7 bats tests/e2e/naive.bats: more.
load lib

@test "the merge is what its rule says, over random histories" {
	run python3 "$top/tests/interop/merge.py" confer \
		"${HISTORIES:-400}" ${SEED:+"$SEED"}
	echo "# ${lines[0]}, ${lines[-2]}" >&3
	echo "$output"
	[ "$status" = 0 ]
	[[ ${lines[-1]} == *" passed, 0 failed" ]]
	# a test that met no conflict says nothing
	[[ $output == *edit/edit* && $output == *delete/edit* &&
		$output == *type* ]]
}

@test "the merge: a removal that a later one has seen is no side" {
	exits 0 python3 "$top/tests/interop/merge.py" confer 400 263068468
	has "400 passed, 0 failed"
}
