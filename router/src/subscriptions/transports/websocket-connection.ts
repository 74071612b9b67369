import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { SubscribePayload } from 'graphql-ws';
import { CloseCode, MessageType } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { LiveGraph } from './live-graph.ts';
import { toFrameEnd, toResultFrame } from './result-frame.ts';
import { startOperation } from './start-operation.ts';
import { expiredMessage } from './terminal-results.ts';
import { WebSocketCredential } from './websocket-credential.ts';
import { startHeartbeat } from './websocket-heartbeat.ts';
import { type ClientMessage, readClientMessage } from './websocket-messages.ts';
import { tryAgainLater, WebSocketSender } from './websocket-sender.ts';

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
  /** How long a client may take to initialise the connection. */
  readonly initMs: number;
  /** How often it is asked whether it is there. One that has not answered twice is gone. */
  readonly pingMs: number;
  /** How long it may take nothing of what waits for it. */
  readonly stallMs: number;
}

/** Going away: the server stops, the client comes back at once. By RFC 6455, section 7.4.1. */
const goingAway = 1001;
/** Messages that may be under way, beside open streams, before more of them are read. */
const maxPending = 32;

/**
 * Speaks graphql-transport-ws with one client (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). graphql-ws brings the words; the
 * conversation is ours, as results come serialised, a slow client must be waited for, and a credential can expire and be renewed.
 * @returns closes it; the client is told to come back
 */
export function serveWebSocket(options: WebSocketConnectionOptions): () => void {
  const { graph, socket, stream, address, times } = options;
  let state: 'new' | 'initialising' | 'acknowledged' = 'new';
  let pending = 0;
  const operations = new Map<string, () => void>();
  const sender = new WebSocketSender(socket, stream, times.stallMs);
  const credential = new WebSocketCredential({
    graph,
    address,
    header: options.authorization,
    onExpired: () => close(CloseCode.Forbidden, expiredMessage),
  });

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
  startHeartbeat(socket, times.pingMs);
  socket.on('close', () => {
    clearTimeout(initTimer);
    credential.close();
    stopAll();
  });
  // It closes by itself, with the code that the WebSocket protocol has for what is wrong.
  socket.on('error', () => {});
  socket.on('message', onMessage);

  function onMessage(data: RawData, isBinary: boolean): void {
    const message = isBinary ? undefined : readClientMessage(data.toString());
    if (message) handle(message);
    else close(CloseCode.BadRequest, 'Invalid message received');
  }

  function handle(message: ClientMessage): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        clearTimeout(initTimer);
        if (state === 'new') track(initialise(message.payload?.authorization));
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
        track(answerPing(message.payload));
        break;
      case MessageType.Pong:
        break;
    }
  }

  async function initialise(offered: unknown): Promise<void> {
    state = 'initialising';
    const outcome = await credential.accept(offered);
    if (outcome === 'unknown') return close(tryAgainLater, 'Credentials cannot be judged at the moment');
    if (outcome !== 'accepted') return close(CloseCode.Forbidden, outcome.refused);
    if (socket.readyState !== socket.OPEN) return;
    state = 'acknowledged';
    await sender.send(acknowledgement);
  }

  /** A ping may bring a newer credential of the same account. */
  async function answerPing(payload: Record<string, unknown> | null | undefined): Promise<void> {
    const offered = payload?.authorization;
    if (offered === undefined || offered === null) {
      const text = toPong(payload);
      if (text === undefined) close(CloseCode.BadRequest, 'Invalid message received');
      else await sender.send(text);
      return;
    }
    if (state !== 'acknowledged') return close(CloseCode.Unauthorized, 'Unauthorized');
    // Where the new one cannot be judged now, the old one goes on as long as it is good.
    const outcome = await credential.accept(offered);
    if (typeof outcome === 'object') return close(CloseCode.Forbidden, outcome.refused);
    // Without the payload: credentials are not sent back.
    await sender.send(pong);
  }

  function run(id: string, payload: SubscribePayload): void {
    const idJson = JSON.stringify(id);
    const message = (type: MessageType, json: string) =>
      `{"id":${idJson},"type":"${type}","payload":${json}}`;
    const end = (text: string) => {
      if (operations.get(id) === stop) operations.delete(id);
      return sender.send(text);
    };
    const errorsOf = (result: string) => JSON.stringify(JSON.parse(result).errors);
    const frameEnd = toFrameEnd(idJson);
    const complete = `{"id":${idJson},"type":"${MessageType.Complete}"}`;
    const settled = holdReading();
    const { authorization, visitor } = credential;
    const stop = startOperation(
      graph,
      { body: payload, authorization, address, requestId: randomUUID() },
      { transport: 'websocket', visitor, onOver: settled },
      {
        begun: settled,
        next: (result) => sender.sendFrame(toResultFrame(result, frameEnd)),
        refused: ({ body }) => end(message(MessageType.Error, errorsOf(body))),
        failed: (result) => end(message(MessageType.Error, errorsOf(result))),
        completed: () => end(complete),
        draining: () => close(goingAway, 'Going away'),
      },
    );
    operations.set(id, stop);
  }

  /** Reads no more messages while too many are under way. @returns call it when this one is settled; safe to call twice */
  function holdReading(): () => void {
    pending += 1;
    if (pending === maxPending) socket.pause();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      pending -= 1;
      if (pending === maxPending - 1) socket.resume();
    };
  }

  function track(work: Promise<void>): void {
    const settled = holdReading();
    work
      .catch((error: unknown) => {
        graph.logger.error({ err: error, transport: 'websocket' }, 'a transport failed');
        close(CloseCode.InternalServerError, 'Internal server error');
      })
      .finally(settled);
  }

  return () => close(goingAway, 'Going away');
}

const pong = JSON.stringify({ type: MessageType.Pong });
const acknowledgement = JSON.stringify({ type: MessageType.ConnectionAck });

/** @returns undefined for what is nested deeper than can be written: it can be read */
function toPong(payload?: Record<string, unknown> | null): string | undefined {
  try {
    return JSON.stringify({ type: MessageType.Pong, ...(payload && { payload }) });
  } catch {
    return undefined;
  }
}
