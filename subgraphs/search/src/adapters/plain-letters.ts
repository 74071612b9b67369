/**
 * Puts common letters in place of those that Unicode does not take apart into one and an accent, as people type them who
 * do not have them on their keys: `Łódź` is `Lódź`, `Straße` is `Strasse`. The length may change.
 */
export function plainLetters(text: string): string {
  return text.replace(ownLetters, (letter) => plain[letter] as string);
}

const small: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
  ĸ: 'k',
  ə: 'e',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
};

const plain: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(small)
      .filter(([letter]) => [...letter.toUpperCase()].length === 1)
      .map(([letter, letters]) => [letter.toUpperCase(), letters.toUpperCase()]),
  ),
  ẞ: 'SS',
  ...small,
};

const ownLetters = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');
