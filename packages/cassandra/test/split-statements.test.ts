import { describe, expect, it } from 'vitest';
import { splitStatements } from '../src/split-statements.ts';

describe('the statements of a CQL file', () => {
  it('end at semicolons, but not within strings, names and comments', () => {
    const cql = `
      -- one; two
      INSERT INTO a (b) VALUES ('it''s; here'); // three;
      /* four; */ SELECT "x;y" FROM a;
      CREATE FUNCTION f () AS $$ return 1; $$`;
    expect(splitStatements(cql)).toEqual([
      `INSERT INTO a (b) VALUES ('it''s; here')`,
      `SELECT "x;y" FROM a`,
      'CREATE FUNCTION f () AS $$ return 1; $$',
    ]);
  });

  it('are none in a file of comments', () => {
    expect(splitStatements('-- nothing; here\n;;')).toEqual([]);
  });
});
