import { isCountryCode } from '@medley/countries';
import { badUserInput } from '@medley/errors';
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** The scalars of schema/shared.graphql; every subgraph has them. */
export const scalars = {
  DateTime: scalar('DateTime', 'an ISO 8601 time such as 2026-11-23T08:30:00.000Z', parseDateTime, (value) =>
    (value instanceof Date ? value : new Date(String(value))).toISOString(),
  ),
  CountryCode: scalar('CountryCode', 'an ISO 3166-1 alpha-2 code such as DE', (text) =>
    isCountryCode(text) ? text : undefined,
  ),
  URL: scalar('URL', 'an absolute http: or https: URL', (text) =>
    /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined,
  ),
};

function parseDateTime(text: string): Date | undefined {
  const iso = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
  const [, day] = iso.exec(text) ?? [];
  // `Date` takes 30 February for 2 March: a licence would end days later than was written.
  if (!day || !isDay(day)) return undefined;
  const time = new Date(text);
  // Also within four digits once it is put into UTC: it is told in that form. Databases know no year 0.
  return /^(?!0000)\d{4}-/.test(isoOf(time)) ? time : undefined;
}

const isDay = (text: string) => isoOf(new Date(`${text}T00:00:00Z`)).startsWith(text);
const isoOf = (time: Date) => (Number.isNaN(time.getTime()) ? '' : time.toISOString());

function scalar<Value>(
  name: string,
  expected: string,
  parse: (text: string) => Value | undefined,
  serialize: (value: unknown) => string = String,
) {
  const parseValue = (input: unknown): Value => {
    const value = typeof input === 'string' ? parse(input) : undefined;
    if (value === undefined)
      throw badUserInput(`expected ${expected}, got ${JSON.stringify(input)?.slice(0, 60)}`);
    return value;
  };
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue,
    parseLiteral: (node: ValueNode) => parseValue(node.kind === Kind.STRING ? node.value : node.kind),
  });
}
