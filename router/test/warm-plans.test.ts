import { readOperations } from '@medley/schema';
import { createLogger } from '@medley/service';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { warmPlans } from '../src/warm-plans.ts';
import { createStubs, createTestRouter } from './stub-subgraphs.ts';

it('plans every named operation at the start, and asks nobody for it', async () => {
  const stubs = await createStubs();
  const log: string[] = [];
  const router = await createTestRouter({
    links: stubs.links,
    operations: readOperations().map(({ source }) => source),
    logger: createLogger('router', 'info', { write: (line) => log.push(line) }),
  });
  expect(Object.values(stubs.bodies).flat()).toEqual([]);
  expect(log).toEqual([]);
  await router.stop();
  await stubs.stop();
});

it('gives the planner values for the variables that are required', async () => {
  const schema = buildSchema(`
    enum Size { SMALL LARGE }
    input Range { from: Int! to: Int size: Size! }
    type Query { pages(id: ID!, ids: [ID!]!, range: Range!, deep: Boolean!, after: String): Int }
  `);
  const requests: { request: { variables: unknown } }[] = [];
  const operation = `query ($id: ID!, $ids: [ID!]!, $range: Range!, $deep: Boolean!, $after: String) {
    pages(id: $id, ids: $ids, range: $range, deep: $deep, after: $after)
  }`;
  await warmPlans(async (request) => requests.push(request as never) as never, schema, [operation]);
  expect(requests[0]?.request.variables).toEqual({
    id: 'sample',
    ids: [],
    range: { from: 1, size: 'SMALL' },
    deep: true,
  });
});

it('plans subscriptions by their own planner, and runs none of them', async () => {
  const schema = buildSchema('type Query { a: Int } type Subscription { changed(after: String): Int }');
  const planned: string[] = [];
  const run: unknown[] = [];
  await warmPlans(
    async (request) => run.push(request) as never,
    schema,
    ['subscription{changed}', 'query { a }'],
    ({ source }) => planned.push(source),
  );
  expect(planned).toEqual(['subscription{changed}', 'subscription {\n  changed\n}']);
  // Its text and the one that typed clients print.
  expect(run).toHaveLength(2);
});
