import { parentPort, workerData } from 'node:worker_threads';
import type { AudioQuality } from '@medley/signed-url';
import { scores } from '../music/scores.ts';
import { renderPiece } from './render-piece.ts';

/** What a worker is told to do. It ends when it has done it. */
export interface RenderJob {
  readonly number: number;
  readonly quality: AudioQuality;
  readonly file: string;
}

const { number, quality, file } = workerData as RenderJob;
const score = scores.find((candidate) => candidate.number === number);
if (!score) throw new RangeError(`There is no score for piece ${number}`);
await renderPiece(score, quality, file, (done) => parentPort?.postMessage(done));
