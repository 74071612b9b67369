import type { Random } from './random.ts';

/** ISO 3901: each call gives another recording's code. */
export function createIsrcs() {
  const numbers = new Map<string, number>();
  return (country: string, registrant: string, year: number): string => {
    const prefix = `${country}${registrant}${String(year % 100).padStart(2, '0')}`;
    const number = (numbers.get(prefix) ?? 0) + 1;
    numbers.set(prefix, number);
    return `${prefix}${String(number).padStart(5, '0')}`;
  };
}

/** Three letters or digits that stand for a label in recording codes. */
export function registrantOf(random: Random): string {
  const signs = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
  return Array.from({ length: 3 }, () => signs[random.integer(0, signs.length - 1)]).join('');
}

/** A UPC-A: 11 digits and the one that checks them (GS1 General Specifications, 7.9). */
export function upcOf(random: Random): string {
  const digits = Array.from({ length: 11 }, (_, at) =>
    at === 0 ? random.pick([0, 1, 6, 7, 8]) : random.integer(0, 9),
  );
  const sum = digits.reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 3 : 1), 0);
  return [...digits, (10 - (sum % 10)) % 10].join('');
}
