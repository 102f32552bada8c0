#!/bin/bash
# Installs the tools of other languages and builds what the tests run: plugins in Python and JavaScript, and the packages
# for Python and Node.js hosts. Quick where all is there already.
#   build.sh [FOLDER]      default: target/languages
# Whatever can't be had is named on standard error, and the rest goes on: the tests then say what did not run.
set -u
cd "$(dirname "$0")/../.."
to=${1:-target/languages}
mkdir -p "$to"
to=$(cd "$to" && pwd)
say() { echo "languages: $*" >&2; }

# The packages of one folder, as older tools want them: no links.
wit() {
  rm -rf "$to/wit.new"
  cp -r tests/languages/wit "$to/wit.new"
  mkdir -p "$to/wit.new/deps/transporter"
  cp wit/*.wit "$to/wit.new/deps/transporter/"
  cp -r wit/deps/* "$to/wit.new/deps/"
  if diff -rq "$to/wit.new" "$to/wit" >/dev/null 2>&1; then rm -rf "$to/wit.new"; else rm -rf "$to/wit"; mv "$to/wit.new" "$to/wit"; fi
}

# newer RESULT SOURCE...: whether a source is newer than the result, or there is none.
newer() {
  [ -e "$1" ] || return 0
  [ -n "$(find "${@:2}" -newer "$1" -print -quit 2>/dev/null)" ]
}

debian() {
  command -v apt-get >/dev/null || { say "no apt-get here; wanted: clang lld wasi-libc libclang-rt-dev-wasm32"; return; }
  local lacking=() p
  for p in clang lld wasi-libc libclang-rt-dev-wasm32; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || lacking+=("$p")
  done
  [ ${#lacking[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] || { say "not root, so these are missing: ${lacking[*]}"; return; }
  say "installing ${lacking[*]}"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null </dev/null ||
    say "can't install ${lacking[*]}"
}

python() {
  local interpreter
  if newer "$to/venv/.complete" bindings/python/pyproject.toml release/python.txt tests/languages/build.sh; then
    say "installing componentize-py, wasmtime and what the Python host needs"
    for interpreter in python3 /usr/bin/python3; do
      "$interpreter" -m venv --clear "$to/venv" >&2 2>/dev/null && break
    done
    "$to/venv/bin/python" -m pip install -q --disable-pip-version-check \
      componentize-py==0.25.1 'wasmtime==50.0.1' cryptography certifi mypy==2.4.1 pytest -r release/python.txt >&2 ||
      { say "can't install them"; return; }
    touch "$to/venv/.complete"
  fi
  if newer "$to/python.wasm" "$to/wit" tests/languages/python; then
    say "building the plugin in Python"
    (cd tests/languages/python && "$to/venv/bin/componentize-py" -q -d "$to/wit" -w plugin componentize app -o "$to/python.wasm") >&2 ||
      say "can't build the plugin in Python"
  fi
}

javascript() {
  command -v npm >/dev/null || { say "no npm"; return; }
  if newer "$to/npm/.complete" tests/languages/build.sh; then
    say "installing componentize-js, jco and what the Node.js host needs"
    mkdir -p "$to/npm"
    (cd "$to/npm" && { [ -e package.json ] || npm init -y >/dev/null; } && npm install --silent --no-audit --no-fund \
      @bytecodealliance/componentize-js@0.19.3 @bytecodealliance/preview2-shim@0.17 @bytecodealliance/jco@1.35.0 \
      koffi@3.3.4 typescript@5.9.3 @types/node@20 >&2) || { say "can't install them"; return; }
    touch "$to/npm/.complete"
  fi
  if newer "$to/javascript.wasm" "$to/wit" tests/languages/javascript; then
    say "building the plugin in JavaScript"
    cp tests/languages/javascript/build.mjs "$to/npm/"
    (cd "$to/npm" && node build.mjs "$OLDPWD/tests/languages/javascript/plugin.js" "$to/wit" "$to/javascript.wasm") >&2 ||
      say "can't build the plugin in JavaScript"
  fi
  # The package as it would be published, beside its dependencies.
  local package=$to/npm/node_modules/smtp-transporter
  if newer "$package/.complete" bindings/node guest/prebuilt; then
    say "building the package for Node.js"
    rm -rf "$package"; mkdir -p "$package"
    cp -r bindings/node/{package.json,index.js,index.d.ts,src,examples} "$package/"
    (cd "$to/npm" && npx --no-install jco transpile "$OLDPWD/guest/prebuilt/smtp-transporter.wasm" \
      --out-dir "$package/generated" --name transporter --instantiation sync --quiet) >&2 &&
      (cd "$to/npm" && npx --no-install tsc --target es2022 --module nodenext --skipLibCheck --types node \
        "$package/examples/send.mts") >&2 && touch "$package/.complete" || say "can't build the package for Node.js"
  fi
}

wit
debian
python
javascript
exit 0
