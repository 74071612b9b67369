import { compose } from '../music/compose.ts';
import type { Note } from '../music/notation.ts';
import { durationMs, type Score } from '../music/score.ts';
import { addAir } from './air.ts';
import { createRandom, SAMPLE_RATE } from './arithmetic.ts';
import { createDrumKit } from './drums.ts';
import { instruments } from './instruments.ts';
import { master } from './master.ts';
import { createMixer, type Mixer, type Place, type Stereo } from './mixer.ts';
import { addRoom } from './room.ts';

/**
 * Raise it when a change makes any piece sound different: stored renderings of older versions are made anew, and
 * `npm run audio:manifest` writes the new sizes.
 */
export const SYNTHESISER_VERSION = 1;

const places = {
  keys: { pan: 0, level: 0.24, send: 0.3 },
  bass: { pan: 0, level: 0.42, send: 0 },
  lead: { pan: 0.1, level: 0.3, send: 0.4 },
  kick: { pan: 0, level: 0.75, send: 0 },
  snare: { pan: -0.1, level: 0.4, send: 0.15 },
  brush: { pan: -0.25, level: 0.4, send: 0.2 },
  hat: { pan: 0.35, level: 0.22, send: 0.03 },
  'open-hat': { pan: 0.35, level: 0.2, send: 0.05 },
  rim: { pan: -0.4, level: 0.25, send: 0.25 },
} satisfies Record<string, Place>;

const PAD_LEVEL = 0.1;
const PAD_DETUNE = 0.0028;

/**
 * The piece as 44.1 kHz stereo, peaks below -1 dBFS, the same to the last bit on every machine.
 * @param onProgress gets 0..1, some hundred times.
 */
export function synthesise(score: Score, onProgress: (done: number) => void = () => {}): Stereo {
  const mixer = createMixer((durationMs(score) * SAMPLE_RATE) / 1000);
  const random = createRandom(score.number * 104_729);
  const { notes, hits } = compose(score);
  for (const [index, note] of notes.entries()) {
    playNote(mixer, score, note, random);
    if (index % 16 === 0) onProgress((0.7 * index) / notes.length);
  }
  const kit = createDrumKit(random);
  for (const [index, { drum, at, velocity }] of hits.entries()) {
    const takes = kit[drum];
    const place = places[drum];
    mixer.add(takes[index % takes.length] as Float32Array, at, { ...place, level: place.level * velocity });
  }
  addAir(mixer, score, random);
  onProgress(0.8);
  addRoom(mixer.dry, mixer.send, { echoSeconds: (0.75 * 60) / score.tempo });
  onProgress(0.9);
  master(mixer.dry, score);
  onProgress(1);
  return mixer.dry;
}

function playNote(mixer: Mixer, score: Score, note: Note, random: () => number): void {
  if (note.part === 'pad') {
    // Wide, because its two sides are two takes that never quite agree.
    for (const [pan, detune] of [
      [-1, -PAD_DETUNE],
      [1, PAD_DETUNE],
    ] as const) {
      const sound = instruments[score.pad](note, random, detune);
      mixer.add(sound, note.at, { pan, level: PAD_LEVEL * note.velocity, send: 0.35 });
    }
    return;
  }
  const place = places[note.part];
  const sound = instruments[score[note.part]](note, random, 0);
  // Keys lie in the room as on a keyboard: low notes left, high notes right.
  const pan = note.part === 'keys' ? Math.max(-0.6, Math.min(0.6, (note.pitch - 66) / 20)) : place.pan;
  mixer.add(sound, note.at, { pan, level: place.level * note.velocity, send: place.send });
}
