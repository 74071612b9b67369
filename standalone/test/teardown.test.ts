import { describe, expect, it } from 'vitest';
import { createTeardown } from '../src/teardown.ts';

describe('a teardown', () => {
  it('closes in the reverse order, each after the one before', async () => {
    const teardown = createTeardown();
    const events: string[] = [];
    for (const name of ['database', 'users', 'router']) {
      teardown.add(async () => {
        events.push(`close ${name}`);
        await Promise.resolve();
        events.push(`closed ${name}`);
      });
    }
    await teardown.run();
    expect(events).toEqual([
      'close router',
      'closed router',
      'close users',
      'closed users',
      'close database',
      'closed database',
    ]);
  });

  it('closes the rest when something cannot be closed, and then says what went wrong', async () => {
    const teardown = createTeardown();
    const closed: string[] = [];
    teardown.add(async () => void closed.push('first'));
    const failures = [new Error('port'), new Error('disk')];
    for (const failure of failures) teardown.add(() => Promise.reject(failure));
    teardown.add(async () => void closed.push('last'));
    const error = await teardown.run().catch((reason: unknown) => reason);
    expect(closed).toEqual(['last', 'first']);
    expect((error as AggregateError).errors).toEqual(failures.reverse());
  });

  it('closes once, however often it runs', async () => {
    const teardown = createTeardown();
    let times = 0;
    teardown.add(async () => void times++);
    await Promise.all([teardown.run(), teardown.run()]);
    await teardown.run();
    expect(times).toBe(1);
  });

  it('closes at once what is added after it ran', async () => {
    const teardown = createTeardown();
    await teardown.run();
    let closed = false;
    teardown.add(async () => {
      closed = true;
    });
    expect(closed).toBe(true);
  });
});
