#!/usr/bin/env bats
# A federation that edits one another's projects at random and syncs when it
# likes: in the end everybody has the same commons, and nothing is lost.
# CF_TRUSTS=50 CF_MOVES=400 SEED=7 bats tests/e2e/federation.bats makes it long.

load lib

setup() {
	trusts=${CF_TRUSTS:-5} moves=${CF_MOVES:-30}
	RANDOM=${SEED:=$((RANDOM % 10000))}
	echo "# CF_TRUSTS=$trusts CF_MOVES=$moves SEED=$SEED" >&3
	begin_world "$BATS_TEST_TMPDIR/world"
	exec </dev/null
	ids=() records=()
	for ((i = 0; i < trusts; i++)); do
		# shellcheck disable=SC2034 # new_trust reads it
		titles[t$i]="Trust Number $i"
		published_trust "t$i"
		ids+=("$(trust_id "t$i")")
	done
	for ((i = 0; i < trusts; i++)); do
		for ((k = 0; k < trusts; k++)); do
			[ "$i" = "$k" ] || confer -q -C "t$i" partner add \
				--name "t$k" --id "${ids[k]}" \
				"$world/hosts/t$k.git"
		done
	done
}

# What a person may be told without fault: decide, not yours, not there yet.
may() {
	local status=0
	"$@" >"$world/said" 2>&1 || status=$?
	case $status in 0 | 3 | 5) return ;; esac
	# Not everybody has heard of every record yet.
	! grep -q "there is no record\|waits for its" "$world/said" || return 0
	cat "$world/said"
	return 1
}

# begin WHO: a project of up to 32 stewards, among them its owner.
begin() {
	local stewards=("${ids[$1]}") k
	for ((k = 1; k < trusts && k < 32; k++)); do
		stewards+=("${ids[($1 + k) % trusts]}")
	done
	records+=("$(publish_example "t$1" project '.stewards = $ARGS.positional' \
		--args "${stewards[@]}")")
}

# edit WHO RECORD: one field, an element, a set, or the summary's end.
edit() {
	local file=$world/t$1/drafts/edit.json n=$RANDOM change
	rm -f "$file" "${file%.json}".*
	confer -q -C "t$1" new --from "$2" -o "$file" >/dev/null 2>&1 ||
		return 0
	case $((RANDOM % 4)) in
	0) change='.body.title = "Title \($n)"' ;;
	1) change='.body.question = "What of \($n)?"' ;;
	2) change='.body.parties += [{key: "p\($n)", name: "Some Trust", role: "partner"}]' ;;
	3) change='.body.summary = "Summary \($n)."' ;;
	esac
	jq --arg n "$n" "$change" "$file" >"$file.new" &&
		mv "$file.new" "$file" &&
		may confer -C "t$1" publish "$file"
}

# A partner or two, or all of them.
sync_some() {
	local with=()
	for ((k = RANDOM % 3; k > 0; k--)); do
		with+=("t$((($1 + 1 + RANDOM % (trusts - 1)) % trusts))")
	done
	may confer -C "t$1" sync "${with[@]}"
}

move() {
	local who=$((RANDOM % trusts)) id
	if [ ${#records[@]} = 0 ] || [ $((RANDOM % 12)) = 0 ]; then
		begin $who
		return
	fi
	id=${records[RANDOM % ${#records[@]}]}
	case $((RANDOM % 12)) in
	0) may confer -C "t$who" cosign "$id" ;;
	1) may confer -C "t$who" withdraw --yes "$id" --reason "No longer so." ;;
	2 | 3 | 4 | 5 | 6) sync_some $who ;;
	*) edit $who "$id" ;;
	esac
}

@test "a federation edits at random and comes to one commons" {
	begin 0
	for ((m = 0; m < moves; m++)); do
		move
	done
	for ((i = 0; i < trusts; i++)); do
		confer -q -C "t$i" publish || [ $? = 3 ]
	done
	for ((i = 0; i < trusts; i++)); do
		may confer -C "t$i" sync
	done
	# Heads equal, so commons equal: what they read out on the telephone.
	for ((i = 1; i < trusts; i++)); do
		same_commons t0 "t$i"
	done
	for ((i = 0; i < trusts; i++)); do
		confer -C "t$i" --json status | jq -r .commons.spoken
	done | sort -u | wc -l | grep -qx 1
	# What the index keeps count of is what it would count.
	exits 0 confer -C t0 --json status
	kept=$(jq -c '.commons | [.records, .conflicts]' <<<"$output")
	exits 0 confer -C t0 --json index --rebuild
	holds '[.records, .conflicts] == $kept' --argjson kept "$kept"
	exits 0 confer -C t0 --json list
	holds 'length == $kept[0]' --argjson kept "$kept"
	# What each published last stands, or is in the past of what does.
	for id in "${records[@]}"; do
		exits 0 confer -C t1 --json show "$id" --history
		holds '(.history | map({key: .version, value: .parents}) |
			from_entries) as $up
			| def past: ([.[], (.[] | $up[.] // [] | .[])] |
				unique) as $more
				| if $more == . then . else $more | past end;
			([.heads[].version] | unique | past) as $all
			| all(.history[]; .held != null or
				(.version | IN($all[])))'
	done
	# A work tree of the commons is readable with git alone.
	git -C t0 worktree add -q ../commons commons
	[ -f commons/commons.json ]
	[ "$(find commons/records -name '*.json' | wc -l)" = ${#records[@]} ]
}
