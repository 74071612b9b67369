import { encodeId, newUuid } from '@medley/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

const service = { actor: { kind: 'service' as const, id: 'streaming' } };
const strange = () => encodeId('user', newUuid());

describe('accounts', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const update =
    'mutation ($input: ViewerUpdateInput!) { viewerUpdate(input: $input) { viewer { country allowsExplicit user { displayName } } userErrors { field code } } }';
  const setTier =
    'mutation ($input: UserTierSetInput!) { userTierSet(input: $input) { user { id } tier userErrors { field code } } }';
  const factsQuery =
    'query ($ids: [ID!]!) { accountPlaybackFacts(ids: $ids) { id tier country allowsExplicit active version } }';
  const factsOf = async (id: string) =>
    (await world.ask<{ accountPlaybackFacts: Record<string, unknown>[] }>(factsQuery, { ids: [id] }, service))
      .data.accountPlaybackFacts[0];
  const changesOf = async (id: string) =>
    (await world.accounts.changesSince('0', 1_000)).filter(({ data }) => data.id === id);
  const rowOf = async (email: string) => {
    const account = await world.accounts.findByEmail(email);
    if (!account) throw new Error(`no account of ${email}`);
    return account;
  };
  async function admin() {
    const email = world.newEmail();
    const passwordHash = await world.passwords.hash('correct horse battery');
    await world.accounts.create({
      email,
      passwordHash,
      displayName: 'Adi',
      country: 'DE',
      scopes: ['users:admin'],
      createdAt: new Date(world.now()),
    });
    const { tokens } = await world.signIn({ email, password: 'correct horse battery' });
    return world.as(tokens?.accessToken as string);
  }

  it('are nobody for an anonymous request, and for a service', async () => {
    expect(await world.ask('{ me { email } }')).toEqual({ data: { me: null } });
    expect(await world.ask('{ me { email } }', {}, service)).toEqual({ data: { me: null } });
  });

  it('tell their own id, which is that of the public profile', async () => {
    const ada = await world.signUp();
    expect(await world.ask('{ me { id user { id } } }', {}, ada.as)).toEqual({
      data: { me: { id: ada.id, user: { id: ada.id } } },
    });
  });

  it('do not answer a credential whose session is another account’s', async () => {
    const one = await world.signUp();
    const other = await world.signUp();
    const mixed = { ...one.as.actor, id: other.id } as typeof one.as.actor;
    const { data, errors } = await world.ask('{ me { email } }', {}, { actor: mixed });
    expect([data.me, errors?.[0]?.extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
  });

  it('show a public profile by id, and null for unknown and closed ones', async () => {
    const { id } = await world.signUp({ displayName: 'Grace' });
    const closed = await world.signUp();
    await world.accounts.update((await rowOf(closed.email)).id, { status: 'CLOSED' });
    const { data } = await world.ask(
      'query ($id: ID!, $unknown: ID!, $closed: ID!) { user(id: $id) { id displayName createdAt } unknown: user(id: $unknown) { id } closed: user(id: $closed) { id } }',
      { id, unknown: strange(), closed: closed.id },
    );
    expect(data).toEqual({
      user: { id, displayName: 'Grace', createdAt: '2026-11-23T08:00:00.000Z' },
      unknown: null,
      closed: null,
    });
  });

  it('refuse malformed ids, and ids of other kinds', async () => {
    for (const id of ['', 'user_', 'user_1', encodeId('track', newUuid())]) {
      const { data, errors } = await world.ask('query ($id: ID!) { user(id: $id) { id } }', { id });
      expect([data.user, errors?.[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT']);
    }
  });

  it('are looked up as entities by one statement, whatever is among them', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => world.signUp()));
    const closed = people[3] as (typeof people)[number];
    await world.accounts.update((await rowOf(closed.email)).id, { status: 'CLOSED' });
    const ids = [...people.map(({ id }) => id), strange(), people[0]?.id as string, 'nonsense'];
    const before = world.database.statements.count();
    const { data, errors } = await world.ask<{ _entities: ({ id: string } | null)[] }>(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { id displayName } } }',
      { representations: ids.map((id) => ({ __typename: 'User', id })) },
    );
    expect(data._entities.map((entity) => entity?.id ?? null)).toEqual(
      ids.map((id, index) => (id === closed.id || index === 20 || index === 22 ? null : id)),
    );
    expect(errors).toBeUndefined();
    expect(world.database.statements.count() - before).toBe(1);
  });

  it('change by their viewer, field by field; what is left out or null stays', async () => {
    const { as } = await world.signUp();
    const { data } = await world.ask(update, { input: { country: 'BR', displayName: null } }, as);
    expect(data.viewerUpdate).toEqual({
      viewer: { country: 'BR', allowsExplicit: true, user: { displayName: 'Ada' } },
      userErrors: [],
    });
    const renamed = await world.ask(update, { input: { displayName: ' Ada L. ' } }, as);
    expect(renamed.data.viewerUpdate).toMatchObject({
      viewer: { country: 'BR', user: { displayName: 'Ada L.' } },
    });
    const wrong = await world.ask(update, { input: { displayName: 'x'.repeat(51), country: 'DE' } }, as);
    expect(wrong.data.viewerUpdate).toEqual({
      viewer: null,
      userErrors: [{ field: ['input', 'displayName'], code: 'TOO_LONG' }],
    });
    expect((await world.ask(update, { input: {} })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('raise their version and tell others, in one transaction, when country, explicit filter or tier change', async () => {
    const { as, id, email } = await world.signUp();
    await world.ask(update, { input: { country: 'BR' } }, as);
    await world.ask(update, { input: { allowsExplicit: false } }, as);
    await world.ask(update, { input: { country: 'BR', allowsExplicit: false } }, as);
    await world.ask(update, { input: { displayName: 'Somebody' } }, as);
    await world.accounts.update((await rowOf(email)).id, { status: 'SUSPENDED' });
    expect((await changesOf(id)).map(({ version, data }) => ({ version, ...data }))).toEqual([
      { version: 1, id, country: 'DE', tier: 'FREE', status: 'ACTIVE' },
      { version: 2, id, country: 'BR', tier: 'FREE', status: 'ACTIVE' },
      { version: 3, id, country: 'BR', tier: 'FREE', status: 'ACTIVE' },
      { version: 4, id, country: 'BR', tier: 'FREE', status: 'SUSPENDED' },
    ]);
    expect(await factsOf(id)).toEqual({
      id,
      tier: 'FREE',
      country: 'BR',
      allowsExplicit: false,
      active: false,
      version: 4,
    });
  });

  it('move to another tier by admins only', async () => {
    const listener = await world.signUp();
    const input = { userId: listener.id, tier: 'PREMIUM' };
    const { data } = await world.ask(setTier, { input }, await admin());
    expect(data.userTierSet).toEqual({ user: { id: listener.id }, tier: 'PREMIUM', userErrors: [] });
    expect(await factsOf(listener.id)).toMatchObject({ tier: 'PREMIUM', version: 2 });

    const refused = await world.ask(setTier, { input }, listener.as);
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      missingScopes: ['users:admin'],
    });
    const claimed = { ...listener.as.actor, scopes: ['users:admin'] } as typeof listener.as.actor;
    const pretended = await world.ask(setTier, { input }, { actor: claimed });
    expect(pretended.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await world.ask(setTier, { input })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('say so when an admin names one that does not exist', async () => {
    const { data } = await world.ask(setTier, { input: { userId: strange(), tier: 'FREE' } }, await admin());
    expect(data.userTierSet).toEqual({
      user: null,
      tier: null,
      userErrors: [{ field: ['input', 'userId'], code: 'NOT_FOUND' }],
    });
  });

  it('give their playback facts to services only, in order, by one statement', async () => {
    const one = await world.signUp({ country: 'US' });
    const other = await world.signUp();
    const ids = [other.id, strange(), one.id, other.id];
    const before = world.database.statements.count();
    const { data } = await world.ask<{ accountPlaybackFacts: ({ id: string } | null)[] }>(
      factsQuery,
      { ids },
      service,
    );
    expect(data.accountPlaybackFacts.map((facts) => facts?.id ?? null)).toEqual([
      other.id,
      null,
      one.id,
      other.id,
    ]);
    expect(world.database.statements.count() - before).toBe(1);
    for (const as of [{}, one.as]) {
      expect((await world.ask(factsQuery, { ids }, as)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    const tooMany = await world.ask(factsQuery, { ids: Array(1_001).fill(one.id) }, service);
    expect(tooMany.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('whose playback facts changed are told to services, by one statement', async () => {
    const query = `query ($position: ID, $first: Int! = 500) {
      accountChangesSince(position: $position, first: $first) { position accountIds hasMore reset }
    }`;
    const since = async (position?: string, first?: number) =>
      (await world.ask<{ accountChangesSince: AccountChanges }>(query, { position, first }, service)).data
        .accountChangesSince;
    const [one, other] = [await world.signUp(), await world.signUp()];
    const tell = (input: object) => world.ask(update, { input }, one.as);
    /** Where it stands, once no other transaction of the server holds that back. */
    async function settled() {
      let now = await since();
      const findUnsettled = async () => {
        now = await since();
        return (await since(now.position)).accountIds;
      };
      await expect.poll(findUnsettled, { timeout: 20_000 }).toEqual([]);
      return now;
    }
    expect((await since('0')).accountIds).toEqual(expect.arrayContaining([one.id, other.id]));

    const start = await settled();
    expect(start).toEqual({ position: expect.any(String), accountIds: [], hasMore: false, reset: false });
    const before = world.database.statements.count();
    expect(await since(start.position)).toEqual(start);
    expect(world.database.statements.count() - before).toBe(1);

    await tell({ displayName: 'Grace' });
    expect((await since(start.position)).accountIds).toEqual([]);
    const by = await admin();
    const changes = [
      () => tell({ allowsExplicit: false }),
      () => tell({ country: 'AT' }),
      () => world.ask(setTier, { input: { userId: one.id, tier: 'PREMIUM' } }, by),
      async () => world.accounts.update((await rowOf(one.email)).id, { status: 'SUSPENDED' }),
      async () => world.accounts.update((await rowOf(one.email)).id, { status: 'CLOSED' }),
    ];
    for (const change of changes) {
      const { position } = await settled();
      await change();
      expect(await since(position)).toMatchObject({ accountIds: [one.id], hasMore: false });
    }
    expect((await since(start.position)).accountIds).toContain(one.id);
    expect(await since(start.position, 1)).toMatchObject({ hasMore: true });
    // As after the database was restored to an earlier point in time.
    const ahead = await since(`${'9'.repeat(18)}-1`);
    expect(ahead).toMatchObject({ accountIds: [], hasMore: false, reset: true });
    expect(await since(ahead.position)).toMatchObject({ reset: false });

    for (const as of [{}, one.as]) {
      expect((await world.ask(query, {}, as)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    for (const bad of [{ position: 'x' }, { first: 0 }, { first: 1_001 }]) {
      expect((await world.ask(query, bad, service)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

interface AccountChanges {
  readonly position: string;
  readonly accountIds: string[];
  readonly hasMore: boolean;
  readonly reset: boolean;
}
