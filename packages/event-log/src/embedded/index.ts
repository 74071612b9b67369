export {
  type EmbeddedEventLog,
  type EmbeddedEventLogOptions,
  openEmbeddedEventLog,
} from './open-embedded-event-log.ts';
