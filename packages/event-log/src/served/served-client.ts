import { Agent, request } from 'undici';
import { GroupActiveError, LogUnavailableError, UnknownTopicError } from '../errors.ts';
import { UnknownMemberError } from './members.ts';
import { timedSignal } from './timed-signal.ts';
import { type Answer, answers, encode, failure, type Operation, type Request } from './wire.ts';

/** Asks a served log. */
export interface ServedClient {
  /**
   * @param signal gives up waiting
   * @param timeoutMs 10,000 unless told otherwise, 0 for ever
   * @throws LogUnavailableError, UnknownTopicError, GroupActiveError, UnknownMemberError
   */
  ask<Name extends Operation>(
    operation: Name,
    asked: Request<Name>,
    options?: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<Answer<Name>>;
  close(): Promise<void>;
}

/** @param origin `http://127.0.0.1:4020` */
export function createServedClient(origin: string, token: string): ServedClient {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 2_000 });
  let closed = false;

  return {
    async ask(operation, asked, { signal, timeoutMs = 10_000 } = {}) {
      if (closed) throw new LogUnavailableError('the event log is closed');
      const limit = timeoutMs > 0 ? timedSignal(timeoutMs, signal) : undefined;
      let status: number;
      let content: unknown;
      try {
        const response = await request(`${origin}/event-log/v1/${operation}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: encode(asked),
          dispatcher: agent,
          signal: limit?.signal ?? signal ?? null,
        });
        status = response.statusCode;
        content = await response.body.json();
      } catch (error) {
        throw new LogUnavailableError(`the event log at ${origin} does not answer`, error);
      } finally {
        limit?.release();
      }
      if (status === 200) return answers[operation].parse(content) as Answer<typeof operation>;
      throw errorOf(content, origin);
    },
    async close() {
      closed = true;
      await agent.close();
    },
  };
}

function errorOf(content: unknown, origin: string): Error {
  const { data } = failure.safeParse(content);
  if (!data) return new LogUnavailableError(`what listens at ${origin} is no event log`);
  const told = (error: Error) => Object.assign(error, { message: data.message });
  switch (data.code) {
    case 'UNKNOWN_TOPIC':
      return told(new UnknownTopicError(''));
    case 'GROUP_ACTIVE':
      return told(new GroupActiveError(''));
    case 'UNKNOWN_MEMBER':
      return told(new UnknownMemberError(''));
    case 'UNAVAILABLE':
      return new LogUnavailableError(data.message);
    case 'REFUSED':
      return new Error(`the event log at ${origin} refuses: ${data.message}`);
  }
}
