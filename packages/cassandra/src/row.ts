import { types } from 'cassandra-driver';

/** A row of the driver as a plain object. */
export function toRow(row: types.Row): Record<string, unknown> {
  return Object.fromEntries(row.keys().map((name) => [name, toValue(row.get(name))]));
}

function toValue(value: unknown): unknown {
  if (value instanceof types.Uuid) return value.toString();
  if (Array.isArray(value)) return value.map(toValue);
  return value ?? null;
}
