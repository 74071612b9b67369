import { afterEach, describe, expect, it } from 'vitest';
import { type LicenceScheduleOptions, startLicenceSchedule } from '../../src/consumers/licence-schedule.ts';

/** A schedule whose windows begin or end at the moments that tests name, in milliseconds from now. */
function createSchedule(...inMs: number[]) {
  const begun = performance.now();
  const moments = inMs.map((ms) => begun + ms).sort((one, other) => one - other);
  const schedule = {
    broken: false,
    looks: 0,
    pruned: [] as number[],
    /** How late each moment was applied, in milliseconds. */
    applied: [] as number[],
    old: 0,
    add: (ms: number) => moments.push(performance.now() + ms),
    async findNextInMs() {
      schedule.looks += 1;
      if (schedule.broken) throw new Error('no database');
      const [next] = moments;
      return next === undefined ? null : Math.max(0, Math.ceil(next - performance.now()));
    },
    async applyDue(limit: number) {
      const due = moments.filter((moment) => moment <= performance.now()).slice(0, limit);
      moments.splice(0, due.length);
      const late = due.map((moment) => performance.now() - moment);
      schedule.applied.push(...late);
      return { tracks: due.length, changed: due.length, lateMs: late[0] ?? null };
    },
    async pruneChanges(_: number, limit: number) {
      const count = Math.min(schedule.old, limit);
      schedule.old -= count;
      schedule.pruned.push(count);
      return count;
    },
  };
  return schedule;
}

describe('the schedule of licences', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  function start(schedule: ReturnType<typeof createSchedule>, options: Partial<LicenceScheduleOptions> = {}) {
    const told: string[] = [];
    const stop = startLicenceSchedule({
      schedule,
      onLost: (error) => told.push(`lost: ${(error as Error).message}`),
      onBack: () => told.push('back'),
      ...options,
    });
    stops.push(stop);
    return { told, stop };
  }

  it('applies what begins or ends at its moment, not at its next look', async () => {
    const schedule = createSchedule(120, 160);
    start(schedule, { everyMs: 10_000 });
    await expect.poll(() => schedule.applied.length).toBe(2);
    expect(Math.max(...schedule.applied)).toBeLessThan(5_000);
  });

  it('sees within its longest sleep what is set meanwhile', async () => {
    const schedule = createSchedule();
    start(schedule, { everyMs: 50 });
    await expect.poll(() => schedule.looks).toBeGreaterThan(1);
    schedule.add(0);
    await expect.poll(() => schedule.applied.length).toBe(1);
  });

  it('makes up at once for what it missed, in steps of 500', async () => {
    const schedule = createSchedule(...Array<number>(1_234).fill(-60_000));
    const steps: number[] = [];
    start(schedule, { everyMs: 10_000, onApplied: ({ tracks }) => steps.push(tracks) });
    await expect.poll(() => steps).toEqual([500, 500, 234]);
  });

  it('goes on when the database is back', async () => {
    const schedule = createSchedule(0);
    schedule.broken = true;
    const { told } = start(schedule, { everyMs: 10 });
    await expect.poll(() => schedule.looks).toBeGreaterThan(3);
    schedule.broken = false;
    await expect.poll(() => schedule.applied.length).toBe(1);
    expect(told).toEqual(['lost: no database', 'back']);
  });

  it('forgets old changes, all at the start and then now and again', async () => {
    const schedule = createSchedule();
    schedule.old = 25_000;
    let kept = 0;
    start(schedule, {
      everyMs: 10,
      onKept: () => {
        kept += 1;
      },
    });
    await expect.poll(() => kept).toBeGreaterThan(3);
    expect(schedule.pruned).toEqual([10_000, 10_000, 5_000]);
  });

  it('ends when it is stopped, also in mid-sleep', async () => {
    const schedule = createSchedule();
    const { stop } = start(schedule, { everyMs: 60_000 });
    await expect.poll(() => schedule.looks).toBe(1);
    await stop();
    schedule.add(0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(schedule.looks).toBe(1);
  });
});
