/**
 * Public ids: `<kind>_<26 characters of Crockford base32 of a UUID>`, lower case, such as
 * `track_06awfzyb8ssk46dyw3e5t1m4kw`. Rows hold the UUID.
 */

/** Every kind of object that has a public id. */
const idKinds = [
  'artist',
  'album',
  'track',
  'genre',
  'user',
  'playlist',
  'item',
  'session',
  'decision',
  'mix',
] as const;
export type IdKind = (typeof idKinds)[number];

/** An id that is none, or one of another kind. Clients get it as BAD_USER_INPUT. */
export class InvalidIdError extends Error {
  constructor(id: string, expected: string) {
    super(`expected ${expected}, got ${JSON.stringify(id.length > 60 ? `${id.slice(0, 57)}...` : id)}`);
    this.name = 'InvalidIdError';
  }
}

/** @param uuid in its usual form, 36 characters */
export function encodeId(kind: IdKind, uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let index = 0; index < length; index++) {
    text = alphabet[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return `${kind}_${text}`;
}

/**
 * The UUID within an id.
 * @throws InvalidIdError when the id is malformed or of another kind
 */
export function decodeId(id: string, kind: IdKind): string {
  const expected = `an id of the form ${kind}_ and ${length} characters`;
  if (idKindOf(id) !== kind) throw new InvalidIdError(id, expected);
  let value = 0n;
  for (const character of id.slice(kind.length + 1)) {
    value = (value << 5n) | BigInt(alphabet.indexOf(character));
  }
  // 26 characters hold 130 bits, a UUID 128: the two on top must be zero, or one UUID would have four ids.
  if (value >> 128n) throw new InvalidIdError(id, expected);
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The kind that an id says it is of; undefined when it has not the form of an id. */
export function idKindOf(id: string): IdKind | undefined {
  const kind = pattern.exec(id)?.[1];
  return idKinds.find((known) => known === kind);
}

// Crockford's base32: no i, l, o, u, so that ids can be read out loud. https://www.crockford.com/base32.html
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 26;
const pattern = /^([a-z]+)_[0-9a-hjkmnp-tv-z]{26}$/;
