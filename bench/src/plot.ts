/** A line of a plot. */
export interface Series {
  readonly name: string;
  /** One character, for terminals. */
  readonly mark: string;
  /** Any colour of CSS. */
  readonly color: string;
  readonly dashed?: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Two axes and what is drawn between them: the horizontal one goes by logarithm, the vertical one from 0 to 1. */
export interface Plot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Where lines stand, with what is written there, in ascending order; the first and the last are the borders. */
  readonly xTicks: readonly { readonly at: number; readonly label: string }[];
  readonly series: readonly Series[];
}

const [width, height] = [760, 420];
const box = { left: 70, right: width - 20, top: 50, bottom: height - 90 };
const percents = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** The plot as a picture of its own, which is legible on light and dark pages. */
export function toSvg({ title, xTitle, yTitle, xTicks, series }: Plot): string {
  const x = (value: number) => box.left + share(xTicks, value) * (box.right - box.left);
  const y = (value: number) => box.bottom - value * (box.bottom - box.top);
  const text = (at: { x: number; y: number }, content: string, more = '') =>
    `<text x="${round(at.x)}" y="${round(at.y)}" ${more}>${escapeXml(content)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#ddd"/>`;
  const grid = [
    ...percents.map((value) => line(box.left, y(value), box.right, y(value))),
    ...xTicks.map(({ at }) => line(x(at), box.top, x(at), box.bottom)),
    ...percents.map((value) =>
      text({ x: box.left - 8, y: y(value) + 4 }, `${Math.round(value * 100)} %`, 'text-anchor="end"'),
    ),
    ...xTicks.map(({ at, label }) => text({ x: x(at), y: box.bottom + 18 }, label, 'text-anchor="middle"')),
  ];
  const lines = series.flatMap(({ color, dashed, points }) => [
    `<polyline fill="none" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ''} points="${points
      .map((point) => `${round(x(point.x))},${round(y(point.y))}`)
      .join(' ')}"/>`,
    ...points.map(
      (point) => `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="3" fill="${color}"/>`,
    ),
  ]);
  const legend = series.flatMap(({ name, color, dashed }, index) => {
    const at = { x: box.left + (index % 2) * 340, y: height - 34 + Math.floor(index / 2) * 18 };
    return [
      `<line x1="${at.x}" y1="${at.y - 4}" x2="${at.x + 28}" y2="${at.y - 4}" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ''}/>`,
      text({ x: at.x + 36, y: at.y }, name),
    ];
  });
  const middle = (box.left + box.right) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text({ x: box.left, y: 26 }, title, 'font-size="15" font-weight="600"'),
    ...grid,
    text({ x: middle, y: box.bottom + 36 }, xTitle, 'text-anchor="middle"'),
    text(
      { x: 0, y: 0 },
      yTitle,
      `text-anchor="middle" transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)"`,
    ),
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** The plot in characters: where two lines meet, the later one of the list is seen. */
export function toText({ yTitle, xTicks, xTitle, series }: Plot, columns = 66, rows = 16): string {
  const cells = Array.from({ length: rows + 1 }, () => Array.from({ length: columns + 1 }, () => ' '));
  for (const { mark, points } of series) {
    points.forEach((point, index) => {
      const next = points[index + 1] ?? point;
      const [from, to] = [share(xTicks, point.x) * columns, share(xTicks, next.x) * columns];
      for (let column = Math.round(from); column <= Math.round(to); column += 1) {
        const way = to === from ? 0 : (column - from) / (to - from);
        const row = cells[rows - Math.round((point.y + (next.y - point.y) * way) * rows)];
        if (row) row[column] = mark;
      }
    });
  }
  const labels = cells.map((_, row) => `${Math.round((1 - row / rows) * 100)} %`.padStart(6));
  const scale = Array.from({ length: columns + 8 }, () => ' ');
  for (const { at, label } of xTicks) {
    const from = Math.min(columns + 8 - label.length, Math.round(share(xTicks, at) * columns));
    [...label].forEach((character, index) => {
      scale[from + index] = character;
    });
  }
  return [
    yTitle,
    ...cells.map((row, index) => `${index % 4 === 0 ? labels[index] : ' '.repeat(6)} |${row.join('')}`),
    `       +${'-'.repeat(columns + 1)}`,
    `        ${scale.join('').trimEnd()}`,
    `        ${xTitle}`,
    ...series.map(({ mark, name }) => `        ${mark} ${name}`),
  ].join('\n');
}

/** How far along the horizontal axis a value stands, 0 to 1. */
function share(ticks: Plot['xTicks'], value: number): number {
  const [least, most] = [ticks[0]?.at ?? 1, ticks.at(-1)?.at ?? 1];
  return Math.log(value / least) / Math.log(most / least);
}

const round = (value: number) => Math.round(value * 10) / 10;
const escapeXml = (content: string) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
