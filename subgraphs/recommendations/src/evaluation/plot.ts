import type { Evaluation } from './evaluate.ts';
import { methodTitles } from './methods.ts';
import { estimate } from './report.ts';

const width = 860;
const labels = 230;
const rowHeight = 34;
const top = 84;
const gap = 44;
const panels = [
  { metric: 'recall', title: 'recall@10', color: '#1f5fa8' },
  { metric: 'ndcg', title: 'NDCG@10', color: '#b3541e' },
] as const;

/** A picture of its own: for each method a point at the mean and its 95 % interval, on light and dark pages. */
export function drawEvaluation(title: string, { results }: Evaluation): string {
  const height = top + results.length * rowHeight + 44;
  const panelWidth = (width - labels - gap * panels.length) / panels.length;
  const text = (x: number, y: number, content: string, more = '') =>
    `<text x="${round(x)}" y="${round(y)}" ${more}>${escapeXml(content)}</text>`;
  const y = (row: number) => top + row * rowHeight + rowHeight / 2;

  const drawn = panels.flatMap(({ metric, title: name, color }, panel) => {
    const left = labels + panel * (panelWidth + gap);
    const estimates = results.map(({ metrics }) => estimate(metrics, metric));
    const largest = Math.max(0.01, ...estimates.map(({ mean, margin }) => mean + (margin ?? 0)));
    const step = niceStep(largest);
    const last = Math.ceil(largest / step);
    const ticks = Array.from({ length: last + 1 }, (_, tick) => tick * step);
    const x = (value: number) => left + (value / (last * step)) * panelWidth;
    const bottom = top + results.length * rowHeight;
    return [
      text(left, top - 14, name, `font-weight="600" fill="${color}"`),
      ...ticks.flatMap((tick) => [
        `<line x1="${round(x(tick))}" y1="${top}" x2="${round(x(tick))}" y2="${bottom}" stroke="#ddd"/>`,
        text(x(tick), bottom + 18, tick.toFixed(2), 'text-anchor="middle"'),
      ]),
      ...estimates.flatMap(({ mean, margin }, row) => [
        `<line x1="${round(x(0))}" y1="${y(row)}" x2="${round(x(mean))}" y2="${y(row)}" stroke="${color}" stroke-width="2" opacity="0.25"/>`,
        `<circle cx="${round(x(mean))}" cy="${y(row)}" r="4" fill="${color}"/>`,
        ...(margin === null ? [] : [interval(x(mean - margin), x(mean + margin), y(row))]),
        text(x(mean), y(row) - 10, mean.toFixed(3), 'text-anchor="middle" font-size="11"'),
      ]),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(20, 28, title, 'font-size="15" font-weight="600"'),
    text(20, 48, 'mean over splits, and its 95 % interval', 'fill="#666"'),
    ...results.map(({ method }, row) => text(20, y(row) + 4, methodTitles[method])),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** A line from end to end, and one across each end. */
function interval(from: number, to: number, y: number): string {
  const [start, end] = [round(from), round(to)];
  return `<path d="M${start} ${y - 6}V${y + 6}M${start} ${y}H${end}M${end} ${y - 6}V${y + 6}" stroke="#222" fill="none"/>`;
}

/** What lies between two lines of a scale, so that there are six at most: 1, 2 or 5 of some power of ten. */
function niceStep(largest: number): number {
  const least = largest / 6;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

const round = (value: number) => Math.round(value * 10) / 10;
const escapeXml = (content: string) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
