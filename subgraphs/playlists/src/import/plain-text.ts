/**
 * The text in what sources give as a piece of HTML: tags go, character references become what they stand for, and what is
 * left stands on one line, in Unicode's form C, without what PostgreSQL cannot store.
 */
export function toPlainText(html: string): string {
  return html
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (reference, decimal, hex, name) => {
      if (name) return named.get(name.toLowerCase()) ?? reference;
      const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
    })
    .replaceAll(/\p{Surrogate}|\0/gu, '\ufffd')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
}

/** At most so many code points; where some are left out, the last one tells. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters
    .slice(0, most - 1)
    .join('')
    .trimEnd()}…`;
}

const named: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }),
);
