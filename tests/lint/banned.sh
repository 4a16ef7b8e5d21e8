#!/usr/bin/env bash
# Calls that nobody uses safely for long: they do not know the size of what
# they write, hide failure, share a buffer, or start a shell.
set -u
calls='strcpy|stpcpy|strcat|strncat|sprintf|vsprintf|strtok|strtol|strtoll'
calls+='|strtoul|strtoull|atoi|atol|atoll|atof|sscanf|gets|system|popen'
calls+='|mktemp|tmpnam|tempnam|gmtime|localtime|ctime|asctime|alloca|rand'
! git grep -nE --untracked "(^|[^_[:alnum:].>])($calls)[[:space:]]*\\(" -- \
	'*.c' '*.h'
