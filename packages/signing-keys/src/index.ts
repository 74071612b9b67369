export { parseSigningKeys, type SigningKey, type SigningKeys } from './signing-keys.ts';
