import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openWorkFolder } from '../../src/training/work-folder.ts';

it('takes a broken note for none, so that its stage is done again', async () => {
  const path = await mkdtemp(join(tmpdir(), 'medley-work-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const work = await openWorkFolder(path);
  expect(await work.find('training')).toBeNull();
  await work.finish('training', { modelId: 1 });
  expect(await work.find('training')).toEqual({ modelId: 1 });
  for (const broken of ['', '{"modelId": 1', '\0\0\0\0']) {
    await writeFile(join(path, 'training.json'), broken);
    expect(await work.find('training')).toBeNull();
  }
  await work.finish('training', { modelId: 2 });
  expect(await work.find('training')).toEqual({ modelId: 2 });
});
