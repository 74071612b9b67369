/** A request to a subgraph: a GraphQL body and who asks. */
export interface LinkRequest {
  readonly body: string;
  /** The value of the header `x-medley-identity`. */
  readonly identity: string;
  readonly requestId: string;
  /** When the caller stops waiting. */
  readonly signal: AbortSignal;
}

export interface LinkResponse {
  /** JSON text. */
  readonly body: string;
  /** How long others may keep the answer; undefined when the subgraph does not say. */
  readonly cacheControl?: string | undefined;
}

/** One result of a subscription. */
export interface LinkEvent {
  /** A GraphQL result as JSON text. */
  readonly body: string;
  /** Where it stands in its stream: for `after`. Undefined for a last result that tells why the stream ends. */
  readonly cursor?: string | undefined;
  /** Whether it tells all that the ones before it told: who was not given those yet need not be. */
  readonly replaces: boolean;
}

/** What a subscription was answered. */
export type LinkSubscription =
  /** It was refused; JSON text of a GraphQL result with errors. */
  | { readonly refusal: string }
  /**
   * Results as they come; the subgraph makes the next one when it is asked for it. It returns when the subgraph has ended the stream for good, and
   * throws a LinkError when the way to it broke: then it may be begun again after the last cursor.
   */
  | { readonly events: AsyncIterable<LinkEvent> };

/** The way to one subgraph: over HTTP, or in process. */
export interface SubgraphLink {
  /** @throws LinkError */
  send(request: LinkRequest): Promise<LinkResponse>;
  close(): Promise<void>;
}

/** A way that subscriptions go too. */
export interface LiveSubgraphLink extends SubgraphLink {
  /**
   * Begins a subscription. Aborting the signal ends it, also in the subgraph, and its events return without an error.
   * @throws LinkError when it could not be begun
   */
  subscribe(request: LinkRequest): Promise<LinkSubscription>;
}

/** How long an answer may be, in bytes: a longer one costs its reader more memory than one operation is worth. */
export const maxAnswerBytes = 10_485_760;

/** A subgraph did not answer as it should. The message is for logs: it may hold addresses. */
export class LinkError extends Error {
  readonly code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_UNAVAILABLE';
  /** The connection failed before an answer began: an idle one that was just closed, or a replica that went away. */
  readonly disconnected: boolean;

  constructor(code: LinkError['code'], message: string, cause?: unknown, disconnected = false) {
    super(message, { cause });
    this.name = 'LinkError';
    this.code = code;
    this.disconnected = disconnected;
  }
}
