/**
 * Lets the pages load from their own origin, and audio and pictures from the edge; nothing else.
 * @param edgeOrigin such as `http://localhost:4100`
 */
export function contentSecurityPolicy(edgeOrigin: string): string {
  return Object.entries({
    'default-src': "'none'",
    'script-src': "'self'",
    'worker-src': "'self'",
    // A player that fails asks why.
    'connect-src': `'self' ${edgeOrigin}`,
    // The editor writes its theme into style elements, and its fonts lie in the stylesheet.
    'style-src': "'self' 'unsafe-inline'",
    'font-src': "'self' data:",
    'img-src': `'self' data: ${edgeOrigin}`,
    'media-src': edgeOrigin,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}
