export type { Doorbell } from './doorbell.ts';
