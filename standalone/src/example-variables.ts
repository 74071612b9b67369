/** Variables for the named operations that name things of the sample catalog. */
export function exampleVariables(): Record<string, Record<string, unknown>> {
  return {};
}
