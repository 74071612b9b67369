/** A part of an answer, in which every object tells its `__typename`. */
export type Value = string | number | boolean | null | readonly Value[] | ObjectValue;
interface ObjectValue {
  readonly [field: string]: Value;
}

/**
 * The fields, as `Type.field`, in which two answers to one question differ: the innermost ones.
 * @param field where the two stand
 */
export function findDifferences(one: Value, other: Value, field = 'data'): readonly string[] {
  if (isObject(one) && isObject(other) && one.__typename === other.__typename) {
    return Object.keys(one).flatMap((name) =>
      findDifferences(one[name] ?? null, other[name] ?? null, `${one.__typename}.${name}`),
    );
  }
  if (isList(one) && isList(other) && one.length === other.length) {
    return one.flatMap((item, index) => findDifferences(item, other[index] ?? null, field));
  }
  return one === other ? [] : [field];
}

/** The types of all objects in an answer. */
export function findTypes(value: Value): readonly Value[] {
  if (isList(value)) return value.flatMap(findTypes);
  return isObject(value) ? [value.__typename ?? null, ...Object.values(value).flatMap(findTypes)] : [];
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const isObject = (value: Value): value is ObjectValue =>
  typeof value === 'object' && value !== null && !isList(value);
