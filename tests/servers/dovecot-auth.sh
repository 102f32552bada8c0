#!/bin/bash
# Dovecot as an authentication service alone (no mail protocol): a SASL socket (AUTH_SOCKET) for Postfix and Exim.
# Debian: dovecot-core. Users and tokens: dovecot-common.sh.
. "$(dirname "$0")/lib.sh"
. "$here/dovecot-common.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/run/master.pid"; exit 0; fi
need dovecot dovecot-core
: "${AUTH_SOCKET:?path of the socket}"
dovecot_folders "$dir"
mkdir -p "$(dirname "$AUTH_SOCKET")"
{ dovecot_base "$dir"; cat <<CF
ssl = no
protocols =
service auth {
  unix_listener $AUTH_SOCKET {
    mode = 0666
  }
}
CF
} > "$dir/dovecot.conf"
dovecot -c "$dir/dovecot.conf" </dev/null >"$dir/log/start.out" 2>&1 || die "$(cat "$dir/log/start.out")"
for _ in $(seq 200); do [ -S "$AUTH_SOCKET" ] && exit 0; sleep 0.025; done
die "no socket for authentication"
