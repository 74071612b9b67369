import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TrainingEngineError } from '../domain/training-engine.ts';

export interface SparkOptions {
  /** The program: `/opt/spark/bin/spark-submit`. */
  readonly submit: string;
  /** `local[*]`: in one process, on all cores. `spark://host:7077`: on a cluster. */
  readonly master: string;
  /** Of the heap of the driver, which in `local` computes too: `2g`. */
  readonly driverMemory: string;
  /** More options of spark-submit: `['--executor-memory', '8g']`. */
  readonly submitOptions?: readonly string[];
  /** How long it may take until the session is there, in milliseconds; 3 min unless told otherwise: a cluster may be busy. */
  readonly startTimeoutMs?: number;
}

/** A process that spark-submit started, with one Spark session. */
export interface SparkSession {
  /**
   * One at a time. When it was aborted the session has ended.
   * @throws TrainingEngineError with what Spark says
   */
  run(
    request: Readonly<Record<string, unknown>>,
    options: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
  ): Promise<void>;
  /** Ends the process and whatever it does. */
  end(): Promise<void>;
}

/**
 * Submits `spark/session.py` and waits until it has connected to this process, which it ends with, however that ends.
 * @throws TrainingEngineError, or the reason of the signal
 */
export async function startSparkSession(options: SparkOptions, signal: AbortSignal): Promise<SparkSession> {
  const scratch = await mkdtemp(join(tmpdir(), 'medley-spark-'));
  const token = randomBytes(32).toString('base64url');
  await writeFile(join(scratch, 'token'), token);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = submit(options, scratch, (server.address() as AddressInfo).port);
  const lastWords = keepLastWords(child);
  const exit = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${options.submit} cannot be run: ${error.message}`));
    child.once('close', (code, by) => resolve(`Spark ended with ${by ?? code}`));
  });
  const giveUp = new AbortController();

  async function end() {
    giveUp.abort();
    server.close();
    killGroup(child);
    await exit;
    await rm(scratch, { recursive: true, force: true });
  }

  try {
    const line = await Promise.race([
      waitForLine(server, token),
      exit.then((why) => fail(why, lastWords())),
      waitAtMost(options.startTimeoutMs ?? 180_000, AbortSignal.any([signal, giveUp.signal])),
    ]);
    giveUp.abort();
    server.close();
    return { run: (request, call) => runOn(line, request, call), end };
  } catch (error) {
    await end();
    signal.throwIfAborted();
    throw error;
  }

  async function runOn(
    { socket, lines }: Line,
    request: Readonly<Record<string, unknown>>,
    { signal, onProgress }: Parameters<SparkSession['run']>[1],
  ): Promise<void> {
    signal.throwIfAborted();
    const abort = () => killGroup(child);
    signal.addEventListener('abort', abort);
    try {
      socket.write(`${JSON.stringify(request)}\n`);
      for (let share = 0; ; ) {
        const { value: text } = await lines.next();
        signal.throwIfAborted();
        if (text === undefined) fail(await exit, lastWords());
        const answer = answers.parse(JSON.parse(text));
        if ('done' in answer) return;
        if ('error' in answer) fail(`Spark says ${answer.error.split('\n', 1)[0]}`, answer.error);
        if ('share' in answer && answer.share > share) {
          share = answer.share;
          onProgress?.(share);
        }
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

/** What the session says. */
const answers = z.union([
  z.object({ share: z.number().min(0).max(1) }),
  z.object({ done: z.literal(true) }),
  z.object({ error: z.string() }),
]);

interface Line {
  readonly socket: Socket;
  readonly lines: AsyncIterator<string, undefined>;
}

/** The connection that knows the token; others are hung up on. */
function waitForLine(server: Server, token: string): Promise<Line> {
  return new Promise((resolve) => {
    server.on('connection', async (socket) => {
      socket.on('error', () => {});
      const lines = createInterface({ input: socket })[Symbol.asyncIterator]() as Line['lines'];
      const { value: first } = await lines.next();
      if (first === token) resolve({ socket, lines });
      else socket.destroy();
    });
  });
}

async function waitAtMost(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await delay(timeoutMs, undefined, { signal });
  throw new TrainingEngineError(`Spark was not there after ${timeoutMs} ms`);
}

function submit(
  { submit: program, master, driverMemory, submitOptions = [] }: SparkOptions,
  scratch: string,
  port: number,
): ChildProcess {
  const settings = {
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.local.dir': scratch,
  };
  const submitted = [
    ...['--master', master, '--driver-memory', driverMemory],
    ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
    ...submitOptions,
    ...[sessionProgram(), String(port), join(scratch, 'token')],
  ];
  // A group of its own, to be killed with all that it starts: a shell, a JVM, a Python.
  return spawn(program, submitted, { cwd: scratch, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/** Above this file, whether it runs from source or from a bundle in `dist/`. */
function sessionProgram(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'spark', 'session.py');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) throw new Error('no spark/session.py above this program');
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The end of what a process writes: where it says why it fails. */
function keepLastWords(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-8_000);
    });
  }
  return () => words;
}

function fail(why: string, details: string): never {
  throw new TrainingEngineError(why, { cause: new Error(details) });
}
