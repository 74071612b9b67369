import type { StartFailure } from './measurement.ts';

/** Why a start failed. */
export interface FoundFailure {
  readonly failure: StartFailure;
  /** What the edge answered, where that was it. */
  readonly httpStatus: number | null;
}

/** What asking for one byte showed. `unreadable`: there was an answer, which this page may not read. */
export type Probe = { readonly status: number; readonly contentType: string } | 'unreachable' | 'unreadable';

/** What is known of an element that failed. */
export interface FailedElement {
  /** Of its MediaError. */
  readonly code: number;
  /** Whether the edge had answered it with audio. */
  readonly arrived: boolean;
  /** As the element's own `canPlayType`. */
  canPlayType(contentType: string): string;
}

// https://html.spec.whatwg.org/multipage/media.html#mediaerror
const abortedCode = 1;
const networkCode = 2;
const decodeCode = 3;

/**
 * What went wrong; undefined when nothing did, but somebody stopped it. An element tells little (HTML calls a refusal, a dead edge and an unknown format all "not supported"), so the URL is asked
 * for once more, for one byte of it.
 */
export async function findFailure(
  { code, arrived, canPlayType }: FailedElement,
  probe: () => Promise<Probe>,
): Promise<FoundFailure | undefined> {
  const because = (failure: StartFailure, httpStatus: number | null = null) => ({ failure, httpStatus });
  if (code === abortedCode) return undefined;
  if (code === decodeCode) return because('DECODE');
  const seen = await probe();
  if (seen === 'unreachable') return because('NETWORK');
  if (seen === 'unreadable') return because('OTHER');
  if (seen.status >= 400) return because('HTTP', seen.status);
  // It is there now: then it was the way to it.
  if (code === networkCode) return because('NETWORK');
  if (canPlayType(seen.contentType) === '') return because('UNSUPPORTED');
  return because(arrived ? 'DECODE' : 'OTHER');
}

const probeTimeoutMs = 10_000;

/** Asks for the first byte of a URL, past every cache. Never throws. */
export async function probeUrl(url: string): Promise<Probe> {
  const ask = (init: RequestInit) =>
    fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(probeTimeoutMs), ...init });
  try {
    const answer = await ask({ headers: { range: 'bytes=0-0' } });
    await answer.body?.cancel();
    return { status: answer.status, contentType: answer.headers.get('content-type') ?? '' };
  } catch {
    // A page that may not read the answer cannot tell it from none; this it may always ask.
    return ask({ method: 'HEAD', mode: 'no-cors' }).then(
      () => 'unreadable',
      () => 'unreachable',
    );
  }
}
