/**
 * Who may import whom. Read a row as: files in `room` may import what `mayImport` lists, values and types alike,
 * and nothing else. The first row whose `room` matches a file decides; `npm run lint` reports every other import.
 *
 * Patterns: `*` is any one name, `**` is anything, `{a,b}` is either.
 * `~` is the folder of the importing file's own workspace, other paths start at the repository's root
 * (`@medley/ids` is looked up and becomes `packages/ids/src/index.ts`).
 * `npm:graphql` is a registry package, `npm:**` any of them, `node:**` what Node brings.
 */
export interface Room {
  readonly room: string;
  readonly mayImport: readonly string[];
  /** At most one registry package per file, these not counted: an adapter is for one driver. */
  readonly oneDriverBeside?: readonly string[];
}

const libraries = ['packages/**', 'npm:**', 'node:**'];

export const rooms: readonly Room[] = [
  // A subgraph, from the inside out. No subgraph imports another: the graph or a topic only.
  { room: 'subgraphs/*/src/generated/**', mayImport: ['~/**', ...libraries] },
  // Lists that all go by (countries, moods), what an address counts as, and how work waits for its turn or for too long are no more a
  // dependency than the language is.
  {
    room: 'subgraphs/*/src/domain/**',
    mayImport: ['~/src/domain/**', 'packages/{addresses,countries,moods,timing}/**'],
  },
  {
    room: 'subgraphs/*/src/resolvers/**',
    mayImport: [
      '~/src/resolvers/**',
      '~/src/generated/graphql.ts',
      '~/src/context.ts',
      '~/src/loaders.ts',
      '~/src/domain/**',
      'packages/countries/**',
      // The words of GraphQL that every subgraph shares: ids, connections, scalars, typed errors.
      'packages/ids/**',
      'packages/connection/**',
      'packages/errors/**',
      'packages/subgraph/**',
      'npm:graphql',
    ],
  },
  {
    room: 'subgraphs/*/src/consumers/**',
    mayImport: ['~/src/consumers/**', '~/src/domain/**', 'packages/{events,event-log,ids,timing}/**'],
  },
  {
    // Engines of training work on models.
    room: 'subgraphs/recommendations/src/adapters/**',
    mayImport: ['~/src/{adapters,models,training}/**', '~/src/domain/**', '~/src/generated/**', ...libraries],
    oneDriverBeside: ['npm:zod'],
  },
  {
    room: 'subgraphs/*/src/adapters/**',
    mayImport: ['~/src/adapters/**', '~/src/domain/**', '~/src/generated/**', ...libraries],
    oneDriverBeside: ['npm:zod'],
  },
  // Recommendations have rooms of their own: models are pure, what is made of them goes through ports.
  {
    room: 'subgraphs/recommendations/src/models/**',
    mayImport: ['~/src/models/**', '~/src/domain/**'],
  },
  {
    room: 'subgraphs/recommendations/src/{archive,content,evaluation,live,mixes,training}/**',
    mayImport: [
      '~/src/{archive,content,evaluation,live,mixes,training}/**',
      '~/src/models/**',
      '~/src/domain/**',
      '~/src/consumers/**',
      ...libraries,
    ],
  },
  {
    room: 'subgraphs/analytics/src/live/**',
    mayImport: ['~/src/live/**', '~/src/domain/**', ...libraries],
  },
  { room: 'subgraphs/recommendations/src/commands/**', mayImport: ['~/**', 'schema/**', ...libraries] },
  {
    // What fills a subgraph through its ports: imports, sample data.
    room: 'subgraphs/*/src/{import,sample}/**',
    mayImport: ['~/src/{import,sample}/**', '~/src/domain/**', ...libraries],
  },
  { room: 'subgraphs/*/src/main.ts', mayImport: ['~/**', 'schema/**', ...libraries] },
  {
    // app.ts, config.ts, context.ts, loaders.ts and what else stands beside them: all rooms except adapters.
    room: 'subgraphs/*/src/*.ts',
    mayImport: [
      '~/src/*.ts',
      '~/src/resolvers/**',
      '~/src/consumers/**',
      '~/src/domain/**',
      '~/src/generated/**',
      '~/src/{archive,content,evaluation,live,mixes,models,training}/**',
      'schema/**',
      ...libraries,
    ],
  },
  { room: 'subgraphs/*/test/**', mayImport: ['~/**', 'schema/**', ...libraries] },

  // What all build on: never a subgraph, never the router.
  { room: 'packages/*/{src,test}/**', mayImport: ['~/**', 'schema/**', ...libraries] },
  { room: 'schema/{src,test}/**', mayImport: ['~/**', ...libraries] },

  // The router speaks to subgraphs by the supergraph, the edge to nobody but its origin.
  { room: 'router/explorer/**', mayImport: ['router/explorer/**', 'schema/**', ...libraries] },
  { room: 'router/src/**', mayImport: ['~/**', 'schema/**', ...libraries] },
  { room: 'router/test/**', mayImport: ['~/**', 'router/explorer/src/**', 'schema/**', ...libraries] },
  { room: 'edge/{src,test}/**', mayImport: ['~/**', ...libraries] },

  // The processes of development are held to the environments that the programs read.
  {
    room: 'standalone/test/dev/**',
    mayImport: ['~/**', '{subgraphs/*,router,edge}/src/config.ts', 'edge/src/origin/config.ts', ...libraries],
  },
  // The whole in one process: every createApp, the router, the edge, the adapters to hand to them, and what follows changes.
  {
    room: 'standalone/{src,test}/**',
    mayImport: [
      '~/**',
      'subgraphs/*/src/app.ts',
      'subgraphs/*/src/{adapters,consumers,import,sample}/**',
      'router/src/app.ts',
      'edge/src/app.ts',
      'schema/**',
      ...libraries,
    ],
  },

  // Outside of the service: measuring it, building it, checking it.
  { room: 'bench/**', mayImport: ['**'] },
  { room: '{scripts,test}/**', mayImport: ['{scripts,test}/**', 'schema/**', ...libraries] },
  { room: 'prisma/**', mayImport: ['npm:**', 'node:**'] },
  { room: '*.ts', mayImport: ['npm:**', 'node:**'] },
];
