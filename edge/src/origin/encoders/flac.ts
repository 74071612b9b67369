import { createRequire } from 'node:module';
import type libflac from 'libflacjs';
import { SAMPLE_RATE } from '../synth/arithmetic.ts';
import type { Stereo } from '../synth/mixer.ts';

const BITS = 24;
const FULL_SCALE = 2 ** (BITS - 1) - 1;
/** 0..8; 5 is the reference encoder's default, and 8 takes three times as long for three per cent. */
const COMPRESSION = 5;

/** Encodes into a whole FLAC file of 24 bits a sample (RFC 9639). Samples beyond -1..1 are clipped. */
export async function encodeFlac({ left, right }: Stereo): Promise<Uint8Array> {
  const flac = await loadFlac();
  const encoder = flac.create_libflac_encoder(SAMPLE_RATE, 2, BITS, COMPRESSION, left.length, false, 0);
  if (encoder === 0) throw new Error('libFLAC gave no encoder');
  const parts: Uint8Array[] = [];
  let streamInfo: libflac.StreamMetadata | undefined;
  const status = flac.init_encoder_stream(
    encoder,
    (part) => void parts.push(part.slice()),
    (metadata) => {
      streamInfo = metadata;
    },
  );
  if (status !== 0) throw new Error(`libFLAC refused to start, status ${status}`);
  for (let start = 0; start < left.length; start += SAMPLE_RATE) {
    const end = Math.min(start + SAMPLE_RATE, left.length);
    const block = [quantise(left, start, end), quantise(right, start, end)];
    if (!flac.FLAC__stream_encoder_process(encoder, block, end - start)) {
      throw new Error(`libFLAC stopped in state ${flac.FLAC__stream_encoder_get_state(encoder)}`);
    }
  }
  flac.FLAC__stream_encoder_finish(encoder);
  flac.FLAC__stream_encoder_delete(encoder);
  if (!streamInfo) throw new Error('libFLAC finished without stream information');
  const file = Buffer.concat(parts);
  completeStreamInfo(file, streamInfo);
  return file;
}

function quantise(samples: Float32Array, start: number, end: number): Int32Array<ArrayBuffer> {
  const quantised = new Int32Array(end - start);
  for (let index = start; index < end; index += 1) {
    const sample = Math.max(-1, Math.min(1, samples[index] as number));
    quantised[index - start] = Math.round(sample * FULL_SCALE);
  }
  return quantised;
}

/**
 * Writes what is known only at the end into the STREAMINFO block, which the encoder left empty because a stream
 * cannot be rewound: frame sizes (bytes 12..17 of the file) and the MD5 of the samples (26..41).
 */
function completeStreamInfo(file: Buffer, info: libflac.StreamMetadata): void {
  file.writeUIntBE(info.min_framesize, 12, 3);
  file.writeUIntBE(info.max_framesize, 15, 3);
  file.write(info.md5sum, 26, 16, 'hex');
}

let loading: Promise<libflac.Flac> | undefined;

function loadFlac(): Promise<libflac.Flac> {
  loading ??= new Promise((resolve) => {
    const flac = loadWithoutFetch();
    if (flac.isReady()) resolve(flac);
    else flac.on('ready', () => resolve(flac));
  });
  return loading;
}

// Where there is a global fetch, libflacjs takes the process for a browser and fetches its WebAssembly from a file
// path, which fails. Without one it reads the file. It looks only while it is being loaded, which is synchronous.
function loadWithoutFetch(): libflac.Flac {
  const { fetch } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, 'fetch');
    return (createRequire(import.meta.url)('libflacjs') as typeof libflac)('wasm');
  } finally {
    globalThis.fetch = fetch;
  }
}
