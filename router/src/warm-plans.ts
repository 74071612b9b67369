import { createHash } from 'node:crypto';
import type { ApolloGateway } from '@apollo/gateway';
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  parse,
  print,
  typeFromAST,
} from 'graphql';
import type { RouterContext } from './context.ts';
import type { AcceptedSubscription } from './subscriptions/accepted-subscription.ts';

type Execute = ApolloGateway['executor'];

/** Plans a subscription as it is planned when a client sends it. */
export type PlanSubscription = (
  operation: Pick<AcceptedSubscription, 'source' | 'document' | 'operation'>,
) => unknown;

/**
 * Plans the named operations before the first client asks: a plan takes up to some hundred milliseconds. Both the text
 * of the file and the one that typed clients print of it are planned, as plans are kept by text.
 */
export async function warmPlans(
  execute: Execute,
  schema: GraphQLSchema,
  operations: readonly string[],
  planSubscription?: PlanSubscription,
): Promise<void> {
  const texts = new Set(operations.flatMap((text) => [text, print(parse(text))]));
  for (const text of texts) await plan(execute, schema, text, planSubscription);
}

async function plan(
  execute: Execute,
  schema: GraphQLSchema,
  text: string,
  planSubscription: PlanSubscription | undefined,
): Promise<void> {
  const document = parse(text);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return;
  if (operation.operation === 'subscription') {
    planSubscription?.({ source: text, document, operation });
    return;
  }
  // Its time has passed already: it is planned, and nothing is sent.
  const context: Pick<RouterContext, 'deadline' | 'requestId'> = { deadline: 0, requestId: 'warm' };
  await execute({
    request: { query: text, variables: sampleVariables(schema, document) },
    document,
    operation,
    operationName: operation.name?.value ?? null,
    queryHash: createHash('sha256').update(text).digest('hex'),
    source: text,
    schema,
    context,
    metrics: {},
    overallCachePolicy: { restrict() {} },
  } as never);
}

function sampleVariables(schema: GraphQLSchema, { definitions }: DocumentNode): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, type: node } of definition.variableDefinitions ?? []) {
      const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
      if (isNonNullType(type)) values[variable.name.value] = sampleValue(type);
    }
  }
  return values;
}

function sampleValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleValue(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, sampleValue(field.type)]));
  }
  if (type.name === 'Boolean') return true;
  return type.name === 'Int' || type.name === 'Float' ? 1 : 'sample';
}
