import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestUserData, userDataServers } from '../user-data.ts';
import { libraryEntriesContract } from './library-entries.contract.ts';
import { mixesContract } from './mixes.contract.ts';
import { playHistoryContract } from './play-history.contract.ts';
import { tasteProfilesContract } from './taste-profiles.contract.ts';
import { userVersionsContract } from './user-versions.contract.ts';

// One database for all: making the tables takes longer than the tests.
describe.each(userDataServers)('user data in %s', (_, open) => {
  let userData: TestUserData;
  beforeAll(async () => {
    userData = await open();
  });
  afterAll(() => userData?.close());
  const opened = () => userData;

  it('answers', async () => {
    await expect(userData.ping()).resolves.toBeUndefined();
  });
  describe('play history', () => playHistoryContract(opened));
  describe('taste profiles', () => tasteProfilesContract(opened));
  describe('library entries', () => libraryEntriesContract(opened));
  describe('mixes', () => mixesContract(opened));
  describe('versions', () => userVersionsContract(opened));
});
