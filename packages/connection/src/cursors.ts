import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKey, SigningKeys } from '@medley/signing-keys';
import type { SortKey } from './sort-key.ts';

/** What a cursor is good for: one field, with one parent and the arguments that choose its rows. */
export interface CursorScope {
  /** Such as `Artist.albums`. */
  readonly field: string;
  /** The id of the parent, and every argument that changes which rows are in the list; not `first` and its like. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Makes cursors, and reads those that it made. */
export interface Cursors {
  encode(scope: CursorScope, key: SortKey): string;
  /** The key in the cursor; undefined when it was altered or made for another scope. */
  decode(scope: CursorScope, cursor: string): SortKey | undefined;
}

const version = 1;
// 16 bytes of HMAC-SHA256: half of its output is the least that RFC 2104 section 5 allows.
const macBytes = 16;
const maxLength = 1_024;

/**
 * Cursors are base64url of a MAC and of JSON `[version, key id, field, …sort key]`. The MAC also covers the arguments,
 * which are not in the cursor.
 * @param keys the first signs; a cursor stays good as long as its key is among them
 */
export function createCursors(keys: SigningKeys): Cursors {
  return {
    encode(scope, key) {
      const payload = Buffer.from(JSON.stringify([version, keys.current.kid, scope.field, ...key]));
      return Buffer.concat([mac(keys.current, payload, scope), payload]).toString('base64url');
    },
    decode(scope, cursor) {
      if (cursor.length > maxLength || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      // Node ignores stray bits at the end; a cursor has one spelling.
      if (bytes.length <= macBytes || bytes.toString('base64url') !== cursor) return undefined;
      const payload = bytes.subarray(macBytes);
      const parts = parseJson(payload.toString());
      if (!Array.isArray(parts) || parts[0] !== version || parts[2] !== scope.field) return undefined;
      const signingKey = keys.byKid.get(String(parts[1]));
      if (!signingKey || !timingSafeEqual(mac(signingKey, payload, scope), bytes.subarray(0, macBytes)))
        return undefined;
      return parts.slice(3);
    },
  };
}

function mac({ secret }: SigningKey, payload: Buffer, scope: CursorScope): Buffer {
  return createHmac('sha256', secret)
    .update('cursor\n')
    .update(canonicalJson(scope.arguments ?? {}))
    .update('\n')
    .update(payload)
    .digest()
    .subarray(0, macBytes);
}

/** Equal for equal arguments, whatever the order of their names; what is null might as well be absent. */
function canonicalJson(value: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(value).filter(([, argument]) => argument !== null && argument !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
