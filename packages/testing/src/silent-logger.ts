import { createLogger } from '@medley/service';

/** For tests that do not look at logs. */
export const silentLogger = createLogger('test', 'silent');
