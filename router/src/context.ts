import type { Identity } from '@medley/identity';
import type { AcceptedSubscription } from './subscriptions/accepted-subscription.ts';

/** On whose behalf a subgraph is asked. */
export interface Asker {
  readonly requestId: string;
  /** Who asks, and from where. Subgraphs get the parts that they declare. */
  readonly identity: Identity;
  /** When the client stops waiting, in milliseconds since 1970: after it nothing is sent to a subgraph. */
  readonly deadline: number;
  /** Aborted when nobody waits for the answers any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What the router knows about one operation while it runs. */
export interface RouterContext extends Asker {
  /** Tells the log which operation it is; null for one without a name. */
  noteOperation(name: string | null): void;
  /** Takes a subscription that may run. Only there for what came by a transport of subscriptions, and then nothing else is served. */
  readonly acceptSubscription?: ((accepted: AcceptedSubscription) => void) | undefined;
}
