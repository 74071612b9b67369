import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSparkEngine } from '../../src/adapters/spark-engine.ts';
import { type NeighbourMethod, TrainingEngineError } from '../../src/domain/training-engine.ts';

// What a real Spark computes is tested in test/training; here a program in its place fails as no Spark would on demand.
const method: NeighbourMethod = { name: 'item-knn', neighbours: 5, maxItemsPerUser: 5 };

describe('the engine on Spark, when things go wrong', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-spark-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** @param onRequest a body in JavaScript: `request`, `attempt` (how often it was started before), `say(answer)`, `write(name)` in the output */
  async function openWith(onRequest: string, options: { startTimeoutMs?: number } = {}) {
    const program = join(folder, 'spark-submit');
    await writeFile(
      program,
      `#!${process.execPath}
const fs = require('fs');
const [port, tokenFile] = process.argv.slice(-2);
const starts = ${JSON.stringify(join(folder, 'starts'))};
fs.appendFileSync(starts, 'x');
const attempt = fs.readFileSync(starts).length - 1;
const socket = require('net').connect(port, '127.0.0.1');
const say = (answer) => socket.write(JSON.stringify(answer) + '\\n');
socket.write(fs.readFileSync(tokenFile) + '\\n');
require('readline').createInterface({ input: socket }).on('line', (line) => {
  const request = JSON.parse(line);
  const write = (name) => { fs.mkdirSync(request.output, { recursive: true }); fs.writeFileSync(request.output + '/' + name, name); };
  ${onRequest}
});
`,
    );
    await chmod(program, 0o755);
    return createSparkEngine({ submit: program, master: 'local[1]', driverMemory: '1g', ...options });
  }
  const table = () => ({ folder: join(folder, 'plays'), userCount: 1, itemCount: 1, entries: 1 });
  const runOf = (signal = new AbortController().signal) => ({ folder: join(folder, 'run'), signal });
  const whole = `write('part-0.parquet'); write('_SUCCESS'); write('.part-0.parquet.crc'); say({ done: true });`;

  it('says which program it does not find', async () => {
    const submit = join(folder, 'no-such-program');
    const engine = createSparkEngine({ submit, master: 'local[1]', driverMemory: '1g' });
    const made = engine.makeNeighbours(table(), method, runOf());
    await expect(made).rejects.toThrow(TrainingEngineError);
    await expect(made).rejects.toThrow(`${submit} cannot be run`);
    await engine.close();
  });

  it('leaves the files of the table and nothing else', async () => {
    const engine = await openWith(whole);
    const { folder: made } = await engine.makeNeighbours(table(), method, runOf());
    expect(await readdir(made)).toEqual(['part-0.parquet']);
    expect(await readdir(join(folder, 'run'))).toEqual(['table']);
    await engine.close();
  });

  it('keeps nothing of a Spark that dies half-way, and begins with a new one', async () => {
    const dying = `write('part-0.parquet'); console.log('out of memory'); process.exitCode = 3; socket.end();`;
    const engine = await openWith(`if (attempt === 0) { ${dying} } else { ${whole} }`);
    const made = engine.makeNeighbours(table(), method, runOf());
    await expect(made).rejects.toThrow('Spark ended with 3');
    const error = (await made.catch((reason) => reason)) as Error;
    expect((error.cause as Error).message).toContain('out of memory');
    expect(await readdir(join(folder, 'run'))).not.toContain('table');
    await engine.makeNeighbours(table(), method, runOf());
    expect(await readdir(join(folder, 'run'))).toEqual(['table']);
    await engine.close();
  });

  it('tells what Spark says is wrong, in a line', async () => {
    const engine = await openWith(`say({ error: 'AnalysisException: no such path\\n  at …' });`);
    await expect(engine.makeNeighbours(table(), method, runOf())).rejects.toThrow(
      /^Spark says AnalysisException: no such path$/,
    );
    await engine.close();
  });

  it('ends Spark when it is told to stop, with the reason of who told it', async () => {
    const engine = await openWith(
      `fs.writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid)); say({ share: 0.5 });`,
    );
    const stopping = new AbortController();
    const reason = new Error('enough');
    const run = { ...runOf(stopping.signal), onProgress: () => stopping.abort(reason) };
    await expect(engine.makeNeighbours(table(), method, run)).rejects.toBe(reason);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await engine.close();
  });

  it('does not wait for ever for a Spark that does not come', async () => {
    const engine = await openWith('', { startTimeoutMs: 1 });
    await expect(engine.makeNeighbours(table(), method, runOf())).rejects.toThrow('was not there after 1 ms');
    await engine.close();
  });
});
