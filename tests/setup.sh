#!/usr/bin/env bash
# Installs the Debian packages that a job needs and this machine lacks:
# tests/setup.sh build|test|lint|demo|clang|valgrind...
# Silent, and without any network, when nothing is missing. A package written
# as name=command is not needed where that command is there already.
# CONFER_SETUP=no leaves the machine as it is.
set -u

packages() {
	case $1 in
	build)
		echo make gcc libc6-dev pkgconf=pkg-config ca-certificates \
			libgit2-dev libssh2-1-dev zlib1g-dev libsodium-dev \
			libjansson-dev libpcre2-dev libsqlite3-dev libpq-dev
		;;
	test)
		echo bats git openssh-client openssh-server lighttpd \
			lighttpd-mod-openssl openssl=openssl libcmocka-dev \
			jq sqlite3 mandoc faketime nodejs=node npm=npm \
			python3=python3 python3-bibtexparser postgresql \
			libpq5
		;;
	demo) echo git openssh-client openssh-server lighttpd jq ;;
	lint)
		echo bats git clang libclang-rt-dev clang-tidy cppcheck \
			shellcheck mandoc jq
		;;
	clang) echo clang libclang-rt-dev ;;
	valgrind) echo valgrind ;;
	*)
		echo "tests/setup.sh: no job is called $1" >&2
		return 1
		;;
	esac
}

# package:service. The tests start these servers by themselves; no machine
# should run one because a test once needed its program.
services='openssh-server:ssh lighttpd:lighttpd postgresql:postgresql'

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = \
		installed ]
}

wanted=
for job in "$@"; do
	wanted+=" $(packages "$job")" || exit 2
done
[ "${CONFER_SETUP:-}" = no ] && exit 0
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	# shellcheck disable=SC2086 # a list of words
	cat >&2 <<-EOF
	This is not a Debian machine, so Confer cannot install what it needs.
	Install what your system has for these Debian packages:
	$(printf '%s\n' $wanted | sed 's/=.*//' | sort -u | fmt -w 70)
	and run the same command again with CONFER_SETUP=no in front of it.
	EOF
	exit 1
fi
missing=
for item in $wanted; do
	if [[ $item == *=* ]] && command -v "${item#*=}" >/dev/null; then
		continue
	fi
	item=${item%=*}
	if [[ " $missing " != *" $item "* ]] && ! installed "$item"; then
		missing+="${missing:+ }$item"
	fi
done
[ -z "$missing" ] && exit 0

root=()
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "Packages are missing. As root, run this first:" >&2
		echo "  apt-get install $missing" >&2
		exit 1
	fi
	root=(sudo)
fi
echo "Installing with apt-get: $missing"
start=$SECONDS
quiet=()
for item in $services; do
	[ -d /run/systemd/system ] &&
		[[ " $missing " == *" ${item%:*} "* ]] &&
		quiet+=("${item#*:}.service")
done
[ ${#quiet[@]} = 0 ] || "${root[@]}" systemctl -q mask "${quiet[@]}"
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq
	-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
log=$(mktemp)
# shellcheck disable=SC2086 # a list of words
"${apt[@]}" update >"$log" 2>&1 && "${apt[@]}" install -y \
	--no-install-recommends $missing >>"$log" 2>&1 </dev/null
status=$?
if [ ${#quiet[@]} != 0 ]; then
	"${root[@]}" systemctl -q unmask "${quiet[@]}"
	"${root[@]}" systemctl -q disable "${quiet[@]}" >/dev/null 2>&1
fi
if [ $status != 0 ]; then
	cat "$log" >&2
	cat >&2 <<-EOF
	apt-get could not install what is missing: is this machine online?
	Its own words are above. To see for yourself, run:
	  ${root[*]:-} apt-get install $missing
	CONFER_SETUP=no in front of your command goes on without them.
	EOF
else
	echo "Installed in $((SECONDS - start)) seconds"
fi
rm -f "$log"
exit $status
