import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getVariableValues, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildApiSchema } from '../src/api-schema.ts';
import { readOperations } from '../src/operations-list.ts';

const operations = readOperations();
const apiSchema = buildApiSchema();
const folder = fileURLToPath(new URL('../operations', import.meta.url));

describe('the named operations', () => {
  it('lists every file of schema/operations once', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
    expect(operations.map(({ name }) => `${name}.graphql`).sort()).toEqual(files.sort());
  });

  describe.each(operations)('$name', ({ name, description, source, variables }) => {
    const document = parse(source);
    const definitions = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const [operation] = definitions as Extract<
      (typeof definitions)[number],
      { kind: 'OperationDefinition' }
    >[];

    it('is the one operation of its file and has its name', () => {
      expect(definitions).toHaveLength(1);
      expect(operation?.name?.value).toBe(name);
    });

    it('tells people what it is for', () => {
      expect(description).toMatch(/^[A-Z].{20,}\.$/);
    });

    it('asks only for what clients may see', () => {
      expect(validate(apiSchema, document)).toEqual([]);
    });

    it('has example variables of the right types, and no others', () => {
      expect(
        getVariableValues(apiSchema, operation?.variableDefinitions ?? [], variables).errors,
      ).toBeUndefined();
      const declared = operation?.variableDefinitions?.map(({ variable }) => variable.name.value);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(variables)));
    });
  });
});
