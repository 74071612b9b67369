/** Inclusive positions of the first and last byte. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a Range header asks of one representation:
 * `whole`: no header, another unit, or several ranges, which a server may answer with everything (RFC 9110, 14.2);
 * `invalid`: the unit is bytes, but not the form of a range; otherwise a single range, not yet held against a size.
 */
export type RangeRequest =
  | { readonly kind: 'whole' | 'invalid' }
  | { readonly kind: 'from'; readonly first: number; readonly last: number | undefined }
  | { readonly kind: 'suffix'; readonly length: number };

export function parseRange(header: string | undefined): RangeRequest {
  const [, ranges] = /^bytes\s*=\s*(.*)$/i.exec(header ?? '') ?? [];
  if (ranges === undefined) return { kind: 'whole' };
  if (ranges.includes(',')) return { kind: 'whole' };
  const [, first, last] = /^(\d{0,20})-(\d{0,20})$/.exec(ranges.trim()) ?? [];
  if (first === undefined || last === undefined || first + last === '') return { kind: 'invalid' };
  if (first === '') return { kind: 'suffix', length: Number(last) };
  if (last !== '' && Number(last) < Number(first)) return { kind: 'invalid' };
  return { kind: 'from', first: Number(first), last: last === '' ? undefined : Number(last) };
}

/** The bytes of a representation of that size, or undefined where there are none (416). */
export function resolveRange(request: RangeRequest, size: number): ByteRange | undefined {
  switch (request.kind) {
    case 'whole':
      return { first: 0, last: size - 1 };
    case 'invalid':
      return undefined;
    case 'suffix':
      if (request.length === 0 || size === 0) return undefined;
      return { first: Math.max(0, size - request.length), last: size - 1 };
    case 'from':
      if (request.first >= size) return undefined;
      return { first: request.first, last: Math.min(request.last ?? size - 1, size - 1) };
  }
}
