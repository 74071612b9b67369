import { TrackDocument, type TrackQuery, type TrackQueryVariables } from '@medley/schema/operations';
import { print } from 'graphql';
import { expect, it } from 'vitest';
import { ask, ids, openTestRouter } from './stub-subgraphs.ts';

const { router } = await openTestRouter();

it('answers a typed document of @medley/schema/operations in the shape that its types tell', async () => {
  const variables: TrackQueryVariables = { id: ids.track };
  const answer = await ask(router, print(TrackDocument), { variables });
  const data: TrackQuery = answer.data;
  expect(data.track?.id).toBe(ids.track);
  expect(data.track?.title).toBe('One');
  expect(data.track?.playability?.playable).toBe(false);
});
