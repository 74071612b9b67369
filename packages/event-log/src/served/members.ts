import type { Logger } from '@medley/service';
import { type Bell, createBell } from '../embedded/bell.ts';
import type { BatchHandler, EventLog, Subscription } from '../event-log.ts';
import { timedSignal } from './timed-signal.ts';
import type { Answer, Request } from './wire.ts';

type Batch = Parameters<BatchHandler>[0];

/** Records that a member of another process has to handle. */
interface Delivery {
  readonly batch: Batch;
  /** Whether it was told to the member. */
  sent: boolean;
  settle(done: boolean): void;
}

interface Member {
  readonly id: string;
  readonly subscription: Promise<Subscription>;
  readonly deliveries: Map<number, Delivery>;
  readonly bell: Bell;
  crashed: string | null;
  /** Ends the membership when nothing is heard for long. */
  expiry: NodeJS.Timeout | undefined;
  leaving: Promise<void> | null;
}

/** There is no such member: it was silent for too long, or the log was opened anew. */
export class UnknownMemberError extends Error {
  constructor(id: string) {
    super(`there is no member ${id}`);
    this.name = 'UnknownMemberError';
  }
}

/** The members of groups in other processes. A member is who polls. */
export interface Members {
  join(request: Request<'join'>): Promise<void>;
  /** Waits until there is something to tell, at most some seconds. */
  poll(request: Request<'poll'>, signal: AbortSignal): Promise<Answer<'poll'>>;
  settle(request: Request<'settle'>): void;
  heartbeat(request: Request<'heartbeat'>): Promise<void>;
  /** Resolves when the member has settled what it had at hand; `signal`: it is gone, do not wait for it. */
  leave(request: Request<'leave'>, signal: AbortSignal): Promise<void>;
  /** Ends all memberships at once. */
  stop(): Promise<void>;
}

const waitMs = 5_000;
const silenceMs = 10_000;
/** An answer holds no more, one delivery excepted. */
const maxAnswerBytes = 4_194_304;

export function createMembers(log: EventLog, logger: Logger): Members {
  const members = new Map<string, Member>();
  let nextDelivery = 1;

  function get(id: string): Member {
    const member = members.get(id);
    if (!member) throw new UnknownMemberError(id);
    return member;
  }

  /** Hands a batch over and waits for what comes of it. */
  function deliver(member: Member, batch: Batch): Promise<void> {
    if (member.leaving) return Promise.reject(new Error('the member leaves'));
    return new Promise((resolve, reject) => {
      const id = nextDelivery++;
      const settle = (done: boolean) => {
        member.deliveries.delete(id);
        batch.signal.removeEventListener('abort', onAbort);
        if (done) resolve();
        else reject(new Error('the member could not handle the records'));
      };
      const delivery: Delivery = { batch, sent: false, settle };
      const onAbort = () => {
        if (!delivery.sent) settle(false);
        member.bell.ring();
      };
      batch.signal.addEventListener('abort', onAbort);
      member.deliveries.set(id, delivery);
      member.bell.ring();
    });
  }

  function settleAll(member: Member) {
    for (const { settle } of [...member.deliveries.values()]) settle(false);
  }

  async function end(member: Member) {
    clearTimeout(member.expiry);
    members.delete(member.id);
    member.bell.ring();
    settleAll(member);
    await (await member.subscription).stop();
  }

  function expireLater(member: Member) {
    clearTimeout(member.expiry);
    member.expiry = setTimeout(() => {
      logger.warn({ member: member.id }, `a member of a group was silent for ${silenceMs} ms: it is out`);
      // Also where it could not join, or the log could not note what it did: it is out all the same.
      end(member).catch((error) =>
        logger.warn({ err: error, member: member.id }, 'it did not leave cleanly'),
      );
    }, silenceMs).unref();
  }

  /** What the member does not know yet. */
  function findNews(member: Member, { holding, revoked }: Request<'poll'>): Answer<'poll'> {
    const news: Answer<'poll'> = { deliveries: [], revoked: [], crashed: member.crashed };
    let bytes = 0;
    for (const [id, delivery] of [...member.deliveries]) {
      const { topic, partition, records, signal } = delivery.batch;
      if (holding.includes(id)) {
        if (signal.aborted && !revoked.includes(id)) news.revoked.push(id);
      } else if (signal.aborted) {
        // It was told, and that was lost.
        delivery.settle(false);
      } else if (bytes < maxAnswerBytes) {
        delivery.sent = true;
        news.deliveries.push({ id, topic, partition, records: [...records] });
        bytes += records.reduce((sum, { value }) => sum + (value?.length ?? 0) + 200, 0);
      }
    }
    return news;
  }

  return {
    async join({ member: id, group, topics, maxBatch, from }) {
      // Asked again because the answer was lost.
      if (members.has(id)) return;
      const member: Member = {
        id,
        subscription: log.subscribe({
          ...{ group, topics, maxBatch, from },
          handle: (batch) => deliver(member, batch),
          onCrash(error) {
            member.crashed = error.message;
            member.bell.ring();
          },
        }),
        ...{ deliveries: new Map(), bell: createBell(), crashed: null, expiry: undefined, leaving: null },
      };
      members.set(id, member);
      expireLater(member);
      await member.subscription;
    },
    async poll(request, signal) {
      const { member: id } = request;
      const member = get(id);
      clearTimeout(member.expiry);
      const enough = timedSignal(waitMs, signal);
      let news = findNews(member, request);
      while (isEmpty(news) && !enough.signal.aborted && members.has(id)) {
        await member.bell.heard(enough.signal);
        if (!signal.aborted) news = findNews(member, request);
      }
      enough.release();
      if (!members.has(id)) throw new UnknownMemberError(id);
      expireLater(member);
      return news;
    },
    settle({ member: id, delivery, done }) {
      // One that is unknown was settled before, and the answer lost.
      get(id).deliveries.get(delivery)?.settle(done);
    },
    async heartbeat({ member: id, delivery }) {
      await get(id).deliveries.get(delivery)?.batch.heartbeat();
    },
    async leave({ member: id, holding }, signal) {
      const member = members.get(id);
      if (!member) return;
      clearTimeout(member.expiry);
      const abandon = () => settleAll(member);
      signal.addEventListener('abort', abandon);
      for (const [delivery, { settle }] of [...member.deliveries])
        if (!holding.includes(delivery)) settle(false);
      member.leaving ??= member.subscription.then((subscription) => subscription.stop());
      await member.leaving;
      signal.removeEventListener('abort', abandon);
      await end(member);
    },
    async stop() {
      await Promise.all([...members.values()].map(end));
    },
  };
}

const isEmpty = ({ deliveries, revoked, crashed }: Answer<'poll'>) =>
  deliveries.length === 0 && revoked.length === 0 && crashed === null;
