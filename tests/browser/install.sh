#!/bin/bash
# Installs a browser without a window for the tests of web pages: Debian's Chromium and its driver (as root).
# Quick where they are there already. Whatever can't be had is named on standard error: the tests then say what did not run.
set -u
say() { echo "install: $*" >&2; }

command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0
command -v apt-get >/dev/null || { say "no apt-get here; wanted: chromium and chromedriver"; exit 0; }
[ "$(id -u)" = 0 ] || { say "not root, so these are missing: chromium chromium-driver"; exit 0; }

install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
    chromium chromium-driver fonts-dejavu-core >/dev/null </dev/null
}
say "installing chromium chromium-driver"
# The list of packages may be older than the archive: fetch it when the first try fails.
install || { apt-get update -qq >&2 </dev/null && install; } || say "can't install chromium and chromium-driver"
exit 0
