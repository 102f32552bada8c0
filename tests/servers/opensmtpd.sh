#!/bin/bash
# OpenSMTPD (Debian's opensmtpd, unpacked by install.sh). It runs helpers from fixed paths and keeps its spool in fixed
# folders: a mount namespace of its own binds those to folders below DIR.
# Debian 12's 6.8.0p2 can't do TLS with OpenSSL 3 (upstream issues 1171 and 1239, mended in 7): each handshake fails.
# Ports: MX_PORT (no TLS), TLS_PORT (STARTTLS offered, and broken). No AUTH, which needs TLS there.
# A recipient at refused.test is refused. Received mail: DIR/mail/new/*
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/pid"; exit 0; fi
need_root
root=$programs/opensmtpd
need "$root/usr/sbin/smtpd" "opensmtpd, unpacked by tests/servers/install.sh"
: "${MX_PORT:?}" "${TLS_PORT:?}"
need_user opensmtpd; need_user opensmtpq
mkdir -p "$dir"/{mail,spool,empty}
chmod 755 "$dir" "$dir/empty"; chmod 711 "$dir/spool"; chown nobody "$dir/mail"
make_certs "$dir/tls" rsa; chmod 600 "$dir/tls/key.pem"
cat > "$dir/smtpd.conf" <<CF
pki mail.test cert "$dir/tls/chain.pem"
pki mail.test key "$dir/tls/key.pem"
table users { "@" = "nobody" }
smtp max-message-size 300M
smtp limit max-rcpt 1000
listen on lo inet4 port $MX_PORT hostname mail.test
listen on lo inet4 port $TLS_PORT tls pki mail.test hostname mail.test
action box maildir "$dir/mail" virtual <users>
match from any for domain refused.test reject
match from any for any action box
CF
cat > "$dir/inside.sh" <<IN
set -e
mount --make-rprivate /
mkdir -p /var/spool/smtpd /var/lib/opensmtpd/empty /usr/libexec/opensmtpd
mount --bind "$dir/spool" /var/spool/smtpd
mount --bind "$dir/empty" /var/lib/opensmtpd/empty
mount --bind "$root/usr/libexec/opensmtpd" /usr/libexec/opensmtpd
exec "$root/usr/sbin/smtpd" -d -f "$dir/smtpd.conf"
IN
unshare -m sh "$dir/inside.sh" </dev/null >"$dir/log" 2>&1 &
echo $! > "$dir/pid"
wait_port "$MX_PORT" "$TLS_PORT"
guard
