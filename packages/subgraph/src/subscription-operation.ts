import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';

/** As graphql-js takes it. */
export interface LiveOperation {
  readonly document: DocumentNode;
  readonly variableValues: Record<string, unknown> | undefined;
  readonly operationName: string | undefined;
}

type Refusal = { readonly refusal: readonly GraphQLFormattedError[] };

/** Thousands of viewers send few different texts. */
const mostDocuments = 200;

/** Reads GraphQL requests that are to be subscriptions. What was read and is valid is remembered by its text. */
export function createOperationReader(schema: GraphQLSchema): (json: unknown) => LiveOperation | Refusal {
  const documents = new Map<string, DocumentNode>();

  function readDocument(query: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(query);
    if (known) return known;
    try {
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      const [oldest] = documents.keys();
      if (documents.size >= mostDocuments && oldest !== undefined) documents.delete(oldest);
      documents.set(query, document);
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  return (json) => {
    const { query, variables, operationName } = (json ?? {}) as Record<string, unknown>;
    if (typeof query !== 'string') return refuse('The body has no query.');
    const document = readDocument(query);
    if (!('kind' in document)) return { refusal: document.map((error) => mistake(error.toJSON())) };
    const name = typeof operationName === 'string' ? operationName : undefined;
    if (getOperationAST(document, name)?.operation !== 'subscription')
      return refuse('Only a subscription is answered with a stream.');
    const variableValues = (variables ?? undefined) as LiveOperation['variableValues'];
    return { document, variableValues, operationName: name };
  };
}

const refuse = (message: string): Refusal => ({ refusal: [mistake({ message })] });

/** Its message is made for clients. */
export const mistake = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  extensions: { code: 'BAD_USER_INPUT' },
});
