import { type ReactNode, useId, useState } from 'react';
import type { Caller, Credential } from './caller.ts';
import { Mark } from './mark.tsx';
import type { Address, Persona } from './server.ts';

export interface CallerBarProps {
  readonly caller: Caller;
  readonly personas: readonly Persona[];
  readonly addresses: readonly Address[] | null;
  readonly onChange: (caller: Caller) => void;
}

/** Who asks, and from where. */
export function CallerBar({ caller, personas, addresses, onChange }: CallerBarProps) {
  const [pasted, setPasted] = useState('');
  const placeId = useId();
  const { credential } = caller;
  const signIn = (next: Credential) => onChange({ ...caller, credential: next });

  return (
    <header className="caller-bar">
      <a className="brand" href="/" title="What Medley is">
        <Mark />
        <span>
          Medley <em>Explorer</em>
        </span>
      </a>
      <fieldset className="who">
        <legend>Signed in as</legend>
        <div className="choices">
          <Choice
            title="Without a credential"
            checked={credential.kind === 'anonymous'}
            onChoose={() => signIn({ kind: 'anonymous' })}
          >
            nobody
          </Choice>
          {personas.map(({ name, description }) => (
            <Choice
              key={name}
              title={description}
              checked={credential.kind === 'persona' && credential.name === name}
              onChoose={() => signIn({ kind: 'persona', name })}
            >
              {name}
            </Choice>
          ))}
          <Choice
            title="The holder of a token that you have"
            checked={credential.kind === 'token'}
            onChoose={() => signIn({ kind: 'token', token: pasted })}
          >
            token…
          </Choice>
          {credential.kind === 'token' && (
            <input
              className="token"
              type="password"
              autoComplete="off"
              spellCheck={false}
              placeholder="Paste an access token"
              aria-label="Access token"
              value={pasted}
              onChange={({ target }) => {
                setPasted(target.value);
                signIn({ kind: 'token', token: target.value });
              }}
            />
          )}
        </div>
      </fieldset>
      {addresses && (
        <div className="where">
          <label htmlFor={placeId}>As seen from</label>
          <select
            id={placeId}
            value={caller.address?.address ?? ''}
            title={caller.address ? `Sends X-Forwarded-For: ${caller.address.address}` : undefined}
            onChange={({ target }) => {
              const address = addresses.find((candidate) => candidate.address === target.value) ?? null;
              onChange({ ...caller, address });
            }}
          >
            <option value="">this computer</option>
            {addresses.map(({ name, address }) => (
              <option key={address} value={address}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
    </header>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Choice({ title, checked, onChoose, children }: ChoiceProps) {
  return (
    <label className="choice" title={title}>
      <input type="radio" name="credential" checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
