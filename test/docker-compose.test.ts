import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Service {
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly stop_grace_period?: string;
  readonly image?: string;
}
const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(composeText, { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  // The Compose Specification's own JSON schema, as the compose linter dclint ships it.
  const schemaFile = join(
    createRequire(import.meta.url).resolve('dclint/package.json'),
    '../schemas/compose.schema.json',
  );
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    JSON.parse(
      readFileSync(schemaFile, 'utf8').replace(
        'https://json-schema.org/draft-07/schema',
        'http://json-schema.org/draft-07/schema#',
      ),
    ),
  );

  it('is a compose file', () => {
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('would not be one with a misspelt key or a wrong type', () => {
    expect(validate({ services: { router: { imagee: 'x' } } })).toBe(false);
    expect(validate({ services: { router: { image: 'x', ports: 'none' } } })).toBe(false);
  });

  it('publishes the router and the edge, and nothing else', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['router', 'edge']);
  });

  it('starts what a workspace builds', () => {
    const entries = services.flatMap(([, { command = [] }]) =>
      command.filter((word) => word.endsWith('.js')),
    );
    expect(entries).toHaveLength(7);
    for (const entry of entries)
      expect(entry).toMatch(/^(router|edge|standalone|subgraphs\/[a-z]+)\/dist\/[a-z]+\.js$/);
  });

  it('gives every process time to stop', () => {
    for (const [name, service] of services)
      expect([name, service.stop_grace_period]).toEqual([name, expect.any(String)]);
  });

  it('holds no secret: each comes from the environment and is required', () => {
    for (const [name, { environment = {} }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        if (!/KEYS|SECRET|PASSWORD|AUTH/.test(key)) continue;
        expect(`${name} ${key}=${value}`).toMatch(/=\$\{[A-Z_]+:\?[^}]*\}$/);
      }
    }
  });

  it('requires nothing that scripts/make-secrets.mjs does not make', () => {
    const required = [...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    const made = execFileSync(process.execPath, [join(root, 'scripts/make-secrets.mjs')], {
      encoding: 'utf8',
    });
    const names = made
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, line.indexOf('=')));
    expect([...new Set(required)].sort()).toEqual(names.sort());
  });

  describe.each(processes())('gives %s', (_, { environment = {} }, configFile) => {
    const given = Object.keys(environment);

    it('every variable that it requires', async () => {
      const shape = await readShape(configFile);
      const required = Object.keys(shape).filter((name) => !shape[name]?.safeParse(undefined).success);
      expect(given).toEqual(expect.arrayContaining(required));
    });

    it('no variable that it does not read', async () => {
      const shape = await readShape(configFile);
      expect(given.filter((name) => !(name in shape))).toEqual([]);
    });
  });

  it('lets a process reach only the databases it owns', () => {
    const databases = (name: string) =>
      Object.keys(compose.services[name]?.environment ?? {}).filter((key) => key.startsWith('DATABASE_URL'));
    expect(databases('catalog')).toEqual(['DATABASE_URL_CATALOG']);
    expect(databases('users')).toEqual(['DATABASE_URL_USERS']);
    for (const name of ['streaming', 'router', 'edge', 'origin']) {
      expect(databases(name)).toEqual([]);
      expect(compose.services[name]?.networks).not.toContain('data');
    }
  });
});

interface Variable {
  safeParse(value: unknown): { success: boolean };
}

/** Every service that runs a `dist/main.js` of ours, with the file that says which variables it reads. */
function processes(): [name: string, service: Service, configFile: string][] {
  return services.flatMap(([name, service]) => {
    const entry = service.command?.find((word) => word.endsWith('/dist/main.js'));
    return entry ? [[name, service, join(root, entry, '../../src/config.ts')]] : [];
  });
}

/** The zod type of each variable: what a config.ts exports. */
async function readShape(configFile: string): Promise<Readonly<Record<string, Variable | undefined>>> {
  const exported = Object.values((await import(configFile)) as Record<string, unknown>);
  const shape = exported.find((value) => typeof value === 'object' && value !== null && 'PORT' in value);
  return shape as Record<string, Variable>;
}
