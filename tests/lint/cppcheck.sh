#!/usr/bin/env bash
# cppcheck over the program: what it finds across functions. (Not over tests:
# it does not see that their assertions do not return.)
# Not asked, because it judges them wrongly here and clang-analyzer does it
# better: what is initialised through a pointer (uninit), and whether a
# returned error points into the arguments of a callback (returnDangling).
# comparePointers: the labels around an embedded file are subtracted.
set -u
mkdir -p build/cppcheck
exec cppcheck -q --error-exitcode=1 --inline-suppr --std=c11 -j "$(nproc)" \
	--cppcheck-build-dir=build/cppcheck -Iinclude -Isrc \
	--enable=warning,performance,portability \
	--library=tests/lint/cppcheck.cfg \
	--suppress=uninitvar --suppress=uninitStructMember \
	--suppress=ctuuninitvar --suppress=legacyUninitvar \
	--suppress=returnDanglingLifetime \
	--suppress=comparePointers:src/record/embed.c \
	src
