export { decodeId, encodeId, type IdKind, idKinds, InvalidIdError, idKindOf } from './id.ts';
export { importedUuid } from './imported-uuid.ts';
