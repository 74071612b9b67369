export { isSameText } from './same-text.ts';
export { parseSigningKeys, type SigningKey, type SigningKeys } from './signing-keys.ts';
