#!/bin/bash
# Installs schemathesis, which tries an API against its OpenAPI document, into FOLDER/serve-venv; quick where it is there.
#   install.sh [FOLDER]      default: target/servers
set -u
cd "$(dirname "$0")/../.."
to=${1:-target/servers}
mkdir -p "$to"
to=$(cd "$to" && pwd)/serve-venv
say() { echo "install: $*" >&2; }

[ -x "$to/bin/schemathesis" ] && exit 0
say "installing schemathesis"
for interpreter in python3 /usr/bin/python3; do
  "$interpreter" -m venv --clear "$to" >&2 2>/dev/null && break
done
"$to/bin/python" -m pip install -q --disable-pip-version-check schemathesis==4.32.5 >&2 || say "can't install schemathesis"
exit 0
