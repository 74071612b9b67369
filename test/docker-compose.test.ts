import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
    expect(entries).toHaveLength(services.filter(([, { image }]) => image?.startsWith('medley:')).length);
    for (const entry of entries)
      expect(entry).toMatch(/^(router|edge|standalone|subgraphs\/[a-z]+)\/dist\/[a-z-]+\.js$/);
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

  describe.each(processes())('gives %s', (_, { environment = {} }, source) => {
    const given = Object.keys(environment);

    // What listens refuses to start without its variables; a command has other defaults.
    if ('PORT' in environment)
      it('every variable without which it does not start', () => {
        const names = refusedFor(source);
        expect(names.length).toBeGreaterThan(0);
        expect(given).toEqual(expect.arrayContaining(names));
      });

    it('no variable that it does not read', () => {
      expect(given.filter((name) => !namesIn(source).includes(name))).toEqual([]);
    });
  });

  describe.each(['edge', 'shield'])('gives nginx as the %s', (name) => {
    const given = Object.keys(compose.services[name]?.environment ?? {});
    const read = variablesOfNginx(`${name}.conf.template`);

    it('every variable of its templates', () => {
      expect(read.filter((variable) => !given.includes(variable))).toEqual([]);
    });

    it('no variable that nothing reads', () => {
      expect(given.filter((variable) => !read.includes(variable))).toEqual(['NGINX_ENVSUBST_OUTPUT_DIR']);
    });
  });

  it('lets a process reach only the databases it owns', () => {
    const databases = (name: string) =>
      Object.keys(compose.services[name]?.environment ?? {}).filter((key) => key.startsWith('DATABASE_URL'));
    expect(databases('analytics')).toEqual(['DATABASE_URL_ANALYTICS']);
    expect(databases('catalog')).toEqual(['DATABASE_URL_CATALOG']);
    expect(databases('playlists')).toEqual(['DATABASE_URL_PLAYLISTS']);
    expect(databases('recommendations')).toEqual(['DATABASE_URL_RECOMMENDATIONS']);
    expect(databases('recommendations-trainer')).toEqual(['DATABASE_URL_RECOMMENDATIONS']);
    expect(databases('users')).toEqual(['DATABASE_URL_USERS']);
    for (const name of ['search', 'streaming', 'router', 'edge', 'shield', 'origin']) {
      expect(databases(name)).toEqual([]);
      expect(compose.services[name]?.networks).not.toContain('data');
    }
  });
});

/** The variables of a configuration of nginx, of what it includes, and of the script beside it. */
function variablesOfNginx(main: string): string[] {
  const folder = join(root, 'edge/nginx');
  const texts = [main, 'process.conf.template', 'slices.conf.template', 'rotate-access-log.sh'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{?([A-Z][A-Z_]+)\}?/g)]);
  // It has a default.
  return [...new Set(names.map(([, name = '']) => name))].filter(
    (name) => name !== 'ACCESS_LOG_LOOK_SECONDS',
  );
}

/** Every service that runs a bundle of ours, with the source of that. */
function processes(): [name: string, service: Service, source: string][] {
  return services.flatMap(([name, service]) => {
    const [, workspace, entry] = service.command?.at(-1)?.match(/^(.*)\/dist\/(.*)\.js$/) ?? [];
    if (!workspace) return [];
    return [
      [name, service, join(root, workspace, entry === 'main' ? 'src/main.ts' : `src/commands/${entry}.ts`)],
    ];
  });
}

/** The variables that a process names when it is started without any. */
function refusedFor(source: string): string[] {
  const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', source], {
    cwd: root,
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    timeout: 90_000,
  });
  return [...stderr.matchAll(/^ +([A-Z_]+): is required/gm)].flatMap(([, name]) => name ?? []);
}

/** The variables that a process may read: the keys in its source, in each config.ts that it imports, and of the packages that have some. */
function namesIn(source: string): string[] {
  const text = readFileSync(source, 'utf8');
  const texts = [text, ...configsOf(source)];
  for (const [name, file] of packageConfigs)
    if (texts.some((text) => text.includes(name))) texts.push(readFileSync(join(root, file), 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(/\b([A-Z][A-Z0-9_]+):/g)].flatMap(([, name]) => name ?? []),
  );
}

const packageConfigs = [
  ['eventLogConfig', 'packages/event-log/src/config.ts'],
  ['cassandraConfig', 'packages/cassandra/src/config.ts'],
] as const;

/** The sources of the config files that a file imports, and of those that these import. */
function configsOf(source: string): string[] {
  return [...readFileSync(source, 'utf8').matchAll(/ from '(\.[^']*\bconfig\.ts)'/g)].flatMap(
    ([, path = '']) => {
      const file = join(dirname(source), path);
      return [readFileSync(file, 'utf8'), ...configsOf(file)];
    },
  );
}
