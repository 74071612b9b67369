/** Of rows with the same key the last one only, in the order of these: for who reads again what changed, once each. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  // Set anew, a key moves to the end.
  const last = new Map<string, Row>();
  for (const row of rows) {
    last.delete(keyOf(row));
    last.set(keyOf(row), row);
  }
  return [...last.values()];
}
