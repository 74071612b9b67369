kafka_version=4.1.2
kafka_jars="$cache/kafka-$kafka_version"

fetch_kafka() { fetch_jars "$kafka_jars" "org.apache.kafka:kafka_2.13:$kafka_version" org.slf4j:slf4j-simple:1.7.36; }

# start_kafka <port> <controller port>: one node that is broker and controller.
start_kafka() {
  local java=(java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$kafka_jars/*")
  mkdir -p "$folder/kafka"
  cat >"$folder/kafka/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$1,CONTROLLER://127.0.0.1:$2
advertised.listeners=PLAINTEXT://127.0.0.1:$1
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:$2
log.dirs=$folder/kafka/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES
  "${java[@]}" kafka.tools.StorageTool format --standalone --ignore-formatted -t MkU3OEVBNTcwNTJENDM2Qg \
    -c "$folder/kafka/server.properties" >"$folder/kafka/format.log" 2>&1
  "${java[@]}" kafka.Kafka "$folder/kafka/server.properties" >"$folder/kafka/server.log" 2>&1 </dev/null &
  echo $! >"$folder/kafka/pid"
  until_log $! "$folder/kafka/server.log" 'Kafka Server started'
}

stop_kafka() {
  if [ -f "$folder/kafka/pid" ]; then kill -9 "$(cat "$folder/kafka/pid")" || true; fi
}
