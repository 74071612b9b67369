import { type EventLog, publishEvents } from '@medley/event-log';
import { edgeAccess } from '@medley/events';
import type { Logger } from '@medley/service';
import { type TrafficWindow, windowAt } from '../traffic/traffic-window.ts';
import { type CountedRange, countRange, type EdgeTier } from './count-range.ts';
import type { LogFile } from './log-file.ts';
import type { LogFiles } from './log-files.ts';
import type { ShippedState, ShippedStateFile } from './shipped-state.ts';
import type { ShipperMetrics } from './shipper-metrics.ts';

export interface ShipmentOptions {
  readonly files: LogFiles;
  readonly state: ShippedStateFile;
  readonly log: Pick<EventLog, 'append'>;
  /** As the node calls itself. */
  readonly node: string;
  readonly tier: EdgeTier;
  /** Of so many requests one is told as it is; 0 for none. */
  readonly sampleOutOf: number;
  readonly logger: Logger;
  readonly metrics: ShipperMetrics;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How much is counted together at most, and so held in memory; 8 MiB unless told otherwise. */
  readonly rangeBytes?: number;
}

export interface Shipment {
  /**
   * Tells everything that is there, from file to file. What fails may be called again, and goes on where it failed; what may have been
   * told is told again just as it was.
   * @param options.all also what belongs to the ten seconds that are not over
   * @throws LogUnavailableError, UnknownTopicError, an error of the file system; SecondWriterError
   */
  advance(options: { readonly all: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Nginx's workers go on to the new file one after another: a renamed file has its last line when nothing came for so long. */
const settledMs = 10_000;
const toldFiles = 16;
const nothing: ShippedState = { file: null, offset: 0, intent: null, told: [], savedAt: 0 };

/**
 * Follows an access log and tells it. A piece of a file is told in three steps: what is to be told is saved, told, and saved as told. So a
 * crash at any moment has the piece told again in the same events, and sinks, which claim ids, count it once.
 */
export function createShipment(options: ShipmentOptions): Shipment {
  const { files, state: stateFile, log, logger, metrics, clock, rangeBytes = 8 * 2 ** 20 } = options;
  let state = stateFile.initial ?? nothing;
  let file: LogFile | undefined;
  let buffer = Buffer.alloc(0);

  async function save(change: Partial<ShippedState>): Promise<void> {
    const changed = { ...state, ...change, savedAt: clock() };
    await stateFile.save(changed);
    state = changed;
  }

  function lost(how: 'gone' | 'emptied' | 'compressed' | 'cut', what: object = {}): void {
    metrics.lost.inc({ how });
    logger.error({ how, ...what }, 'lines of the access log may be lost');
  }

  /** The file that the state names, open; another one when that is gone. */
  async function openFile(): Promise<LogFile | undefined> {
    const known = state.file;
    if (file && (await file.readHead()) === known?.head) return file;
    const wasEmptied = file !== undefined;
    await file?.close();
    file = undefined;
    if (known) {
      file = await files.find(known);
      if (file) return file;
      lost(wasEmptied ? 'emptied' : 'gone');
    }
    const writtenAfter = known ? state.savedAt : Number.POSITIVE_INFINITY;
    const next = await files.next({ writtenAfter, told: state.told });
    if (known || next) await orClose(next, () => begin(next));
    return next;
  }

  async function begin(next: LogFile | undefined): Promise<void> {
    const told = state.file ? [...state.told, state.file.head].slice(-toldFiles) : state.told;
    await save({
      file: next ? { inode: next.inode, head: next.head } : null,
      offset: 0,
      intent: null,
      told,
    });
    file = next;
  }

  async function read(from: LogFile, length: number): Promise<Buffer> {
    if (buffer.length < length) buffer = Buffer.alloc(length);
    return from.read(state.offset, buffer.subarray(0, length));
  }

  async function isMidLine(of: LogFile): Promise<boolean> {
    if (state.offset === 0) return false;
    const before = await of.read(state.offset - 1, Buffer.alloc(1));
    return before.toString() !== '\n';
  }

  /** Tells what was about to be told when it was interrupted. */
  async function finishIntent(from: LogFile): Promise<void> {
    if (!state.intent) return;
    const { until, ...terms } = state.intent;
    const bytes = await read(from, until - state.offset);
    const midLine = await isMidLine(from);
    const range = countRange(bytes, { ...terms, midLine, name: nameOf(from, terms) }, { takeRest: true });
    await tell(range, until);
  }

  /** Tells the next piece. @returns whether there was one */
  async function shipRange(
    from: LogFile,
    { takeRest, hold }: { takeRest: boolean; hold?: TrafficWindow },
  ): Promise<boolean> {
    const bytes = await read(from, rangeBytes);
    const { node, tier, sampleOutOf } = options;
    const cutAt = clock();
    const midLine = await isMidLine(from);
    const terms = { node, tier, sampleOutOf, cutAt, midLine, name: nameOf(from, { node, cutAt }) };
    // A line that is longer than all that is read at once is not waited for.
    const isOneLine = bytes.length === rangeBytes && !bytes.includes('\n');
    const range = countRange(bytes, terms, { takeRest: takeRest || isOneLine, hold });
    if (range.length === 0) return false;
    const until = state.offset + range.length;
    await save({ intent: { until, cutAt, node, tier, sampleOutOf } });
    await tell(range, until);
    return true;
  }

  /** Together with what is counted it makes the ids of events. */
  const nameOf = ({ head }: LogFile, { node, cutAt }: { node: string; cutAt: number }) =>
    `${node} ${head} ${state.offset} ${cutAt}`;

  async function tell(range: CountedRange, until: number): Promise<void> {
    for (let at = 0; at < range.events.length; at += 500)
      await publishEvents(log, edgeAccess, range.events.slice(at, at + 500));
    await save({ offset: until, intent: null });
    metrics.lines.inc({ outcome: 'malformed' }, range.malformed);
    metrics.lines.inc({ outcome: 'counted' }, range.lines - range.malformed);
    metrics.bytes.inc({ direction: 'sent' }, range.bytesSent);
    metrics.bytes.inc({ direction: 'fetched' }, range.bytesFetched);
  }

  /** Goes on to the next file when there is one and this one has come to its end. @returns whether it did */
  async function leave(from: LogFile): Promise<boolean> {
    const { writtenAt, size } = await from.stat();
    if (clock() - writtenAt < settledMs) return false;
    const rest = await read(from, Math.min(rangeBytes, size - state.offset));
    if (rest.includes('\n')) return false;
    const next = await files.next({ writtenAfter: writtenAt, told: [...state.told, from.head] });
    if (!next) return false;
    await orClose(next, async () => {
      // What nginx was writing when it was killed has no end.
      await shipRange(from, { takeRest: true });
      for (const path of await files.findCompressed(writtenAt)) lost('compressed', { path });
      await begin(next);
    });
    await from.close();
    return true;
  }

  return {
    async advance({ all }) {
      const hold = all ? undefined : windowAt(clock());
      for (let from = await openFile(); from; from = file) {
        await finishIntent(from);
        const { size } = await from.stat();
        if (size < state.offset) {
          lost('cut', { bytes: state.offset - size });
          await save({ offset: size });
        }
        const moved = await shipRange(from, { takeRest: false, hold });
        metrics.behind.set((await from.stat()).size - state.offset);
        if (!moved && !(await leave(from))) break;
      }
      metrics.told.set(clock() / 1_000);
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

/** Closes a file that was opened for something that fails. */
async function orClose(file: LogFile | undefined, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    await file?.close();
    throw error;
  }
}
