# shellcheck shell=bash
# What the stories of fetching and pushing share: a repository of ours, one.git
# at the other end, and remote_tool between them.
load servers

begin() {
	servers_begin "$BATS_FILE_TMPDIR"
	serve_repo one.git
	grow one.git 30 first
}

teardown_file() {
	servers_end
}

setup() {
	[ "${SSH_WORKS:-}" != no ] || skip "$(id -un) may not log in by ssh"
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$BATS_TEST_TMPDIR
	unset SSH_AUTH_SOCK GIT_CONFIG_GLOBAL
	git init -q --initial-branch=main ours
	mkdir ours/.git/confer
}

teardown() {
	servers_end
}

# grow REPO N TAG: N commits of one file each on top of its main.
grow() {
	local i parent=
	parent=$(git -C "$SERVED/$1" rev-parse -q --verify main) || parent=
	for ((i = 0; i < $2; i++)); do
		echo "commit refs/heads/main"
		echo "committer a <a@b> $((1700000000 + i)) +0000"
		printf 'data 2\n%s\n' "x"
		[ -z "$parent" ] || [ "$i" != 0 ] || echo "from $parent"
		echo "M 100644 inline records/$3-$i"
		printf 'data <<END\n%s\nEND\n' "$3 $i"
		head -c 3000 /dev/urandom | base64 | sed '1i\
M 100644 inline blobs/'"$3-$i"'\
data <<END
$a\
END'
	done | git -C "$SERVED/$1" fast-import --quiet --force
	git -C "$SERVED/$1" rev-parse main
}

head_of() {
	git -C "$SERVED/$1" rev-parse "${2:-main}"
}

fetch() {
	run remote_tool store=ours scratch=ours/.git/confer "$@"
	echo "$output"
	# it ran, and nothing is left behind
	# shellcheck disable=SC2154 # run sets it
	[ -z "$(ls -A ours/.git/confer/quarantine)" ] &&
		[ -n "$output" ] && [ "$status" -le 1 ]
}

fails() {
	[ "$status" -eq 1 ]
	[[ $output == "error $1 [$2] "*"$3"* ]]
}
