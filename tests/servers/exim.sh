#!/bin/bash
# Exim 4 (Debian's exim4-daemon-heavy, unpacked by install.sh). PLAIN, LOGIN and CRAM-MD5 are Exim's own; SCRAM,
# XOAUTH2 and OAUTHBEARER come from a Dovecot authentication service.
# Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once); AUTH on both. alice with wonderland; tokens: dovecot-common.sh.
# A recipient whose local part is "nobody-here" is refused with 550, "busy" with 451; RECIPIENT_RULES of an ACL may
# come behind. Received mail: DIR/mail/new/*
. "$(dirname "$0")/lib.sh"
if [ "$cmd" = stop ]; then
  stop_pidfile "$dir/exim.pid"; stop_pidfile "$dir/dovecot/run/master.pid"; exit 0
fi
need_root
need "$programs/exim/usr/sbin/exim4" "exim4-daemon-heavy, unpacked by tests/servers/install.sh"
need dovecot dovecot-core
: "${MX_PORT:?}" "${TLS_PORT:?}"
need_user Debian-exim
mkdir -p "$dir"/{mail,log,spool}
chmod 755 "$dir"; chown Debian-exim "$dir/mail" "$dir/log" "$dir/spool"
# Runs itself again as its own user, who need not be able to reach the folder it was unpacked into.
cp "$programs/exim/usr/sbin/exim4" "$dir/exim4"
make_certs "$dir/tls"
chmod 644 "$dir/tls/key.pem"   # read after dropping root; a throw-away key
AUTH_SOCKET="$dir/auth.sock" OWNER= "$here/dovecot-auth.sh" start "$dir/dovecot"
through_dovecot=
for m in SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER; do
  through_dovecot="$through_dovecot
$(echo "$m" | tr 'A-Z-' 'a-z_'):
  driver = dovecot
  public_name = $m
  server_socket = $dir/auth.sock
  server_set_id = \$auth1
"
done
cat > "$dir/exim.conf" <<CF
primary_hostname = mail.test
# Debian's build gives up root when a configuration of one's own (-C) is used at delivery time.
deliver_drop_privilege = true
exim_path = $dir/exim4
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
pid_file_path = $dir/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = $MX_PORT : $TLS_PORT
tls_on_connect_ports = $TLS_PORT
tls_advertise_hosts = ${TLS_HOSTS-*}
tls_certificate = $dir/tls/chain.pem
tls_privatekey = $dir/tls/key.pem
chunking_advertise_hosts = ${CHUNKING_HOSTS-*}
accept_8bitmime = ${EIGHT_BIT:-true}
dsn_advertise_hosts = *
smtputf8_advertise_hosts = ${SMTPUTF8_HOSTS-*}
pipelining_connect_advertise_hosts = *
prdr_enable = true
message_size_limit = 300M
smtp_accept_max = 200
smtp_accept_max_per_host = 200
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = ${MAILS_PER_CONNECTION:-1000}
recipients_max = ${RECIPIENTS:-50000}
keep_environment =
add_environment =
acl_smtp_rcpt = recipients
acl_smtp_data = accept
acl_smtp_data_prdr = accept
begin acl
recipients:
  deny  local_parts = nobody-here
        message = no such mailbox
  defer local_parts = busy
        message = try again later
${RECIPIENT_RULES-}
  accept
begin routers
everything:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = $dir/mail
  maildir_format
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{alice}}{eq{\$auth3}{wonderland}}}}
  server_set_id = \$auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = \${if and{{eq{\$auth1}{alice}}{eq{\$auth2}{wonderland}}}}
  server_set_id = \$auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{\$auth1}{alice}{wonderland}fail}
  server_set_id = \$auth1
$through_dovecot
CF
"$dir/exim4" -C "$dir/exim.conf" -bd -q30m </dev/null >"$dir/log/start.out" 2>&1 || die "$(cat "$dir/log/start.out")"
wait_port "$MX_PORT" "$TLS_PORT"
guard
