# It refuses to run as root.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

postgres_bin() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

# start_postgres <port>
start_postgres() {
  local bin
  bin="$(postgres_bin)"
  mkdir -p "$folder/postgres"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder/postgres"; fi
  as_postgres "$bin/initdb" -D "$folder/postgres/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log"
  as_postgres "$bin/pg_ctl" -D "$folder/postgres/data" -w -s -l "$folder/postgres/server.log" \
    -o "-p $1 -k $folder/postgres -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start
}

stop_postgres() {
  if [ ! -f "$folder/postgres/data/postmaster.pid" ]; then return; fi
  cd "$folder"
  as_postgres "$(postgres_bin)/pg_ctl" -D "$folder/postgres/data" -s -m immediate stop || true
}
