import type { Palette } from './palette.ts';

/** Draws on a square of 640 units, over a ground that is already painted; returns SVG elements. */
export type Motif = (palette: Palette, random: () => number) => string;

const at = (value: number) => Math.round(value * 10) / 10;
const between = (random: () => number, low: number, high: number) => at(low + random() * (high - low));
const pick = <T>(random: () => number, options: readonly T[]): T =>
  options[Math.floor(random() * options.length)] as T;
const times = <T>(count: number, make: (index: number) => T): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');

/** A sun over a sea of layered waves. */
export const seascape: Motif = ({ dark, light, accents }, random) => {
  const sun = { x: between(random, 180, 460), y: between(random, 170, 260), r: between(random, 80, 130) };
  const waves = times(6, (layer) => {
    const y = 330 + layer * 52;
    const swell = between(random, 14, 34);
    const shift = between(random, -120, 0);
    const crests = times(4, (n) => `q 80 ${at((n % 2 === 0 ? -2 : 2) * swell)} 160 0 t 160 0 `);
    const colour = layer === 5 ? dark : accents[layer % 3];
    return `<path d="M ${shift} ${y} ${crests} V 700 H ${shift} Z" fill="${colour}" opacity="${at(0.55 + layer * 0.08)}"/>`;
  });
  return `<circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="${light}" opacity="0.95"/>${waves}`;
};

/** Tiles of quarter circles, as on a tiled floor. */
export const tiles: Motif = ({ dark, light, accents }, random) => {
  const count = pick(random, [3, 4, 5]);
  const side = 640 / count;
  const colours = [dark, light, ...accents];
  return times(count * count, (index) => {
    const x = (index % count) * side;
    const y = Math.floor(index / count) * side;
    const turn = pick(random, [0, 90, 180, 270]);
    const [back, front, core] = [pick(random, colours), pick(random, colours), pick(random, colours)];
    const arc = (radius: number) =>
      `M 0 0 H ${at(radius)} A ${at(radius)} ${at(radius)} 0 0 1 0 ${at(radius)} Z`;
    return (
      `<g transform="translate(${at(x)} ${at(y)}) rotate(${turn} ${at(side / 2)} ${at(side / 2)})">` +
      `<rect width="${at(side + 0.5)}" height="${at(side + 0.5)}" fill="${back}"/>` +
      `<path d="${arc(side)}" fill="${front}"/><path d="${arc(side * 0.5)}" fill="${core}"/></g>`
    );
  });
};

/** Planets on rings around an off-centre star. */
export const orbits: Motif = ({ light, accents }, random) => {
  const cx = between(random, 200, 440);
  const cy = between(random, 200, 440);
  const rings = times(7, (index) => {
    const radius = 70 + index * 58;
    const angle = random() * Math.PI * 2;
    const planet = between(random, 8, 30);
    return (
      `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="${light}" stroke-width="1.6" opacity="0.4"/>` +
      `<circle cx="${at(cx + radius * Math.cos(angle))}" cy="${at(cy + radius * Math.sin(angle))}" r="${planet}" fill="${accents[index % 3]}"/>`
    );
  });
  return `${rings}<circle cx="${cx}" cy="${cy}" r="46" fill="${light}"/>`;
};

/** Ridges of mountains that fade with distance, under a moon. */
export const ridges: Motif = ({ dark, light, accents }, random) => {
  const moon = `<circle cx="${between(random, 120, 520)}" cy="${between(random, 90, 200)}" r="${between(random, 36, 70)}" fill="${light}" opacity="0.9"/>`;
  const layers = times(5, (layer) => {
    const base = 250 + layer * 80;
    const peaks = times(9, (n) => `L ${n * 80} ${at(base + between(random, -70, 60) - (n % 2) * 40)} `);
    const colour = layer < 3 ? accents[layer] : dark;
    return `<path d="M 0 ${base} ${peaks} L 640 660 H 0 Z" fill="${colour}" opacity="${layer === 4 ? 1 : at(0.5 + layer * 0.12)}"/>`;
  });
  return moon + layers;
};

/** Wide arcs inside each other, cut by the edge. */
export const rainbow: Motif = ({ dark, light, accents }, random) => {
  const [cx, cy] = pick(random, [
    [0, 640],
    [640, 640],
    [320, 640],
    [0, 320],
    [640, 0],
  ] as const);
  const colours = [accents[0], light, accents[1], accents[2], light, dark];
  const width = between(random, 44, 74);
  return times(6, (index) => {
    const radius = at(width * (7.4 - index * 1.15));
    return `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="${colours[index]}" opacity="0.92"/>`;
  });
};

/** Large soft circles that shine through each other. */
export const lights: Motif = ({ light, accents }, random) => {
  const spots = times(7, (index) => {
    const colour = index === 6 ? light : accents[index % 3];
    return `<circle cx="${between(random, 40, 600)}" cy="${between(random, 40, 600)}" r="${between(random, 70, 210)}" fill="${colour}" opacity="${between(random, 0.35, 0.7)}"/>`;
  });
  return `<g style="mix-blend-mode:screen">${spots}</g>`;
};

/** Bars of an equaliser. */
export const bars: Motif = ({ light, accents }, random) => {
  const count = pick(random, [9, 12, 16]);
  const pitch = 520 / count;
  return times(count, (index) => {
    const height = between(random, 60, 440);
    const colour = index % 4 === 3 ? light : accents[index % 3];
    return `<rect x="${at(60 + index * pitch)}" y="${at(320 - height / 2)}" width="${at(pitch * 0.62)}" height="${height}" rx="${at(pitch * 0.31)}" fill="${colour}"/>`;
  });
};

/** Head and shoulders, for people. */
export const figure: Motif = ({ dark, light, accents }, random) => {
  const tilt = between(random, -14, 14);
  const [skin, cloth, glow] = [light, accents[0], accents[1]];
  const halo = between(random, 210, 270);
  return (
    `<circle cx="320" cy="290" r="${halo}" fill="${glow}" opacity="0.85"/>` +
    `<circle cx="320" cy="290" r="${at(halo * 0.78)}" fill="${accents[2]}" opacity="0.6"/>` +
    `<g transform="rotate(${tilt} 320 420)"><path d="M 90 700 C 90 520 200 470 320 470 S 550 520 550 700 Z" fill="${cloth}"/>` +
    `<rect x="276" y="380" width="88" height="120" rx="44" fill="${skin}"/>` +
    `<ellipse cx="320" cy="285" rx="${between(random, 96, 118)}" ry="132" fill="${skin}"/>` +
    `<path d="M 205 285 C 195 ${between(random, 90, 150)} 445 ${between(random, 90, 150)} 435 285 C 400 ${between(random, 205, 260)} 250 ${between(random, 180, 250)} 205 285 Z" fill="${dark}"/></g>`
  );
};
