import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composedFiles } from '../composed-files.ts';
import { schemaFolder } from '../sdl.ts';

/** `npm run schema:compose`: writes what is composed of the subgraphs' SDL. */
for (const [file, text] of composedFiles()) {
  writeFileSync(join(schemaFolder, file), text);
  console.log(`wrote schema/${file}`);
}
