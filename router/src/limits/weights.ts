import {
  type GraphQLField,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
} from 'graphql';

/**
 * Fields that take a decision, a signature, some hundred sketches or candidates, or a whole history, for each object that has them.
 */
const dearFields: Readonly<Record<string, number>> = {
  playability: 10,
  playbackUrl: 10,
  monthlyListeners: 500,
  similar: 50,
  mixes: 50,
  radio: 300,
  recommendations: 500,
  top: 300,
};

/** A list of texts, such as `availableMarkets`, may name every country there is. */
const scalarsInList = 250;

/** A list of objects without a size, such as an album's artists, is short by its nature. */
const objectsInList = 5;

/** Those of analysts are as long as the time that is asked about: half of what they may be at most; others have a greatest length. */
const longLists: Readonly<Record<string, number>> = {
  points: 1_000,
  groups: 200,
  counts: 200,
  trainings: 20,
  shelves: 8,
};

/**
 * What a field counts among the values of an answer, apart from what is selected in it: a list of an enum's values as many
 * as the enum has, a list of other scalars 250, a dear field 10, others 1.
 */
export function weigh(field: GraphQLField<unknown, unknown>): number {
  const type = getNamedType(field.type);
  const dear = dearFields[field.name] ?? 1;
  if (!isLeafType(type) || !isListType(getNullableType(field.type))) return dear;
  return dear * (isEnumType(type) ? type.getValues().length : scalarsInList);
}

/**
 * How often the selection of a field without `first`, `last` or `ids` counts.
 * @param inConnection the field is `edges` or `nodes`: its connection's size has been counted already
 */
export function guessSize(field: GraphQLField<unknown, unknown>, inConnection: boolean): number {
  if (!isListType(getNullableType(field.type)) || inConnection) return 1;
  return longLists[field.name] ?? objectsInList;
}
