#!/bin/bash
# Postfix's smtp-sink: throws mail away and misbehaves on request. Debian: postfix. Port: MX_PORT; no TLS, no CHUNKING;
# AUTH is announced and any answer is good. Received mail: DIR/mail/*, with X-Mail-Args and X-Rcpt-Args on top.
#   smtp-sink.sh start DIR [OPTIONS]
# -f CMDS 5xx for these   -r CMDS 4xx   -q CMDS hang up without a reply   -Q CMDS 421 and hang up
# -A S 550 after DATA, then deaf for S seconds   -H S pause before reading content   -W CMD:S slow reply
# -e no ESMTP   -p no PIPELINING   -8 -a -E -N hide 8BITMIME, AUTH, ENHANCEDSTATUSCODES, DSN
# CMDS: any of CONNECT HELO EHLO MAIL RCPT DATA . RSET NOOP QUIT, with commas between them
. "$(dirname "$0")/lib.sh"
shift 2
if [ "$cmd" = stop ]; then stop_pidfile "$dir/pid"; exit 0; fi
need smtp-sink postfix
: "${MX_PORT:?}"
mkdir -p "$dir/mail"
chmod 755 "$dir"
user=()
if [ "$(id -u)" = 0 ]; then user=(-u nobody); chown nobody "$dir/mail"; fi
cd "$dir/mail"   # -d takes a relative path only
smtp-sink -4 "${user[@]}" -d "m" "$@" "127.0.0.1:$MX_PORT" 100 </dev/null >"$dir/log" 2>&1 &
echo $! > "$dir/pid"
wait_port "$MX_PORT"
guard
