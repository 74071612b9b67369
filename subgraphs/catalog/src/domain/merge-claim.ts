import {
  compareSources,
  type Provenance,
  readProvenance,
  type Source,
  writeProvenance,
} from './provenance.ts';

/** A row as far as sources write it. */
export interface Merged<Values> {
  readonly values: Values;
  readonly provenance: Provenance;
}

/** What one source says about one row: `undefined` is not carried, `null` is carried and empty. */
export interface Claim<Values> {
  readonly source: Source;
  readonly values: Partial<Values>;
}

/**
 * The row after one more source, field by field: of all that a field was ever said to be, it holds the greatest by
 * (precision of the source, its date, the value itself). A greatest element does not depend on the order, nor on
 * repetition, so neither do imports. What has no date, as it was assumed or decided, is another matter: there the last word holds.
 * See docs/adr/0009-imports-merge-by-field.md.
 * @returns `current` itself when the claim adds nothing; the same `values` when only their provenance is better now
 */
export function mergeClaim<Values extends object>(
  current: Merged<Values>,
  claim: Claim<Values>,
): Merged<Values> {
  const sources = readProvenance(current.provenance);
  const values = { ...current.values };
  let valuesChanged = false;
  let sourcesChanged = false;
  for (const field of Object.keys(claim.values) as (keyof Values & string)[]) {
    const value = claim.values[field];
    if (value === undefined) continue;
    const known = sources.get(field);
    const same = canonical(value) === canonical(values[field]);
    const nearer = known === undefined ? 1 : compareSources(claim.source, known);
    if (nearer < 0) continue;
    if (nearer > 0) {
      sources.set(field, claim.source);
      sourcesChanged = true;
    } else if (same || !(hasLastWord(claim.source) || isGreater(value, values[field]))) continue;
    if (same) continue;
    values[field] = value;
    valuesChanged = true;
  }
  if (!valuesChanged && !sourcesChanged) return current;
  return {
    values: valuesChanged ? values : current.values,
    provenance: sourcesChanged ? writeProvenance(sources) : current.provenance,
  };
}

const hasLastWord = ({ date }: Source) => date === undefined;

const canonical = (value: unknown) => JSON.stringify(value);

// Any fixed order would do, as long as an empty value is the least.
const isGreater = (one: unknown, other: unknown) =>
  other === null || (one !== null && canonical(one) > canonical(other));
