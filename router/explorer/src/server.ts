/** What the server tells this page about itself. */
export interface Config {
  readonly graphqlPath: string;
  readonly edgeOrigin: string;
  /** Whether it hands out personas. */
  readonly personas: boolean;
  /** To be seen from; null where the server would not believe it. */
  readonly addresses: readonly Address[] | null;
}

export interface Address {
  readonly country: string | null;
  readonly name: string;
  readonly address: string;
}

export interface Operation {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Persona {
  readonly name: string;
  readonly description: string;
  readonly token: string;
}

/** @param file such as `config.json`, beside this page */
export async function readFromServer<T>(file: string): Promise<T> {
  const path = `${import.meta.env.BASE_URL}${file}`;
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
