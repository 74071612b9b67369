import { readConfig } from '@medley/config';
import { standaloneConfig } from '../config.ts';
import { runCommandLine } from '../control/command-line.ts';
import { token } from '../control/token.ts';
import { createPersonaDesk } from '../personas.ts';
import { openRows } from '../rows.ts';
import { readOrCreateSecrets } from '../secrets.ts';

/** npm run --silent token -- premium-us: prints a fresh access token and nothing else on standard output. */
const { DATA_DIR } = readConfig({ DATA_DIR: standaloneConfig.DATA_DIR }, process.env);
const [persona, ...others] = process.argv.slice(2);
if (!persona || others.length > 0) {
  console.error('usage: npm run token -- <persona>, such as premium-us');
  process.exit(2);
}
try {
  const issued = await runCommandLine(DATA_DIR, 'token', { persona }, async (folder, run) => {
    const rows = await openRows(folder.path, run.screen);
    try {
      const personas = createPersonaDesk(rows.users, (await readOrCreateSecrets(folder.path)).jwtSigningKeys);
      await personas.seed();
      return await token({ personas }, { persona }, run);
    } finally {
      await rows.close();
    }
  });
  console.log(issued);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
