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

/** The way to one subgraph: over HTTP, or in process. */
export interface SubgraphLink {
  /** @throws LinkError */
  send(request: LinkRequest): Promise<LinkResponse>;
  close(): Promise<void>;
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
