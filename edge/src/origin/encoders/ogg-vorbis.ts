import type { AudioQuality } from '@medley/signed-url';
import { createOggEncoder } from 'wasm-media-encoders';
import { SAMPLE_RATE } from '../synth/arithmetic.ts';
import type { Stereo } from '../synth/mixer.ts';

/** libvorbis' quality -1..10 that stands for each nominal bitrate: 96, 128, 160, 320 kbps in stereo at 44.1 kHz. */
const vorbisQuality: Readonly<Record<Exclude<AudioQuality, 'LOSSLESS'>, number>> = {
  LOW: 2,
  MEDIUM: 4,
  NORMAL: 5,
  HIGH: 9,
};

/**
 * Encodes into Ogg Vorbis, a second of sound at a time.
 * @param serialNumber of the Ogg stream; with the same one the same sound gives the same bytes.
 */
export async function* encodeOggVorbis(
  { left, right }: Stereo,
  quality: keyof typeof vorbisQuality,
  serialNumber: number,
): AsyncGenerator<Uint8Array> {
  const encoder = await createOggEncoder();
  encoder.configure({
    sampleRate: SAMPLE_RATE,
    channels: 2,
    vbrQuality: vorbisQuality[quality],
    oggSerialNo: serialNumber,
  });
  for (let start = 0; start < left.length; start += SAMPLE_RATE) {
    const end = start + SAMPLE_RATE;
    // The encoder owns what it returns and writes over it at the next call.
    yield encoder.encode([left.subarray(start, end), right.subarray(start, end)]).slice();
  }
  yield encoder.finalize().slice();
}
