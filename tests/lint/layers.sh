#!/usr/bin/env bash
# One direction of knowledge: a folder of src includes itself, the folders
# before it in the Makefile's LAYERS, and confer.h; src/cli only base and
# confer.h. Each library is known to one folder, jansson to all above base.
set -u
bad=0

# includes FOLDER ALLOWED: quoted includes that ALLOWED does not match.
includes() {
	grep -REn '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1" |
		grep -Ev "\"(confer\.h|($2)/[^./]+\.h)\"" && bad=1
}
# library HEADER FOLDERS: the folders that may include it.
library() {
	grep -REn "#[[:space:]]*include[[:space:]]*<$1" src |
		grep -Ev "^src/($2)/" && bad=1
}

seen=
read -ra layers < <(sed -n 's/^LAYERS *:= *//p' Makefile)
for layer in "${layers[@]}"; do
	seen+=${seen:+|}$layer
	[ -d "src/$layer" ] && includes "src/$layer" "$seen"
done
[ -d src/cli ] && includes src/cli 'base|cli'
[ -d include ] && includes include 'confer'
library 'git2' store
library 'libssh2' store
library 'sodium' sign
library 'pcre2' json
library 'sqlite3' index
library 'libpq' export
library 'jansson' "${seen#base|}|cli"
exit $bad
