import type { TasteProfile } from '../domain/taste-profile.ts';
import { decodeTasteProfile } from './taste-profile-json.ts';

/** @throws when it cannot be read: the durable copy is never begun anew in silence */
export function readKeptProfile(userId: string, text: string): TasteProfile {
  const profile = decodeTasteProfile(text);
  if (!profile)
    throw new Error(`the taste profile of ${userId} is kept in a form that this version cannot read`);
  return profile;
}
