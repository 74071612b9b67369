import type { PlaybackMeasurement } from './measurement.ts';
import type { SendMeasurements, Sent } from './measurement-queue.ts';

export interface GraphSenderOptions {
  /** Of the graph: `/graphql`, `https://api.example.com/graphql`. */
  readonly url: string;
  /** Who reports: asked for each time, so that a renewed token is taken. Of the account that the grants are of. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Which player measured, and its version: `web/1.4.0`. */
  readonly player?: string;
  /** As in `playbackStart`. */
  readonly deviceId?: string;
}

const mutation = `mutation ReportPlaybackQuality($input: PlaybackQualityReportInput!) {
  playbackQualityReport(input: $input) {
    results { id accepted code message }
    userErrors { field code message }
  }
}`;

/** These are about what was sent: it would be refused each time. */
const finalCodes = ['BAD_USER_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'COST_EXCEEDED'];
const timeoutMs = 30_000;

/** Sends measurements by the mutation `playbackQualityReport`, in a request that outlives the page. */
export function createGraphSender({ url, headers, player, deviceId }: GraphSenderOptions): SendMeasurements {
  return async (measurements) => {
    const input = { measurements, sentAt: new Date().toISOString(), player, deviceId };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers() },
      body: JSON.stringify({ query: mutation, operationName: 'ReportPlaybackQuality', variables: { input } }),
      keepalive: true,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return read(answer, measurements);
  };
}

async function read(answer: Response, measurements: readonly PlaybackMeasurement[]): Promise<Sent> {
  if (answer.status === 400 || answer.status === 403 || answer.status === 413)
    return { refused: measurements.length };
  if (!answer.ok) throw new Error(`the graph answered ${answer.status}`);
  const body = (await answer.json()) as ReportAnswer;
  const payload = body.data?.playbackQualityReport;
  if (payload) {
    const refused = payload.results.filter(({ accepted }) => !accepted).length;
    return { refused: payload.userErrors.length > 0 ? measurements.length : refused };
  }
  const codes = (body.errors ?? []).map(({ extensions }) => extensions?.code ?? '');
  if (codes.some((code) => finalCodes.includes(code))) return { refused: measurements.length };
  throw new Error(`the graph answered ${codes.join(', ') || 'without data'}`);
}

interface ReportAnswer {
  readonly data?: {
    readonly playbackQualityReport: {
      readonly results: readonly { readonly accepted: boolean }[];
      readonly userErrors: readonly unknown[];
    } | null;
  } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}
