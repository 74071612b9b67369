import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { findFragments } from '../selection.ts';
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

/**
 * A validation rule, so that a document is measured once and not at every request. Fragments are measured once each:
 * ones that open into billions of fields cost no more than others.
 */
export function documentLimits(limits: Limits): ValidationRule {
  return (context) => ({
    Document(document) {
      const report = (message: string, node?: OperationDefinitionNode) =>
        context.reportError(new GraphQLError(message, { nodes: node }));
      const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      if (operations.length > limits.operations) {
        report(`A document may have at most ${limits.operations} operations, got ${operations.length}.`);
      }
      const measure = createMeasure(document);
      for (const operation of operations as OperationDefinitionNode[]) {
        const found = measure(operation.selectionSet);
        found.directives += operation.directives?.length ?? 0;
        const mutation = operation.operation === 'mutation';
        const check = (what: string, allowed: number, value: number) => {
          if (value <= allowed) return;
          const name = operation.name ? `"${operation.name.value}"` : 'The operation';
          report(`${name} has ${readable(value)} ${what}, at most ${allowed} are allowed.`, operation);
        };
        check('levels of fields', limits.depth, found.depth);
        check('levels of introspection', limits.introspectionDepth, found.introspectionDepth);
        check('aliases', limits.aliases, found.aliases);
        check('directives', limits.directives, found.directives);
        check('fields', limits.fields, found.fields);
        check(
          mutation ? 'mutations' : 'root fields',
          mutation ? limits.rootMutations : limits.rootFields,
          found.rootFields,
        );
      }
    },
  });
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
