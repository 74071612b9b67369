export { type ConnectEventLogOptions, connectEventLog } from './connect-event-log.ts';
export { type ServeEventLogOptions, serveEventLog } from './serve-event-log.ts';
