# shellcheck shell=bash
# Git servers on this machine, for stories and for the demo: lighttpd with
# git's own http-backend (http, https, with and without a password) and sshd.
# They listen on 127.0.0.1 at ports that were free, as whoever starts them, and
# end with the shell that started them, however it ends.
#
#	servers_begin DIR	everything is in DIR from now on
#	serve_repo NAME		a bare repository that takes pushes: $SERVED/NAME
#	serve_http		$HTTP/NAME; $AUTH/NAME asks for ada and "open sesame"
#	serve_https		$HTTPS/NAME, $HTTPS_AUTH/NAME; $HTTPS_CA is the authority
#	serve_ssh		$SSH/NAME; $SSH_KEY, $SSH_KNOWN_HOSTS
#	servers_end		stops them all

SERVER_PIDS=()

servers_begin() {
	export SERVERS=$1
	export SERVED=$SERVERS/repos
	# for what they print
	export SERVERS_LOG=$SERVERS/servers.log
	mkdir -p "$SERVED" "$SERVERS/www"
	: >>"$SERVERS_LOG"
}

servers_end() {
	local pid
	for pid in "${SERVER_PIDS[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	SERVER_PIDS=()
	return 0
}

serve_repo() {
	git init -q --bare --initial-branch=main "$SERVED/$1" &&
		git -C "$SERVED/$1" config http.receivepack true
}

# Becomes COMMAND, which gets a signal when our shell is gone. It holds none of
# the pipes at which bats waits for the end of a test.
server_run() {
	local fd
	exec >>"$SERVERS_LOG" 2>&1 </dev/null
	for fd in "/proc/$BASHPID/fd"/*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
	exec setpriv --pdeathsig KILL "$@"
}

# Whether process $1 is the one that listens at port $2. That somebody answers
# there is not enough: another story's server may have taken the port while ours
# was on its way, and ours only finds out later.
server_listens() {
	local hex at state inode rest fd
	printf -v hex '0100007F:%04X' "$2"
	while read -r _ at _ state _ _ _ _ _ inode rest; do
		[ "$at $state" = "$hex 0A" ] || continue
		for fd in "/proc/$1/fd"/*; do
			[ "$(readlink "$fd")" != "socket:[$inode]" ] ||
				return 0
		done
	done </proc/net/tcp
	return 1
}

# server_up MAKE COMMAND...: calls MAKE with a port to write the configuration,
# runs COMMAND (in which PORT is replaced) and waits until it listens. Another
# port when that one is taken. Sets $PORT and $SERVER_PID.
server_up() {
	local make=$1 try i
	shift
	for try in 1 2 3 4 5 6 7 8 9; do
		PORT=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		"$make" "$PORT" || return
		server_run "${@//PORT/$PORT}" &
		SERVER_PID=$!
		for ((i = 0; i < 400; i++)); do
			kill -0 "$SERVER_PID" 2>/dev/null || break
			if server_listens "$SERVER_PID" "$PORT"; then
				SERVER_PIDS+=("$SERVER_PID")
				return 0
			fi
			sleep 0.05
		done
		# gone already, most often: no reason for a test to end here
		kill -KILL "$SERVER_PID" 2>/dev/null || :
		wait "$SERVER_PID" 2>/dev/null || :
	done
	echo "no server after $try tries: $*" >&2
	tail -n 20 "$SERVERS_LOG" >&2
	return 1
}

# Servers are where a plain user's PATH does not lead, and sshd wants to be
# called by its whole path.
server_path() {
	PATH=$PATH:/usr/sbin:/sbin command -v "$1"
}

# lighttpd_conf PORT [https]
lighttpd_conf() {
	local conf=$SERVERS/lighttpd-$1.conf backend
	backend=$(git --exec-path)/git-http-backend
	printf 'ada:open sesame\n' >"$SERVERS/passwords"
	cat >"$conf" <<-EOF
	server.modules = ("mod_access", "mod_alias", "mod_auth",
		"mod_authn_file", "mod_cgi", "mod_redirect", "mod_setenv")
	server.bind = "127.0.0.1"
	server.port = $1
	server.document-root = "$SERVERS/www"
	server.upload-dirs = ("$SERVERS")
	auth.backend = "plain"
	auth.backend.plain.userfile = "$SERVERS/passwords"
	auth.require = ("/auth/" => ("method" => "basic",
		"realm" => "git", "require" => "valid-user"))
	alias.url = ("/git/" => "$backend/", "/auth/" => "$backend/",
		"/cgi/" => "$SERVERS/cgi/")
	cgi.assign = ("" => "")
	setenv.add-environment = ("GIT_PROJECT_ROOT" => "$SERVED",
		"GIT_HTTP_EXPORT_ALL" => "1", "GIT_CONFIG_NOSYSTEM" => "1",
		"HOME" => "$SERVERS", "PATH" => "$PATH",
		"GIT_TRACE_PACKET" => "$SERVERS/packets.log")
	EOF
	[ ! -f "$SERVERS/more.conf" ] || cat "$SERVERS/more.conf" >>"$conf"
	[ "${2:-}" = https ] || return 0
	cat >>"$conf" <<-EOF
	server.modules += ("mod_openssl")
	ssl.engine = "enable"
	ssl.pemfile = "$SERVERS/server.pem"
	ssl.privkey = "$SERVERS/server.key"
	EOF
}

lighttpd_tls_conf() {
	lighttpd_conf "$1" https
}

serve_http() {
	server_up lighttpd_conf "$(server_path lighttpd)" -D \
		-f "$SERVERS/lighttpd-PORT.conf" || return
	export HTTP=http://localhost:$PORT/git
	export AUTH=http://localhost:$PORT/auth
	export HTTP_PORT=$PORT
}

# A certificate authority and, with it, a certificate for localhost.
make_authority() {
	local new=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
	openssl req -x509 "${new[@]}" -keyout "$1.key" -out "$1.pem" -days 2 \
		-subj "/CN=A test authority" 2>>"$SERVERS_LOG"
}

serve_https() {
	export HTTPS_CA=$SERVERS/ca.pem
	make_authority "$SERVERS/ca" &&
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -keyout "$SERVERS/server.key" \
			-out "$SERVERS/server.csr" -subj /CN=localhost \
			2>>"$SERVERS_LOG" &&
		printf 'subjectAltName=DNS:localhost\n' >"$SERVERS/names" &&
		openssl x509 -req -in "$SERVERS/server.csr" -days 2 \
			-CA "$SERVERS/ca.pem" -CAkey "$SERVERS/ca.key" \
			-CAcreateserial -extfile "$SERVERS/names" \
			-out "$SERVERS/server.pem" 2>>"$SERVERS_LOG" &&
		server_up lighttpd_tls_conf "$(server_path lighttpd)" -D \
			-f "$SERVERS/lighttpd-PORT.conf" || return
	export HTTPS=https://localhost:$PORT/git
	export HTTPS_AUTH=https://localhost:$PORT/auth
	export HTTPS_PORT=$PORT
}

sshd_conf() {
	cat >"$SERVERS/sshd.conf" <<-EOF
	Port $1
	ListenAddress 127.0.0.1
	HostKey $SERVERS/host_key
	AuthorizedKeysFile $SERVERS/authorized_keys
	PidFile none
	UsePAM no
	StrictModes no
	PermitRootLogin yes
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	MaxStartups 500
	EOF
}

serve_ssh() {
	export SSH_KEY=$SERVERS/user_key
	export SSH_KNOWN_HOSTS=$SERVERS/known_hosts
	[ -f "$SERVERS/host_key" ] ||
		ssh-keygen -q -t ed25519 -N '' -f "$SERVERS/host_key" || return
	[ -f "$SSH_KEY" ] ||
		ssh-keygen -q -t ed25519 -N '' -f "$SSH_KEY" || return
	cp "$SSH_KEY.pub" "$SERVERS/authorized_keys"
	# where sshd goes to live without rights, when root starts it
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	server_up sshd_conf "$(server_path sshd)" -D -e \
		-f "$SERVERS/sshd.conf" || return
	printf '[localhost]:%s %s\n' "$PORT" \
		"$(cut -d ' ' -f 1,2 "$SERVERS/host_key.pub")" \
		>"$SSH_KNOWN_HOSTS"
	SSH=ssh://$(id -un)@localhost:$PORT$SERVED
	export SSH SSH_PORT=$PORT
}

# Whether this user may log in at all: one without a shell may not.
ssh_works() {
	ssh -F none -i "$SSH_KEY" -p "$SSH_PORT" -o BatchMode=yes \
		-o UserKnownHostsFile="$SSH_KNOWN_HOSTS" localhost true \
		>>"$SERVERS_LOG" 2>&1
}
