#!/usr/bin/env bash
# clang-tidy on every source of the program, with the checks of .clang-tidy.
# What was clean stays clean until it or a header it includes changes. In the
# variant that the sanitizers watch, which is compiled anyhow.
set -u
said=$(env -u MAKEFLAGS -u MAKELEVEL make -ks --no-print-directory \
	-j"$(nproc)" CC=clang V=asan tidy 2>&1) && exit 0
printf '%s\n' "$said" | grep -v '^CC '
exit 1
