# shellcheck shell=bash
# Commands killed before any one call that changes the disk, or with a disk that
# is full from there on. A sample of them each time; FAULTS=all tries every one,
# SAMPLES=20 about so many of each command.
# shellcheck disable=SC2030,SC2031
load lib

setup() {
	local kept=$BATS_FILE_TMPDIR/kept
	[ ! -d "$kept.first" ] || { rm -rf "$kept" && mv "$kept.first" "$kept"; }
	fresh_world
	fault_tool count /dev/null true 2>/dev/null ||
		skip "this kernel has no seccomp notifications"
}

# What is there now is what fresh_world brings back, in this test.
keep_again() {
	mv "$BATS_FILE_TMPDIR/kept" "$BATS_FILE_TMPDIR/kept.first" &&
		keep_world && cd "$world" || return
}

sheet() {
	echo "$world/sheets/ashby/recovery-sheet-${1:-1}"-*.txt
}

# sound [NAME]: every command works, the repository is sound, and git sees no
# difference.
sound() {
	local name=${1:-ashby}
	exits 0 confer -C "$name" status || return
	exits 0 confer verify "$name" || return
	[ -z "$(git -C "$name" status --porcelain --untracked-files=no)" ] ||
		return
	git -C "$name" fsck --strict --no-dangling
}

# each MODE CHECK COMMAND...: COMMAND stopped at one call after the other, in a
# fresh world; then CHECK and what every state must be. $status, $output and
# $stderr are its own.
each() {
	local mode=$1 check=$2 n step total tried=0 bad=''
	shift 2
	exits 0 fault_tool count "$BATS_TEST_TMPDIR/count" "$@"
	total=$(<"$BATS_TEST_TMPDIR/count")
	step=$((total / ${SAMPLES:-6} + 1))
	[ "${FAULTS-}" != all ] || step=1
	for ((n = 1 + RANDOM % step; n <= total; n += step)); do
		fresh_world
		try fault_tool "$mode" "$n" "$@"
		echo "stopped at call $n of $total: exit status $status"
		# what a program that was stopped at the host leaves there
		rm -f hosts/*/refs/heads/*.lock
		tried=$((tried + 1))
		"$check" || bad+=" $n"
	done
	echo "# $mode: $tried of $total calls${bad:+, not sound after$bad}" >&3
	[ -z "$bad" ]
}
