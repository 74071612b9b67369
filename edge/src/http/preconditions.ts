import type { IncomingHttpHeaders } from 'node:http';

export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string;
  /** As an HTTP date; whole seconds. */
  readonly lastModified: string;
}

/** Evaluates the conditional headers of a GET or HEAD in the order of RFC 9110, 13.2.2. */
export function checkPreconditions(headers: IncomingHttpHeaders, validators: Validators): 200 | 304 | 412 {
  const modified = Date.parse(validators.lastModified);
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!listed(ifMatch, validators.etag)) return 412;
  } else if (laterThan(modified, headers['if-unmodified-since'])) {
    return 412;
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    // Weak comparison: W/"x" stands for "x".
    return listed(ifNoneMatch.replace(/W\//g, ''), validators.etag) ? 304 : 200;
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return modified <= since ? 304 : 200;
}

/** Whether a Range counts: without If-Range, or when If-Range names exactly this representation. */
export function rangeApplies(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || Date.parse(ifRange) === Date.parse(lastModified);
}

const laterThan = (modified: number, date: string | undefined) => modified > Date.parse(date ?? '');

function listed(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((entry) => entry.trim() === etag);
}
