#!/bin/bash
# Sendmail 8.17 (Debian's sendmail-bin and sendmail-cf, unpacked by install.sh). PIPELINING, 8BITMIME, DSN and
# DELIVERBY; no CHUNKING, no SMTPUTF8, no AUTH here.
# Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once). Nothing is delivered: DIR/queue has qf* (envelope, header), df* (body).
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then stop_pidfile "$dir/pid"; exit 0; fi
need_root
root=$programs/sendmail
need "$root/usr/libexec/sendmail/sendmail" "sendmail-bin, unpacked by tests/servers/install.sh"
need m4 m4
: "${MX_PORT:?}" "${TLS_PORT:?}"
need_user smmta; need_user smmsp
mkdir -p "$dir/queue"
chmod 755 "$dir"; chmod 700 "$dir/queue"
make_certs "$dir/tls"; chmod 600 "$dir/tls/key.pem"
# On a busy machine it would close its ports (RefuseLA, 12).
# It trusts a configuration only in folders that nobody else can write to; below /tmp that has to be waived.
cat > "$dir/sendmail.mc" <<MC
divert(-1)
include(\`$root/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
OSTYPE(\`linux')
define(\`confDONT_BLAME_SENDMAIL', \`GroupReadableKeyFile,GroupWritableDirPathSafe,WorldWritableIncludeFile,AssumeSafeChown,GroupWritableForwardFile,InsufficientEntropy,TrustStickyBit')
define(\`QUEUE_DIR', \`$dir/queue')
define(\`confPID_FILE', \`$dir/pid')
define(\`STATUS_FILE', \`$dir/status')
define(\`confCACERT', \`$dir/tls/ca.pem')
define(\`confCACERT_PATH', \`$dir/tls')
define(\`confSERVER_CERT', \`$dir/tls/chain.pem')
define(\`confSERVER_KEY', \`$dir/tls/key.pem')
define(\`confMAX_MESSAGE_SIZE', \`314572800')
define(\`confDOMAIN_NAME', \`mail.test')
define(\`confTO_IDENT', \`0')
define(\`confMAX_DAEMON_CHILDREN', \`200')
define(\`confDELIVERY_MODE', \`queueonly')
define(\`confREFUSE_LA', \`10000')
define(\`confQUEUE_LA', \`10000')
FEATURE(\`no_default_msa')
FEATURE(\`accept_unresolvable_domains')
FEATURE(\`promiscuous_relay')
FEATURE(\`nocanonify')
DAEMON_OPTIONS(\`Name=MTA, Addr=127.0.0.1, Port=$MX_PORT')
DAEMON_OPTIONS(\`Name=TLS, Addr=127.0.0.1, Port=$TLS_PORT, M=s')
MAILER(\`local')
MAILER(\`smtp')
MC
m4 -D_CF_DIR_="$root/usr/share/sendmail/cf/" "$dir/sendmail.mc" > "$dir/sendmail.cf" 2>"$dir/m4.log"
# A host name without a dot makes it wait a minute for the name service: it gets one of its own.
unshare --uts sh -c 'hostname mail.test; exec "$@"' sh \
  "$root/usr/libexec/sendmail/sendmail" -bd -C "$dir/sendmail.cf" </dev/null >"$dir/start.out" 2>&1 ||
  die "$(cat "$dir/start.out")"
wait_port "$MX_PORT" "$TLS_PORT"
guard
