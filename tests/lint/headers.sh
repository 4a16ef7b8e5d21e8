#!/usr/bin/env bash
# Each header compiles alone, under both compilers, without a warning.
set -u
bad=0
for cc in gcc clang; do
	read -ra flags < <(make -s --no-print-directory CC=$cc V=debug flags)
	for header in include/*.h src/*/*.h; do
		printf '#include "%s"\ntypedef int more;\n' "${header#*/}" |
			$cc "${flags[@]}" -Werror -fsyntax-only -x c - || bad=1
	done
done
exit $bad
