export { edgeEventUuid } from './edge-event-uuid.ts';
export { decodeId, encodeId, type IdKind, InvalidIdError, idKindOf } from './id.ts';
export { importedUuid } from './imported-uuid.ts';
export { newUuid } from './new-uuid.ts';
export { itemUuidOf, playlistUuidOf } from './operation-uuids.ts';
export { playClaimUuid } from './play-claim-uuid.ts';
export { grantStartUuid, minuteStartUuid } from './start-claim-uuids.ts';
export { stateEventUuid } from './state-event-uuid.ts';
export { toldEventUuid } from './told-event-uuid.ts';
