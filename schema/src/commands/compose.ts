import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeSupergraph } from '../compose.ts';
import { schemaFolder } from '../sdl.ts';

writeFileSync(join(schemaFolder, 'supergraph.graphql'), composeSupergraph());
console.log('wrote schema/supergraph.graphql');
