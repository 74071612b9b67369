export { createDoorbell, type DoorbellOptions, type LogDoorbell } from './create-doorbell.ts';
export type { Doorbell } from './doorbell.ts';
export { createPatience, type Patience, type PatienceOptions } from './patience.ts';
