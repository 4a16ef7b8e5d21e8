#!/usr/bin/env bats
# A clock that is wrong: nothing is lost, nothing is refused, and once it is
# right again everything goes on.
load lib

setup_file() {
	begin_world
	published_trust northfield
	published_trust ashby
	follow ashby northfield
	follow northfield ashby
	publish_example northfield need >/dev/null
	keep_world
}

setup() {
	type faketime >/dev/null 2>&1 || skip "faketime is not installed"
	case $(command -v confer) in
	*asan*) skip "the sanitizer must be loaded first" ;;
	esac
	fresh_world
}

# at YEAR COMMAND...
at() {
	faketime "$1-06-15 12:00:00" "${@:2}"
}

whole() {
	exits 0 confer -C ashby sync
	exits 0 confer -C northfield sync
	exits 0 confer verify hosts/ashby.git
	has 'Verified'
	exits 0 confer -C northfield --json list
	holds 'length == 2'
	[ "$(commons_of ashby)" = "$(commons_of northfield)" ]
	git -C ashby fsck --strict
}

story() {
	local file
	file=$(draft ashby practice)
	exits 0 at "$1" confer -C ashby sync
	exits 0 at "$1" confer -C ashby publish "$file"
	exits 0 at "$1" confer -C ashby status
	exits 0 at "$1" confer verify hosts/northfield.git
	exits 0 at "$1" confer -C ashby --json doctor
	whole
	exits 0 confer -C ashby publish
	whole
}

@test "clock: 1970, publish and sync, then the right time" {
	story 1970
}

@test "clock: 2090, publish and sync, then the right time" {
	story 2090
}

@test "clock: a year that no entry can say is told, and nothing is written" {
	local year
	for year in 1969 2107; do
		unchanged 1 faketime "$year-06-15 12:00:00" \
			confer -C ashby publish
		one_message
		has "the clock of this machine is set to a year"
	done
}
