#!/usr/bin/env bats
# The whole of it over https and ssh, as most trusts will have it: an authority
# of the network's own, a host that asks who publishes, a key for ssh.
load lib
load servers

setup_file() {
	begin_world
	servers_begin "$world/servers"
	serve_repo northfield.git
	serve_repo ashby.git
	serve_https
	serve_ssh
	ssh_works && export SSH_WORKS=yes
}

teardown_file() {
	servers_end
}

setup() {
	[ "${SSH_WORKS:-}" = yes ] || skip "$(id -un) may not log in by ssh"
	exec </dev/null
	cd "$world" || return
}

# transports NAME: what its people set once.
transports() {
	git -C "$1" config confer.caFile "$HTTPS_CA"
	git -C "$1" config confer.sshKey "$SSH_KEY"
	git -C "$1" config confer.knownHosts "$SSH_KNOWN_HOSTS"
}

@test "remotes: a trust publishes over https, with the network's authority" {
	exits 0 confer init northfield --name "Northfield Learning Trust" \
		--remote "$HTTPS/northfield.git" --sheets sheets/new \
		--no-passphrase
	cp "$examples/practice.json" northfield/drafts/
	exits 1 confer -C northfield publish drafts/practice.json
	has "the certificate of localhost:$HTTPS_PORT cannot be trusted"
	has "confer.caFile"
	transports northfield
	exits 0 confer -C northfield publish
	git -C "$SERVED/northfield.git" fsck --strict
	[ "$(git -C northfield rev-parse main)" = \
		"$(git -C "$SERVED/northfield.git" rev-parse main)" ]
}

@test "remotes: another publishes over ssh" {
	exits 0 confer init ashby --name "Ashby Trust" --no-passphrase \
		--remote "$SSH/ashby.git" --sheets sheets/new
	cp "$examples/need.json" ashby/drafts/
	exits 1 confer -C ashby publish drafts/need.json
	transports ashby
	exits 0 confer -C ashby publish
	[ "$(git -C ashby rev-parse main)" = \
		"$(git -C "$SERVED/ashby.git" rev-parse main)" ]
}

@test "remotes: they follow one another, and have the same" {
	exits 0 confer -C ashby partner add --id "$(trust_id northfield)" \
		--name northfield "$HTTPS/northfield.git"
	exits 0 confer -C northfield partner add --id "$(trust_id ashby)" \
		--name ashby "$SSH/ashby.git"
	exits 0 confer -C ashby --json sync
	holds '.partners[0].verdict == "up-to-date"'
	exits 0 confer -C northfield --json sync
	holds '.commons.records == 2'
	same_commons northfield ashby
}

@test "remotes: what comes later comes over both" {
	cp "$examples/offer.json" northfield/drafts/
	cp "$examples/finding.json" ashby/drafts/
	exits 0 confer -C northfield publish drafts/offer.json
	exits 0 confer -C ashby publish drafts/finding.json
	exits 0 confer -C ashby sync
	has "Northfield Learning Trust: updated: 1 offer"
	exits 0 confer -C northfield sync
	has "Ashby Trust: updated: 1 finding"
	same_commons northfield ashby
	exits 0 env -C northfield confer --json verify "$SSH/ashby.git"
	holds '.verdict == "verified" and .records == 2'
	exits 0 env -C northfield confer --json verify "$HTTPS/northfield.git"
	holds '.verdict == "verified" and .records == 2'
}

@test "remotes: a host that asks for a login is told it by git's helper" {
	git config --file "$HOME/.gitconfig" credential.helper store
	echo "https://ada:open%20sesame@localhost:$HTTPS_PORT" \
		>"$HOME/.git-credentials"
	git -C northfield config confer.remote "$HTTPS_AUTH/northfield.git"
	cp "$examples/adoption.json" northfield/drafts/
	exits 1 confer -C northfield publish drafts/adoption.json
	has "wants a user name and a password or token"
	has "1 record"
	GIT_CONFIG_GLOBAL=$HOME/.gitconfig exits 0 confer -C northfield publish
	[ "$(git -C northfield rev-parse main)" = \
		"$(git -C "$SERVED/northfield.git" rev-parse main)" ]
}
