import { MedleyError } from '@medley/errors';
import { accountOf, allowsAsMuch } from '../../identity/compare-identities.ts';
import type { Visitor } from '../../identity/read-identity.ts';
import { atExpiry } from './expiry.ts';
import type { LiveGraph } from './live-graph.ts';

/** What became of a credential that a client showed; `unknown` when it cannot be judged now. */
export type CredentialOutcome = 'accepted' | 'unknown' | { readonly refused: string };

export interface WebSocketCredentialOptions {
  readonly graph: Pick<LiveGraph, 'readVisitor' | 'clock' | 'logger'>;
  /** The client's address. */
  readonly address: string;
  /** The header of the request that asked for the upgrade. Browsers cannot send one. */
  readonly header: string | undefined;
  /** The one that counts is refused from now on. */
  readonly onExpired: () => void;
}

/** The credential of one connection: what it carries was begun with its rights, so it is replaced by one that allows as much, or not at all. */
export class WebSocketCredential {
  /** As the header `authorization` has it. */
  authorization: string | undefined;
  /** Whose it is; undefined before the first one was accepted. */
  visitor: Visitor | undefined;
  readonly #options: WebSocketCredentialOptions;
  #cancelExpiry = () => {};
  #isClosed = false;

  constructor(options: WebSocketCredentialOptions) {
    this.#options = options;
    this.authorization = options.header;
  }

  /** @param offered what the client's message has for `authorization`; without it the header of the upgrade counts */
  async accept(offered: unknown): Promise<CredentialOutcome> {
    const credential = offered === undefined || offered === null ? this.authorization : toText(offered);
    const { graph, address } = this.#options;
    let found: Visitor;
    try {
      found = await graph.readVisitor({ authorization: credential, address });
    } catch (error) {
      if (error instanceof MedleyError && error.extensions.code === 'UNAUTHENTICATED') {
        return { refused: error.message };
      }
      if (!(error instanceof MedleyError)) graph.logger.error({ err: error }, 'a credential was not judged');
      return 'unknown';
    }
    const refused = this.visitor && whyNotAfter(this.visitor, found);
    if (refused) return { refused };
    this.authorization = credential;
    this.visitor = found;
    this.#watchExpiry(found);
    return 'accepted';
  }

  /** Its expiry does not matter any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancelExpiry();
  }

  #watchExpiry({ expiresAt }: Visitor): void {
    this.#cancelExpiry();
    // The client may have left while it was judged.
    if (this.#isClosed) return;
    this.#cancelExpiry = atExpiry(expiresAt, this.#options.graph.clock, this.#options.onExpired);
  }
}

// What is no text is no good credential either.
const toText = (offered: unknown) => (typeof offered === 'string' ? offered : '');

function whyNotAfter(before: Visitor, found: Visitor): string | undefined {
  if (accountOf(before.identity) !== accountOf(found.identity)) {
    return 'The access token is of another account.';
  }
  if (!allowsAsMuch(found.identity, before.identity)) {
    return 'The access token allows something else than the one before: connect anew.';
  }
  return undefined;
}
