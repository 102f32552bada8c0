# Shared by the start scripts of the real mail servers. Sourced, never run.
#
# Every script takes `start DIR` or `stop DIR`. DIR is an empty folder that the caller owns; whatever the server
# writes stays below it. Servers listen on 127.0.0.1 only, on the ports given in the environment (MX_PORT, SUB_PORT,
# TLS_PORT). A program that is not on this machine ends a script with code 3, any other failure with 1.
#
# OWNER: a process; when it is gone the server is stopped, so that a test that was killed leaves nothing running.
# SERVER_PROGRAMS: where tests/servers/install.sh put what no package manager can install side by side.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
programs=${SERVER_PROGRAMS:-$here/../../target/servers}
cmd=${1:?start or stop} dir=${2:?folder}

die() { echo "$*" >&2; exit 1; }

missing() { echo "missing: $*" >&2; exit 3; }

need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || missing "$1 (from $2)"
}

need_root() { [ "$(id -u)" = 0 ] || missing "root (this server changes users)"; }

need_user() { # need_user NAME: a system user and group that can't log in
  getent group "$1" >/dev/null || groupadd -r "$1"
  id "$1" >/dev/null 2>&1 || useradd -r -g "$1" -d /nonexistent -s /usr/sbin/nologin "$1"
}

# A private CA and one certificate for localhost, 127.0.0.1 and mail.test.
make_certs() { # make_certs FOLDER [rsa]
  local d=$1 algo="-newkey ec -pkeyopt ec_paramgen_curve:P-256"
  [ "${2:-}" = rsa ] && algo="-newkey rsa:2048"
  need openssl openssl
  mkdir -p "$d"
  openssl req -x509 $algo -nodes -days 30 \
    -keyout "$d/ca.key" -out "$d/ca.pem" -subj "/CN=loopback test CA" \
    -addext "basicConstraints=critical,CA:TRUE" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
  openssl req $algo -nodes \
    -keyout "$d/key.pem" -out "$d/server.csr" -subj "/CN=localhost" 2>/dev/null
  printf '%s\n' 'subjectAltName=DNS:localhost,DNS:mail.test,IP:127.0.0.1' \
    'basicConstraints=CA:FALSE' 'keyUsage=digitalSignature' \
    'extendedKeyUsage=serverAuth' > "$d/ext"
  openssl x509 -req -in "$d/server.csr" -CA "$d/ca.pem" -CAkey "$d/ca.key" \
    -CAcreateserial -days 30 -extfile "$d/ext" -out "$d/cert.pem" 2>/dev/null
  cat "$d/cert.pem" "$d/ca.pem" > "$d/chain.pem"
  chmod 755 "$d"; chmod 644 "$d"/*.pem
}

wait_port() { # wait_port PORT...: each within 10 s
  local port n
  for port in "$@"; do
    n=400
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
      n=$((n - 1)); [ $n -gt 0 ] || die "nothing listens on port $port"
      sleep 0.025
    done
  done
}

alive() { # alive PID: running, and not just waiting to be buried
  [ -r "/proc/$1/stat" ] && ! grep -q '^[0-9]* (.*) [ZX]' "/proc/$1/stat" 2>/dev/null
}

stop_pidfile() { # stop_pidfile FILE: TERM, and KILL for what is left of its process group after a second; waits for its end
  local p
  [ -s "$1" ] || return 0
  p=$(head -n1 "$1" | tr -dc 0-9)
  [ -n "$p" ] && kill "$p" 2>/dev/null || return 0
  for _ in $(seq 40); do alive "$p" || return 0; sleep 0.025; done
  kill -KILL -- "-$p" 2>/dev/null || kill -KILL "$p" 2>/dev/null || return 0
  for _ in $(seq 80); do alive "$p" || return 0; sleep 0.025; done
}

guard() { # stops the server when its owner is gone
  [ -n "${OWNER:-}" ] || return 0
  setsid bash -c 'while [ -d "/proc/$1" ] && [ -d "$4" ]; do sleep 2; done
    [ -d "$4" ] && "$2" "$3" "$4" && rm -rf "$4"' guard "$OWNER" "$0" stop "$dir" </dev/null >/dev/null 2>&1 &
}
