#!/bin/sh
# Looks at the access log once in a while and renames it when it is larger than ACCESS_LOG_BYTES, so that nginx goes on in a new
# one; the one before is removed. In nginx's official image it lies in /docker-entrypoint.d and stays in the background.
set -eu

log="$NGINX_PREFIX/log/access.log"
pid="$NGINX_PREFIX/run/nginx.pid"

rotate_when_large() {
  if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -le "$ACCESS_LOG_BYTES" ]; then return 0; fi
  mv -f "$log" "$log.1"
  kill -USR1 "$(cat "$pid")"
}

while sleep "${ACCESS_LOG_LOOK_SECONDS:-10}"; do rotate_when_large || true; done &
