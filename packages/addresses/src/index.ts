export { addressKey } from './address-key.ts';
export { plainAddress } from './plain-address.ts';
