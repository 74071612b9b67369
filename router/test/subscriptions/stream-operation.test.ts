import { buildSchema, type OperationDefinitionNode, parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { toStreamOperation } from '../../src/subscriptions/stream-operation.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Subscription { changed(id: ID!, size: Int, after: String): Event  forever: Event }
  type Event { cursor: String! name(size: Int, text: String): String }
`);

function read(text: string, index = 0) {
  const document = parse(text);
  return toStreamOperation(document, document.definitions[index] as OperationDefinitionNode, schema);
}

const plain = print(
  parse('subscription ($id: ID!, $after: String) { changed(id: $id, after: $after) { cursor } }'),
);

describe('where a subscription begins', () => {
  it.each([
    ['left out', 'subscription ($id: ID!) { changed(id: $id) { cursor } }', {}, undefined],
    ['a literal', 'subscription ($id: ID!) { changed(id: $id, after: "a") { cursor } }', {}, 'a'],
    [
      'a variable',
      'subscription ($id: ID!, $at: String) { changed(id: $id, after: $at) { cursor } }',
      { at: 'a' },
      'a',
    ],
    ['null', 'subscription ($id: ID!) { changed(after: null, id: $id) { cursor } }', {}, undefined],
    [
      'a variable that is not given',
      'subscription ($id: ID!, $at: String) { changed(id: $id, after: $at) { cursor } }',
      {},
      undefined,
    ],
  ])('is a variable of ours: %s', (_, text, variables, after) => {
    const operation = read(text);
    const given = { id: '1', ...variables };
    expect(operation.text).toBe(plain);
    expect(operation.readAfter(given)).toBe(after);
    expect(operation.readVariables(given)).toEqual({ id: '1' });
    expect(operation.startAt({ id: '1' }, 'z')).toEqual({ id: '1', after: 'z' });
    expect(operation.startAt({ id: '1' }, undefined)).toEqual({ id: '1' });
  });

  it('takes no name that the client uses for something else', () => {
    const operation = read(
      'subscription ($after: String, $id: ID!) { changed(id: $id, after: $after) { name(text: $after) } }',
    );
    const given = { after: 'a', id: '1' };
    expect(operation.readVariables(given)).toEqual(given);
    expect(operation.startAt(given, 'z')).toEqual({ ...given, _after: 'z' });
    expect(operation.text).toContain('changed(id: $id, after: $_after)');
  });
});

describe('what a subscription asks for', () => {
  it('is its own operation, with the fragments that it uses', () => {
    const text = `
      query Other { a }
      subscription Mine { ...Root ...Root }
      fragment Unused on Event { cursor }
      fragment Used on Event { name ...Cursor }
      fragment Root on Subscription { changed(id: "1") { ...Used } }
      fragment Cursor on Event { cursor }`;
    expect(read(text, 1).text).toBe(
      print(
        parse(`
          subscription Mine($after: String) { changed(id: "1", after: $after) { ...Used ...Used } }
          fragment Cursor on Event { cursor }
          fragment Used on Event { name ...Cursor }`),
      ),
    );
  });

  it('is all of what it selects of its field, wherever that stands', () => {
    const { text } = read('subscription { changed(id: "1") { cursor } ... { changed(id: "1") { name } } }');
    expect(text).toContain('changed(id: "1", after: $after) {\n    cursor\n    name\n  }');
  });

  it('must be something that can be begun again', () => {
    expect(() => read('subscription { forever { cursor } }')).toThrow('no argument "after"');
  });
});
