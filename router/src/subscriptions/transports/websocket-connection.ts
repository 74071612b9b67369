import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { MedleyError, unauthenticated } from '@medley/errors';
import type { SubscribePayload } from 'graphql-ws';
import { CloseCode, MessageType } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { accountOf, allowsAsMuch } from '../../identity/compare-identities.ts';
import type { Visitor } from '../../identity/read-identity.ts';
import { atExpiry } from './expiry.ts';
import { expiredMessage } from './last-words.ts';
import type { LiveGraph } from './live-graph.ts';
import { startOperation } from './operation.ts';
import { toFrameEnd, toResultFrame } from './result-frame.ts';
import { type ClientMessage, readClientMessage } from './websocket-messages.ts';
import { tryAgainLater, WebSocketOutlet } from './websocket-outlet.ts';

export interface WebSocketConnectionOptions {
  readonly graph: LiveGraph;
  readonly socket: WebSocket;
  /** The connection under it. */
  readonly stream: Duplex;
  /** The header of the request that asked for the upgrade. Browsers cannot send one. */
  readonly authorization: string | undefined;
  /** The client's address. */
  readonly address: string;
  readonly times: WebSocketTimes;
}

/** In milliseconds. */
export interface WebSocketTimes {
  /** How long a client may take to introduce itself. */
  readonly initMs: number;
  /** How often it is asked whether it is there. One that has not answered twice is gone. */
  readonly pingMs: number;
  /** How long it may take nothing of what waits for it. */
  readonly stallMs: number;
}

/** Going away: the server stops, the client comes back at once. By RFC 6455, section 7.4.1. */
const goingAway = 1001;
/** Operations that a client may have under way, beside its open streams, before more of its messages are read. */
const operationsAtOnce = 32;

/**
 * Speaks graphql-transport-ws with one client (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). graphql-ws brings the words; the
 * conversation is ours, as results come serialised, a slow client must be waited for, and a credential can expire and be renewed.
 * @returns sends the client away, to come back
 */
export function serveWebSocket(options: WebSocketConnectionOptions): () => void {
  const { graph, socket, stream, address, times } = options;
  let { authorization } = options;
  let state: 'new' | 'introducing' | 'acknowledged' = 'new';
  let visitor: Visitor | undefined;
  let callOffExpiry = () => {};
  let settling = 0;
  const operations = new Map<string, () => void>();
  const outlet = new WebSocketOutlet(socket, stream, times.stallMs);

  const close = (code: number, reason: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (code !== goingAway)
      graph.logger.info({ code, reason, transport: 'websocket' }, 'a connection was closed');
    stopAll();
    // What is heard behind a close frame counts no more.
    socket.removeListener('message', onMessage);
    socket.close(code, reason);
  };
  const stopAll = () => {
    for (const stop of operations.values()) stop();
    operations.clear();
  };

  const initTimer = setTimeout(
    () => close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    times.initMs,
  );
  let unanswered = 0;
  const heartbeat = setInterval(() => {
    if (unanswered === 2) return socket.terminate();
    unanswered += 1;
    socket.ping();
  }, times.pingMs);
  socket.on('pong', () => {
    unanswered = 0;
  });
  socket.on('close', () => {
    clearTimeout(initTimer);
    clearInterval(heartbeat);
    callOffExpiry();
    stopAll();
  });
  // It closes by itself, with the code that the WebSocket protocol has for what is wrong.
  socket.on('error', () => {});
  socket.on('message', onMessage);

  function onMessage(data: RawData, isBinary: boolean): void {
    const message = isBinary ? undefined : readClientMessage(data.toString());
    if (message) read(message);
    else close(CloseCode.BadRequest, 'Invalid message received');
  }

  function read(message: ClientMessage): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        clearTimeout(initTimer);
        if (state === 'new') settle(introduce(message.payload?.authorization));
        else close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
        break;
      case MessageType.Subscribe:
        if (state !== 'acknowledged') close(CloseCode.Unauthorized, 'Unauthorized');
        else if (!operations.has(message.id)) run(message.id, message.payload);
        // Without the id: a reason has room for 123 bytes.
        else close(CloseCode.SubscriberAlreadyExists, 'Subscriber for this id already exists');
        break;
      case MessageType.Complete:
        operations.get(message.id)?.();
        operations.delete(message.id);
        break;
      case MessageType.Ping:
        settle(renew(message.payload));
        break;
      case MessageType.Pong:
        break;
    }
  }

  async function introduce(offered: unknown): Promise<void> {
    state = 'introducing';
    const credential = offered === undefined || offered === null ? authorization : readCredential(offered);
    try {
      await admit(credential);
    } catch (error) {
      refuseCredential(error);
      return close(tryAgainLater, 'Credentials cannot be judged at the moment');
    }
    if (socket.readyState !== socket.OPEN) return;
    state = 'acknowledged';
    await outlet.send(acknowledgement);
  }

  /** A ping may bring a newer credential of the same account. */
  async function renew(payload: Record<string, unknown> | null | undefined): Promise<void> {
    const offered = payload?.authorization;
    if (offered === undefined || offered === null) {
      await outlet.send(JSON.stringify({ type: MessageType.Pong, ...(payload && { payload }) }));
      return;
    }
    if (state !== 'acknowledged') return close(CloseCode.Unauthorized, 'Unauthorized');
    try {
      await admit(readCredential(offered));
    } catch (error) {
      // Where the new one cannot be judged now, the old one goes on as long as it is good.
      refuseCredential(error);
    }
    // Without the payload: credentials are not sent back.
    await outlet.send(pong);
  }

  /** Goes on with this credential. @throws what says why it cannot */
  async function admit(credential: string | undefined): Promise<void> {
    const found = await graph.readVisitor({ authorization: credential, address });
    if (visitor && accountOf(visitor.identity) !== accountOf(found.identity)) {
      throw unauthenticated('The access token is of another account.');
    }
    if (visitor && !allowsAsMuch(found.identity, visitor.identity)) {
      throw unauthenticated('The access token allows something else than the one before: connect anew.');
    }
    if (socket.readyState !== socket.OPEN) return;
    visitor = found;
    authorization = credential;
    callOffExpiry();
    callOffExpiry = atExpiry(found.expiresAt, graph.clock, () => close(CloseCode.Forbidden, expiredMessage));
  }

  function refuseCredential(error: unknown): void {
    if (!(error instanceof MedleyError))
      graph.logger.error({ err: error }, 'a credential could not be judged');
    else if (error.extensions.code === 'UNAUTHENTICATED') close(CloseCode.Forbidden, error.message);
  }

  function run(id: string, payload: SubscribePayload): void {
    const idJson = JSON.stringify(id);
    const message = (type: MessageType, json: string) =>
      `{"id":${idJson},"type":"${type}","payload":${json}}`;
    const end = (text: string) => {
      forget();
      return outlet.send(text);
    };
    const errorsOf = (result: string) => JSON.stringify(JSON.parse(result).errors);
    const frameEnd = toFrameEnd(idJson);
    const complete = `{"id":${idJson},"type":"${MessageType.Complete}"}`;
    const busy = hold();
    const stop = startOperation(
      graph,
      { body: payload, authorization, address, requestId: randomUUID() },
      { transport: 'websocket', visitor, onOver: busy },
      {
        begun: busy,
        next: (result) => outlet.sendFrame(toResultFrame(result, frameEnd)),
        refused: ({ body }) => end(message(MessageType.Error, errorsOf(body))),
        failed: (result) => end(message(MessageType.Error, errorsOf(result))),
        completed: () => end(complete),
        draining: () => close(goingAway, 'Going away'),
      },
    );
    const forget = () => {
      if (operations.get(id) === stop) operations.delete(id);
    };
    operations.set(id, stop);
  }

  /** Reads no more messages while too much of what they asked for is under way. @returns one less, safe to call twice */
  function hold(): () => void {
    settling += 1;
    if (settling === operationsAtOnce) socket.pause();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      settling -= 1;
      if (settling === operationsAtOnce - 1) socket.resume();
    };
  }

  function settle(work: Promise<void>): void {
    const done = hold();
    work
      .catch((error: unknown) => {
        graph.logger.error({ err: error, transport: 'websocket' }, 'a transport failed');
        close(CloseCode.InternalServerError, 'Internal server error');
      })
      .finally(done);
  }

  return () => close(goingAway, 'Going away');
}

// What is no text is no good credential either.
const readCredential = (offered: unknown) => (typeof offered === 'string' ? offered : '');

const acknowledgement = JSON.stringify({ type: MessageType.ConnectionAck });
const pong = JSON.stringify({ type: MessageType.Pong });
