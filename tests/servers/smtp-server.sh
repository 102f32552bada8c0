#!/bin/bash
# Nodemailer's smtp-server, from npm by install.sh. Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once). See smtp-server.mjs.
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/pid"; exit 0; fi
need node nodejs
[ -d "$programs/node/node_modules/smtp-server" ] || missing "smtp-server, put there by tests/servers/install.sh"
: "${MX_PORT:?}" "${TLS_PORT:?}"
make_certs "$dir/tls"
NODE_DEPS="$programs/node" node "$here/smtp-server.mjs" "$dir" </dev/null >"$dir/log" 2>&1 &
echo $! > "$dir/pid"
wait_port "$MX_PORT" "$TLS_PORT"
guard
