# start_redis <port>
start_redis() {
  mkdir -p "$folder/redis"
  redis-server --port "$1" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder/redis" \
    --daemonize yes --pidfile "$folder/redis/pid" --logfile "$folder/redis/server.log" >/dev/null
  for _ in $(seq 50); do
    redis-cli -p "$1" ping >/dev/null 2>&1 && break
    sleep 0.1
  done
  redis-cli -p "$1" ping >/dev/null
}

stop_redis() {
  if [ -f "$folder/redis/pid" ]; then kill "$(cat "$folder/redis/pid")" || true; fi
}
