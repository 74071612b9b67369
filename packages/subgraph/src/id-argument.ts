import { badUserInput } from '@medley/errors';
import { decodeId, type IdKind, InvalidIdError } from '@medley/ids';

/**
 * The UUID in an id that a client sent.
 * @param name of the argument, for the message
 * @throws MedleyError BAD_USER_INPUT when it is malformed or of another kind
 */
export function idArgument(name: string, id: string, kind: IdKind): string {
  try {
    return decodeId(id, kind);
  } catch (error) {
    if (error instanceof InvalidIdError) throw badUserInput(`${name}: ${error.message}`);
    throw error;
  }
}
