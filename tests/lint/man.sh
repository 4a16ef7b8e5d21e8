#!/usr/bin/env bash
# The man pages are mdoc without a fault.
set -u
shopt -s nullglob
pages=(man/*.[157])
[ ${#pages[@]} = 0 ] || exec mandoc -T lint -W warning "${pages[@]}"
