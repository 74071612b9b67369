/**
 * Asks all parts at once whether they answer, for `/readyz`.
 * @param pings by what each is to be called; one that rejects does not answer
 * @returns such as `the database does not answer`
 */
export async function findSilent(
  pings: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(pings).map(([part, ping]) =>
      ping().then(
        () => [],
        () => [`${part} does not answer`],
      ),
    ),
  );
  return found.flat();
}
