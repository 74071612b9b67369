import { v5 } from 'uuid';
import type { IdKind } from './id.ts';

/**
 * The UUID of a row that comes from elsewhere: UUIDv5 of `<namespace>:<kind>:<source id>`, so that an import gives
 * the same ids each time and two sources of one namespace merge.
 * @param namespace whose ids these are, such as `spotify`; sources that number from 1 need one each
 */
export function importedUuid(namespace: string, kind: IdKind, sourceId: string): string {
  return v5(`${namespace}:${kind}:${sourceId}`, medley);
}

// Made once at random; changing it would change every imported id.
const medley = '6f0c1d4e-2c0b-4d0e-9a39-6f3c2c6a7f11';
