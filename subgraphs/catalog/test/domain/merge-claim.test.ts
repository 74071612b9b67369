import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, type Merged, mergeClaim } from '../../src/domain/merge-claim.ts';
import type { Source } from '../../src/domain/provenance.ts';

interface Values {
  title: string;
  isrc: string | null;
  markets: readonly string[];
}

const nothing: Merged<Values> = { values: { title: '', isrc: null, markets: [] }, provenance: {} };
const list: Source = { precision: 'listed', date: Date.UTC(2021, 4, 21) };
const laterList: Source = { precision: 'listed', date: Date.UTC(2022, 0, 1) };
const object: Source = { precision: 'described', date: Date.UTC(2018, 0, 1) };
const says = (source: Source, values: Partial<Values>): Claim<Values> => ({ source, values });
const merge = (...claims: Claim<Values>[]) => claims.reduce(mergeClaim, nothing);

describe('mergeClaim', () => {
  it('leaves alone what a source does not carry', () => {
    const merged = merge(says(object, { isrc: 'USQX91602319' }), says(list, { title: 'Blue Tacoma' }));
    expect(merged.values).toEqual({ title: 'Blue Tacoma', isrc: 'USQX91602319', markets: [] });
    expect(merge(says(list, { title: 'Blue Tacoma', isrc: undefined })).provenance).toEqual({
      'listed:2021-05-21T00:00:00.000Z': ['title'],
    });
  });

  it('takes an empty value that a source carries', () => {
    const merged = merge(says(list, { isrc: 'USQX91602319' }), says(object, { isrc: null }));
    expect(merged.values.isrc).toBeNull();
  });

  it('believes the more precise source, however old', () => {
    const claims = [says(object, { title: 'Fast Car - Radio Edit' }), says(laterList, { title: 'Fast Car' })];
    expect(merge(...claims).values.title).toBe('Fast Car - Radio Edit');
    expect(merge(...claims.reverse()).values.title).toBe('Fast Car - Radio Edit');
  });

  it('believes the later of two equally precise sources', () => {
    const claims = [says(laterList, { title: 'Corrected' }), says(list, { title: 'Zzz' })];
    expect(merge(...claims).values.title).toBe('Corrected');
    expect(merge(...claims.reverse()).values.title).toBe('Corrected');
  });

  it('lets the last word hold where somebody decided or assumed it', () => {
    const decided: Source = { precision: 'decided' };
    const claims = [
      says(decided, { markets: ['US'] }),
      says(decided, { markets: ['DE'] }),
      says(object, { markets: ['FR'] }),
    ];
    expect(merge(...claims).values.markets).toEqual(['DE']);
  });

  it('believes what was measured here before any import, the later before the earlier, and what was decided before all', () => {
    const measured = (year: number): Source => ({ precision: 'measured', date: Date.UTC(year, 0, 1) });
    const claims = [
      says(measured(2021), { title: 'first' }),
      says(measured(2022), { title: 'second' }),
      says({ precision: 'described', date: Date.UTC(2030, 0, 1) }, { title: 'imported' }),
    ];
    expect(merge(...claims).values.title).toBe('second');
    expect(merge(...claims.toReversed()).values.title).toBe('second');
    expect(merge(says({ precision: 'decided' }, { title: 'ours' }), ...claims).values.title).toBe('ours');
  });

  it('lets the last word hold where something follows from other rows', () => {
    const derived: Source = { precision: 'measured' };
    expect(merge(says(derived, { title: 'b' }), says(derived, { title: 'a' })).values.title).toBe('a');
  });

  it('gives back the same row when there is nothing new', () => {
    const merged = merge(says(list, { title: 'Blue Tacoma' }));
    expect(mergeClaim(merged, says(list, { title: 'Blue Tacoma' }))).toBe(merged);
    expect(mergeClaim(merged, says(laterList, { title: 'Blue Tacoma' })).values).toBe(merged.values);
  });

  it('ends at one row, whatever the order of sources and however often they are repeated', () => {
    const source = fc.record({
      precision: fc.constantFrom('listed' as const, 'described' as const),
      date: fc.constantFrom(0, 86_400_000, 172_800_000),
    });
    const values = fc.record(
      {
        title: fc.constantFrom('a', 'b', 'c'),
        isrc: fc.constantFrom(null, 'USQX91602319', 'DEA123456789'),
        markets: fc.constantFrom([], ['DE'], ['DE', 'FR']),
      },
      { requiredKeys: [] },
    );
    const claims = fc.array(fc.record({ source, values }), { minLength: 1, maxLength: 6 });
    const shuffled = claims.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, repeated]) => {
        expect(merge(...repeated)).toEqual(merge(...inOrder));
      }),
      { numRuns: 2_000 },
    );
  });
});
