export { SpoolFullError, SpoolUnwritableError } from './errors.ts';
export { openSpool, type Spool, type SpoolOptions, type SpoolState } from './open-spool.ts';
