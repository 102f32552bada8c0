#!/bin/bash
# Installs the real mail servers that the tests talk to; quick where they are there already.
#   install.sh [FOLDER]      default: target/servers
# Debian's mail servers exclude one another as packages: Postfix is installed, the others are unpacked into FOLDER.
# Whatever can't be had is named on standard error, and the rest goes on: the tests then say what did not run.
set -u
cd "$(dirname "$0")/../.."
to=${1:-target/servers}
mkdir -p "$to"
to=$(cd "$to" && pwd)
say() { echo "install: $*" >&2; }

packages="postfix dovecot-core dovecot-submissiond libsasl2-modules sasl2-bin swaks msmtp openssl m4 python3 iproute2 \
  libgnutls-dane0 libidn12 libspf2-2 libpq5 libmariadb3 libldap-2.5-0 libperl5.36 libevent-2.1-7 liblockfile1 \
  libwrap0 libdb5.3"
unpacked="exim:exim4-daemon-heavy exim4-base
opensmtpd:opensmtpd
sendmail:sendmail-bin sendmail-cf sendmail-base"

apt_ready=
apt_update() { [ -n "$apt_ready" ] || apt-get update -qq >&2; apt_ready=1; }

# No package may start a mail service on this machine, now or at its next start.
apt_install() {
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' > $policy; chmod 755 $policy; ours=1; fi
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections 2>/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" \
    >/dev/null </dev/null
  local code=$?
  [ -z "$ours" ] || rm $policy
  if [ -d /run/systemd/system ]; then systemctl disable postfix dovecot saslauthd >/dev/null 2>&1; fi
  return $code
}

debian() {
  command -v apt-get >/dev/null || { say "no apt-get here; wanted: $packages"; return; }
  local lacking=() p
  for p in $packages; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || lacking+=("$p")
  done
  command -v node >/dev/null || lacking+=(nodejs npm)
  python3 -c 'import ensurepip' 2>/dev/null || lacking+=(python3-venv)
  if [ ${#lacking[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || { say "not root, so these are missing: ${lacking[*]}"; return; }
    say "installing ${lacking[*]}"
    apt_update
    # One that this release does not have must not keep the others out.
    apt_install "${lacking[@]}" || for p in "${lacking[@]}"; do apt_install "$p" || say "no package $p"; done
  fi
  local name list
  while IFS=: read -r name list; do
    [ -e "$to/$name/.complete" ] && continue
    say "unpacking $list"
    rm -rf "${to:?}/$name"; mkdir -p "$to/$name/debs"
    [ -n "$(ls /var/lib/apt/lists/*Packages* 2>/dev/null)" ] || { [ "$(id -u)" = 0 ] && apt_update; }
    # shellcheck disable=SC2086
    (cd "$to/$name/debs" && apt-get download -qq $list >/dev/null 2>&1) ||
      { apt_update; (cd "$to/$name/debs" && apt-get download -qq $list >/dev/null 2>&1); } ||
      { say "can't download $list"; continue; }
    for p in "$to/$name"/debs/*.deb; do dpkg -x "$p" "$to/$name" || { say "can't unpack $p"; continue 2; }; done
    rm -r "$to/$name/debs"; touch "$to/$name/.complete"
  done <<< "$unpacked"
}

python() {
  "$to/venv/bin/python" -c 'import aiosmtpd, dkim, nacl' 2>/dev/null && return
  say "installing aiosmtpd and dkimpy"
  local interpreter
  for interpreter in python3 /usr/bin/python3; do
    "$interpreter" -m venv --clear "$to/venv" >&2 2>/dev/null && break
  done
  "$to/venv/bin/python" -m pip install -q --disable-pip-version-check aiosmtpd==1.4.6 dkimpy==1.1.8 \
    pynacl==1.6.2 >&2 || say "can't install aiosmtpd and dkimpy"
}

javascript() {
  [ -e "$to/node/node_modules/smtp-server/package.json" ] && [ -e "$to/node/node_modules/mailparser/package.json" ] && return
  command -v npm >/dev/null || { say "no npm"; return; }
  say "installing smtp-server and mailparser"
  mkdir -p "$to/node"
  npm install --prefix "$to/node" --no-save --no-audit --no-fund --loglevel=error smtp-server@3.21.6 \
    mailparser@3.14.2 >&2 </dev/null || say "can't install smtp-server and mailparser"
}

debian
python
javascript
exit 0
