import { describe, expect, it } from 'vitest';
import { judgeModel } from '../../src/training/judge-model.ts';

const checked = { users: 200, heldOut: 1_500, recall: 0.2, popularRecall: 0.1, doubt: 0.005 };
const last = { coverage: 0.9, recall: 0.2 };

describe('a model', () => {
  it('serves when it is as good as the last one', () => {
    expect(judgeModel(checked, 0.9, last)).toEqual({ refusal: null, notes: [] });
    expect(judgeModel(checked, 0.9, null).refusal).toBeNull();
  });

  it('may find a little less, as plays change', () => {
    expect(judgeModel({ ...checked, recall: 0.136 }, 0.9, last).refusal).toBeNull();
    expect(judgeModel({ ...checked, recall: 0.13 }, 0.9, last).refusal).toBe(
      'its recall is 0.130, and that of the last model 0.200',
    );
  });

  it('is refused when it is worse than what is popular', () => {
    expect(judgeModel({ ...checked, recall: 0.09 }, 0.9, null).refusal).toBe(
      'its recall is 0.090, and that of what is popular 0.100',
    );
  });

  it('is not refused for what may be luck', () => {
    expect(judgeModel({ ...checked, recall: 0.096 }, 0.9, null).refusal).toBeNull();
  });

  it('is refused when most tracks have lost their neighbours', () => {
    expect(judgeModel(checked, 0.4, last).refusal).toBe(
      "40.0 % of the tracks have neighbours, of the last model's 90.0 %",
    );
  });

  it('is not judged by little, which is said', () => {
    const { refusal, notes } = judgeModel({ ...checked, heldOut: 999, recall: 0 }, 0.9, last);
    expect(refusal).toBeNull();
    expect(notes).toEqual([
      'its recall was not judged: there were 999 tracks of accounts to find again, and it takes 1000',
    ]);
  });
});
