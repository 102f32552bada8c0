#!/bin/bash
# Postfix on three ports; SASL from Dovecot's service (SASL=dovecot, the default) or from Cyrus's own data base
# (SASL=cyrus); every mail is delivered into one Maildir. Debian: postfix dovecot-core, or libsasl2-modules sasl2-bin.
# Ports: MX_PORT (STARTTLS offered, no AUTH), SUB_PORT (STARTTLS and AUTH required), TLS_PORT (TLS at once, AUTH).
# Users: alice with wonderland; Dovecot's tokens, see dovecot-common.sh. EXTRA_MAIN_CF: lines for the end of main.cf.
# Received mail: DIR/mail/inbox/new/*. Log: DIR/log/mail.log
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then
  stop_pidfile "$dir/queue/pid/master.pid"
  stop_pidfile "$dir/dovecot/run/master.pid"
  exit 0
fi
need_root
need postconf postfix
: "${MX_PORT:?}" "${SUB_PORT:?}" "${TLS_PORT:?}"
mkdir -p "$dir"/{etc,data,mail,log,queue/private}
chmod 755 "$dir" "$dir/etc" "$dir/queue"
# The SASL socket is made before Postfix first starts: its folder needs the owner that Postfix insists on.
chown postfix "$dir/data" "$dir/queue/private"; chmod 711 "$dir/queue/private"
chown nobody "$dir/mail"
make_certs "$dir/tls"

case ${SASL:-dovecot} in
dovecot)
  AUTH_SOCKET="$dir/queue/private/auth" OWNER= "$here/dovecot-auth.sh" start "$dir/dovecot"
  sasl_lines="smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth" ;;
cyrus)
  need saslpasswd2 sasl2-bin
  # Debian's build reads <config dir>/sasl/smtpd.conf, whatever cyrus_sasl_config_path says.
  mkdir -p "$dir/sasl" "$dir/etc/sasl"
  printf '%s\n' 'pwcheck_method: auxprop' 'auxprop_plugin: sasldb' \
    "sasldb_path: $dir/sasl/sasldb2" \
    'mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256' > "$dir/etc/sasl/smtpd.conf"
  printf wonderland | saslpasswd2 -p -c -f "$dir/sasl/sasldb2" -u mail.test alice
  chown postfix "$dir/sasl/sasldb2"
  sasl_lines="smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = mail.test" ;;
esac

cat > "$dir/etc/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/log/mail.log
maillog_file_prefixes = $dir
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test
mydestination =
alias_maps =
# Every domain is delivered into one Maildir; nothing ever leaves the machine.
virtual_mailbox_domains = static:all
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_minimum_uid = 100
virtual_mailbox_limit = 0
default_transport = error:outgoing mail is off
message_size_limit = ${SIZE_LIMIT:-314572800}
smtputf8_enable = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = $dir/tls/key.pem, $dir/tls/chain.pem
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
# A refusal is not followed by a pause of a second.
smtpd_error_sleep_time = 0
smtpd_delay_reject = yes
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
$sasl_lines
smtpd_sasl_security_options = noanonymous
${EXTRA_MAIN_CF:-}
CF
cat > "$dir/etc/master.cf" <<CF
127.0.0.1:$MX_PORT inet n - n - - smtpd
127.0.0.1:$SUB_PORT inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:$TLS_PORT inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CF
postfix -c "$dir/etc" start </dev/null >"$dir/log/start.out" 2>&1 || die "$(cat "$dir/log/start.out")"
wait_port "$MX_PORT" "$SUB_PORT" "$TLS_PORT"
guard
