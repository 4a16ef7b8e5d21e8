#!/usr/bin/env bats
# Fetching over ssh: keys of hosts and of people.
bats_require_minimum_version 1.5.0
load remote

setup_file() {
	begin
	serve_http
	serve_ssh
	export SSH_WORKS=yes
	ssh_works || SSH_WORKS=no
}

@test "ssh: with a key file" {
	fetch key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS" \
		accept=refs/confer/pin fetch "$SSH/one.git"
	first=$(head_of one.git)
	[[ $output == "head $first pack "* ]]
	git clone -q --bare "$SERVED/one.git" "$SERVED/four.git"
	second=$(grow four.git 2 fourth)
	fetch key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS" have="$first" \
		fetch "$SSH/four.git"
	[ "$output" = "head $second pack 12" ]
	fetch key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS" have="$second" \
		fetch "$SSH/four.git"
	[[ $output == "head $second "* ]]
}

@test "ssh: with the agent, and known_hosts in its usual place" {
	mkdir .ssh
	ssh-keygen -q -H -f "$SSH_KNOWN_HOSTS"
	cp "$SSH_KNOWN_HOSTS" .ssh/known_hosts
	run ! grep -q localhost .ssh/known_hosts
	eval "$(ssh-agent -s)"
	ssh-add -q "$SSH_KEY"
	fetch fetch "$SSH/one.git"
	kill "$SSH_AGENT_PID"
	[[ $output == "head $(head_of one.git) pack "* ]]
}

@test "ssh: with the person's usual key" {
	mkdir .ssh
	cp "$SSH_KEY" .ssh/id_ed25519
	fetch known_hosts="$SSH_KNOWN_HOSTS" fetch "$SSH/one.git"
	[[ $output == "head $(head_of one.git) pack "* ]]
}

@test "ssh: a host that is not known" {
	: >empty
	fetch key="$SSH_KEY" known_hosts=empty fetch "$SSH/one.git"
	fails 4 ssh.unknown-host "does not know the ssh host [localhost]:$SSH_PORT"
	[[ $output == *"$(ssh-keygen -lf "$SERVERS/host_key.pub" |
		cut -d ' ' -f 2)"* ]]
	# what it says to run is all that is needed
	command=${output##*run: }
	eval "${command% - and*}" 2>/dev/null
	fetch key="$SSH_KEY" known_hosts=empty fetch "$SSH/one.git"
	[[ $output == "head "* ]]
	# a port of its own is another host
	sed 's/\[localhost\]:[0-9]*/localhost/' empty >port
	fetch key="$SSH_KEY" known_hosts=port fetch "$SSH/one.git"
	fails 4 ssh.unknown-host ""
	fetch key="$SSH_KEY" known_hosts=none fetch "$SSH/one.git"
	fails 4 ssh.unknown-host ""
}

@test "ssh: a host with another key is refused" {
	ssh-keygen -q -t ed25519 -N '' -f other
	key=$(cut -d ' ' -f 1,2 other.pub)
	echo "[localhost]:$SSH_PORT $key" >hosts
	fetch key="$SSH_KEY" known_hosts=hosts fetch "$SSH/one.git"
	fails 8 ssh.host-key "shows another key than the one this computer knows"
	# only a key of another type is known
	ssh-keygen -q -t ecdsa -N '' -f third
	echo "[localhost]:$SSH_PORT $(cut -d ' ' -f 1,2 third.pub)" >hosts
	fetch key="$SSH_KEY" known_hosts=hosts fetch "$SSH/one.git"
	[ "$status" -eq 1 ]
	# revoked, though it is known
	{
		cat "$SSH_KNOWN_HOSTS"
		sed 's/^/@revoked /' "$SSH_KNOWN_HOSTS"
	} >hosts
	fetch key="$SSH_KEY" known_hosts=hosts fetch "$SSH/one.git"
	fails 8 ssh.host-key ""
}

@test "ssh: lines that libssh2 cannot read do not hide the others" {
	ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
	{
		echo '# a comment'
		echo
		echo '@cert-authority *.example.org ssh-rsa AAAA'
		echo 'broken'
		echo "[localhost]:$SSH_PORT $(cut -d ' ' -f 1,2 rsa.pub)"
		echo 'odd sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5'
		cat "$SSH_KNOWN_HOSTS"
	} >hosts
	fetch key="$SSH_KEY" known_hosts=hosts fetch "$SSH/one.git"
	[[ $output == "head "* ]]
}

@test "ssh: no key, or one that the host does not take" {
	fetch known_hosts="$SSH_KNOWN_HOSTS" fetch "$SSH/one.git"
	fails 4 remote.login "wants an ssh key, and none was found"
	ssh-keygen -q -t ed25519 -N '' -f other
	fetch key=other known_hosts="$SSH_KNOWN_HOSTS" fetch "$SSH/one.git"
	fails 4 remote.login "does not accept your ssh key"
	fetch key=none known_hosts="$SSH_KNOWN_HOSTS" fetch "$SSH/one.git"
	fails 1 "" "cannot read $PWD/none"
	ssh-keygen -q -t ed25519 -N secret -f locked
	fetch key=locked known_hosts="$SSH_KNOWN_HOSTS" fetch "$SSH/one.git"
	fails 4 remote.login "passphrase"
}

@test "ssh: no such repository" {
	fetch key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS" \
		fetch "$SSH/none.git"
	fails 4 remote.missing "has no repository at $SSH/none.git"
}

@test "ssh: to a server that is none" {
	fetch key="$SSH_KEY" known_hosts="$SSH_KNOWN_HOSTS" seconds=5 \
		fetch "ssh://a@localhost:$HTTP_PORT/one.git"
	[ "$status" -eq 1 ]
	[[ $output == "error 4 [remote."* ]]
}
