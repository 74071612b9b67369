/**
 * Whether a page may open a WebSocket here.
 * @param origin the header of its request
 * @param host the header of its request: a page that this host served may, whatever the list says
 * @param allowed such as `https://player.example`
 */
export function isAllowedOrigin(
  origin: string,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (allowed.includes(origin)) return true;
  // Not the scheme, which ends at a proxy.
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
