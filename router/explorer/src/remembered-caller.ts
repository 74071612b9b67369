import type { Caller } from './caller.ts';
import type { Address, Persona } from './server.ts';

const key = 'medley:caller';

/** Who asked before the page was loaded again in this tab: a persona and a place by their names, never a token. */
export function recallCaller(personas: readonly Persona[], addresses: readonly Address[] | null): Caller {
  const [who, where] = (sessionStorage.getItem(key) ?? '').split('\n');
  const persona = personas.find(({ name }) => name === who);
  return {
    credential: persona ? { kind: 'persona', name: persona.name } : { kind: 'anonymous' },
    address: addresses?.find(({ name }) => name === where) ?? null,
  };
}

export function rememberCaller({ credential, address }: Caller): void {
  const who = credential.kind === 'persona' ? credential.name : '';
  sessionStorage.setItem(key, `${who}\n${address?.name ?? ''}`);
}
