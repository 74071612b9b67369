import { decodeId, encodeId } from '@medley/ids';
import { ServiceCallError, type ServiceCaller } from '@medley/service-caller';
import { z } from 'zod';
import { type MixDirectory, MixesUnavailableError } from '../domain/mix-directory.ts';

/**
 * The recommendations subgraph, asked while a mix is copied.
 * @param caller asks recommendations; how long it waits is how long copying waits
 */
export const createLinkMixDirectory = ({ caller }: { caller: ServiceCaller }): MixDirectory => ({
  async find({ mixId, ownerId, market, explicit }) {
    const variables = {
      ...{ id: encodeId('mix', mixId), userId: encodeId('user', ownerId), market, explicit },
    };
    try {
      const { mix } = await caller.ask({ query, variables, data });
      return mix && { ...mix, trackIds: mix.trackIds.map((id) => decodeId(id, 'track')) };
    } catch (error) {
      throw error instanceof ServiceCallError ? new MixesUnavailableError(error) : error;
    }
  },
});

const query = `query PlaylistsMix($id: ID!, $userId: ID!, $market: CountryCode, $explicit: Boolean!) {
  mix: mixToCopy(id: $id, userId: $userId, market: $market, explicit: $explicit) { title description trackIds }
}`;
const data = z.object({
  mix: z
    .object({ title: z.string(), description: z.string(), trackIds: z.array(z.string()).max(100) })
    .nullable(),
});
