# What both Dovecot configurations have in common. Sourced.
#
# Users: alice with the password wonderland, bøb with pässword. OAuth 2.0 tokens: a JWT signed HS256 with the secret
# in DIR/jwt.secret; Dovecot checks it by itself, no web server is needed.

dovecot_folders() { # dovecot_folders DIR
  mkdir -p "$1/run" "$1/keys/default/HS256" "$1/log" "$1/home"
  chmod 755 "$1"; chown nobody "$1/home"
  printf '%s\n' 'alice:{PLAIN}wonderland' 'bøb:{PLAIN}pässword' > "$1/users"
  printf 'a-test-secret-of-no-value-at-all' > "$1/jwt.secret"
  base64 -w0 < "$1/jwt.secret" > "$1/keys/default/HS256/default"
  cat > "$1/oauth2.conf" <<CF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$1/keys/
username_attribute = sub
CF
}

dovecot_base() { # dovecot_base DIR: prints the configuration
  cat <<CF
base_dir = $1/run
state_dir = $1/run
instance_name = $(basename "$(dirname "$1")")-$(basename "$1")
log_path = $1/log/dovecot.log
auth_verbose = yes
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = dovecot
default_login_user = dovenull
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 oauthbearer xoauth2
auth_username_chars =
# A refused login would slow down every later one from this address, good ones too.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = $1/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256
  args = $1/users
}
userdb {
  driver = static
  args = uid=$(id -u nobody) gid=$(id -g nobody) home=$1/home
}
CF
}
