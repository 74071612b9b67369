import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOperations } from '@medley/schema';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const guide = readFileSync(join(root, 'docs/subscriptions.md'), 'utf8');
const recipes = join(root, 'standalone/test/recipes');

describe('docs/subscriptions.md', () => {
  it.each(readdirSync(recipes))('has the recipe %s word for word, as it is run', (file) => {
    expect(guide).toContain(`\`\`\`ts\n${readFileSync(join(recipes, file), 'utf8')}\`\`\``);
  });

  it('tells of every subscription that there is an operation for', () => {
    const fields = readOperations()
      .filter(({ source }) => /^subscription /m.test(source))
      .map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1));
    expect(fields.length).toBeGreaterThan(4);
    for (const field of fields) expect(guide).toContain(`| \`${field}`);
  });
});
