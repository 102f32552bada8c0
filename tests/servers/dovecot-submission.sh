#!/bin/bash
# Dovecot's submission server: every mechanism that Dovecot knows; hands the mail to a relay, which must answer SMTP
# on RELAY_PORT (smtp-sink.sh does) and bear MORE_CAPABILITIES. Debian: dovecot-core dovecot-submissiond.
# Ports: SUB_PORT (STARTTLS), TLS_PORT (TLS at once). Users and tokens: dovecot-common.sh.
. "$(dirname "$0")/lib.sh"
. "$here/dovecot-common.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/run/master.pid"; exit 0; fi
need_root
need dovecot dovecot-core
need /usr/lib/dovecot/submission-login dovecot-submissiond
: "${SUB_PORT:?}" "${TLS_PORT:?}" "${RELAY_PORT:?}"
dovecot_folders "$dir"
make_certs "$dir/tls"
{ dovecot_base "$dir"; cat <<CF
protocols = submission
ssl = yes
ssl_cert = <$dir/tls/chain.pem
ssl_key = <$dir/tls/key.pem
hostname = mail.test
mail_location = maildir:$dir/home/mail
submission_relay_host = 127.0.0.1
submission_relay_port = $RELAY_PORT
submission_relay_trusted = no
submission_max_mail_size = 300M
submission_backend_capabilities = 8BITMIME SIZE DSN CHUNKING PIPELINING ${MORE_CAPABILITIES:-}
service submission-login {
  inet_listener submission {
    address = 127.0.0.1
    port = $SUB_PORT
  }
  inet_listener submissions {
    address = 127.0.0.1
    port = $TLS_PORT
    ssl = yes
  }
}
CF
} > "$dir/dovecot.conf"
dovecot -c "$dir/dovecot.conf" </dev/null >"$dir/log/start.out" 2>&1 || die "$(cat "$dir/log/start.out")"
wait_port "$SUB_PORT" "$TLS_PORT"
guard
