import { z } from 'zod';
import type { PersonaDesk } from '../personas.ts';
import type { Command } from './protocol.ts';

/** A fresh access token of a persona; the result is the token. */
export const token: Command<{ personas: Pick<PersonaDesk, 'issue'> }> = async ({ personas }, args) => {
  const { persona } = z.object({ persona: z.string() }).parse(args);
  const [issued] = await personas.issue([persona]);
  return issued?.token;
};
