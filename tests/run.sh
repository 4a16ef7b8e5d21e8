#!/usr/bin/env bash
# Runs tests and adds them up: tests/run.sh LOGS COMMAND...
# Each COMMAND is one program with its arguments, split at spaces. It reports
# in TAP (bats, cmocka) or ends in lines "N passed, N failed"; a lint check
# (tests/lint/*) only by its exit status. The output of what fails is shown,
# all output is kept in LOGS, and the last line is the sum. Exit status 0 means
# that something ran and nothing failed.
# JOBS: how many at a time. SECONDS_MAX: what one command may take. SHOW: lines
# of output (a regular expression) that are shown of what passes, too.
set -u

# Reads the output of one command, prints "passed failed skipped" or nothing.
count() {
	awk '
	/^1\.\.[0-9]+/ { plan += substr($0, 4); tap = 1; next }
	/^(not )?ok .*# [Ss][Kk][Ii][Pp]/ { skipped++; next }
	/^ok / { ok++; next }
	/^not ok / { bad++; next }
	/^([[:alnum:]_.-]+: )?[0-9]+ passed, [0-9]+ failed/ {
		sub(/^[^ ]*: /, "")
		passed += $1; failed += $3; sum = 1
		if ($6 == "skipped") skipped += $5
	}
	END {
		lost = plan - ok - bad - skipped
		if (tap) print ok + 0, bad + (lost > 0 ? lost : 0), skipped + 0
		else if (sum) print passed + 0, failed + 0, skipped + 0
	}'
}

# One command: runs it, counts, reports. Every test has its own temporary
# folder, and none sees the keys of the person who runs it.
one() {
	local logs=$1 command=$2 name log status passed failed skipped start
	name=${command//[^[:alnum:]_-]/_}
	log=$logs/$name.log
	start=$SECONDS
	TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/cf.XXXXXX") || exit 1
	chmod 711 "$TMPDIR"	# some tests play a second user
	export TMPDIR XDG_DATA_HOME=$TMPDIR/share
	# shellcheck disable=SC2086 # the words of a command
	timeout -k 5 "${SECONDS_MAX:-900}" $command >"$log" 2>&1 </dev/null
	status=$?
	chmod -R u+rwX "$TMPDIR" 2>/dev/null
	rm -rf "$TMPDIR"
	read -r passed failed skipped < <(count <"$log") || {
		passed=0 failed=0 skipped=0
		case $command in
		tests/lint/*.sh) [ "$status" = 0 ] && passed=1 || failed=1 ;;
		*) echo "this test counted nothing" >>"$log" ;;
		esac
	}
	if [ "$((passed + failed + skipped))" = 0 ]; then
		failed=1
	elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
		failed=1
	fi
	if [ "$status" = 124 ]; then
		echo "stopped after ${SECONDS_MAX:-900} seconds" >>"$log"
	fi
	echo "$passed $failed $skipped" >"$logs/$name.sum"
	(
		flock 9
		if [ "$failed" = 0 ]; then
			printf '%6d passed  %s' "$passed" "$command"
		else
			printf '%6d FAILED  %s' "$failed" "$command"
		fi
		printf ' (%d s)\n' "$((SECONDS - start))"
		[ -n "${SHOW:-}" ] && grep -E "$SHOW" "$log" | sed 's/^/        /'
		grep -i '^\(not \)\?ok .*# skip' "$log" | sed 's/^/        /'
		if [ "$failed" != 0 ]; then
			printf '        exit status %d; %s\n' "$status" "$log"
			grep -Ev '^(ok |1\.\.)' "$log" | tail -n 200 |
				sed 's/^/        /'
		fi
	) 9>"$logs/lock"
}

# LeakSanitizer cannot work where ptrace is forbidden or taken.
leaks() {
	local probe=$1
	[ -x "$probe" ] || return 0
	if ASAN_OPTIONS=detect_leaks=1 "$probe" --version 2>&1 |
		grep -q 'LeakSanitizer has encountered a fatal error'; then
		echo "LeakSanitizer cannot run here: leaks are not looked for"
		ASAN_OPTIONS+=:detect_leaks=0
	fi
}

if [ "$1" = --one ]; then
	one "$2" "$3"
	exit 0
fi
logs=$1
shift
if [ $# = 0 ]; then
	echo "tests/run.sh: no test was named"
	exit 1
fi
rm -rf "$logs" && mkdir -p "$logs" || exit 1
logs=$(cd "$logs" && pwd)

export LC_ALL=C.UTF-8 TZ=UTC CMOCKA_MESSAGE_OUTPUT=TAP
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export UBSAN_OPTIONS=print_stacktrace=1
# Slow unwinding sees who called a library; ten frames keep it fast enough.
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
ASAN_OPTIONS+=:fast_unwind_on_malloc=0:malloc_context_size=10
export LSAN_OPTIONS=print_suppressions=0:suppressions=$PWD/tests/lsan.supp
unset CONFER_HOME CONFER_PASSPHRASE_FILE
leaks "$(command -v confer)"

printf '%s\0' "$@" |
	xargs -0 -n 1 -P "${JOBS:-$(nproc)}" "$0" --one "$logs" || exit 1
cat "$logs"/*.sum | awk -v want=$# '
	{ passed += $1; failed += $2; skipped += $3; ran++ }
	END {
		failed += want - ran
		printf "%d passed, %d failed", passed, failed
		if (skipped) printf ", %d skipped", skipped
		print ""
		exit failed > 0 || passed == 0
	}'
