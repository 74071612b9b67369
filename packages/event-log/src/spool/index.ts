export { SpoolFullError, SpoolUnwritableError } from './errors.ts';
export { type Kept, openSpool, type Spool, type SpoolOptions, type SpoolState } from './open-spool.ts';
