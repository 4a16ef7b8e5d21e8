# shellcheck shell=bash
# Completion of confer in bash. The words come from the program itself
# ('confer help --options' lists commands and options), so they cannot be out
# of date.

# _confer_command WORD...: the command that these words begin, in $command.
_confer_command() {
	local word line
	command=
	for word; do
		[[ $word == -* ]] && continue
		line="${command:+$command }$word"
		[[ $'\n'$table$'\n' == *$'\n'"$line"[$' \n']* ]] && command=$line
	done
}

_confer() {
	local word=${COMP_WORDS[COMP_CWORD]} table command
	table=$("${COMP_WORDS[0]}" help --options 2>/dev/null) || return
	_confer_command "${COMP_WORDS[@]:1:COMP_CWORD - 1}"
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(sed -nE \
			"s/^(confer${command:+|$command}) (-.*)/\2/p" \
			<<<"$table")" -- "$word")
	elif grep -qx "${command:-none}" <<<"$table"; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames 2>/dev/null
	else
		mapfile -t COMPREPLY < <(compgen -W "$(sed -nE \
			"s/^${command:+$command }([a-z]+)( [a-z].*)?\$/\1/p" \
			<<<"$table" | grep -vx confer)" -- "$word")
	fi
}

complete -F _confer confer
