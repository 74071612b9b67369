export type { KafkaConnection, KafkaCredentials } from './connection.ts';
export { createKafkaEventLog, type KafkaEventLogOptions } from './kafka-event-log.ts';
