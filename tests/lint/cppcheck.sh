#!/usr/bin/env bash
# cppcheck over the program and its tests: what it finds across functions.
# Not asked: uninitvar, which it judges without libgit2's types (clang-analyzer
# has them); the order of the two labels around an embedded file.
set -u
mkdir -p build/cppcheck
exec cppcheck -q --error-exitcode=1 --inline-suppr --std=c11 \
	--cppcheck-build-dir=build/cppcheck -Iinclude -Isrc -Itests \
	--enable=warning,performance,portability --suppress=uninitvar \
	--suppress=comparePointers:src/record/embed.c \
	src tests
