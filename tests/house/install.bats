#!/usr/bin/env bats
# make install puts the program, its pages and the library where PREFIX and
# DESTDIR say; another program can be built against it; make uninstall takes
# all of it away again. The variant is the one under test.

setup() {
	top=$BATS_TEST_DIRNAME/../..
	root=$BATS_TEST_TMPDIR/root
}

make_() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$top" \
		--no-print-directory DESTDIR="$root" PREFIX=/opt/confer "$@"
}

@test "installs, and uninstalls all that it installed" {
	make_ install
	cd "$root/opt/confer"
	[ -x bin/confer ] && [ -s lib/libconfer.a ]
	cmp include/confer.h "$top/include/confer.h"
	[ "$(bin/confer --version)" = \
		"confer $(sed -n 's/^Version: //p' lib/pkgconfig/confer.pc)" ]
	for page in "$top"/man/*.[157]; do
		cmp "$page" "share/man/man${page##*.}/${page##*/}"
	done
	cmp share/bash-completion/completions/confer \
		"$top/src/cli/completion.bash"
	[ "$(find . -type f -perm /022)" = '' ]
	make_ uninstall
	[ "$(find . -type f)" = '' ]
}

@test "a program builds against the installed library" {
	[ "${V:-release}" = release ] ||
		skip 'the library of this variant is not for other programs'
	make_ install
	cat > "$BATS_TEST_TMPDIR/p.c" <<-'EOF'
	#include <confer.h>
	#include <stdio.h>

	int
	main(void)
	{
		const struct cf_ui nobody = { 0 };
		struct cf_trust *trust = NULL;
		const struct cf_err *err = cf_start();

		if (!err)
			err = cf_open(&trust, "/", &nobody);
		puts(err && err->code == CF_NOT_FOUND ? err->msg : "");
		cf_close(trust);
		return 0;
	}
	EOF
	export PKG_CONFIG_PATH=$root/opt/confer/lib/pkgconfig
	flags=$(pkg-config --define-variable=prefix="$root/opt/confer" \
		--cflags --libs confer)
	# shellcheck disable=SC2086 # a list of words
	"${CC:-gcc}" -Wall -Werror -o "$BATS_TEST_TMPDIR/p" \
		"$BATS_TEST_TMPDIR/p.c" $flags
	run "$BATS_TEST_TMPDIR/p"
	[[ "$output" == *'confer init'* ]]
}
