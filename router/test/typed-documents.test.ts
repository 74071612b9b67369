import { TrackDocument, type TrackQuery, type TrackQueryVariables } from '@medley/schema/operations';
import { print } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Router } from '../src/app.ts';
import { ask, createStubs, createTestRouter, ids, type Stubs } from './stub-subgraphs.ts';

let stubs: Stubs;
let router: Router;
beforeAll(async () => {
  stubs = await createStubs();
  router = await createTestRouter({ links: stubs.links });
});
afterAll(async () => {
  await router.stop();
  await stubs.stop();
});

it('answers a typed document of @medley/schema/operations in the shape that its types tell', async () => {
  const variables: TrackQueryVariables = { id: ids.track };
  const answer = await ask(router, print(TrackDocument), { variables });
  const data: TrackQuery = answer.data;
  expect(data.track?.id).toBe(ids.track);
  expect(data.track?.title).toBe('One');
  expect(data.track?.playability?.playable).toBe(false);
});
