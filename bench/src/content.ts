import { estimateMean } from '@medley/recommendations/evaluation/confidence';
import { measureColdTracks } from './content/cold-tracks.ts';
import { readSampleLibrary } from './content/sample-library.ts';
import { measureSpeed } from './content/speed.ts';

/**
 * `npm run bench:content`: what content adds for tracks that nobody has played, on invented listening to the sample catalog, five times
 * over; then how fast it is, for 12,000 tracks and for 150,000.
 */
const library = readSampleLibrary();
const seeds = [1, 2, 3, 4, 5];
const rounds = seeds.map((seed) => measureColdTracks(library, seed));
const share = (values: readonly number[]) => {
  const { mean, margin } = estimateMean(values);
  return `${mean.toFixed(3)} ± ${(margin ?? 0).toFixed(3)}`;
};

console.log('a fifth of the tracks have no plays           new, for a listener   list of a new one');
for (const [way, { name }] of (rounds[0] ?? []).entries()) {
  const of = (value: 'newForListener' | 'listOfNew') => rounds.map((round) => round[way]?.[value] ?? 0);
  console.log(
    `  ${name.padEnd(42)}${share(of('newForListener')).padStart(17)}${share(of('listOfNew')).padStart(20)}`,
  );
}

console.log('\ntracks       made in   a list of 30   bytes a track   found of the nearest 30');
for (const count of [12_000, 150_000]) {
  const { tracks, builtMs, listMs, bytesATrack, found } = measureSpeed(library, count);
  console.log(
    [
      tracks.toLocaleString('en').padEnd(9),
      `${(builtMs / 1_000).toFixed(1)} s`.padStart(9),
      `${listMs.toFixed(2)} ms`.padStart(14),
      bytesATrack.toFixed(0).padStart(15),
      `${(100 * found).toFixed(1)} %`.padStart(25),
    ].join(' '),
  );
}
