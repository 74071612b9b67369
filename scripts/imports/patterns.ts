/** Whether a path fits a pattern of rooms.ts: `*` is any one name, `**` is anything, `{a,b}` is either. */
export function matchesPattern(path: string, pattern: string): boolean {
  let regExp = compiled.get(pattern);
  if (!regExp) {
    regExp = new RegExp(`^${toSource(pattern)}$`);
    compiled.set(pattern, regExp);
  }
  return regExp.test(path);
}

const compiled = new Map<string, RegExp>();

function toSource(pattern: string): string {
  return pattern
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_, options: string) => `(?:${options.replaceAll(',', '|')})`)
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
}
