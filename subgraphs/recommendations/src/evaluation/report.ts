import type { ChosenParameters } from '../models/index.ts';
import { areApart, type Estimate, estimateMean } from './confidence.ts';
import type { Evaluation, MethodResult } from './evaluate.ts';
import { methodTitles } from './methods.ts';
import type { Metrics } from './metrics.ts';
import type { Source } from './source.ts';

/** What was read, and what of it could not be. */
export function describeSource({ interactions, rows, broken, how, users, items }: Source): string {
  const { userCount, itemCount } = interactions;
  return [
    `${number(rows)} rows of ${number(userCount)} ${users} and ${number(itemCount)} ${items} (${how})`,
    ...(broken.count > 0 ? [`${number(broken.count)} rows could not be read and are left out:`] : []),
    ...broken.first.map(({ file, line, reason }) => `  ${file} line ${line}: ${reason}`),
    ...(broken.count > broken.first.length
      ? [`  … and ${number(broken.count - broken.first.length)} more`]
      : []),
  ].join('\n');
}

/** The results as a table for terminals, the parameters, and how the chosen method compares with item-kNN. */
export function describeEvaluation({ results, parameters, users, leftOut }: Evaluation): string {
  const rows = results.map(({ method, metrics, trainingMs }) => [
    methodTitles[method],
    share(estimate(metrics, 'recall')),
    share(estimate(metrics, 'ndcg')),
    share(estimate(metrics, 'coverage')),
    format(estimate(metrics, 'novelty'), 2),
    `${(trainingMs / 1_000).toFixed(1)} s`,
  ]);
  const header = ['method', 'recall@10', 'NDCG@10', 'coverage', 'novelty, bits', 'training'];
  const widths = header.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  const seeds = results[0]?.metrics.length ?? 0;
  return [
    line(header),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map((row) => line(row).trimEnd()),
    '',
    `Mean ± half of the 95 % interval (Student's t) over ${seeds === 1 ? 'one split, so none' : `${seeds} splits`}; ${number(users)} users with held out items.`,
    ...leftOut.map(({ method, reason }) => `${methodTitles[method]} is left out: ${reason}.`),
    ...describeParameters(parameters),
    ...compare(results),
  ].join('\n');
}

/** The mean of a metric over the seeds. */
export const estimate = (metrics: readonly Metrics[], name: keyof Metrics): Estimate =>
  estimateMean(metrics.map((one) => one[name]));

function describeParameters(parameters: readonly ChosenParameters[]): string[] {
  if (parameters.length === 0) return [];
  const each = parameters.map(
    ({ neighbours, factors, factorWeight }) =>
      `beta ${neighbours.beta}, alpha ${factors.alpha}, regularisation ${factors.regularisation}, weight of factors ${factorWeight}`,
  );
  return [
    `Parameters, chosen within the training part of each seed: ${[...new Set(each)].map((one) => `${one} (${each.filter((other) => other === one).length})`).join('; ')}.`,
  ];
}

function compare(results: readonly MethodResult[]): string[] {
  const recallOf = (name: MethodResult['method']) => {
    const metrics = results.find(({ method }) => method === name)?.metrics;
    return metrics && estimate(metrics, 'recall');
  };
  const [plain, chosen] = [recallOf('item-knn'), recallOf('mixture')];
  if (!plain || !chosen || plain.margin === null) return [];
  const gain = `${(((chosen.mean - plain.mean) / plain.mean) * 100).toFixed(1)} %`;
  return [
    `Recall of the chosen method beside item-kNN: ${gain}; their intervals ${areApart(plain, chosen) ? 'do not overlap' : 'overlap'}.`,
  ];
}

const share = (value: Estimate) => format(value, 4);
const format = ({ mean, margin }: Estimate, digits: number) =>
  margin === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${margin.toFixed(digits)}`;
const number = (value: number) => value.toLocaleString('en-GB');
