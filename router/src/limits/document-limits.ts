import { createHash } from 'node:crypto';
import { badUserInput } from '@medley/errors';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import { findFragments } from '../selection.ts';
import { hasConditionalRoot } from './conditional-root.ts';
import type { Limits } from './limits.ts';

/** What a selection amounts to when its fragments are opened. */
interface Measure {
  depth: number;
  introspectionDepth: number;
  aliases: number;
  directives: number;
  fields: number;
  rootFields: number;
}

/** @throws MedleyError BAD_USER_INPUT when the document passes a limit, with each limit and what came */
export type CheckDocument = (query: string) => void;

/**
 * Checks documents before they are validated and planned, which cost more the more fields there are, some of it by their
 * square. Fragments are measured once each: ones that open into billions of fields cost no more than others. Texts that
 * passed are remembered, so that a known operation is not read twice.
 */
export function createDocumentCheck(limits: Limits): CheckDocument {
  const passed = createRecentSet(2_000);
  return (query) => {
    const key = createHash('sha256').update(query).digest('base64');
    if (passed.has(key)) return;
    const problems = findProblemsWithinStack(query, limits);
    if (problems.length > 0) throw badUserInput(problems.join(' '));
    passed.add(key);
  };
}

/** Brackets by the thousand, each within the last, overflow the stack of the parser, which descends into each. */
function findProblemsWithinStack(query: string, limits: Limits): string[] {
  try {
    return findProblems(query, limits);
  } catch (error) {
    if (error instanceof RangeError) return ['The document is nested too deeply.'];
    throw error;
  }
}

function findProblems(query: string, limits: Limits): string[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: limits.tokens, noLocation: true });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    // Apollo Server reads it with the same limit and says what is wrong with it.
    return [];
  }
  const problems: string[] = [];
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operations.length > limits.operations) {
    problems.push(`A document may have at most ${limits.operations} operations, got ${operations.length}.`);
  }
  const measure = createMeasure(document);
  const fragments = findFragments(document);
  for (const operation of operations as OperationDefinitionNode[]) {
    const found = measure(operation.selectionSet);
    const check = (what: string, allowed: number, value: number) => {
      if (value <= allowed) return;
      const name = operation.name ? `"${operation.name.value.slice(0, 60)}"` : 'The operation';
      problems.push(`${name} has ${readable(value)} ${what}, at most ${allowed} are allowed.`);
    };
    check('levels of fields', limits.depth, found.depth);
    check('levels of introspection', limits.introspectionDepth, found.introspectionDepth);
    check('aliases', limits.aliases, found.aliases);
    check('directives', limits.directives, found.directives + (operation.directives?.length ?? 0));
    check('fields', limits.fields, found.fields);
    if (operation.operation === 'mutation') check('mutations', limits.rootMutations, found.rootFields);
    else check('root fields', limits.rootFields, found.rootFields);
    if (operation.operation === 'subscription' && hasConditionalRoot(operation, fragments)) {
      problems.push('The root field of a subscription takes neither @skip nor @include.');
    }
  }
  return problems;
}

/** Two sets that take turns hold the last `size` to twice as many. */
function createRecentSet(size: number) {
  let current = new Set<string>();
  let previous = new Set<string>();
  return {
    has: (key: string) => current.has(key) || previous.has(key),
    add(key: string) {
      if (current.size >= size) {
        previous = current;
        current = new Set();
      }
      current.add(key);
    },
  };
}

const readable = (value: number) => (value > 1e9 ? 'more than a billion' : value);

function createMeasure(document: DocumentNode): (selectionSet: SelectionSetNode) => Measure {
  const fragments = findFragments(document);
  const measured = new Map<string, Measure>();

  function measureFragment(name: string): Measure {
    const known = measured.get(name);
    if (known) return known;
    // While it is being measured it counts nothing; a fragment within itself is refused by another rule.
    measured.set(name, nothing());
    const fragment = fragments.get(name);
    const result = fragment ? measure(fragment.selectionSet) : nothing();
    measured.set(name, result);
    return result;
  }

  function measure({ selections }: SelectionSetNode): Measure {
    const sum = nothing();
    for (const selection of selections) {
      sum.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : nothing();
        const name = selection.name.value;
        const introspects = name === '__schema' || name === '__type';
        add(sum, {
          ...inner,
          depth: introspects ? 1 : inner.depth + 1,
          introspectionDepth: introspects ? inner.depth + 1 : inner.introspectionDepth,
          aliases: inner.aliases + (selection.alias ? 1 : 0),
          fields: inner.fields + 1,
          rootFields: 1,
        });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(sum, measure(selection.selectionSet));
      } else {
        add(sum, measureFragment(selection.name.value));
      }
    }
    return sum;
  }
  return measure;
}

const nothing = (): Measure => ({
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  fields: 0,
  rootFields: 0,
});

function add(sum: Measure, part: Measure): void {
  sum.depth = Math.max(sum.depth, part.depth);
  sum.introspectionDepth = Math.max(sum.introspectionDepth, part.introspectionDepth);
  sum.aliases += part.aliases;
  sum.directives += part.directives;
  sum.fields += part.fields;
  sum.rootFields += part.rootFields;
}
