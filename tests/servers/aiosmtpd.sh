#!/bin/bash
# aiosmtpd, from PyPI by install.sh. Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once). See aiosmtpd_server.py.
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/pid"; exit 0; fi
need "$programs/venv/bin/python" "aiosmtpd, put there by tests/servers/install.sh"
: "${MX_PORT:?}" "${TLS_PORT:?}"
make_certs "$dir/tls"
"$programs/venv/bin/python" "$here/aiosmtpd_server.py" "$dir" </dev/null >"$dir/log" 2>&1 &
echo $! > "$dir/pid"
wait_port "$MX_PORT" "$TLS_PORT"
guard
