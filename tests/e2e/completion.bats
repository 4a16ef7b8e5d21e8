#!/usr/bin/env bats
# What bash offers after the tabulator key.

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	# shellcheck source=src/cli/completion.bash
	source "$BATS_TEST_DIRNAME/../../src/cli/completion.bash"
}

# offers WORDS...: what is offered for the last word, in one line.
offers() {
	COMP_WORDS=(confer "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_confer
	printf '%s\n' "${COMPREPLY[@]}" | sort -u | paste -sd ' '
}

@test "commands" {
	[ "$(offers st)" = status ]
	[ "$(offers p)" = 'partner pool publish' ]
	[ "$(offers --json sy)" = sync ]
	[[ " $(offers '') " == *' init '*' verify '* ]]
	[[ " $(offers '') " != *' confer '* ]]
	[ -z "$(offers frob)" ]
}

@test "the second word of a family" {
	[ "$(offers partner '')" = 'accept add list remove' ]
	[ "$(offers key e)" = export ]
}

@test "options of the command and of all" {
	[ "$(offers list --ki)" = --kind ]
	[ "$(offers partner add --ca)" = --card ]
	[ "$(offers list --pass)" = --passphrase-file ]
	[ -z "$(offers status --kind)" ]
	[ "$(offers list --kind finding --st)" = --status ]
	[[ " $(offers --) " == *' --quiet '* ]]
}

@test "files where a command takes words" {
	touch draft.json
	[ "$(offers check d)" = draft.json ]
	[ "$(offers publish --no-push dr)" = draft.json ]
}
