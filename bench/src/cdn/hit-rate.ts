import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Plot, type Series, toSvg, toText } from '../plot.ts';
import { createAudioLibrary, qualities } from './audio-library.ts';
import { createListening, shareOfTop } from './listening.ts';
import { type Replayed, replay } from './replay.ts';

/** Of the bytes of the library, so many fit into the cache. */
const cacheShares = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
const days = 4;

/** What one size of cache comes to. */
interface Row {
  readonly share: number;
  readonly cold: Replayed;
  readonly warm: Replayed;
}

/**
 * Replays days of listening through caches of several sizes, with and without warming, and prints how many of the bytes came from them.
 * @param options.svg where the plot is drawn; not at all when absent
 */
export async function measureHitRate({
  tracks,
  playsPerDay,
  svg,
}: {
  tracks: number;
  playsPerDay: number;
  svg?: URL;
}): Promise<void> {
  const exponent = 1;
  const library = createAudioLibrary(tracks);
  const plays = createListening(library, { days, playsPerDay, exponent, driftPercent: 2 });
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  console.log(
    `${count(tracks)} tracks in ${qualities.length} qualities, ${terabytes(library.totalBytes)}; ${count(playsPerDay)} plays a day, ` +
      `by rank^-${exponent}: 1 % of the tracks have ${percent(shareOfTop(plays, tracks, 0.01))} of them, ` +
      `10 % have ${percent(shareOfTop(plays, tracks, 0.1))}`,
  );
  const rows: Row[] = [];
  for (const share of cacheShares) {
    const options = { library, plays, playsPerDay, cacheBytes: Math.round(share * library.totalBytes) };
    const [startedAt, cold] = [performance.now(), await replay({ ...options, warm: false })];
    rows.push({ share, cold, warm: await replay({ ...options, warm: true }) });
    console.log(`  a cache of ${percent(share)}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
  console.log('\nHit rate by bytes of a node that begins with nothing:');
  console.table(
    rows.map(({ share, cold, warm }) => ({
      cache: terabytes(share * library.totalBytes),
      'of the library': percent(share),
      'first hour': percent(cold.firstHour),
      '… warmed': percent(warm.firstHour),
      'first day': percent(cold.firstDay),
      '… warmed ': percent(warm.firstDay),
      'third day': percent(cold.lastDay),
      '… warmed  ': percent(warm.lastDay),
      'fetched ahead': terabytes(warm.warmedBytes),
      'third day, with that': percent(warm.lastDay - warm.warmedOnLastDayBytes / warm.sentOnLastDayBytes),
    })),
  );
  const plot = draw(rows);
  console.log(toText(plot));
  if (!svg) return;
  await writeFile(svg, toSvg(plot));
  console.log(`\nthe plot: ${fileURLToPath(svg)}`);
}

function draw(rows: readonly Row[]): Plot {
  const line = (look: Omit<Series, 'points'>, read: (row: Row) => number): Series => ({
    ...look,
    points: rows.map((row) => ({ x: row.share, y: read(row) })),
  });
  return {
    title: 'What an edge node sends from its cache',
    xTitle: 'size of the cache, of the bytes of the library',
    yTitle: 'hit rate by bytes',
    xTicks: cacheShares.map((at) => ({ at, label: `${at * 100} %` })),
    series: [
      line(
        { name: 'first hour, with nothing', mark: '.', color: '#d97706', dashed: true },
        ({ cold }) => cold.firstHour,
      ),
      line({ name: 'first hour, warmed', mark: 'o', color: '#d97706' }, ({ warm }) => warm.firstHour),
      line(
        { name: 'third day, not warmed', mark: '-', color: '#2563eb', dashed: true },
        ({ cold }) => cold.lastDay,
      ),
      line({ name: 'third day, warmed each hour', mark: '#', color: '#2563eb' }, ({ warm }) => warm.lastDay),
    ],
  };
}

const count = (value: number) => value.toLocaleString('en');
const terabytes = (bytes: number) =>
  bytes >= 1e12 ? `${(bytes / 1e12).toFixed(2)} TB` : `${(bytes / 1e9).toFixed(bytes < 1e11 ? 1 : 0)} GB`;
