import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pieceFor, pieces } from '@medley/sample-audio';
import {
  createMetrics,
  type HttpService,
  type Logger,
  type Metrics,
  startHttpService,
} from '@medley/service';
import { audioFormats, parseAudioPath, parseImagePath } from '@medley/signed-url';
import { mountHandler } from '../http/mount-handler.ts';
import { drawCover } from './covers/draw-cover.ts';
import { openAudioFiles, type RenderProgress } from './files/audio-files.ts';
import { createWorkerRenderer } from './rendering/render-in-worker.ts';
import { notFound, type ServedFile, sendFile } from './send-file.ts';
import { SYNTHESISER_VERSION } from './synth/synthesise.ts';

export interface OriginOptions {
  /** Renderings are kept in `audio/` below it. */
  readonly dataDir: string;
  /** What the edge must show in `x-origin-secret`. */
  readonly secret: string;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly onProgress?: (progress: RenderProgress) => void;
  /** Renderings at a time. Default 2. */
  readonly renderWorkers?: number;
}

export interface Origin {
  /**
   * Renders the first pieces in NORMAL where they are missing, so that first plays need not wait.
   * @param count 1..12, default 2
   */
  prepare(count?: number): Promise<void>;
  /** Listens; bind it to the loopback or a private interface only. */
  start(listen: { port: number; host: string }): Promise<HttpService>;
  /** Ends renderings under way. */
  stop(): Promise<void>;
}

// Bytes of a path depend on the version alone, so this date does too: validators are the same on every machine.
const LAST_MODIFIED = new Date(Date.UTC(2026, 0, SYNTHESISER_VERSION)).toUTCString();

/** The private store behind the edge: stand-in audio, and cover art drawn from ids. */
export async function createOrigin({
  dataDir,
  secret,
  logger,
  metrics = createMetrics(),
  onProgress,
  renderWorkers = 2,
}: OriginOptions): Promise<Origin> {
  if (secret.length < 16)
    throw new RangeError(`The origin's secret needs 16 characters, got ${secret.length}`);
  const renderer = createWorkerRenderer({ workers: renderWorkers });
  const files = await openAudioFiles({ dataDir, render: renderer.render, onProgress });
  const expected = digest(secret);

  async function findFile(path: string): Promise<ServedFile | undefined> {
    const audio = parseAudioPath(path);
    if (audio) {
      const format = audioFormats[audio.quality];
      if (audio.extension !== format.extension) return undefined;
      const piece = pieceFor(audio.trackId);
      const { file, sizeBytes } = await files.find(piece, audio.quality);
      const etag = `"v${SYNTHESISER_VERSION}-${piece.number}-${audio.quality.toLowerCase()}-${sizeBytes}"`;
      return { content: { file }, sizeBytes, etag, contentType: format.mimeType };
    }
    const image = parseImagePath(path);
    if (!image) return undefined;
    const bytes = await drawCover(image);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return { content: { bytes }, sizeBytes: bytes.length, etag, contentType: 'image/jpeg' };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!timingSafeEqual(digest(String(request.headers['x-origin-secret'] ?? '')), expected)) {
      response.writeHead(403).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const [path = ''] = (request.url ?? '').split('?', 1);
    try {
      const file = await findFile(path);
      if (file) await sendFile(request, response, { ...file, lastModified: LAST_MODIFIED });
      else notFound(response);
    } catch (error) {
      logger.error({ err: error, path }, 'could not serve');
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }

  return {
    async prepare(count = 2) {
      await Promise.all(pieces.slice(0, count).map((piece) => files.find(piece, 'NORMAL')));
    },
    async start({ port, host }) {
      const service = await startHttpService({
        host,
        port,
        logger,
        metrics,
        routes: (app) => mountHandler(app, ['/audio/*', '/images/*'], serve),
      });
      return {
        url: service.url,
        async stop() {
          await renderer.stop();
          await service.stop();
        },
      };
    },
    stop: () => renderer.stop(),
  };
}

// Digests have one length, which the comparison in constant time needs.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
