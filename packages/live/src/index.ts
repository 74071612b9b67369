export { createDoorbell, type DoorbellOptions } from './create-doorbell.ts';
export type { Doorbell } from './doorbell.ts';
