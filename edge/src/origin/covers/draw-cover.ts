import { coverSizes, type ImageResource } from '@medley/signed-url';
import sharp from 'sharp';
import { createRandom } from '../synth/arithmetic.ts';
import { bars, figure, lights, type Motif, orbits, rainbow, ridges, seascape, tiles } from './motifs.ts';
import { palettes } from './palette.ts';

const motifs: readonly Motif[] = [seascape, tiles, orbits, ridges, rainbow, lights, bars];

/** A square JPEG drawn from the id alone: the same id gives the same picture in every size. */
export async function drawCover({ id, size }: ImageResource): Promise<Buffer> {
  const edge = coverSizes[size];
  return sharp(Buffer.from(coverSvg(id)))
    .resize(edge, edge)
    .jpeg({ quality: 86, mozjpeg: true })
    .toBuffer();
}

/** The picture as an SVG of 640 by 640. */
function coverSvg(id: string): string {
  const random = createRandom(seedOf(id));
  const palette = palettes[Math.floor(random() * palettes.length)] ?? palettes[0];
  const motif = /^(artist|user)_/.test(id) ? figure : motifs[Math.floor(random() * motifs.length)];
  if (!palette || !motif) throw new Error('There are no palettes or no motifs');
  const angle = Math.round(random() * 360);
  const [from, to] = random() < 0.5 ? [palette.dark, palette.accents[2]] : [palette.dark, palette.accents[0]];
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640" viewBox="0 0 640 640">' +
    `<defs><linearGradient id="ground" gradientTransform="rotate(${angle} 0.5 0.5)">` +
    `<stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>` +
    '<radialGradient id="vignette" cx="0.5" cy="0.45" r="0.75"><stop offset="0.6" stop-opacity="0"/>' +
    '<stop offset="1" stop-opacity="0.35"/></radialGradient></defs>' +
    `<rect width="640" height="640" fill="url(#ground)"/>${motif(palette, random)}` +
    '<rect width="640" height="640" fill="url(#vignette)"/></svg>'
  );
}

/** FNV-1a over the id. */
function seedOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash;
}
