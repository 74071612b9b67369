cassandra_version=5.0.5
cassandra_jars="$cache/cassandra-$cassandra_version"
# Shared with the tests that start one of their own.
cassandra_settings="$repository/packages/testing/cassandra"

fetch_cassandra() { fetch_jars "$cassandra_jars" "org.apache.cassandra:cassandra-all:$cassandra_version"; }

# start_cassandra <port> <storage port> <storage port for TLS>: one small node.
start_cassandra() {
  local own="$folder/cassandra"
  mkdir -p "$own"
  sed -e "s#{folder}#$own#; s#{port}#$1#; s#{storagePort}#$2#; s#{tlsStoragePort}#$3#" \
    "$cassandra_settings/cassandra.yaml" >"$own/cassandra.yaml"
  java "@$cassandra_settings/jvm.options" -javaagent:"$(echo "$cassandra_jars"/jamm-*.jar)" \
    -Dlogback.configurationFile="$cassandra_settings/logback.xml" -Dcassandra.config="file://$own/cassandra.yaml" \
    -Dcassandra.storagedir="$own" -Dcassandra.logdir="$own" -cp "$cassandra_jars/*" \
    org.apache.cassandra.service.CassandraDaemon >"$own/server.log" 2>&1 </dev/null &
  echo $! >"$own/pid"
  until_log $! "$own/server.log" 'Startup complete'
}

stop_cassandra() {
  if [ -f "$folder/cassandra/pid" ]; then kill -9 "$(cat "$folder/cassandra/pid")" || true; fi
}
